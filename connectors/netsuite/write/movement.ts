import {
  defineOperation,
  issue,
  type JsonObject,
  type ReadStream,
  rejection,
  type WriteRequest,
} from '../../../core/index.ts'
import { inventoryMovements } from '../read/inventory-movements.ts'
import type { NetSuiteSession } from '../session.ts'
import { text } from '../values.ts'
import { FIELDS } from './movement-fields.ts'
import { typeOf } from './movement-header.ts'
import { receiptLines, receiptOf } from './movement-receipt.ts'
import { adjustmentOf, differencesOf, stockLines, transferOf } from './movement-stock.ts'
import { create, findCreated, findRemoved, remove } from './records.ts'
import { sentOf } from './sent.ts'

type Request = WriteRequest<'inventory_movement'>

/** Every kind is a document of its own, found again by its external id. */
export const createMovement = defineOperation<NetSuiteSession, 'inventory_movement'>({
  entity: 'inventory_movement',
  operation: 'CREATE',
  anchor: 'unique',
  conflicts: 'none',
  atomic: true,
  fields: FIELDS,
  /** A count is a difference to what is there: decided once, so that a repeat posts the same. */
  async plan(session, request, signal): Promise<JsonObject> {
    if (sentOf(request.payload).text('kind') !== 'COUNT') return {}
    return { differences: await differencesOf(session, request, signal) }
  },
  async execute(session, request, signal) {
    const type = typeOf(sentOf(request.payload))
    const make = type === 'itemReceipt' ? receiptOf : type === 'inventoryTransfer' ? transferOf : adjustmentOf
    return create(session, request, await make(session, request, signal), signal)
  },
  find(session, request, signal) {
    const sent = sentOf(request.payload)
    const type = typeOf(sent)
    const lines = type === 'itemReceipt' ? receiptLines(sent) : stockLines(request)
    return findCreated(session, request, { type, lines }, signal)
  },
})

const TYPES: { readonly [type: string]: string } = {
  ItemRcpt: 'itemReceipt',
  InvAdjst: 'inventoryAdjustment',
  InvTrnfr: 'inventoryTransfer',
}

/** A reversal: the transaction goes, and its effects with it, while its period is open. */
export const deleteMovement = defineOperation<NetSuiteSession, 'inventory_movement'>({
  entity: 'inventory_movement',
  operation: 'DELETE',
  anchor: 'absolute',
  conflicts: 'compare',
  atomic: true,
  fields: [],
  async execute(session, request, signal) {
    const doing = `deleting inventory movement ${request.target}`
    const stream: ReadStream<NetSuiteSession, 'inventory_movement'> = inventoryMovements
    const found = await stream.readOne(session, request.target ?? '', signal)
    const type = TYPES[text(found?.payload['type']) ?? '']
    if (type === undefined)
      throw rejection(doing, [issue(null, 'NOT_FOUND', 'NetSuite has no such movement')], { status: 404 })
    return remove(session, request, { type, doing, stream }, signal)
  },
  find: (session, request: Request, signal) => findRemoved(session, request, inventoryMovements, signal),
})
