/** What has been delivered for a purchase order item, told from its material documents. */
import type { Row } from '../model.ts'
import { add, compare, divide, multiply, subtract } from './decimals.ts'
import { business } from './refusals.ts'
import { fromBase } from './units.ts'
import { find, keyOf, rowsWhere, textOf, type Work } from './work.ts'

const PURCHASING = 'API_PURCHASEORDER_PROCESS_SRV'
const IN = new Set(['101', '123'])
const OUT = new Set(['102', '122'])

/** In the order unit, cancelled receipts and returns taken off. */
export function receivedQuantity(work: Work, item: Row): string {
  const documents = rowsWhere(work, 'API_MATERIAL_DOCUMENT_SRV', 'A_MaterialDocumentItem', {
    PurchaseOrder: item['PurchaseOrder'] ?? '',
    PurchaseOrderItem: item['PurchaseOrderItem'] ?? '',
  })
  const unit = textOf(item, 'PurchaseOrderQuantityUnit')
  return documents.reduce((sum, document) => {
    const type = textOf(document, 'GoodsMovementType')
    if (!IN.has(type) && !OUT.has(type)) return sum
    const quantity = inUnit(work, document, unit)
    return IN.has(type) ? add(sum, quantity) : subtract(sum, quantity)
  }, '0')
}

function inUnit(work: Work, document: Row, unit: string): string {
  if (textOf(document, 'EntryUnit') === unit) return textOf(document, 'QuantityInEntryUnit') || '0'
  const product = find(work, 'API_PRODUCT_SRV', 'A_Product', { Product: textOf(document, 'Material') })
  const base = textOf(document, 'QuantityInBaseUnit') || '0'
  return product === null ? base : fromBase(work, product, base, unit)
}

/**
 * Brings the order item in line with what has been delivered. The header keeps its change stamp: a receipt is no change
 * of the order. `final`: the receipt says it was the last. @throws SapError M7/022 for more than was ordered
 */
export function settleDelivery(work: Work, order: string, itemNumber: string, final: boolean): void {
  const set = work.store.set(PURCHASING, 'A_PurchaseOrderItem')
  const item = work.store.get(set, { PurchaseOrder: order, PurchaseOrderItem: itemNumber })
  if (item === null) return
  const [ordered, received] = [textOf(item, 'OrderQuantity') || '0', receivedQuantity(work, item)]
  const most = tolerated(ordered, item, 'OverdelivTolrtdLmtRatioInPct', add)
  if (item['UnlimitedOverdeliveryIsAllowed'] !== true && compare(received, most) > 0) {
    const place = ['Material', 'Plant', 'StorageLocation'].map((name) => textOf(item, name)).join(' ')
    const unit = textOf(item, 'PurchaseOrderQuantityUnit')
    throw business('M7/022', `PO Ordered quantity exceeded by ${subtract(received, ordered)} ${unit} : ${place}`)
  }
  const least = tolerated(ordered, item, 'UnderdelivTolrtdLmtRatioInPct', subtract)
  const isComplete = final || compare(received, least) >= 0
  if (item['IsCompletelyDelivered'] !== isComplete)
    work.store.update(set, keyOf(set, item), { IsCompletelyDelivered: isComplete })
}

function tolerated(ordered: string, item: Row, field: string, by: typeof add): string {
  const percent = textOf(item, field) || '0'
  return by(ordered, divide(multiply(ordered, percent), '100', 3))
}
