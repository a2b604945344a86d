import {
  ConflictError,
  createFindings,
  type Findings,
  type Issue,
  issue,
  type JsonObject,
  type LineOutcome,
  OutcomeUnknownError,
  type ReadStream,
  RejectedError,
  rejection,
  type WritableEntity,
  type WriteOutcome,
  type WriteRequest,
} from '../../../core/index.ts'
import type { Change, Changed } from '../client.ts'
import type { MaintainXSession } from '../session.ts'
import { isRow, type Row } from '../values.ts'
import { ensureAnchorField, findAnchored, recordOf } from './anchors.ts'

import type { Kind } from './kinds.ts'
import { idText, isSame, type Values } from './native-values.ts'
import { ignored, inUnifiedTerms, type Names } from './refusals.ts'
import type { Sent } from './sent.ts'

export type Found = WriteOutcome | 'not-applied' | 'unknown'

/** What a command comes to, on a record as it is; a new one is nothing yet. */
export interface Amendment {
  readonly body: Values
  readonly names: Names
  readonly warnings?: readonly Issue[]
  /** What the record shows of it; default: the body. */
  readonly compared?: Values
  /** What a record has otherwise than asked for, beyond the properties of the body. */
  readonly missing?: (record: Row) => readonly Issue[]
  readonly lines?: (record: Row, id: string) => readonly LineOutcome[]
}

/** Custom fields by label beside native properties; the label of the command's own mark is taken. */
export function withCustom(
  session: MaintainXSession,
  kind: Kind,
  values: Values,
  sent: Sent,
  findings: Findings,
): Values {
  const body: Values = { ...values }
  const extra: { [label: string]: string } = {}
  for (const [name, value] of Object.entries(sent.custom(findings)))
    if (name === session.config.anchor_field)
      findings.add(`${sent.at}custom_fields`, 'INVALID_VALUE', `${name} holds the mark of the command`)
    else if (kind.natives.includes(name)) body[name] = value
    else extra[name] = value === null ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value)
  return Object.keys(extra).length === 0 ? body : { ...body, extraFields: extra }
}

/** One POST with the command's id in a custom field. */
export async function create(
  session: MaintainXSession,
  request: WriteRequest,
  kind: Kind,
  { body, names, warnings = [], missing, lines }: Amendment,
  signal: AbortSignal,
  skipWebhook = true,
): Promise<WriteOutcome> {
  const doing = `creating a ${kind.title}`
  await ensureAnchorField(session, kind, doing, signal)
  const extra = isRow(body['extraFields']) ? body['extraFields'] : {}
  const extraFields = { ...extra, [session.config.anchor_field]: request.commandId }
  const posted = {
    method: 'POST',
    path: kind.collection.path,
    body: { ...body, extraFields },
    doing,
    skipWebhook,
  } as const
  const answer = await session.client.change(posted, signal).catch((error: unknown) => {
    throw inUnifiedTerms(error, doing, names)
  })
  const id = idText(answer.body?.['id'])
  if (id === null) throw new OutcomeUnknownError(`${doing}: confirmed, and MaintainX does not say its id`)
  const shown = answer.body ?? {}
  // most answers hold the id alone
  const left = 'status' in shown ? [...notTaken(body, shown, names), ...(missing?.(shown) ?? [])] : []
  return {
    target: id,
    replay: false,
    ...told(answer),
    ...(lines === undefined ? {} : { lines: lines(shown, id) }),
    ...(warnings.length === 0 ? {} : { warnings }),
    ...(left.length === 0 ? {} : { partial: left }),
  }
}

const told = ({ status, requestId }: Changed) => ({ httpStatus: status, vendorRequestId: requestId })

/** Looks for what an earlier attempt has made. */
export async function findCreated(
  session: MaintainXSession,
  request: WriteRequest,
  kind: Kind,
  signal: AbortSignal,
  lines?: Amendment['lines'],
): Promise<Found> {
  const found = await findAnchored(session, request, kind, signal)
  if (found === 'unknown') return 'unknown'
  const id = idText(found?.['id'])
  if (found === null || id === null) return 'not-applied'
  return { target: id, replay: true, ...(lines === undefined ? {} : { lines: lines(found, id) }) }
}

export interface Subject<Entity extends WritableEntity> {
  readonly kind: Kind
  readonly stream: ReadStream<MaintainXSession, Entity>
  /** Where the change goes, when not to the record: `/status`. */
  readonly below?: string
  readonly method?: 'PATCH' | 'POST'
  /** Default: yes. What else a change does must reach us by webhook. */
  readonly skipWebhook?: boolean
}

type Plan = (record: Row) => Amendment

