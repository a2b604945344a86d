/** What has been delivered for a purchase order item, told from its material documents. */
import type { Row } from '../model.ts'
import { add, subtract } from './decimals.ts'
import { rowsWhere, textOf, type Work } from './work.ts'

const IN = new Set(['101'])
const OUT = new Set(['102', '122'])

/** In the order unit, cancelled receipts and returns taken off. */
export function receivedQuantity(work: Work, item: Row): string {
  const documents = rowsWhere(work, 'API_MATERIAL_DOCUMENT_SRV', 'A_MaterialDocumentItem', {
    PurchaseOrder: item['PurchaseOrder'] ?? '',
    PurchaseOrderItem: item['PurchaseOrderItem'] ?? '',
  })
  return documents.reduce((sum, document) => {
    const quantity = textOf(document, 'QuantityInEntryUnit') || '0'
    const type = textOf(document, 'GoodsMovementType')
    if (IN.has(type)) return add(sum, quantity)
    return OUT.has(type) ? subtract(sum, quantity) : sum
  }, '0')
}
