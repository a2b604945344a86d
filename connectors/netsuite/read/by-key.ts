import { type Page, type RawRecord, type ReadRange, RejectedError, RetryableError } from '../../../core/index.ts'
import type { NetSuiteSession } from '../session.ts'
import { isId, type Row } from '../values.ts'
import { behind, cursorBehind, equal, type Key, keyIn, keyOf, sqlOfKey } from './keys.ts'
import { pageOf, recordsOf } from './records.ts'
import { select } from './select.ts'
import type { Condition, TableSource, ToRecord } from './source.ts'
import type { WireClock } from './wire-clock.ts'

/**
 * Rows that meet the conditions, page by page in the order of the key: a row that changes keeps its place, many rows of
 * one second are no trouble, and no page depends on the ones before it.
 */
export async function* readByKey(
  session: NetSuiteSession,
  source: TableSource,
  conditions: (clock: WireClock) => readonly Condition[],
  range: ReadRange,
  toRecord: ToRecord,
  signal: AbortSignal,
): AsyncGenerator<Page> {
  let after = keyIn(source, range.cursor)
  let counted = range.mode === 'snapshot' && after === null
  for (;;) {
    const behindIt: readonly Condition[] = after === null ? [] : [behind(source, after)]
    const order = () => sqlOfKey(source)
    const asked = {
      conditions: (clock: WireClock) => [...conditions(clock), ...behindIt],
      order,
      size: range.pageSize,
      counted,
    }
    const found = await select(session, source, asked, signal)
    counted = false
    if (found.entries.length === 0) return
    after = nextKey(source, found.entries.at(-1)?.item, after)
    yield await pageOf(session, source, found, toRecord, cursorBehind(source, after), signal)
    if (!found.more) return
  }
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
