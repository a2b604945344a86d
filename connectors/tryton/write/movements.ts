import { createFindings, defineOperation, type WriteField, type WriteRequest } from '../../../core/index.ts'
import type { TrytonSession } from '../session.ts'
import { type Row, toDate } from '../values.ts'
import { createdId } from './lookups.ts'
import { anchored, carryOut, type Document, documentOf, isFinished, outcomeOf } from './movement-documents.ts'
import { documentFor } from './movement-kinds.ts'
import { customOf } from './natives.ts'
import { receiptValues } from './receipt-values.ts'
import { send } from './refusals.ts'
import { fieldsFrom, payloadOf } from './requests.ts'
import { inventoryValues, plannedQuantities, transferValues } from './stock-values.ts'

type Request = WriteRequest<'inventory_movement'>

const rule = fieldsFrom('Tryton 6.0 stock/shipment.py, stock/inventory.py')
const field = (path: string, more: Partial<WriteField> = {}) => rule(path, { on: ['CREATE'], ...more })
const FIELDS: readonly WriteField[] = [
  field('kind', { required: true, values: ['RECEIPT', 'TRANSFER', 'COUNT', 'ADJUSTMENT'] }),
  field('posting_date'),
  field('document_date'),
  field('reference'),
  field('lines[].item_id', { reference: 'item' }),
  field('lines[].quantity'),
  field('lines[].quantity_counted'),
  field('lines[].unit'),
  field('lines[].source_unit'),
  field('lines[].from_location_id', { reference: 'location' }),
  field('lines[].to_location_id', { reference: 'location' }),
  field('lines[].purchase_order_line_id'),
]

/** The document is made in one transaction and carried out in one or more. */
export const createMovement = defineOperation<TrytonSession, 'inventory_movement'>({
  entity: 'inventory_movement',
  operation: 'CREATE',
  anchor: 'searchable',
  conflicts: 'none',
  atomic: false,
  fields: FIELDS,
  async plan(session, request, signal) {
    return payloadOf(request).kind === 'ADJUSTMENT' ? plannedQuantities(session, request, signal) : {}
  },
  async execute(session, request, signal) {
    const document = documentFor(payloadOf(request).kind)
    const left = await documentOf(session, document, request, signal)
    const id = left === null ? await create(session, document, request, signal) : Number(left['id'])
    return carryOut(session, document, request, id, left !== null, signal)
  },
  async find(session, request, signal) {
    const document = documentFor(payloadOf(request).kind)
    const found = await documentOf(session, document, request, signal)
    return found === null || !isFinished(document, found) ? 'not-applied' : outcomeOf(document, request, found, true)
  },
})

async function create(
  session: TrytonSession,
  document: Document,
  request: Request,
  signal: AbortSignal,
): Promise<number> {
  const movement = payloadOf(request)
  const findings = createFindings()
  const custom = customOf(movement.custom_fields, 'custom_fields', findings)
  if (document.name === 'inventory' && movement.reference !== null)
    findings.add('reference', 'UNSUPPORTED_FIELD', 'a count of Tryton 6.0 has no reference')
  findings.settle()
  const values: Row = {
    company: session.company.id,
    ...datesOf(document, request),
    ...anchored(document, request),
    ...(await contentsOf(session, document, request, signal)),
    ...custom,
  }
  const call = { model: document.model, method: 'create', params: [[values]] }
  return createdId(await send(session, call, { ...document.names, lines: movement.lines }, signal))
}

function contentsOf(session: TrytonSession, document: Document, request: Request, signal: AbortSignal): Promise<Row> {
  if (document.name === 'shipment_in') return receiptValues(session, request, signal)
  if (document.name === 'shipment_internal') return transferValues(session, request, signal)
  return inventoryValues(session, request, signal)
}

function datesOf({ name }: Document, request: Request): Row {
  const { posting_date: posted, document_date: dated } = payloadOf(request)
  if (name === 'inventory') return posted === null && dated === null ? {} : { date: toDate(posted ?? dated ?? '') }
  // two planned dates that differ would send a transfer through a transit location
  const planned = dated === null ? {} : { planned_date: toDate(dated) }
  const start = dated === null || name === 'shipment_in' ? {} : { planned_start_date: toDate(dated) }
  return { ...(posted === null ? {} : { effective_date: toDate(posted) }), ...planned, ...start }
}
