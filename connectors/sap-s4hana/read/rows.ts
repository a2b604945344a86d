import { type Json, RejectedError, RetryableError, type UndecodableRecord } from '../../../core/index.ts'
import { isRowsFault } from '../failures.ts'
import type { SapSession } from '../session.ts'
import { isRow, type Row } from '../values.ts'
import { nameOf } from './cursor.ts'
import { allOf, behind, isOneOf, type Key, keyOf } from './filters.ts'
import type { SetSource } from './source.ts'

export interface Rows {
  readonly rows: readonly Row[]
  readonly undecodable: readonly UndecodableRecord[]
  /** Key of the last row looked at, whether it could be read or not; null = nothing there. */
  readonly last: Key | null
  /** False: this was the end. */
  readonly more: boolean
  readonly count: number | null
}

/** What a request asks of a set. */
export interface Wanted {
  readonly conditions: readonly string[]
  /** Rows behind this key only; null = from the first. */
  readonly after: Key | null
  readonly top: number
  /** Ask for the number of rows as well. */
  readonly counted?: boolean
}

/** SAP's upper bound for `$top`. */
export const LARGEST_PAGE = 5000

/**
 * The next rows by key. No two rows share a key, so nothing is lost where many share a time; a row that changes keeps
 * its place. When SAP cannot answer because of one row (a short dump), that row is told apart and reported.
 */
export async function nextRows(
  session: SapSession,
  source: SetSource,
  wanted: Wanted,
  signal: AbortSignal,
): Promise<Rows> {
  try {
    return await onePage(session, source, wanted, signal)
  } catch (error) {
    if (!isRowsFault(error) || source.sharesKeys === true) throw error
    const { expand: _none, ...plain } = source
    const probe = await onePage(session, { ...plain, select: source.key }, wanted, signal).catch(() => null)
    // nothing to tell apart: it is not the rows that are at fault
    if (probe === null || probe.last === null) throw error
    const { rows, undecodable } = await readApart(
      session,
      source,
      wanted.conditions,
      keysOf(source, probe.rows),
      signal,
    )
    if (rows.length === 0 && undecodable.length > 1) throw error
    return { ...probe, rows, undecodable }
  }
}

export const keysOf = (source: SetSource, rows: readonly Row[]): Key[] =>
  rows.flatMap((row) => {
    const key = keyOf(source.key, row)
    return key === null ? [] : [key]
  })

/** Rows by key; those that are gone are absent from the answer. */
export async function rowsByKey(
  session: SapSession,
  source: SetSource,
  keys: readonly Key[],
  signal: AbortSignal,
): Promise<Pick<Rows, 'rows' | 'undecodable'>> {
  const rows: Row[] = []
  const undecodable: UndecodableRecord[] = []
  let after: Key | null = null
  for (;;) {
    const conditions = [isOneOf(source.key, keys)]
    const found: Rows = await nextRows(session, source, { conditions, after, top: LARGEST_PAGE }, signal)
    rows.push(...found.rows)
    undecodable.push(...found.undecodable)
    if (!found.more || found.last === null || rows.length + undecodable.length >= keys.length) break
    after = found.last
  }
  return { rows, undecodable }
}

async function readApart(
  session: SapSession,
  source: SetSource,
  conditions: Wanted['conditions'],
  keys: readonly Key[],
  signal: AbortSignal,
): Promise<Pick<Rows, 'rows' | 'undecodable'>> {
  const [key] = keys
  try {
    if (keys.length <= MOST_APART) {
      const { rows, more } = await onePage(session, source, byKeys(source, conditions, keys), signal)
      // a server that gives fewer at once than were asked for by name
      const isCut = more && rows.length < keys.length && keys.length > 1
      if (!isCut) return { rows, undecodable: [] }
    }
  } catch (error) {
    if (!isRowsFault(error)) throw error
    if (key !== undefined && keys.length === 1)
      return { rows: [], undecodable: [unreadable(source, key, error as Error)] }
  }
  const half = Math.ceil(keys.length / 2)
  const left = await readApart(session, source, conditions, keys.slice(0, half), signal)
  const right = await readApart(session, source, conditions, keys.slice(half), signal)
  return { rows: [...left.rows, ...right.rows], undecodable: [...left.undecodable, ...right.undecodable] }
}

const unreadable = (source: SetSource, key: Key, error: Error): UndecodableRecord => {
  const row = Object.fromEntries(source.key.map((property, at) => [property, key[at] as Json]))
  return { key: nativeKeyOf(source, row), raw: `${nameOf(source)}(${key.join(',')})`, reason: error.message }
}

