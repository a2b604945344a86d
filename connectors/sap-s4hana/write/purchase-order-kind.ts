import type { LineOutcome, WriteRequest } from '../../../core/index.ts'
import { readRow } from '../read/keyset.ts'
import type { SapSession } from '../session.ts'
import { children, type Row, stripZeros, text } from '../values.ts'
import type { Anchor, Kind } from './creating.ts'
import { ORDER_SERVICE } from './purchase-order-fields.ts'

const EXPAND = [
  'to_PurchaseOrderItem/to_ScheduleLine',
  'to_PurchaseOrderItem/to_AccountAssignment',
  'to_PurchaseOrderNote',
] as const

export const orderKind: Kind = {
  noun: 'purchase order',
  service: ORDER_SERVICE,
  set: 'A_PurchaseOrder',
  keyOf: (row) => text(row['PurchaseOrder']),
  targetOf: (record) => text(record['PurchaseOrder']),
  read: (session, key, signal) =>
    readRow(session, ORDER_SERVICE, 'A_PurchaseOrder', { PurchaseOrder: key }, EXPAND, signal),
}

const ANCHOR_LENGTHS = {
  CorrespncInternalReference: 12,
  PurchasingCollectiveNumber: 10,
  SupplierRespSalesPersonName: 30,
} as const

export function orderAnchor({ config }: SapSession, request: WriteRequest): Anchor {
  const property = config.purchase_order_anchor
  return { property, value: request.token(ANCHOR_LENGTHS[property]), createdOn: 'CreationDate' }
}

export const itemsOf = (order: Row): readonly Row[] => children(order['to_PurchaseOrderItem'])

/** By number, with or without zeros. */
export const itemIn = (order: Row, number: string): Row | null =>
  itemsOf(order).find((item) => stripZeros(text(item['PurchaseOrderItem']) ?? '') === stripZeros(number)) ?? null

/** What became of the lines, by their numbers: SAP takes the numbers that it is given. */
export const lineOutcomes =
  (refs: ReadonlyMap<string, string | null>) =>
  (order: Row): readonly LineOutcome[] =>
    [...refs].flatMap(([number, lineRef]) => {
      const found = itemIn(order, number)
      if (found === null) return []
      const lineNumber = stripZeros(text(found['PurchaseOrderItem']) ?? number)
      return [{ lineRef, lineKey: `${text(order['PurchaseOrder']) ?? ''}|${lineNumber}`, lineNumber }]
    })
