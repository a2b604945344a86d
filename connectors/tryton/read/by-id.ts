import {
  CorruptCursorError,
  type Cursor,
  type EntityName,
  type Json,
  type MappingSettings,
  type Page,
  type RawRecord,
  type ReadRange,
  type ReadStream,
  type Unified,
} from '../../../core/index.ts'
import type { TrytonSession } from '../session.ts'
import { isRow, type Row, toDatetime } from '../values.ts'
import {
  type Domain,
  idOf,
  newestStamp,
  nextIds,
  nextRows,
  type Query,
  rowsById,
  stampOf,
  withoutStamps,
} from './rows.ts'

/**
 * How one entity is read. Pages go by id: no two records share one, so nothing is lost where many share a timestamp,
 * and a page is an index scan however deep. Increments narrow this by "it or something that hangs on it was written at
 * or after `since`"; there is no upper bound, what was written later comes early and is dropped as known by the runtime.
 */
export interface Source<Entity extends EntityName = EntityName> {
  readonly entity: Entity
  /** What cursors call it; needed where an entity has several sources. Default: the entity. */
  readonly name?: string
  /** Native key; default: the id. */
  readonly keyOf?: (id: number) => string | readonly string[]
  readonly mappingVersion: number
  /** Master data is read whole; documents only back to the window's start. */
  readonly ignoresWindow: boolean
  readonly model: string
  readonly fields: readonly string[]
  /** Relations whose change is a change of the record: '' = itself, `lines.` = its lines. */
  readonly touchedBy: readonly string[]
  /** Models that must be readable. */
  readonly models: readonly string[]
  /** Read only when the user may: fields and relations of modules with rights of their own. */
  readonly optional?: readonly Optional[]
  readonly domain?: (session: TrytonSession) => Domain
  /** More ways to be changed than being written (e.g. an end date that has come). */
  readonly alsoChanged?: (since: number, until: number) => Domain
  /** Adds what the mapping needs and Tryton does not store; `changedAt`: when that last changed, epoch ms, 0 = never. */
  readonly complete?: (
    row: Row,
    session: TrytonSession,
    now: number,
  ) => { readonly row: Row; readonly changedAt: number }
  readonly toUnified: (payload: Row, settings: MappingSettings, key: string) => Unified<Entity>
}

export interface Optional {
  readonly models: readonly string[]
  readonly fields: readonly string[]
  readonly touchedBy: readonly string[]
}

/** Ids a sweep asks for at once. */
const KEYS_A_PAGE = 10_000

export function streamOf<Entity extends EntityName>(source: Source<Entity>): ReadStream<TrytonSession, Entity> {
  const { entity, mappingVersion, ignoresWindow, toUnified } = source
  return {
    entity,
    changes: 'incremental',
    deletes: 'by-absence',
    mappingVersion,
    ignoresWindow,
    read: (session, range, signal) => readPages(source, session, range, signal),
    listKeys: (session, signal) => listKeys(source, session, signal),
    readOne: (session, key, signal) => readOne(source, session, key, signal),
    toUnified,
  }
}

export async function* readPages(
  source: Source,
  session: TrytonSession,
  range: ReadRange,
  signal: AbortSignal,
): AsyncGenerator<Page> {
  const plan = await planOf(source, session, signal)
  const limit = Math.min(range.pageSize, session.config.page_size)
  const scope: Domain = [
    ...plan.domain,
    ...(range.since === null ? [] : [changedSince(plan, source, range.since, range.until)]),
  ]
  const name = source.name ?? source.entity
  let after = afterOf(range.cursor, name)
  let isFirst = range.cursor === null && range.mode === 'snapshot'
  for (;;) {
    signal.throwIfAborted()
    const found = await nextRows(session, plan.query, [...scope, ['id', '>', after]], limit, signal)
    if (found.lastId === null) return
    const total = !isFirst ? null : found.more ? await countOf(source, session, scope, signal) : found.rows.length
    isFirst = false
    after = found.lastId
    yield {
      records: found.rows.map((row) => recordOf(source, session, row, range.until)),
      cursor: { [name]: after },
      ...(found.undecodable.length === 0 ? {} : { undecodable: found.undecodable }),
      ...(total === null ? {} : { total }),
    }
    if (!found.more) return
  }
}

export async function* listKeys(source: Source, session: TrytonSession, signal: AbortSignal): AsyncGenerator<string[]> {
  await session.requireModels(source.models, signal)
  const domain = source.domain?.(session) ?? []
  let after = 0
  for (;;) {
    signal.throwIfAborted()
    const ids = await nextIds(session, source.model, [...domain, ['id', '>', after]], KEYS_A_PAGE, signal)
    if (ids.length > 0) yield ids.map(String)
    if (ids.length < KEYS_A_PAGE) return
    after = ids.at(-1) ?? after
  }
}