/** null = the row does not tell. */
export function nativeKeyOf(source: SetSource, row: Row): string | null {
  try {
    return source.nativeKey === undefined ? (keyOf(source.key, row)?.join('|') ?? null) : source.nativeKey(row)
  } catch {
    return null
  }
}

/** Keys asked for at once when rows are told apart. */
const MOST_APART = 25

/** The key may tell rows apart only among those that meet the conditions (rows of one stock level). */
const byKeys = (source: SetSource, conditions: Wanted['conditions'], keys: readonly Key[]): Wanted => ({
  conditions: [...conditions, isOneOf(source.key, keys)],
  after: null,
  top: keys.length,
})

async function onePage(session: SapSession, source: SetSource, wanted: Wanted, signal: AbortSignal): Promise<Rows> {
  const { after, top } = wanted
  const conditions = [
    ...(source.filter === undefined ? [] : [source.filter]),
    ...wanted.conditions,
    ...(after === null ? [] : [behind(source.key, after)]),
  ]
  const { rows, next, count } = await session.client.page(
    source.service,
    source.set,
    {
      ...(conditions.length === 0 ? {} : { $filter: allOf(conditions) }),
      $orderby: source.key.join(','),
      $top: String(top),
      ...selection(source),
      ...(wanted.counted === true ? { $inlinecount: 'allpages' } : {}),
    },
    signal,
  )
  const last = keysOf(source, rows).at(-1) ?? null
  // a full page of the server's own size may be cut without a word of it
  const more = rows.length > 0 && (next !== null || rows.length >= top || rows.length % 100 === 0)
  if (more && (last === null || (after !== null && last.every((part, at) => part === after[at]))))
    throw new RejectedError(
      `reading ${nameOf(source)}: the service does not page by its key (${source.key.join(', ')})`,
    )
  const whole: Row[] = []
  // a promise for every row and item would cost as much as parsing them
  for (const row of rows) whole.push(isCut(row, source.expand) ? await completed(session, source, row, signal) : row)
  return { rows: whole, undecodable: [], last, more, count }
}

export function selection(source: Pick<SetSource, 'select' | 'expand' | 'language'>): { [option: string]: string } {
  const { select, expand = [], language } = source
  return {
    ...(select === undefined ? {} : { $select: [...select, ...expand].join(',') }),
    ...(expand.length === 0 ? {} : { $expand: expand.join(',') }),
    ...(language === undefined ? {} : { 'sap-language': language }),
  }
}

/** Does an expanded list of the row go on elsewhere? */
const isCut = (row: Row, expand: readonly string[] = []): boolean =>
  expand.some((path) => {
    const slash = path.indexOf('/')
    const value = row[slash < 0 ? path : path.slice(0, slash)]
    if (!isRow(value)) return false
    const below = slash < 0 ? [] : [path.slice(slash + 1)]
    const rows = value['results']
    if (!Array.isArray(rows)) return isCut(value, below)
    return '__next' in value || (below.length > 0 && (rows as readonly Row[]).some((each) => isCut(each, below)))
  })

/** With the rest of every expanded list that SAP cut. Most rows have none and stay as they are. */
export async function completed(
  session: SapSession,
  source: Pick<SetSource, 'service'>,
  row: Row,
  signal: AbortSignal,
): Promise<Row> {
  let changed: { [property: string]: Json } | null = null
  for (const [property, value] of Object.entries(row)) {
    if (!isRow(value) || property === '__metadata' || '__deferred' in value) continue
    const whole = Array.isArray(value['results'])
      ? await wholeList(session, source, value, signal)
      : await completed(session, source, value, signal)
    if (whole === value) continue
    changed ??= { ...row }
    changed[property] = whole
  }
  return changed ?? row
}

async function wholeList(session: SapSession, source: Pick<SetSource, 'service'>, list: Row, signal: AbortSignal) {
  const found = list['results'] as readonly Row[]
  const rows: Row[] = []
  for (const row of found) rows.push(await completed(session, source, row, signal))
  let changed = rows.some((row, at) => row !== found[at])
  let next = typeof list['__next'] === 'string' ? list['__next'] : null
  while (next !== null) {
    changed = true
    const page = await session.client.follow(source.service, next, signal).catch((error: unknown) => {
      // the token has expired: the runtime begins again at the cursor
      if (error instanceof RejectedError) throw new RetryableError(error.message, { cause: error })
      throw error
    })
    rows.push(...page.rows)
    next = page.next
  }
  return changed ? { results: rows } : list
}
