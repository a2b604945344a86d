import {
  type Issue,
  issue,
  type JsonObject,
  type LineOutcome,
  OutcomeUnknownError,
  type ReadStream,
  RejectedError,
  rejection,
  RetryableError,
  type WritableEntity,
  type WriteOutcome,
  type WriteRequest,
} from '../../../core/index.ts'
import type { Changed } from '../changes.ts'
import type { NetSuiteSession } from '../session.ts'
import { isRow, text } from '../values.ts'
import type { Values } from './mapped.ts'
import { isSame } from './native-values.ts'
import { inUnifiedTerms, isDuplicate, type Names } from './refusals.ts'
import { refuseStale } from './versions.ts'

export type Found = WriteOutcome | 'not-applied' | 'unknown'

/** What a new record is found by again: NetSuite refuses a second one of the same type. */
export const externalIdOf = ({ commandId }: Pick<WriteRequest, 'commandId'>): string => `tributary-${commandId}`

export interface Creation {
  /** Record type of what is made: `itemReceipt`. */
  readonly type: string
  /** Where it is posted to: `/vendor`, `/purchaseOrder/647/!transform/itemReceipt`. */
  readonly path: string
  readonly doing: string
  readonly body: Values
  readonly names: Names
  readonly warnings?: readonly Issue[]
  /** What the new record has otherwise than it was asked for, in its lines. */
  readonly lineIssues?: (record: JsonObject) => readonly Issue[]
  readonly lines?: (record: JsonObject, id: string) => readonly LineOutcome[]
}

/**
 * One POST with the external id; then the record is read and compared, since NetSuite may leave values out.
 * @throws OutcomeUnknownError also when the new record cannot be read: it is found again by its external id
 */
export async function create(
  session: NetSuiteSession,
  request: WriteRequest,
  creation: Creation,
  signal: AbortSignal,
): Promise<WriteOutcome> {
  const { client } = session
  const { type, path, doing, names } = creation
  const externalId = externalIdOf(request)
  const body = { externalId, ...creation.body }
  let answer: Changed
  try {
    answer = await client.change({ method: 'POST', path, body, doing }, signal)
  } catch (error) {
    const found = isDuplicate(error) ? await client.recordByExternalId(type, externalId, signal) : null
    if (found !== null) return outcomeOf(creation, found, true)
    throw inUnifiedTerms(error, doing, names)
  }
  const { id } = answer
  const record = await proof(doing, () =>
    id === null ? client.recordByExternalId(type, externalId, signal) : client.record(type, id, signal),
  )
  if (record === null) throw new OutcomeUnknownError(`${doing}: confirmed, but NetSuite does not show it yet`)
  const left = [...notTaken(creation.body, record, names), ...(creation.lineIssues?.(record) ?? [])]
  return {
    ...outcomeOf(creation, record, false),
    httpStatus: answer.status,
    vendorRequestId: answer.requestId,
    ...(left.length === 0 ? {} : { partial: left }),
  }
}

/** Looks for what an earlier attempt has made. */
export async function findCreated(
  session: NetSuiteSession,
  request: WriteRequest,
  made: Pick<Creation, 'type' | 'lines' | 'warnings'>,
  signal: AbortSignal,
): Promise<Found> {
  const record = await session.client.recordByExternalId(made.type, externalIdOf(request), signal)
  return record === null ? 'not-applied' : outcomeOf(made, record, true)
}

function outcomeOf(
  { lines, warnings = [] }: Pick<Creation, 'lines' | 'warnings'>,
  record: JsonObject,
  replay: boolean,
): WriteOutcome {
  const id = text(record['id'])
  if (id === null) throw new OutcomeUnknownError('NetSuite shows the record without its id')
  return {
    target: id,
    replay,
    ...(lines === undefined ? {} : { lines: lines(record, id) }),
    ...(warnings.length === 0 ? {} : { warnings }),
  }
}

/** What a command comes to, on a record as it is. */
export interface Amendment {
  readonly body: Values
  readonly names: Names
  readonly warnings?: readonly Issue[]
  /** What a record has otherwise than asked for, beyond the properties of the body. */
  readonly missing?: (record: JsonObject) => readonly Issue[]
  /** What the change did that nobody asked for. */
  readonly surprises?: (after: JsonObject) => readonly Issue[]
  readonly lines?: (record: JsonObject, id: string) => readonly LineOutcome[]
}

export interface Subject<Entity extends WritableEntity> {
  readonly type: string
  /** `changing vendor 647`. */
  readonly doing: string
  readonly stream: ReadStream<NetSuiteSession, Entity>
}

const gone = (doing: string) =>
  rejection(doing, [issue(null, 'NOT_FOUND', 'NetSuite has no such record')], { status: 404 })

