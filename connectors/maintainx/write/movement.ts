import { defineOperation, type WriteField, type WriteRequest } from '../../../core/index.ts'
import type { MaintainXSession } from '../session.ts'
import { plannedReceipts, postReceipts, receiptsFound } from './movement-receipt.ts'
import { plannedStock, postStock, stockFound } from './movement-stock.ts'
import { sentOf } from './sent.ts'

const STOCK = 'openapi /parts/{id} locations.addedUpdated[].availableQuantity'
const RECEIPT = 'openapi /purchaseorders/{id}/fulfillment'
const ON = ['CREATE'] as const

const FIELDS: readonly WriteField[] = [
  { path: 'kind', on: ON, required: true, values: ['COUNT', 'ADJUSTMENT', 'RECEIPT'], source: STOCK },
  { path: 'purchase_order_id', on: ON, reference: 'purchase_order', source: RECEIPT },
  { path: 'lines[].item_id', on: ON, reference: 'item', source: STOCK },
  { path: 'lines[].to_location_id', on: ON, required: true, reference: 'location', source: STOCK },
  { path: 'lines[].quantity', on: ON, scale: 0, source: STOCK },
  { path: 'lines[].quantity_counted', on: ON, scale: 0, source: STOCK },
  { path: 'lines[].purchase_order_line_id', on: ON, source: RECEIPT },
]

type Request = WriteRequest<'inventory_movement'>

const isReceipt = ({ payload }: Request): boolean => sentOf(payload).text('kind') === 'RECEIPT'

/**
 * MaintainX keeps no movements, only what is there: the totals that a movement comes to are decided and written down
 * before the first attempt, so that sending them again does no harm. The movement's own id is the command's.
 */
export const createMovement = defineOperation<MaintainXSession, 'inventory_movement'>({
  entity: 'inventory_movement',
  operation: 'CREATE',
  anchor: 'absolute',
  conflicts: 'none',
  atomic: false,
  fields: FIELDS,
  plan: (session, request, signal) =>
    isReceipt(request) ? plannedReceipts(session, request, signal) : plannedStock(session, request, signal),
  execute: (session, request, signal) =>
    isReceipt(request) ? postReceipts(session, request, signal) : postStock(session, request, signal),
  find: (session, request, signal) =>
    isReceipt(request) ? receiptsFound(session, request, signal) : stockFound(session, request, signal),
})
