/** Items of purchase orders. */
import type { Row } from '../model.ts'
import { compare, isZero } from './decimals.ts'
import { nextItem } from './number-ranges.ts'
import { checkStorageLocation, materialIn, materialText, plantOf } from './organisation.ts'
import { below, createDraft, type Draft } from './payload.ts'
import { deleted, markItemDeleted, moveOrder, orderLock, orderOf, PURCHASING } from './purchase-orders.ts'
import { receivedQuantity } from './receipts.ts'
import { business, enter } from './refusals.ts'
import type { EntityRules } from './rules.ts'
import { fill, keyOf, rowsWhere, textOf, type Work } from './work.ts'

/** Standard, consignment, subcontracting, third party, stock transfer, limit. */
const CATEGORIES = new Set(['0', '2', '3', '5', '7', 'A'])

/** Without a date the delivery is expected ten days from now. */
const PLANNED_DELIVERY = 10 * 86_400_000

export const purchaseOrderItems: EntityRules = {
  writeOnce: { level: 'Item', fields: ['Material', 'PurchaseOrderItemCategory'] },
  prepare: (work, draft, parent) => {
    const order = parent ?? orderOf(work, draft.row['PurchaseOrder'] ?? null)
    if (order['PurchasingDocumentDeletionCode'] === 'L') throw deleted(textOf(order, 'PurchaseOrder'))
    numberItem(work, draft)
    checkKind(draft.row)
    completeFromMaterial(work, draft.row)
    checkPlace(work, draft.row, order)
    checkAmounts(draft.row)
    checkAssignment(draft)
    completeItem(draft.row, order)
    scheduleWhole(work, draft)
  },
  created: (work, draft, top) => {
    if (top) moveOrder(work, draft.row['PurchaseOrder'] ?? null)
  },
  change: (work, current, changes) => {
    if (current['PurchasingDocumentDeletionCode'] === 'L') throw deleted(itemName(current))
    const after = { ...current, ...changes }
    checkPlace(work, after, orderOf(work, current['PurchaseOrder'] ?? null))
    checkAmounts(after)
    if ('OrderQuantity' in changes) checkReceived(work, after)
    return changes
  },
  changed: (work, before, after) => {
    if (before['OrderQuantity'] !== after['OrderQuantity']) rescheduleOnly(work, after)
    moveOrder(work, after['PurchaseOrder'] ?? null)
  },
  remove: (work, row) => {
    if (row['PurchasingDocumentDeletionCode'] === 'L') throw deleted(itemName(row))
    if (work.switches.deleteMarksItem) markItemDeleted(work, row)
    else removeItem(work, row)
    moveOrder(work, row['PurchaseOrder'] ?? null)
  },
  lock: orderLock,
}

function itemName(row: Row): string {
  return `item ${textOf(row, 'PurchaseOrderItem')} of ${textOf(row, 'PurchaseOrder')}`
}

function removeItem(work: Work, row: Row): void {
  const set = work.store.set(PURCHASING, 'A_PurchaseOrderItem')
  for (const name of ['to_ScheduleLine', 'to_AccountAssignment', 'to_PurchaseOrderItemNote']) {
    const target = set.type.navigations.get(name)?.target
    if (target !== undefined)
      for (const child of work.store.children(set, name, row)) work.store.remove(target, keyOf(target, child))
  }
  work.store.remove(set, keyOf(set, row))
}

function numberItem(work: Work, draft: Draft): void {
  const { row } = draft
  if (textOf(row, 'PurchaseOrderItem') !== '' && row['PurchaseOrderItem'] !== '0') return
  const items = rowsWhere(work, PURCHASING, 'A_PurchaseOrderItem', { PurchaseOrder: row['PurchaseOrder'] ?? null })
  row['PurchaseOrderItem'] = nextItem(items, 'PurchaseOrderItem', 10)
}

function checkKind(row: Row): void {
  fill(row, { PurchaseOrderItemCategory: '0' })
  const category = textOf(row, 'PurchaseOrderItemCategory')
  if (!CATEGORIES.has(category))
    throw business('APPL_MM_PUR_PO/065', `Item category ${category} is not supported`, 'PurchaseOrderItemCategory')
}

function completeFromMaterial(work: Work, row: Row): void {
  const material = textOf(row, 'Material')
  if (textOf(row, 'Plant') === '') throw enter('Plant', 'Plant')
  if (material === '') {
    if (textOf(row, 'PurchaseOrderItemText') === '') throw enter('Short Text', 'PurchaseOrderItemText')
    if (textOf(row, 'MaterialGroup') === '') throw enter('Material Group', 'MaterialGroup')
    if (textOf(row, 'PurchaseOrderQuantityUnit') === '') throw enter('Order Unit', 'PurchaseOrderQuantityUnit')
    if (textOf(row, 'AccountAssignmentCategory') === '')
      throw business('ME/062', 'Account assignment mandatory for an item without material', 'AccountAssignmentCategory')
    return
  }
  const product = materialIn(work, material, textOf(row, 'Plant'))
  fill(row, {
    PurchaseOrderItemText: materialText(work, material),
    MaterialGroup: textOf(product, 'ProductGroup'),
    PurchaseOrderQuantityUnit: textOf(product, 'PurchaseOrderQuantityUnit') || textOf(product, 'BaseUnit'),
    ItemNetWeight: product['NetWeight'] ?? '0',
    ItemWeightUnit: textOf(product, 'WeightUnit'),
  })
}

