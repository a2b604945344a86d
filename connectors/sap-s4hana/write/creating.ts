import {
  type Issue,
  issue,
  type LineOutcome,
  OutcomeUnknownError,
  type WriteOutcome,
  type WriteRequest,
} from '../../../core/index.ts'
import { literal } from '../literals.ts'
import type { SapSession } from '../session.ts'
import { isRow, type Row } from '../values.ts'
import { proof } from './changeset.ts'
import { inUnifiedTerms, type Names } from './refusals.ts'
import { type Check, ignored, withWarnings } from './updating.ts'

/** How the records of a set are made and found again. */
export interface Kind {
  /** `purchase order`: names it in messages. */
  readonly noun: string
  readonly service: string
  readonly set: string
  /** Key as `read` takes it; null = the row does not tell. */
  keyOf(row: Row): string | null
  /** The whole record. */
  read(session: SapSession, key: string, signal: AbortSignal): Promise<Row | null>
  /** Native key of the target in the unified model. */
  targetOf(record: Row): string | null
}

export interface Creation {
  readonly body: Row
  readonly names: Names
  readonly checks: readonly Check[]
  readonly warnings?: readonly Issue[]
  lines?(record: Row): readonly LineOutcome[]
}

/**
 * One deep POST; then the record is read, since SAP may show nested rows as empty and drop what it does not take.
 * @throws OutcomeUnknownError also when the new record cannot be read: it is found again by its anchor
 */
export async function create(
  session: SapSession,
  kind: Kind,
  creation: Creation,
  signal: AbortSignal,
): Promise<WriteOutcome> {
  const doing = `creating a ${kind.noun}`
  const { body, names } = creation
  const options = { once: true, signal }
  const answer = await session.client.send(kind.service, 'POST', kind.set, body, options).catch((error: unknown) => {
    throw inUnifiedTerms(error, doing, names)
  })
  const key = isRow(answer.body) ? kind.keyOf(answer.body) : null
  if (key === null)
    throw new OutcomeUnknownError(`${doing}: done (HTTP ${answer.status}), but SAP does not tell its number`)
  const record = await proof(doing, () => kind.read(session, key, signal))
  if (record === null) throw new OutcomeUnknownError(`${doing}: SAP made ${key}, and does not find it yet`)
  const left = creation.checks.filter((check) => !check.holds(record)).map(ignored)
  const said = answer.warnings.map((text) => issue(null, 'UNKNOWN', text, { vendorMessage: text }))
  return {
    ...outcomeOf(kind, creation, record, key),
    httpStatus: answer.status,
    ...withWarnings([...(creation.warnings ?? []), ...said]),
    ...(left.length > 0 ? { partial: left } : {}),
  }
}

const outcomeOf = (kind: Kind, { lines }: Pick<Creation, 'lines'>, record: Row, key: string): WriteOutcome => ({
  target: kind.targetOf(record) ?? key,
  replay: false,
  ...(lines === undefined ? {} : { lines: lines(record) }),
})

/** Where the command's mark is kept, and the day or time of creation that bounds the search. */
export interface Anchor {
  readonly property: string
  readonly value: string
  readonly createdOn?: string
  readonly createdAt?: string
}

/** The clocks of SAP and ours may differ, and days begin elsewhere. */
const MARGIN_MS = 2 * 86_400_000

/** Looks for what an earlier attempt has made. */
export async function findCreated(
  session: SapSession,
  kind: Kind,
  anchor: Anchor,
  { startedAt }: Pick<WriteRequest, 'startedAt'>,
  lines: Creation['lines'],
  signal: AbortSignal,
): Promise<WriteOutcome | 'not-applied' | 'unknown'> {
  const since = startedAt - MARGIN_MS
  const bounds = [
    ...(anchor.createdOn === undefined
      ? []
      : [`${anchor.createdOn} ge ${literal.datetime(Math.floor(since / 86_400_000) * 86_400_000)}`]),
    ...(anchor.createdAt === undefined ? [] : [`${anchor.createdAt} ge ${literal.datetimeoffset(since)}`]),
  ]
  const conditions = [`${anchor.property} eq ${literal.string(anchor.value)}`, ...bounds]
  const query = { $filter: conditions.join(' and '), $top: '2' }
  const { rows } = await session.client.page(kind.service, kind.set, query, signal)
  const [row] = rows
  const key = row === undefined ? null : kind.keyOf(row)
  if (key === null) return 'not-applied'
  const record = await kind.read(session, key, signal)
  if (record === null) return 'unknown'
  return { ...outcomeOf(kind, lines === undefined ? {} : { lines }, record, key), replay: true }
}