export async function readOne(
  source: Source,
  session: TrytonSession,
  key: string,
  signal: AbortSignal,
): Promise<RawRecord | null> {
  const id = /^[1-9]\d{0,9}$/.test(key) ? Number(key) : null
  if (id === null) return null
  const { query, domain } = await planOf(source, session, signal)
  const { rows, undecodable } = await nextRows(session, query, [...domain, ['id', '=', id]], 1, signal)
  const [problem] = undecodable
  if (problem !== undefined) throw new TypeError(`reading ${source.model},${id}: ${problem.reason}`)
  const [row] = rows
  if (row === undefined) return null
  return recordOf(source, session, row, source.complete === undefined ? 0 : await session.clock(signal))
}

/** Records by id, for streams that learn of changes elsewhere. */
export async function readSome(
  source: Source,
  session: TrytonSession,
  ids: readonly number[],
  now: number,
  signal: AbortSignal,
): Promise<Pick<Page, 'records' | 'undecodable'>> {
  const { query } = await planOf(source, session, signal)
  const { rows, undecodable } = await rowsById(session, query, ids, signal)
  const records = rows.map((row) => recordOf(source, session, row, now))
  return undecodable.length === 0 ? { records } : { records, undecodable }
}

interface Plan {
  readonly query: Query
  readonly domain: Domain
  readonly touchedBy: readonly string[]
}

async function planOf(source: Source, session: TrytonSession, signal: AbortSignal): Promise<Plan> {
  await session.requireModels(source.models, signal)
  const optional = source.optional ?? []
  const open = await session.readable([...new Set(optional.flatMap(({ models }) => models))], signal)
  const usable = optional.filter(({ models }) => models.every((model) => open.has(model)))
  const touchedBy = [...source.touchedBy, ...usable.flatMap((each) => each.touchedBy)]
  const stamps = touchedBy.map((path) => `${path}_timestamp`)
  const extra = session.config.extra_fields
    .filter((name) => name.startsWith(`${source.model}.`))
    .map((name) => name.slice(source.model.length + 1))
  const fields = [
    ...new Set(['create_date', ...source.fields, ...usable.flatMap((each) => each.fields), ...extra, ...stamps]),
  ]
  return { query: { model: source.model, fields }, domain: source.domain?.(session) ?? [], touchedBy }
}

/** `write_date` is null until the first write and never before `create_date`: either being recent is enough. */
export function changedSince(
  plan: Pick<Plan, 'touchedBy'>,
  source: Pick<Source, 'alsoChanged'>,
  since: number,
  until: number,
): Json {
  const from = toDatetime(since)
  const written = plan.touchedBy.flatMap((path) => [
    [`${path}write_date`, '>=', from],
    [`${path}create_date`, '>=', from],
  ])
  return ['OR', ...written, ...(source.alsoChanged?.(since, until) ?? [])]
}

/**
 * Payload: the row as Tryton sent it, `modified` (epoch ms) and `company` (id) added, nested stamps left out.
 * The version is the record's own stamp, which never falls. The newest of all stamps does fall, when the row that bore
 * it is deleted; it is good for the watermark only.
 */
export function recordOf(source: Source, session: TrytonSession, row: Row, now: number): RawRecord {
  const completed = source.complete?.(row, session, now)
  const modified = Math.max(newestStamp(row), completed?.changedAt ?? 0)
  return {
    key: source.keyOf?.(idOf(row)) ?? String(idOf(row)),
    version: stampOf(row['_timestamp']),
    modifiedAt: modified === 0 ? null : modified,
    payload: {
      ...withoutStamps(completed?.row ?? row),
      _timestamp: row['_timestamp'] ?? null,
      modified,
      company: session.company.id,
      company_currency: session.company.currency,
    },
  }
}

async function countOf(source: Source, session: TrytonSession, scope: Domain, signal: AbortSignal) {
  const count = await session.call(source.model, 'search_count', [scope], signal)
  return typeof count === 'number' ? count : null
}

/** @throws CorruptCursorError when it is not one that this stream gave */
export function afterOf(cursor: Cursor | null, name: string): number {
  if (cursor === null) return 0
  const keys = isRow(cursor) ? Object.keys(cursor) : []
  const after = isRow(cursor) ? cursor[name] : undefined
  if (keys.length !== 1 || typeof after !== 'number' || !Number.isSafeInteger(after) || after < 0)
    throw new CorruptCursorError(`${JSON.stringify(cursor)} is not a position in ${name}`)
  return after
}