/** Reads, compares, changes, and compares what the answer shows: being taken does not prove that anything has changed. */
export async function update<Entity extends WritableEntity>(
  session: MaintainXSession,
  request: WriteRequest<Entity>,
  subject: Subject<Entity>,
  plan: Plan,
  signal: AbortSignal,
): Promise<WriteOutcome> {
  const { kind, below = '', method = 'PATCH' } = subject
  const target = request.target ?? ''
  const doing = `changing ${kind.title} ${target}`
  const before = await recordOf(session, kind, target, signal)
  if (before === null) throw gone(doing)
  await refuseStale(session, subject.stream, request, doing, signal)
  const amendment = plan(before)
  const missing = missingOf(amendment, before)
  if (missing.length === 0) return amended(amendment, before, target, false)
  const { body } = amendment
  const sent: Change = {
    method,
    path: `${kind.collection.path}/${target}${below}`,
    body,
    doing,
    query: below === '' ? { expand: kind.expandOne } : {},
    skipWebhook: subject.skipWebhook ?? true,
  }
  const answer = await session.client.change(sent, signal).catch((error: unknown) => {
    throw inUnifiedTerms(error, doing, amendment.names)
  })
  const after = answer.body?.[kind.collection.one]
  // an answer that does not show the record: the runtime reads it
  if (!isRow(after)) return { ...amended(amendment, before, target, false), ...told(answer) }
  const left = missingOf(amendment, after)
  if (left.length >= missing.length) throw rejection(doing, left)
  return {
    ...amended(amendment, after, target, false),
    ...told(answer),
    ...(left.length === 0 ? {} : { partial: left }),
  }
}

/** Every value asked for is there = applied. */
export async function findUpdate(
  session: MaintainXSession,
  { target }: WriteRequest,
  kind: Kind,
  plan: Plan,
  signal: AbortSignal,
): Promise<Found> {
  const record = await recordOf(session, kind, target ?? '', signal)
  if (record === null) return 'not-applied'
  try {
    const amendment = plan(record)
    return missingOf(amendment, record).length > 0 ? 'not-applied' : amended(amendment, record, target ?? '', true)
  } catch (error) {
    // what the record as it is does not allow was not done either; the next attempt says why
    if (error instanceof RejectedError) return 'not-applied'
    throw error
  }
}

export async function remove<Entity extends WritableEntity>(
  session: MaintainXSession,
  request: WriteRequest<Entity>,
  subject: Subject<Entity>,
  signal: AbortSignal,
): Promise<WriteOutcome> {
  const target = request.target ?? ''
  const { kind } = subject
  const doing = `deleting ${kind.title} ${target}`
  await refuseStale(session, subject.stream, request, doing, signal)
  const sent = { method: 'DELETE', path: `${kind.collection.path}/${target}`, doing, skipWebhook: true } as const
  const answer = await session.client.change(sent, signal).catch((error: unknown) => {
    throw inUnifiedTerms(error, doing, { fields: {} })
  })
  return { target, replay: false, ...told(answer) }
}

/** Gone = applied. */
export async function findRemoved(
  session: MaintainXSession,
  { target }: WriteRequest,
  kind: Kind,
  signal: AbortSignal,
): Promise<Found> {
  const found = await recordOf(session, kind, target ?? '', signal)
  return found === null ? { target: target ?? '', replay: true } : 'not-applied'
}

export const gone = (doing: string) =>
  rejection(doing, [issue(null, 'NOT_FOUND', 'MaintainX has no such record')], { status: 404 })

/**
 * MaintainX compares no versions: the record's own (`ts:` its last change) is read just before the write. Versions that
 * are hashes of what a record says are compared by the writer.
 * @throws ConflictError when the record is not the one that the client saw
 */
export async function refuseStale<Entity extends WritableEntity>(
  session: MaintainXSession,
  stream: ReadStream<MaintainXSession, Entity>,
  { expectedVersion, target, mapping }: WriteRequest<Entity>,
  doing: string,
  signal: AbortSignal,
): Promise<void> {
  if (expectedVersion === null || target === null || expectedVersion.startsWith('hash:')) return
  const found = await stream.readOne(session, target, signal)
  const now = found === null ? null : stream.toUnified(found.payload, mapping, target).version
  if (now === expectedVersion) return
  const what = now === null ? 'it is gone' : `somebody else has changed it; its version is ${now}`
  throw new ConflictError(`${doing}: ${what}`, now)
}

const missingOf = ({ body, names, missing, compared = body }: Amendment, record: Row): readonly Issue[] => [
  ...notTaken(compared, record, names),
  ...(missing?.(record) ?? []),
]

/** Values that a record does not have; its lines are compared one by one elsewhere. */
function notTaken(body: JsonObject, record: Row, { fields, lines }: Names): readonly Issue[] {
  return Object.entries(body).flatMap(([native, value]) =>
    native === lines?.native || UNSHOWN.has(native) || isSame(value, shown(native, record))
      ? []
      : [ignored(native === 'extraFields' ? 'custom_fields' : (fields[native] ?? 'custom_fields'), native)],
  )
}

/** Written in one place, shown in others. */
const UNSHOWN = new Set([
  'procedureTemplateId',
  'shippingAddressId',
  'billingAddressId',
  'categories',
  'reviewNote',
  'depreciation',
])

/** What is written as `{name}` is shown as the name; a status that is a record of its own, as that. */
const shown = (native: string, record: Row) => {
  const value = record[native]
  if (native === 'status' && isRow(value)) return value['status']
  return (native === 'manufacturer' || native === 'model') && typeof value === 'string' ? { name: value } : value
}

function amended({ lines, warnings = [] }: Amendment, record: Row, target: string, replay: boolean): WriteOutcome {
  return {
    target,
    replay,
    ...(lines === undefined ? {} : { lines: lines(record, target) }),
    ...(warnings.length === 0 ? {} : { warnings }),
  }
}

/** Findings of one command, refused all at once when there are any. */
export function settled<T>(doing: string, work: (findings: Findings) => T): T {
  const findings = createFindings()
  const made = work(findings)
  findings.settle(doing)
  return made
}
