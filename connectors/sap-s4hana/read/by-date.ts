import { type Json, type Page, type ReadRange, zones } from '../../../core/index.ts'
import type { SapSession } from '../session.ts'
import { literal, localInstant, type Row } from '../values.ts'
import { readListed } from './listed.ts'
import { readMatching } from './matching.ts'
import type { DatedSource, ToRecord } from './source.ts'

const DAY_MS = 86_400_000

/** The calendar day of an instant in `zone`, as a literal. */
export const dayOf = (instant: number, zone: string): string =>
  literal.datetime(Math.floor(zones.localOf(instant, zone) / DAY_MS) * DAY_MS)

/**
 * Rows whose date and time (or those of the creation) are at or after `since`. SAP is asked for the days only: its
 * filters cannot compare pairs. The times are compared here.
 */
export async function* readByDate(
  session: SapSession,
  source: DatedSource,
  range: ReadRange,
  toRecord: ToRecord,
  signal: AbortSignal,
): AsyncGenerator<Page> {
  const { date, time, createdDate, createdTime } = source
  if (range.since === null) return yield* readMatching(session, source, [], range, toRecord, signal)
  // stamps are whole seconds
  const since = Math.floor(range.since / 1000) * 1000
  const day = dayOf(since, session.timeZone)
  const dates = [date, ...(createdDate === undefined ? [] : [createdDate])]
  const conditions = [dates.map((each) => `${each} ge ${day}`).join(' or ')]
  if (range.mode === 'snapshot') return yield* readMatching(session, source, conditions, range, toRecord, signal)
  const isSince = (on: Json | undefined, at: Json | undefined) =>
    (localInstant(on, at ?? 'PT23H59M59S', session.timeZone) ?? Number.NEGATIVE_INFINITY) >= since
  const listing = {
    conditions,
    properties: [...dates, time, ...(createdTime === undefined ? [] : [createdTime])],
    needs: (row: Row) =>
      isSince(row[date], row[time]) ||
      (createdDate !== undefined && isSince(row[createdDate], createdTime === undefined ? null : row[createdTime])),
  }
  yield* readListed(session, source, listing, range, toRecord, signal)
}
