/** What hangs below purchase order items: schedule lines, account assignments, texts. */
import type { Row, Value } from '../model.ts'
import { add, compare } from './decimals.ts'
import { nextItem } from './number-ranges.ts'
import { moveOrder, orderLock, PURCHASING } from './purchase-orders.ts'
import { business, enter } from './refusals.ts'
import type { EntityRules } from './rules.ts'
import { fill, find, rowsWhere, textOf, type Work } from './work.ts'

export const scheduleLines: EntityRules = {
  prepare: (work, draft) => {
    const { row } = draft
    const item = itemOf(work, row['PurchasingDocument'], row['PurchasingDocumentItem'])
    const delivery = row['ScheduleLineDeliveryDate']
    if (typeof delivery !== 'number') throw enter('Delivery Date', 'ScheduleLineDeliveryDate')
    if (delivery <= work.today) work.warnings.push({ code: 'ME/040', message: 'Can delivery date be met?' })
    const lines = linesOf(work, row)
    fill(row, {
      ScheduleLine: nextItem(lines, 'ScheduleLine', 1),
      DelivDateCategory: '1',
      ScheduleLineOrderQuantity: item['OrderQuantity'] ?? '0',
      SchedLineStscDeliveryDate: delivery,
    })
    row['PurchaseOrderQuantityUnit'] = item['PurchaseOrderQuantityUnit'] ?? ''
  },
  created: (work, draft, top) => {
    if (top) followLines(work, draft.row)
    else checkSum(work, draft.row)
  },
  changed: (work, _before, after) => followLines(work, after),
  lock: orderLock,
}

export const accountAssignments: EntityRules = {
  prepare: (work, draft) => {
    const { row } = draft
    const item = itemOf(work, row['PurchaseOrder'], row['PurchaseOrderItem'])
    const key = { PurchaseOrder: row['PurchaseOrder'] ?? '', PurchaseOrderItem: row['PurchaseOrderItem'] ?? '' }
    const lines = rowsWhere(work, PURCHASING, 'A_PurOrdAccountAssignment', key)
    fill(row, {
      AccountAssignmentNumber: nextItem(lines, 'AccountAssignmentNumber', 1),
      Quantity: item['OrderQuantity'] ?? '0',
    })
    Object.assign(row, {
      IsDeleted: false,
      PurchaseOrderQuantityUnit: item['PurchaseOrderQuantityUnit'] ?? '',
      DocumentCurrency: item['DocumentCurrency'] ?? '',
    })
  },
  created: (work, draft, top) => {
    if (top) moveOrder(work, draft.row['PurchaseOrder'] ?? null)
  },
  changed: (work, _before, after) => moveOrder(work, after['PurchaseOrder'] ?? null),
  lock: orderLock,
}

export const orderTexts: EntityRules = {
  created: (work, draft, top) => {
    if (top) moveOrder(work, draft.row['PurchaseOrder'] ?? null)
  },
  changed: (work, _before, after) => moveOrder(work, after['PurchaseOrder'] ?? null),
  lock: orderLock,
}

function itemOf(work: Work, order: Value | undefined, item: Value | undefined): Row {
  const key = { PurchaseOrder: order ?? null, PurchaseOrderItem: item ?? null }
  const row = find(work, PURCHASING, 'A_PurchaseOrderItem', key)
  if (row === null) throw business('06/019', `Purchase order item ${order ?? ''} ${item ?? ''} does not exist`)
  return row
}

function linesOf(work: Work, line: Row): Row[] {
  return rowsWhere(work, PURCHASING, 'A_PurchaseOrderScheduleLine', {
    PurchasingDocument: line['PurchasingDocument'] ?? '',
    PurchasingDocumentItem: line['PurchasingDocumentItem'] ?? '',
  })
}

function total(work: Work, line: Row): string {
  return linesOf(work, line).reduce((sum, it) => add(sum, textOf(it, 'ScheduleLineOrderQuantity') || '0'), '0')
}

/** In a deep insert the lines must not plan more than the item orders. */
function checkSum(work: Work, line: Row): void {
  const item = itemOf(work, line['PurchasingDocument'], line['PurchasingDocumentItem'])
  if (compare(total(work, line), textOf(item, 'OrderQuantity')) > 0)
    throw business(
      '06/039',
      'Total of the scheduled quantities exceeds the order quantity',
      'ScheduleLineOrderQuantity',
    )
}

/** Afterwards the item orders what its lines plan. */
function followLines(work: Work, line: Row): void {
  const item = itemOf(work, line['PurchasingDocument'], line['PurchasingDocumentItem'])
  const key = { PurchaseOrder: item['PurchaseOrder'] ?? '', PurchaseOrderItem: item['PurchaseOrderItem'] ?? '' }
  const sum = total(work, line)
  if (compare(sum, '0') > 0 && sum !== item['OrderQuantity'])
    work.store.update(work.store.set(PURCHASING, 'A_PurchaseOrderItem'), key, { OrderQuantity: sum })
  moveOrder(work, item['PurchaseOrder'] ?? null)
}
