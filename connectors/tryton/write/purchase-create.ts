import {
  createFindings,
  defineOperation,
  type LineOutcome,
  RejectedError,
  type WriteOutcome,
  type WriteRequest,
} from '../../../core/index.ts'
import type { TrytonSession } from '../session.ts'
import { decimal, type Row, rows, text } from '../values.ts'
import { betweenSteps } from './after-write.ts'
import { issuesOf } from './issues.ts'
import { createdId, searchRows } from './lookups.ts'
import { newHeader } from './purchase-header.ts'
import { lineValues } from './purchase-lines.ts'
import { MODEL, PURCHASE_FIELDS, purchaseNames } from './purchase-names.ts'
import { advance, hasReached, type Progress } from './purchase-status.ts'
import { send } from './refusals.ts'
import { payloadOf } from './requests.ts'

type Request = WriteRequest<'purchase_order'>
const tokenOf = (request: Request) => request.token(16)

/**
 * Header and lines in one transaction, then one call for each state. What an earlier attempt left is looked for first
 * and taken on from there.
 */
export const createPurchase = defineOperation<TrytonSession, 'purchase_order'>({
  entity: 'purchase_order',
  operation: 'CREATE',
  anchor: 'searchable',
  conflicts: 'none',
  atomic: false,
  fields: PURCHASE_FIELDS,
  async execute(session, request, signal) {
    const left = await created(session, request, signal)
    const id = left === null ? await create(session, request, signal) : Number(left['id'])
    if (wishOf(request) !== 'DRAFT') await request.finished('create', String(id))
    const order = left ?? (await betweenSteps(orderOf(session, id, signal)))
    const progress = await towards(session, id, text(order['state']), request, signal)
    return outcomeOf(request, order, left !== null, progress)
  },
  async find(session, request, signal) {
    const order = await created(session, request, signal)
    if (order === null) return 'not-applied'
    const outcome = outcomeOf(request, order, true, { steps: [], problems: [] })
    return isThere(order, request) ? outcome : { ...outcome, unfinished: true }
  },
})

const wishOf = (request: Request): string => payloadOf(request).status ?? 'DRAFT'

/** A draft that was wished is there whatever became of it. */
const isThere = (order: Row, request: Request): boolean =>
  wishOf(request) === 'DRAFT' || order['state'] === 'cancelled' || hasReached(text(order['state']), wishOf(request))

async function create(session: TrytonSession, request: Request, signal: AbortSignal): Promise<number> {
  const order = payloadOf(request)
  const findings = createFindings()
  const { vendor, values } = await newHeader(session, order, findings, signal)
  const placed = order.lines.map((line, at) => ({ line, at: `lines[${at}].` }))
  const lines = await lineValues(session, placed, vendor, request.mapping, findings, signal)
  findings.settle()
  const token = tokenOf(request)
  const free = values['reference'] === undefined
  const numbered = lines.map((line, at) => ({
    type: 'line',
    sequence: at + 1,
    ...line,
    // the reference is the vendor's: where it is taken, the token goes into a note that no form prints
    ...(!free && at === 0 ? { note: token } : {}),
  }))
  const all = { ...values, ...(free ? { reference: token } : {}), lines: [['create', numbered]] }
  const call = { model: MODEL, method: 'create', params: [[all]] }
  return createdId(await send(session, call, purchaseNames(order.lines), signal))
}

/** Refused on its way: the order is there, in the state that it has reached. */
async function towards(
  session: TrytonSession,
  id: number,
  state: string | null,
  request: Request,
  signal: AbortSignal,
): Promise<Progress> {
  const wish = wishOf(request)
  if (wish === 'DRAFT' || hasReached(state, wish) || state === 'cancelled') return { steps: [], problems: [] }
  try {
    return await advance(session, id, state, wish, null, request, signal)
  } catch (error) {
    if (!(error instanceof RejectedError)) throw error
    return { steps: [{ name: 'quote', outcome: 'FAILED', sourceId: String(id) }], problems: issuesOf(error) }
  }
}

const FIELDS = ['state', 'lines.sequence', 'lines.type']

async function created(session: TrytonSession, request: Request, signal: AbortSignal): Promise<Row | null> {
  const token = tokenOf(request)
  const { vendor_reference: sent, clear_fields: cleared } = payloadOf(request)
  const free = sent === null && !cleared.includes('vendor_reference')
  const domain = [free ? ['reference', '=', token] : ['lines.note', '=', token], ['company', '=', session.company.id]]
  return (await searchRows(session, MODEL, domain, FIELDS, signal))[0] ?? null
}

async function orderOf(session: TrytonSession, id: number, signal: AbortSignal): Promise<Row> {
  const [order] = await searchRows(session, MODEL, [['id', '=', id]], FIELDS, signal)
  if (order === undefined) throw new TypeError(`${MODEL},${id} is gone`)
  return order
}

function outcomeOf(request: Request, order: Row, replay: boolean, { steps, problems }: Progress): WriteOutcome {
  const id = String(order['id'])
  return {
    target: id,
    replay,
    lines: lineOutcomes(request, id, rows(order['lines.'])),
    ...(wishOf(request) === 'DRAFT' ? {} : { steps: [{ name: 'create', outcome: 'APPLIED', sourceId: id }, ...steps] }),
    ...(problems.length === 0 ? {} : { partial: problems }),
  }
}

/** Lines carry the place in the command as their sequence. */
const lineOutcomes = (request: Request, order: string, lines: readonly Row[]): LineOutcome[] =>
  payloadOf(request).lines.flatMap((line, at) => {
    const number = String(at + 1)
    const its = lines.find((each) => decimal(each['sequence']) === number)
    return its === undefined
      ? []
      : [{ lineRef: line.line_ref, lineKey: `${order}|${String(its['id'])}`, lineNumber: number }]
  })
