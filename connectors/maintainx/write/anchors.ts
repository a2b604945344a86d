import { issue, type Json, RejectedError, rejection, type WriteRequest } from '../../../core/index.ts'
import type { MaintainXSession } from '../session.ts'
import { isId, isRow, type Row } from '../values.ts'
import type { Kind } from './kinds.ts'
import { idText } from './native-values.ts'

/** Parameters of lists: a custom field of the same name is asked for with `__c` behind it. */
const RESERVED = new Set([
  'cursor',
  'limit',
  'sort',
  'expand',
  'name',
  'partNumber',
  'locationId',
  'manufacturer',
  'model',
])
const PAGE = 200
const DAY_MS = 86_400_000

/** Kinds whose custom field for the command is known to be there. */
const known = new WeakMap<MaintainXSession, Map<string, Promise<void>>>()

/**
 * New records hold the command's id in a custom field, by which they are found again. It is made once for each kind:
 * MaintainX lets lists be asked only for fields that exist.
 * @throws RejectedError when it is not there and this user may not make it
 */
export function ensureAnchorField(session: MaintainXSession, kind: Kind, doing: string, signal: AbortSignal) {
  const ofSession = known.get(session) ?? new Map<string, Promise<void>>()
  known.set(session, ofSession)
  const pending = ofSession.get(kind.customFields) ?? made(session, kind, doing, signal)
  ofSession.set(kind.customFields, pending)
  // an attempt that failed is no knowledge
  pending.catch(() => ofSession.delete(kind.customFields))
  return pending
}

async function made(session: MaintainXSession, kind: Kind, doing: string, signal: AbortSignal): Promise<void> {
  if (await hasAnchorField(session, kind, signal)) return
  const { anchor_field: label } = session.config
  const body = { fields: [{ label, type: 'oneline', unlisted: true }] }
  try {
    await session.client.change({ method: 'POST', path: `/customfields/${kind.customFields}`, body, doing }, signal)
  } catch (error) {
    if (!(error instanceof RejectedError)) throw error
    const message = `there is no custom field "${label}" on ${kind.title}s and this user may not make it: make one of one line (setting anchor_field); commands could not be found again without it`
    throw rejection(doing, [issue(null, 'PERMISSION', message, { vendorMessage: error.message })], { cause: error })
  }
}

async function hasAnchorField(session: MaintainXSession, kind: Kind, signal: AbortSignal): Promise<boolean> {
  const path = `/customfields/${kind.customFields}`
  const title = `custom fields of ${kind.title}s`
  const fields = await session.client.get(path, {}, { doing: `reading ${title}`, what: title }, signal)
  const listed = Array.isArray(fields) ? (fields as readonly Json[]).filter(isRow) : []
  return listed.some(({ label }) => label === session.config.anchor_field)
}

/** Id of the record that a command made; null = it made none. `unknown`: MaintainX does not let it be told. */
export async function findAnchored(
  session: MaintainXSession,
  request: WriteRequest,
  kind: Kind,
  signal: AbortSignal,
): Promise<Row | null | 'unknown'> {
  // without the field nothing was made yet
  if (!(await hasAnchorField(session, kind, signal))) return null
  return kind.search === 'filter' ? filtered(session, request, kind, signal) : scanned(session, request, kind, signal)
}

const isOf = (row: Row | null, session: MaintainXSession, { commandId }: WriteRequest): row is Row => {
  const extra = row?.['extraFields']
  return isRow(extra) && extra[session.config.anchor_field] === commandId
}

async function filtered(session: MaintainXSession, request: WriteRequest, kind: Kind, signal: AbortSignal) {
  const { anchor_field: label } = session.config
  const asked = RESERVED.has(label) ? `${label}__c` : label
  const query = { [asked]: request.commandId, expand: kind.expandMany }
  const page = await session.client.list(kind.collection, query, signal)
  const rows = page.rows.filter(isRow)
  for (const row of rows.slice(0, 5)) {
    const whole = isRow(row['extraFields']) ? row : await recordOf(session, kind, idText(row['id']) ?? '', signal)
    if (isOf(whole, session, request)) return whole
  }
  // others came: the list was not filtered by what was asked
  return rows.length === 0 ? null : 'unknown'
}

/** Newest first, from a day before the command: the clocks need not agree. */
async function scanned(session: MaintainXSession, request: WriteRequest, kind: Kind, signal: AbortSignal) {
  const since = Math.min(request.startedAt, await session.clock(signal)) - DAY_MS
  const query = {
    'createdAt[gte]': new Date(since).toISOString(),
    sort: '-createdAt',
    limit: PAGE,
    show_upcoming: true,
    expand: kind.expandMany,
  }
  for (let cursor: string | null = null; ; ) {
    const { rows, next } = await session.client.list(kind.collection, { ...query, cursor }, signal)
    const found = rows.filter(isRow).find((row) => isOf(row, session, request))
    if (found !== undefined) return found
    if (next === null || next === cursor) return null
    cursor = next
  }
}

/** One record; null = there is none, or it is deleted. */
export async function recordOf(
  session: MaintainXSession,
  kind: Kind,
  id: string,
  signal: AbortSignal,
): Promise<Row | null> {
  if (!isId(id)) return null
  const record = await session.client.one(kind.collection, id, { expand: kind.expandOne }, signal)
  return record !== null && (record['deletedAt'] ?? null) === null ? record : null
}
