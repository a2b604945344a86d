import { CorruptCursorError, type Cursor, type Page } from '../../../core/index.ts'
import type { NetSuiteSession } from '../session.ts'
import { isId, isRow } from '../values.ts'
import { keyOf, sqlOfKey } from './keys.ts'
import { pageOf } from './records.ts'
import { type Entry, select } from './select.ts'
import type { Condition, ToRecord, WindowSource } from './source.ts'
import { comparing, instantOfText, textsBetween, type WireClock, wireMoment } from './wire-clock.ts'

/** Behind which row a range goes on. */
export interface TimePosition {
  /** As the statement compares it. */
  readonly at: string
  readonly id: string
  /** Zone of `at`. */
  readonly zone: string
}

/** Below every internal id. */
const BEFORE_ALL = '-999999999999999999'

/** Instants in NetSuite's time. */
export interface TimeRange {
  readonly since: number
  readonly until: number
  readonly position: TimePosition | null
  readonly pageSize: number
}

export const cursorAt = ({ at, id, zone }: TimePosition): Cursor => ({ at, id, zone })

export const startOf = (since: number): TimePosition => ({
  at: wireMoment(since, 'UTC'),
  id: BEFORE_ALL,
  zone: 'UTC',
})

/** null = not such a cursor. @throws CorruptCursorError when it is one, and no good */
export function timePositionIn(source: WindowSource, cursor: Cursor): TimePosition | null {
  if (!isRow(cursor) || !('at' in cursor)) return null
  const { at, id, zone } = cursor
  const isGood =
    Object.keys(cursor).length === 3 &&
    typeof at === 'string' &&
    typeof id === 'string' &&
    typeof zone === 'string' &&
    isId(id) &&
    instantOfText(at, zone) !== null
  if (!isGood) throw new CorruptCursorError(`${JSON.stringify(cursor)} is not a position in ${source.table}`)
  return { at, id, zone }
}

/**
 * Rows modified in the range, by (modified, id). A row that changes while paging moves behind the range and comes with
 * the next. Returns false when the pages do not go on this way: a whole page of times in an unexpected format, or more
 * rows within one second than NetSuite tells apart; then they must be read by key.
 */
export async function* readByTime(
  session: NetSuiteSession,
  source: WindowSource,
  range: TimeRange,
  toRecord: ToRecord,
  signal: AbortSignal,
): AsyncGenerator<Page, boolean> {
  const id = sqlOfKey(source)[0] as string
  const modified = source.columns[source.modified]?.sql as string
  let position = range.position
  for (;;) {
    const from = position
    const conditions = (clock: WireClock): Condition[] => {
      const { left, right } = comparing(modified, clock)
      const [first, last] = textsBetween(range.since, range.until, clock)
      const upTo = { sql: `${left} <= ${right}`, params: [last] }
      const after = from === null ? null : positionIn(from, clock)
      if (after === null) return [{ sql: `${left} >= ${right}`, params: [first] }, upTo]
      return [
        upTo,
        { sql: `${left} >= ${right}`, params: [after.at] },
        { sql: `(${left} > ${right} OR ${id} > ?)`, params: [after.at, after.id] },
      ]
    }
    const order = (clock: WireClock) => [comparing(modified, clock).order, id]
    const found = await select(session, source, { conditions, order, size: range.pageSize }, signal)
    if (found.entries.length === 0) return true
    const next = lastOf(source, found.entries, found.clock)
    if (next === null || (from !== null && !isBehind(next, positionIn(from, found.clock)))) {
      if (found.more) return false
      yield await pageOf(session, source, found, toRecord, cursorAt(from ?? startOf(range.since)), signal)
      return true
    }
    position = next
    yield await pageOf(session, source, found, toRecord, cursorAt(next), signal)
    if (!found.more) return true
  }
}

/** The last row that tells its time and id. */
function lastOf(source: WindowSource, entries: readonly Entry[], clock: WireClock): TimePosition | null {
  for (const { item } of entries.toReversed()) {
    const id = keyOf(source, item)?.[0]
    const wire = item[source.modified]
    const at = typeof wire === 'string' ? wire.slice(0, 19) : ''
    if (id !== undefined && instantOfText(at, clock.zone) !== null) return { at, id, zone: clock.zone }
  }
  return null
}

/** In this clock; a position of another one is taken for a second before it, so that nothing is left out. */
function positionIn(position: TimePosition, { zone }: WireClock): TimePosition {
  if (position.zone === zone) return position
  const instant = instantOfText(position.at, position.zone) ?? 0
  return { at: wireMoment(instant - 1000, zone), id: BEFORE_ALL, zone }
}

const isBehind = (a: TimePosition, b: TimePosition): boolean =>
  a.at > b.at || (a.at === b.at && BigInt(a.id) > BigInt(b.id))
