import { CorruptCursorError, type Cursor, type Page, type ReadRange } from '../../../core/index.ts'
import type { NetSuiteSession } from '../session.ts'
import { isRow } from '../values.ts'
import { readByKey } from './by-key.ts'
import { readByTime, timePositionIn } from './by-time.ts'
import { deletionsOf } from './deletions.ts'
import type { Condition, ToRecord, WindowSource } from './source.ts'
import { comparing, textsBetween, type WireClock } from './wire-clock.ts'

export { listKeysOf, readOneOf, readWhole, rowsOf } from './by-key.ts'

/**
 * Snapshot: every row (or those modified at or after `since`) by id. Increment: rows modified between `since` and
 * `until` by (modified, id), then the deletions that NetSuite has written down meanwhile, where the role may read them
 * (`deleted: true`, payload `{}`). Children are read with their rows.
 */
export async function* readWindow(
  session: NetSuiteSession,
  source: WindowSource,
  range: ReadRange,
  toRecord: ToRecord,
  signal: AbortSignal,
): AsyncGenerator<Page> {
  const { since, until } = range
  if (since === null) return yield* readByKey(session, source, () => [], range, toRecord, signal)
  const modifiedSince = (clock: WireClock): Condition[] => {
    const { left, right } = comparing(source.columns[source.modified]?.sql ?? '', clock)
    return [{ sql: `${left} >= ${right}`, params: [textsBetween(since, until, clock)[0]] }]
  }
  const byKey = (from: ReadRange) => readByKey(session, source, modifiedSince, from, toRecord, signal)
  if (range.mode === 'snapshot') return yield* byKey(range)
  if (isEnd(source, range.cursor)) return
  const position = range.cursor === null ? null : timePositionIn(source, range.cursor)
  if (range.cursor !== null && position === null) {
    // the range was found to be one that goes by key
    yield* byKey(range)
  } else {
    const byTime = { since, until, position, pageSize: range.pageSize }
    const isComplete = yield* readByTime(session, source, byTime, toRecord, signal)
    if (!isComplete) yield* byKey({ ...range, cursor: null })
  }
  const deletions = await deletionsOf(session, source, since, until, signal)
  if (deletions.length > 0) yield { records: deletions, cursor: END }
}

/** Behind the deletions, which come last: a cursor of its own, since a page must not lead to where it began. */
const END = { deletions: 'read' } as const

/** @throws CorruptCursorError */
function isEnd({ table }: WindowSource, cursor: Cursor | null): boolean {
  if (cursor === null || !isRow(cursor) || !('deletions' in cursor)) return false
  if (cursor['deletions'] !== END.deletions || Object.keys(cursor).length > 1)
    throw new CorruptCursorError(`${JSON.stringify(cursor)} is not a position in ${table}`)
  return true
}
