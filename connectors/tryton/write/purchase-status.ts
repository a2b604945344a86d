import {
  defineOperation,
  type Issue,
  issue,
  RejectedError,
  type WriteRequest,
  type WriteStep,
} from '../../../core/index.ts'
import type { TrytonSession } from '../session.ts'
import { text } from '../values.ts'
import { betweenSteps } from './after-write.ts'
import { issuesOf, refuse } from './issues.ts'
import { MODEL, purchaseNames } from './purchase-names.ts'
import { send } from './refusals.ts'
import { fieldsFrom, payloadOf } from './requests.ts'
import { rowOf, sendTo, type Target, targetOf } from './versions.ts'

/** Workflow methods from one native state to a wished one. */
const PATHS: { readonly [from: string]: { readonly [to: string]: readonly string[] } } = {
  draft: { PENDING_APPROVAL: ['quote'], APPROVED: ['quote', 'confirm'], CANCELED: ['cancel'] },
  quotation: { APPROVED: ['confirm'], DRAFT: ['draft'], CANCELED: ['cancel'] },
  // confirming starts the processing; where a queue does that later, the order may still go back
  confirmed: { DRAFT: ['draft'] },
  cancelled: { DRAFT: ['draft'] },
}
/** States in which a wish has come true, or has been overtaken. */
const REACHED: { readonly [to: string]: readonly string[] } = {
  DRAFT: ['draft'],
  PENDING_APPROVAL: ['quotation', 'confirmed', 'processing', 'done'],
  APPROVED: ['confirmed', 'processing', 'done'],
  CANCELED: ['cancelled'],
}

export const hasReached = (state: string | null, wish: string): boolean => REACHED[wish]?.includes(state ?? '') ?? false

export interface Progress {
  readonly steps: readonly WriteStep[]
  /** What kept it from getting there; none = it got there. */
  readonly problems: readonly Issue[]
}

/**
 * Takes an order from `state` towards `wish`. Workflow methods answer nothing also where nothing happened: the state
 * is read after each.
 * @param target with it, the first call is refused when somebody has changed the order
 * @throws RejectedError when the first step is refused
 */
export async function advance(
  session: TrytonSession,
  id: number,
  state: string | null,
  wish: string,
  target: Target | null,
  request: Pick<WriteRequest, 'finished'>,
  signal: AbortSignal,
): Promise<Progress> {
  const names = purchaseNames([])
  const steps: WriteStep[] = []
  let current = state
  for (const method of PATHS[state ?? '']?.[wish] ?? []) {
    const call = { model: MODEL, method, params: [[id]] }
    try {
      if (target !== null && steps.length === 0) await sendTo(session, target, call, names, signal)
      else await send(session, call, names, signal)
    } catch (error) {
      if (steps.length === 0 || !(error instanceof RejectedError)) throw error
      return { steps: [...steps, { name: method, outcome: 'FAILED', sourceId: String(id) }], problems: issuesOf(error) }
    }
    const now = await betweenSteps(stateOf(session, id, signal))
    if (now === current) {
      const message = `Tryton left the order in state ${now} when told to ${method}`
      if (steps.length === 0) refuse('status', 'STATE_NOT_ALLOWED', message)
      return {
        steps: [...steps, { name: method, outcome: 'FAILED', sourceId: String(id) }],
        problems: [issue('status', 'STATE_NOT_ALLOWED', message)],
      }
    }
    current = now
    steps.push({ name: method, outcome: 'APPLIED', sourceId: String(id) })
    await request.finished(method, String(id))
  }
  return { steps, problems: [] }
}

export async function stateOf(session: TrytonSession, id: number, signal: AbortSignal): Promise<string | null> {
  const order = await rowOf(session, MODEL, id, ['state'], signal)
  return order === null ? null : text(order['state'])
}

const SYMBOLS: { readonly [native: string]: string } = {
  draft: 'DRAFT',
  quotation: 'PENDING_APPROVAL',
  confirmed: 'APPROVED',
  cancelled: 'CANCELED',
}
const transitions = Object.entries(PATHS).flatMap(([from, paths]) =>
  Object.entries(paths).map(([to, methods]) => ({ from: SYMBOLS[from] ?? from, to, native: methods.join(', ') })),
)
const field = fieldsFrom('Tryton 6.0 purchase/purchase.py, _transitions')

export const setPurchaseStatus = defineOperation<TrytonSession, 'purchase_order'>({
  entity: 'purchase_order',
  operation: 'SET_STATUS',
  anchor: 'absolute',
  conflicts: 'native',
  atomic: false,
  fields: [
    field('status', {
      on: ['SET_STATUS'],
      required: true,
      values: ['DRAFT', 'PENDING_APPROVAL', 'APPROVED', 'CANCELED'],
    }),
  ],
  transitions,
  async execute(session, request, signal) {
    const wish = wishOf(request)
    const { target: key, expectedVersion } = request
    const target = await targetOf(session, { model: MODEL, fields: ['state'], key, expectedVersion }, signal)
    const state = text(target.row['state'])
    if (hasReached(state, wish)) return { target: String(target.id), replay: true }
    if (PATHS[state ?? '']?.[wish] === undefined)
      refuse('status', 'STATE_NOT_ALLOWED', `Tryton has no way from state ${state} to ${wish}`)
    const { steps, problems } = await advance(session, target.id, state, wish, target, request, signal)
    return { target: String(target.id), replay: false, steps, ...(problems.length === 0 ? {} : { partial: problems }) }
  },
  async find(session, request, signal) {
    const state = await stateOf(session, Number(request.target), signal)
    return hasReached(state, wishOf(request)) ? { target: request.target ?? '', replay: true } : 'not-applied'
  },
})

const wishOf = (request: WriteRequest<'purchase_order'>): string => payloadOf(request).status ?? 'UNKNOWN'
