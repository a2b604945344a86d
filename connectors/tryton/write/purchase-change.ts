import {
  createFindings,
  defineOperation,
  type Findings,
  type Json,
  type LineOutcome,
  type PurchaseOrderLineWrite,
  type PurchaseOrderWrite,
  type WriteRequest,
} from '../../../core/index.ts'
import { purchaseOrders } from '../read/purchase-orders.ts'
import { idOf } from '../read/rows.ts'
import type { TrytonSession } from '../session.ts'
import { decimal, type Row, reference, rows, text } from '../values.ts'
import { betweenSteps } from './after-write.ts'
import { foundAlready } from './already.ts'
import { refuse } from './issues.ts'
import { searchRows } from './lookups.ts'
import { nativeId, partsIn } from './natives.ts'
import { header } from './purchase-header.ts'
import { lineValues } from './purchase-lines.ts'
import { MODEL, PURCHASE_FIELDS, purchaseNames } from './purchase-names.ts'
import { stateOf } from './purchase-status.ts'
import { payloadOf } from './requests.ts'
import { sendTo, targetOf } from './versions.ts'

type Request = WriteRequest<'purchase_order'>
type Line = PurchaseOrderLineWrite

/** New lines carry the token and their place in the command in their note: no form prints it. */
const noteOf = (request: Request, at: number) => `${request.token(16)} ${at}`

/** Header and lines in one transaction, through the header: its stamp is compared, and moves. */
export const updatePurchase = defineOperation<TrytonSession, 'purchase_order'>({
  entity: 'purchase_order',
  operation: 'UPDATE',
  anchor: 'searchable',
  conflicts: 'native',
  atomic: true,
  fields: PURCHASE_FIELDS,
  async execute(session, request, signal) {
    const order = payloadOf(request)
    const { target: key, expectedVersion } = request
    const before = await newLines(session, request, signal)
    if (before !== null && before.length > 0) return { target: key ?? '', replay: true, lines: before }
    const fields = ['state', 'party', 'lines.type', 'lines.sequence']
    const target = await targetOf(session, { model: MODEL, fields, key, expectedVersion }, signal)
    const state = text(target.row['state'])
    if (state !== 'draft' && !(ALWAYS_OPEN(order) && state !== 'cancelled'))
      refuse(
        null,
        'STATE_NOT_ALLOWED',
        `the order is in state ${state}: set its status to DRAFT first, where Tryton allows that`,
      )
    const findings = createFindings()
    const values = {
      ...(await header(session, order, findings, signal)),
      ...(await lineChanges(session, request, target.row, findings, signal)),
    }
    findings.settle()
    const call = { model: MODEL, method: 'write', params: [[target.id], values] }
    await sendTo(session, target, call, purchaseNames(order.lines), signal)
    const lines = await betweenSteps(newLines(session, request, signal))
    return { target: String(target.id), replay: false, ...(lines === null ? {} : { lines }) }
  },
  async find(session, request, signal) {
    const lines = await newLines(session, request, signal)
    if (lines === null) return foundAlready(purchaseOrders, session, request, signal)
    return lines.length === 0 ? 'not-applied' : { target: request.target ?? '', replay: true, lines }
  },
})

/** Tryton cancels a draft before it deletes it: one transaction all the same. */
export const deletePurchase = defineOperation<TrytonSession, 'purchase_order'>({
  entity: 'purchase_order',
  operation: 'DELETE',
  anchor: 'absolute',
  conflicts: 'native',
  atomic: true,
  fields: [],
  async execute(session, request, signal) {
    const { target: key, expectedVersion } = request
    const target = await targetOf(session, { model: MODEL, fields: ['state'], key, expectedVersion }, signal)
    const state = text(target.row['state'])
    if (state !== 'draft' && state !== 'cancelled')
      refuse(null, 'STATE_NOT_ALLOWED', `only drafts and canceled orders can be deleted; this one is in state ${state}`)
    await sendTo(session, target, { model: MODEL, method: 'delete', params: [[target.id]] }, purchaseNames([]), signal)
    return { target: String(target.id), replay: false }
  },
  async find(session, request, signal) {
    const id = nativeId(request.target ?? '')
    if (id === null) return 'unknown'
    return (await stateOf(session, id, signal)) === null ? { target: String(id), replay: true } : 'not-applied'
  },
})

/** Reference and comment are open in every state but canceled (purchase/purchase.py, `states`). */
const ALWAYS_OPEN = (order: PurchaseOrderWrite): boolean => {
  const named = Object.entries(order).flatMap(([name, value]) =>
    value === null || (Array.isArray(value) && value.length === 0) || name === 'clear_fields' ? [] : [name],
  )
  return [...named, ...order.clear_fields].every((name) => name === 'vendor_reference' || name === 'notes')
}

async function lineChanges(
  session: TrytonSession,
  request: Request,
  order: Row,
  findings: Findings,
  signal: AbortSignal,
): Promise<Row> {
  const { lines } = payloadOf(request)
  if (lines.length === 0) return {}
  const known = rows(order['lines.']).filter((line) => line['type'] === 'line')
  const placed = lines.map((line, at) => ({ line, at: `lines[${at}].` }))
  const kept = placed.filter(({ line }) => line.action !== 'DELETE')
  const values = await lineValues(session, kept, reference(order['party']), request.mapping, findings, signal)
  const gone = placed.filter(({ line }) => line.action === 'DELETE')
  const removed = gone.flatMap(({ line, at }) => lineId(line, at, request, known, findings) ?? [])
  let sequence = Math.max(0, ...known.map((line) => Number(line['sequence'] ?? 0)))
  const changes = kept.map(({ line, at }, nth): Json => {
    const value = values[nth] ?? {}
    if (line.line_id !== null) return ['write', [lineId(line, at, request, known, findings) ?? 0], value]
    return ['create', [{ type: 'line', sequence: ++sequence, ...value, note: noteOf(request, lines.indexOf(line)) }]]
  })
  return { lines: [...changes, ...(removed.length === 0 ? [] : [['delete', removed]])] }
}

/** Native id of a line of this order; null = told in the findings. */
function lineId(line: Line, at: string, request: Request, known: readonly Row[], findings: Findings): number | null {
  const parts = line.line_id === null ? null : partsIn(line.line_id, 'purchase_order_line')
  const id = parts?.length === 2 && parts[0] === request.target ? nativeId(parts[1] ?? '') : null
  if (id !== null && known.some((each) => idOf(each) === id)) return id
  findings.add(`${at}line_id`, 'INVALID_REFERENCE', `the order has no line ${line.line_id ?? 'without line_id'}`)
  return null
}

/** The lines that this command has made; null = it makes none. */
async function newLines(session: TrytonSession, request: Request, signal: AbortSignal): Promise<LineOutcome[] | null> {
  const fresh = payloadOf(request).lines.flatMap((line, at) =>
    line.line_id === null && line.action !== 'DELETE' ? [{ line, note: noteOf(request, at) }] : [],
  )
  if (fresh.length === 0) return null
  const domain = [
    ['purchase', '=', Number(request.target)],
    ['note', 'in', fresh.map(({ note }) => note)],
  ]
  const found = await searchRows(session, 'purchase.line', domain, ['note', 'sequence'], signal)
  return fresh.flatMap(({ line, note }) => {
    const its = found.find((each) => text(each['note']) === note)
    if (its === undefined) return []
    const number = decimal(its['sequence'])
    return [{ lineRef: line.line_ref, lineKey: `${request.target}|${idOf(its)}`, lineNumber: number }]
  })
}