/** Plant of the order's company code, storage location of the plant. */
function checkPlace(work: Work, row: Row, order: Row): void {
  const plant = plantOf(work, textOf(row, 'Plant'))
  const company = textOf(plant, 'CompanyCode')
  if (company !== '' && company !== textOf(order, 'CompanyCode'))
    throw business(
      'ME/071',
      `Plant ${textOf(row, 'Plant')} is not assigned to company code ${textOf(order, 'CompanyCode')}`,
      'Plant',
    )
  const location = textOf(row, 'StorageLocation')
  if (location !== '') checkStorageLocation(work, textOf(row, 'Plant'), location)
}

function checkAmounts(row: Row): void {
  const quantity = textOf(row, 'OrderQuantity') || '0'
  if (compare(quantity, '0') <= 0) throw enter('Quantity', 'OrderQuantity')
  const price = textOf(row, 'NetPriceAmount') || '0'
  if (compare(price, '0') < 0 || (isZero(price) && row['PurchasingItemIsFreeOfCharge'] !== true))
    throw business('ME/215', 'Net price must be greater than 0', 'NetPriceAmount')
}

function checkAssignment(draft: Draft): void {
  const category = textOf(draft.row, 'AccountAssignmentCategory')
  const lines = below(draft, 'to_AccountAssignment')
  if (category !== '' && lines.length === 0)
    throw business('ME/086', `Maintain account assignment for category ${category}`, 'to_AccountAssignment')
  if (category === '' && lines.length > 0)
    throw business('ME/062', 'Enter an account assignment category', 'AccountAssignmentCategory')
  const needed = { K: 'CostCenter', F: 'OrderID' }[category]
  for (const line of lines)
    if (needed !== undefined && textOf(line.row, needed) === '')
      throw business('KI/249', `Enter ${needed === 'CostCenter' ? 'a cost center' : 'an order'}`, needed)
}

function completeItem(row: Row, order: Row): void {
  const unit = textOf(row, 'PurchaseOrderQuantityUnit')
  row['DocumentCurrency'] = order['DocumentCurrency'] ?? ''
  fill(row, {
    OrderPriceUnit: unit,
    NetPriceQuantity: '1',
    OrderPriceUnitToOrderUnitNmrtr: '1',
    OrdPriceUnitToOrderUnitDnmntr: '1',
  })
  for (const flag of [
    'GoodsReceiptIsExpected',
    'InvoiceIsExpected',
    'InvoiceIsGoodsReceiptBased',
    'PriceIsToBePrinted',
  ])
    row[flag] ??= true
}

/** An item without schedule lines gets one for the whole quantity. */
function scheduleWhole(work: Work, draft: Draft): void {
  const target = draft.set.type.navigations.get('to_ScheduleLine')?.target
  const lines = below(draft, 'to_ScheduleLine')
  if (target === undefined || lines.length > 0) return
  lines.push(
    createDraft(target, {
      ScheduleLineDeliveryDate: work.today + PLANNED_DELIVERY,
      ScheduleLineOrderQuantity: draft.row['OrderQuantity'] ?? '0',
    }),
  )
}

/** The only schedule line follows the item's quantity. */
function rescheduleOnly(work: Work, item: Row): void {
  const key = {
    PurchasingDocument: item['PurchaseOrder'] ?? '',
    PurchasingDocumentItem: item['PurchaseOrderItem'] ?? '',
  }
  const lines = rowsWhere(work, PURCHASING, 'A_PurchaseOrderScheduleLine', key)
  const [line] = lines
  if (line === undefined || lines.length > 1) return
  work.store.update(
    work.store.set(PURCHASING, 'A_PurchaseOrderScheduleLine'),
    { ...key, ScheduleLine: line['ScheduleLine'] ?? '' },
    { ScheduleLineOrderQuantity: item['OrderQuantity'] ?? '0' },
  )
}

function checkReceived(work: Work, item: Row): void {
  const received = receivedQuantity(work, item)
  if (compare(textOf(item, 'OrderQuantity'), received) < 0)
    throw business(
      '06/174',
      `Quantity ${textOf(item, 'OrderQuantity')} is smaller than the quantity already delivered (${received})`,
      'OrderQuantity',
    )
}
