import {
  type Issue,
  issue,
  type Json,
  RejectedError,
  type WriteOutcome,
  type WriteRequest,
} from '../../../core/index.ts'
import type { BatchRequest } from '../batch.ts'
import type { SapSession } from '../session.ts'
import { isRow, type Row } from '../values.ts'
import { type Call, call, change, proof } from './changeset.ts'
import { conflict } from './conflicts.ts'
import { refuse } from './issues.ts'
import { isSame } from './native-values.ts'
import { inUnifiedTerms, isStale, type Names, staleAs } from './refusals.ts'

/** One value that the command asks for, and where it is found when the record is read back. */
export interface Check {
  /** null = the whole record. */
  readonly field: string | null
  readonly native: string
  holds(record: Row | null): boolean
}

/** What a command comes to, on a record as it is. */
export interface Plan {
  readonly requests: readonly BatchRequest[]
  /** Functions called instead, one after the other. */
  readonly calls?: readonly Call[]
  readonly checks: readonly Check[]
  readonly names: Names
  readonly lines?: WriteOutcome['lines']
  readonly warnings?: readonly Issue[]
}

export interface Updating {
  /** `changing purchase order 4500000001`: begins messages. */
  readonly doing: string
  readonly service: string
  read(signal: AbortSignal): Promise<Row | null>
  /** That there is no such record any more is what the command wants. */
  readonly goneIsDone?: boolean
  /** @throws RejectedError */
  plan(record: Row): Plan
}

/** How an operation is carried out and looked for, both from what its command comes to on the record as it is. */
export const changing = (what: (session: SapSession, request: WriteRequest) => Updating) => ({
  anchor: 'absolute' as const,
  execute: async (session: SapSession, request: WriteRequest, signal: AbortSignal) =>
    update(session, request, what(session, request), signal),
  find: async (session: SapSession, request: WriteRequest, signal: AbortSignal) =>
    findUpdate(request, what(session, request), signal),
})

/** Value of a property of the row that `of` finds. */
export const holding = (field: string, native: string, value: Json, of: (record: Row) => Row | null): Check => ({
  field,
  native,
  holds: (record) => record !== null && isSame(value, of(record)?.[native]),
})

/** Reads, changes, reads again and compares: an answer of 204 does not prove that anything has changed. */
async function update(
  session: SapSession,
  request: WriteRequest,
  what: Updating,
  signal: AbortSignal,
): Promise<WriteOutcome> {
  const { doing } = what
  const target = request.target ?? ''
  const before = await what.read(signal)
  if (before === null) refuse(doing, [issue(null, 'NOT_FOUND', 'SAP has no such record')], { status: 404 })
  refuseStale(doing, before, request)
  const { requests, calls = [], checks, names, lines, warnings = [] } = what.plan(before)
  const { said, stopped } = await made(session, what.service, { requests, calls, request }, signal).catch(
    (error: unknown) => {
      if (isStale(error)) throw staleAs(error as RejectedError, () => conflict(doing, null), request.expectedVersion)
      throw inUnifiedTerms(error, doing, names)
    },
  )
  const after = requests.length + calls.length === 0 ? before : await proof(doing, () => what.read(signal))
  const why = stopped === null ? ignored : refusedAs(stopped)
  const left = checks.filter((check) => !check.holds(after)).map(why)
  const moved = checks.some((check) => check.holds(after) && !check.holds(before))
  if (left.length > 0 && !moved && stopped === null) refuse(doing, left)
  return {
    target,
    replay: false,
    ...(lines === undefined ? {} : { lines }),
    ...withWarnings([...warnings, ...said.map((text) => issue(null, 'UNKNOWN', text, { vendorMessage: text }))]),
    ...(left.length > 0 ? { partial: left } : {}),
  }
}

interface Made {
  readonly said: readonly string[]
  /** A later call was refused: what went before it stays. */
  readonly stopped: RejectedError | null
}

async function made(
  session: SapSession,
  service: string,
  { requests, calls, request }: Pick<Plan, 'requests'> & { calls: readonly Call[]; request: WriteRequest },
  signal: AbortSignal,
): Promise<Made> {
  const said = [...(await change(session, service, requests, signal))]
  for (const [index, each] of calls.entries()) {
    try {
      said.push(...(await call(session, service, each, signal)))
      if (index < calls.length - 1) await request.finished(each.name, request.target ?? '')
    } catch (error) {
      if (index > 0 && error instanceof RejectedError) return { said, stopped: error }
      throw error
    }
  }
  return { said, stopped: null }
}

/** Every value asked for is there = applied. */
async function findUpdate(
  request: WriteRequest,
  what: Updating,
  signal: AbortSignal,
): Promise<WriteOutcome | 'not-applied' | 'unknown'> {
  const target = request.target ?? ''
  const record = await what.read(signal)
  if (record === null) return what.goneIsDone === true ? { target, replay: true } : 'not-applied'
  const { checks, lines, warnings = [] } = what.plan(record)
  if (!checks.every((check) => check.holds(record))) return 'not-applied'
  return { target, replay: true, ...(lines === undefined ? {} : { lines }), ...withWarnings(warnings) }
}

export const withWarnings = (warnings: readonly Issue[]): Pick<WriteOutcome, 'warnings'> =>
  warnings.length === 0 ? {} : { warnings }

export const ignored = ({ field, native }: Pick<Check, 'field' | 'native'>): Issue =>
  issue(field, 'NOT_WRITABLE', `SAP accepted the change and left ${native} as it was`, { nativeField: native })

const refusedAs =
  ({ message, vendorCode }: RejectedError) =>
  ({ field, native }: Pick<Check, 'field' | 'native'>): Issue =>
    issue(field, 'STATE_NOT_ALLOWED', message, {
      vendorCode: vendorCode ?? null,
      vendorMessage: message,
      nativeField: native,
    })

/** The ETag that the row was read with; absent where the service gives none. */
export function etagOf(row: Row): string | undefined {
  const etag = isRow(row['__metadata']) ? row['__metadata']['etag'] : undefined
  return typeof etag === 'string' && etag !== '' ? etag : undefined
}

/** `If-Match` of a request that changes the row, where it has an ETag. */
export function matching(row: Row): { readonly ifMatch?: string } {
  const etag = etagOf(row)
  return etag === undefined ? {} : { ifMatch: etag }
}

/** @throws ConflictError when the client means another version. Versions by content (`hash:`) the writer has compared. */
export function refuseStale(doing: string, row: Row, { expectedVersion }: Pick<WriteRequest, 'expectedVersion'>): void {
  if (expectedVersion === null || expectedVersion.startsWith('hash:')) return
  const etag = etagOf(row)
  if (expectedVersion !== `etag:${etag}`) throw conflict(doing, etag === undefined ? null : `etag:${etag}`)
}
