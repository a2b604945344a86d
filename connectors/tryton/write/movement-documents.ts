import {
  issue,
  type LineOutcome,
  RejectedError,
  type WriteOutcome,
  type WriteRequest,
  type WriteStep,
} from '../../../core/index.ts'
import { idOf } from '../read/rows.ts'
import type { TrytonSession } from '../session.ts'
import { type Row, rows, text } from '../values.ts'
import { betweenSteps } from './after-write.ts'
import { issuesOf, refuse } from './issues.ts'
import { searchRows } from './lookups.ts'
import { type Names, send } from './refusals.ts'
import { payloadOf } from './requests.ts'

type Request = WriteRequest<'inventory_movement'>

/**
 * A kind of stock document: created as a draft in one transaction, then taken through its states, one call each, until
 * stock has moved. A draft that was left on the way is found by the token and taken on.
 */
export interface Document {
  readonly name: 'shipment_in' | 'shipment_internal' | 'inventory'
  readonly model: string
  /** Methods in their order, with the state that each ends in. */
  readonly path: readonly (readonly [method: string, state: string])[]
  /** Relation of its lines, to be read with it. */
  readonly lines: string
  readonly lineFields: readonly string[]
  /** A draft that is refused may be thrown away: nothing else hangs on its lines. */
  readonly disposable: boolean
  readonly names: Names
  /** The line of the command that a native line came from; −1 = none. */
  lineAt(request: Request, line: Row): number
}

/** Where the token goes: into the reference, or, where the client gives one or there is none, into the number. */
export function anchored(
  document: Document,
  request: Request,
): { readonly reference?: string; readonly number?: string } {
  const sent = payloadOf(request).reference
  const token = request.token(16)
  if (document.name === 'inventory') return { number: token }
  return sent === null ? { reference: token } : { reference: sent, number: token }
}

export async function documentOf(
  session: TrytonSession,
  document: Document,
  request: Request,
  signal: AbortSignal,
): Promise<Row | null> {
  const { number } = anchored(document, request)
  const domain = [
    [number === undefined ? 'reference' : 'number', '=', request.token(16)],
    ['company', '=', session.company.id],
  ]
  return (await searchRows(session, document.model, domain, fieldsOf(document), signal))[0] ?? null
}

const fieldsOf = ({ lines, lineFields }: Document) => ['state', ...lineFields.map((each) => `${lines}.${each}`)]

/** True = stock has moved. A receipt can be cancelled after that; the others are cancelled only before. */
export const isFinished = ({ path, disposable }: Document, row: Row): boolean =>
  row['state'] === path.at(-1)?.[1] || (row['state'] === 'cancelled' && !disposable)

/** @throws RejectedError when nothing is left of it */
export async function carryOut(
  session: TrytonSession,
  document: Document,
  request: Request,
  id: number,
  replay: boolean,
  signal: AbortSignal,
): Promise<WriteOutcome> {
  const { model, path, names, disposable } = document
  let row = await betweenSteps(rowById(session, document, id, signal))
  if (row['state'] === 'cancelled' && disposable)
    refuse(null, 'BUSINESS_RULE', `${model},${id} was canceled before it was done`)
  const key = keyOf(document, id)
  const steps: WriteStep[] = [{ name: 'create', outcome: 'APPLIED', sourceId: key }]
  const from = path.findIndex(([, state]) => state === row['state']) + 1
  for (const [method, state] of isFinished(document, row) ? [] : path.slice(from)) {
    const refusal = await step(session, { model, method, id, names }, signal)
    row = await betweenSteps(rowById(session, document, id, signal))
    if (refusal === null && row['state'] === state) {
      steps.push({ name: method, outcome: 'APPLIED', sourceId: key })
      await request.finished(method, key)
      continue
    }
    const problem = refusal ?? stuck(document, method, text(row['state']))
    if (disposable && (await thrownAway(session, document, id, signal))) throw problem
    return {
      ...outcomeOf(document, request, row, replay),
      steps: [...steps, { name: method, outcome: 'FAILED', sourceId: key }],
      partial: issuesOf(problem),
    }
  }
  return { ...outcomeOf(document, request, row, replay), steps }
}

export function outcomeOf(document: Document, request: Request, row: Row, replay: boolean): WriteOutcome {
  const key = keyOf(document, idOf(row))
  const sent = payloadOf(request).lines
  const lines = rows(row[`${document.lines}.`])
    .toSorted((a, b) => idOf(a) - idOf(b))
    .map(
      (line, at): LineOutcome => ({
        lineRef: sent[document.lineAt(request, line)]?.line_ref ?? null,
        lineKey: `${key}|${idOf(line)}`,
        lineNumber: String(at + 1),
      }),
    )
  const race = payloadOf(request).kind === 'ADJUSTMENT'
  return { target: key, replay, lines, ...(race ? { warnings: [RACE] } : {}) }
}

const keyOf = ({ name }: Document, id: number): string => `${name}|${id}`

const RACE = issue(
  null,
  'BUSINESS_RULE',
  'written as a count of what was there plus the change (RACE): what moved in between is not in it',
)

interface Step {
  readonly model: string
  readonly method: string
  readonly id: number
  readonly names: Names
}

/** What Tryton refuses it with; null = it does not say no. */
async function step(session: TrytonSession, { model, method, id, names }: Step, signal: AbortSignal) {
  try {
    await send(session, { model, method, params: [[id]] }, names, signal)
    return null
  } catch (error) {
    if (error instanceof RejectedError) return error
    throw error
  }
}

function stuck({ name }: Document, method: string, state: string | null): RejectedError {
  const message =
    method === 'assign_try'
      ? 'there is not enough stock at from_location'
      : `Tryton left the ${name} in state ${state} when told to ${method}`
  return new RejectedError(message, [{ field: null, code: 'BUSINESS_RULE', message }])
}

/** Deleted, or, where the user may not do that, canceled. False = Tryton says no to both: then the draft is told of. */
async function thrownAway(session: TrytonSession, { model, names }: Document, id: number, signal: AbortSignal) {
  for (const method of ['delete', 'cancel'])
    if ((await step(session, { model, method, id, names }, signal)) === null) return true
  return false
}

async function rowById(session: TrytonSession, document: Document, id: number, signal: AbortSignal): Promise<Row> {
  const [row] = await searchRows(session, document.model, [['id', '=', id]], fieldsOf(document), signal)
  if (row === undefined) throw new TypeError(`${document.model},${id} is gone`)
  return row
}
