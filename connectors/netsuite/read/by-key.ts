import { type Page, type RawRecord, type ReadRange, RejectedError, RetryableError } from '../../../core/index.ts'
import type { NetSuiteSession } from '../session.ts'
import { isId, type Row } from '../values.ts'
import { behind, cursorBehind, equal, type Key, keyIn, keyOf, sqlOfKey } from './keys.ts'
import { pageOf, recordsOf } from './records.ts'
import { type Selection, select } from './select.ts'
import type { Condition, TableSource, ToRecord } from './source.ts'
import type { WireClock } from './wire-clock.ts'

/**
 * Rows that meet the conditions, page by page in the order of the key: a row that changes keeps its place, many rows of
 * one second are no trouble, and no page depends on the ones before it. One page is read ahead: its rows while the
 * children of this one are still coming, so that the requests allowed are in use.
 */
export async function* readByKey(
  session: NetSuiteSession,
  source: TableSource,
  conditions: (clock: WireClock) => readonly Condition[],
  range: ReadRange,
  toRecord: ToRecord,
  signal: AbortSignal,
): AsyncGenerator<Page> {
  const ended = new AbortController()
  const either = AbortSignal.any([signal, ended.signal])
  const order = () => sqlOfKey(source)

  function begin(after: Key | null, counted: boolean): Reading {
    const behindIt: readonly Condition[] = after === null ? [] : [behind(source, after)]
    const asked = {
      conditions: (clock: WireClock) => [...conditions(clock), ...behindIt],
      order,
      size: range.pageSize,
      counted,
    }
    const rows = select(session, source, asked, either)
    const page = rows.then(async (found) => {
      if (found.entries.length === 0) return null
      const last = nextKey(source, found.entries.at(-1)?.item, after)
      return pageOf(session, source, found, toRecord, cursorBehind(source, last), either)
    })
    // who is not waited for any more has nobody to tell
    page.catch(() => undefined)
    return { after, rows, page, begunAt: performance.now() }
  }

  const start = keyIn(source, range.cursor)
  try {
    let reading: Reading | null = begin(start, range.mode === 'snapshot' && start === null)
    while (reading !== null) {
      const { begunAt, after }: Reading = reading
      const aheadMs = performance.now() - begunAt
      const { entries, more }: Selection = await reading.rows
      if (entries.length === 0) return
      const next: Reading | null = more ? begin(nextKey(source, entries.at(-1)?.item, after), false) : null
      const page = await reading.page
      if (page === null) return
      yield after === start ? page : { ...page, aheadMs }
      reading = next
    }
  } finally {
    ended.abort(new Error('the reading has ended'))
  }
}

/** A page under way. */
interface Reading {
  readonly after: Key | null
  readonly rows: Promise<Selection>
  /** With the children; null = no rows. */
  readonly page: Promise<Page | null>
  /** By our monotonic clock. */
  readonly begunAt: number
}

/** @throws RejectedError when the pages do not go on */
function nextKey(source: TableSource, item: Row | undefined, before: Key | null): Key {
  const key = item === undefined ? null : keyOf(source, item)
  if (key === null || (before !== null && key.every((part, at) => part === before[at])))
    throw new RejectedError(`reading ${source.table}: NetSuite does not page by ${source.key.join(', ')}`)
  return key
}

const ALL = (): readonly Condition[] => []

/** Every row by key, for tables without a change field (`changes: 'full-scan'`). */
export const readWhole = (
  session: NetSuiteSession,
  source: TableSource,
  range: ReadRange,
  toRecord: ToRecord,
  signal: AbortSignal,
): AsyncGenerator<Page> => readByKey(session, source, ALL, range, toRecord, signal)

/**
 * The record with this key (its parts, in the order of `source.key`) as it is now; null = there is none.
 * @throws RejectedError when it cannot be read
 */
export async function readOneOf(
  session: NetSuiteSession,
  source: TableSource,
  key: readonly string[],
  toRecord: ToRecord,
  signal: AbortSignal,
): Promise<RawRecord | null> {
  if (key.length !== source.key.length || !key.every(isId)) return null
  const asked = { conditions: () => equal(source, key), order: () => [], size: 1 }
  const found = await select(session, source, asked, signal)
  const { records, undecodable } = await recordsOf(session, source, found, toRecord, signal)
  const [bad] = undecodable
  if (bad !== undefined) throw new RejectedError(`reading ${source.table} ${key.join('|')}: ${bad.reason}`)
  return records[0] ?? null
}

/**
 * All keys of the source; `native` may change one or leave it out (null); its row then has all columns.
 * Default: the only part of the key, or the parts.
 */
export async function* listKeysOf(
  session: NetSuiteSession,
  source: TableSource,
  signal: AbortSignal,
  native?: (row: Row) => string | readonly string[] | null,
): AsyncGenerator<(string | readonly string[])[]> {
  const keys = Object.fromEntries(Object.entries(source.columns).filter(([alias]) => source.key.includes(alias)))
  const listed = native === undefined ? { ...source, columns: keys } : source
  for await (const rows of pagesOf(session, listed, [], signal)) {
    const found = rows.flatMap((row) => [native === undefined ? plainKey(source, row) : native(row)])
    const kept = found.filter((key) => key !== null)
    if (kept.length > 0) yield kept
  }
}

function plainKey(source: TableSource, row: Row): string | readonly string[] {
  const key = keyOf(source, row) as Key
  return key.length === 1 ? (key[0] as string) : key
}

/** All rows of a small table (units, currencies), or those that meet the conditions. */
export async function rowsOf(
  session: NetSuiteSession,
  source: TableSource,
  conditions: readonly Condition[],
  signal: AbortSignal,
): Promise<readonly Row[]> {
  const all: Row[] = []
  for await (const rows of pagesOf(session, source, conditions, signal)) all.push(...rows)
  return all
}

/** @throws RetryableError when a row cannot be read: left out, it would count as deleted */
async function* pagesOf(
  session: NetSuiteSession,
  source: TableSource,
  conditions: readonly Condition[],
  signal: AbortSignal,
): AsyncGenerator<readonly Row[]> {
  let after: Key | null = null
  for (;;) {
    const all: readonly Condition[] = [...conditions, ...(after === null ? [] : [behind(source, after)])]
    const asked = { conditions: () => all, order: () => sqlOfKey(source), size: 1000 }
    const found = await select(session, source, asked, signal)
    const rows = found.entries.map(({ row, item, reason }) => {
      if (row === null || keyOf(source, item) === null)
        throw new RetryableError(
          `reading ${source.table}: a row that cannot be read: ${reason || JSON.stringify(item).slice(0, 200)}`,
        )
      return row
    })
    if (rows.length > 0) yield rows
    if (!found.more) return
    after = nextKey(source, found.entries.at(-1)?.item, after)
  }
}
