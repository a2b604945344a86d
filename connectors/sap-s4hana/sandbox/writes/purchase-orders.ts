/** Purchase order headers. */
import type { Row, Value } from '../model.ts'
import { assignNumber } from './number-ranges.ts'
import { supplierFor } from './organisation.ts'
import { below, type Draft } from './payload.ts'
import { business, enter } from './refusals.ts'
import type { EntityRules, Lock } from './rules.ts'
import { fill, find, rowsWhere, textOf, type Work } from './work.ts'

export const PURCHASING = 'API_PURCHASEORDER_PROCESS_SRV'

export const purchaseOrders: EntityRules = {
  writeOnce: {
    level: 'Header',
    fields: ['Supplier', 'CompanyCode', 'PurchasingOrganization', 'DocumentCurrency', 'PurchaseOrderType'],
  },
  prepare: (work, draft) => {
    checkHeader(draft)
    assign(work, draft)
  },
  change: (work, current, changes) => {
    if (current['PurchasingDocumentDeletionCode'] === 'L') throw deleted(textOf(current, 'PurchaseOrder'))
    return { ...changes, LastChangeDateTime: work.now }
  },
  remove: (work, row) => {
    const key = { PurchaseOrder: row['PurchaseOrder'] ?? null }
    if (row['PurchasingDocumentDeletionCode'] === 'L') throw deleted(textOf(row, 'PurchaseOrder'))
    for (const item of rowsWhere(work, PURCHASING, 'A_PurchaseOrderItem', key)) markItemDeleted(work, item)
    work.store.update(work.store.set(PURCHASING, 'A_PurchaseOrder'), key, {
      PurchasingDocumentDeletionCode: 'L',
      LastChangeDateTime: work.now,
    })
  },
  lock: orderLock,
}

function checkHeader(draft: Draft): void {
  const { row } = draft
  fill(row, { PurchaseOrderType: 'NB' })
  if (row['PurchaseOrderType'] !== 'NB')
    throw business(
      'APPL_MM_PUR_PO/064',
      `Order type ${textOf(row, 'PurchaseOrderType')} is not supported; use order type NB or a copy of it`,
      'PurchaseOrderType',
    )
  for (const [field, label] of [
    ['CompanyCode', 'Company Code'],
    ['PurchasingOrganization', 'Purch. Organization'],
    ['PurchasingGroup', 'Purch. Group'],
    ['Supplier', 'Supplier'],
  ] as const)
    if (textOf(row, field) === '') throw enter(label, field)
  if (below(draft, 'to_PurchaseOrderItem').length === 0)
    throw business('ME/045', 'Purchase order contains no items', 'to_PurchaseOrderItem')
}

function assign(work: Work, draft: Draft): void {
  const { row, set } = draft
  const supplier = textOf(row, 'Supplier')
  const purchasing = supplierFor(work, supplier, textOf(row, 'CompanyCode'), textOf(row, 'PurchasingOrganization'))
  // The order type has an internal number range: a number that was sent is a placeholder.
  row['PurchaseOrder'] = assignNumber(work.store, 'purchaseOrder', set, 'PurchaseOrder')
  fill(row, {
    DocumentCurrency: textOf(purchasing, 'PurchaseOrderCurrency') || 'EUR',
    PaymentTerms: textOf(purchasing, 'PaymentTerms'),
    IncotermsClassification: textOf(purchasing, 'IncotermsClassification'),
    PurchaseOrderDate: work.today,
    Language: work.language,
    ExchangeRate: '1.00000',
    InvoicingParty: supplier,
  })
  Object.assign(row, {
    PurchasingProcessingStatus: '02',
    PurchasingDocumentOrigin: '9',
    PurchasingCompletenessStatus: false,
    ReleaseIsNotCompleted: false,
    CreatedByUser: work.user,
    CreationDate: work.today,
    LastChangeDateTime: work.now,
  })
}

/** A change below the header shows in its LastChangeDateTime, or does not (unverified: a switch). */
export function moveOrder(work: Work, order: Value | undefined): void {
  if (!work.switches.headerMovesWithItems) return
  const set = work.store.set(PURCHASING, 'A_PurchaseOrder')
  work.store.update(set, { PurchaseOrder: order ?? null }, { LastChangeDateTime: work.now })
}

export function orderOf(work: Work, order: Value | undefined): Row {
  const row = find(work, PURCHASING, 'A_PurchaseOrder', { PurchaseOrder: order ?? null })
  if (row === null) throw business('06/019', `Purchase order ${order ?? ''} does not exist`, 'PurchaseOrder')
  return row
}

export function markItemDeleted(work: Work, item: Row): void {
  work.store.update(
    work.store.set(PURCHASING, 'A_PurchaseOrderItem'),
    { PurchaseOrder: item['PurchaseOrder'] ?? null, PurchaseOrderItem: item['PurchaseOrderItem'] ?? null },
    { PurchasingDocumentDeletionCode: 'L' },
  )
}

export function deleted(what: string): Error {
  return business('06/115', `Function not possible: ${what} is deleted`)
}

/** For the header and everything below it. */
export function orderLock(row: Row): Lock {
  const order = textOf(row, 'PurchaseOrder') || textOf(row, 'PurchasingDocument')
  return {
    name: order,
    code: 'MMPUR_INTEGRATION_PO/002',
    message: `Purchase Order ${order} is locked in another session`,
  }
}