/** Reads, compares, changes, reads again and compares: an answer of 204 does not prove that anything has changed. */
export async function update<Entity extends WritableEntity>(
  session: NetSuiteSession,
  request: WriteRequest<Entity>,
  { type, doing, stream }: Subject<Entity>,
  plan: (record: JsonObject) => Amendment | Promise<Amendment>,
  signal: AbortSignal,
): Promise<WriteOutcome> {
  const { client } = session
  const target = request.target ?? ''
  const before = await client.record(type, target, signal)
  if (before === null) throw gone(doing)
  await refuseStale(session, stream, request, doing, signal)
  const amendment = await plan(before)
  const { body, names } = amendment
  const missing = missingOf(amendment, before)
  if (missing.length === 0) return amended(amendment, before, target, false)
  const path = `/${type}/${target}`
  const answer = await client.change({ method: 'PATCH', path, body, doing }, signal).catch((error: unknown) => {
    throw inUnifiedTerms(error, doing, names)
  })
  const after = await proof(doing, () => client.record(type, target, signal))
  if (after === null) throw new OutcomeUnknownError(`${doing}: confirmed, but NetSuite does not show the record`)
  const left = missingOf(amendment, after)
  const surprises = amendment.surprises?.(after) ?? []
  if (surprises.length === 0 && left.length >= missing.length) throw rejection(doing, left)
  const partial = [...surprises, ...left]
  return {
    ...amended(amendment, after, target, false),
    httpStatus: answer.status,
    vendorRequestId: answer.requestId,
    ...(partial.length === 0 ? {} : { partial }),
  }
}

/** Every value asked for is there = applied. */
export async function findUpdate(
  session: NetSuiteSession,
  { target }: WriteRequest,
  { type }: Pick<Subject<WritableEntity>, 'type'>,
  plan: (record: JsonObject) => Amendment | Promise<Amendment>,
  signal: AbortSignal,
): Promise<Found> {
  const record = await session.client.record(type, target ?? '', signal)
  if (record === null) return 'not-applied'
  try {
    const amendment = await plan(record)
    return missingOf(amendment, record).length > 0 ? 'not-applied' : amended(amendment, record, target ?? '', true)
  } catch (error) {
    // what the record as it is does not allow was not done either; the next attempt says why
    if (error instanceof RejectedError) return 'not-applied'
    throw error
  }
}

function missingOf({ body, names, missing }: Amendment, record: JsonObject): readonly Issue[] {
  return [...notTaken(body, record, names), ...(missing?.(record) ?? [])]
}

function amended(
  { lines, warnings = [] }: Amendment,
  record: JsonObject,
  target: string,
  replay: boolean,
): WriteOutcome {
  return {
    target,
    replay,
    ...(lines === undefined ? {} : { lines: lines(record, target) }),
    ...(warnings.length === 0 ? {} : { warnings }),
  }
}

export async function remove<Entity extends WritableEntity>(
  session: NetSuiteSession,
  request: WriteRequest<Entity>,
  { type, doing, stream }: Subject<Entity>,
  signal: AbortSignal,
): Promise<WriteOutcome> {
  const target = request.target ?? ''
  await refuseStale(session, stream, request, doing, signal)
  const change = { method: 'DELETE', path: `/${type}/${target}`, doing } as const
  const answer = await session.client.change(change, signal).catch((error: unknown) => {
    throw inUnifiedTerms(error, doing, { fields: {} })
  })
  return { target, replay: false, httpStatus: answer.status, vendorRequestId: answer.requestId }
}

/** Gone = applied. */
export async function findRemoved<Entity extends WritableEntity>(
  session: NetSuiteSession,
  { target }: WriteRequest<Entity>,
  stream: ReadStream<NetSuiteSession, Entity>,
  signal: AbortSignal,
): Promise<Found> {
  const found = await stream.readOne(session, target ?? '', signal)
  return found === null ? { target: target ?? '', replay: true } : 'not-applied'
}

/** Properties that records do not show as they were sent; sublists are compared line by line elsewhere. */
const UNCOMPARED = new Set(['externalId', 'customForm'])

const isSublist = (value: Values[string] | undefined): boolean => isRow(value) && Array.isArray(value['items'])

/** Values that a record does not have. */
export function notTaken(body: Values, record: JsonObject, names: Names): readonly Issue[] {
  return Object.entries(body).flatMap(([native, value]) =>
    UNCOMPARED.has(native) || isSublist(value) || isSame(value, record[native])
      ? []
      : [ignored(names.fields[native] ?? 'custom_fields', native)],
  )
}

export const ignored = (field: string | null, native: string): Issue =>
  issue(field, 'NOT_WRITABLE', `NetSuite accepted the change and does not show it in ${native}`, {
    nativeField: native,
  })

/** Reads what a confirmed change has made; not being able to leaves the outcome to be looked up. */
async function proof<T>(doing: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (error) {
    if (!(error instanceof RetryableError) && !(error instanceof RejectedError)) throw error
    throw new OutcomeUnknownError(`${doing}: confirmed, but it cannot be read back: ${error.message}`, { cause: error })
  }
}
