import type { Page, ReadRange } from '../../../core/index.ts'
import type { NetSuiteSession } from '../session.ts'
import { readByKey } from './by-key.ts'
import { cursorAt, readByTime, startOf, timePositionIn } from './by-time.ts'
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
  const position = range.cursor === null ? null : timePositionIn(source, range.cursor)
  let last = cursorAt(position ?? startOf(since))
  if (range.cursor !== null && position === null) {
    // the range was found to be one that goes by key
    for await (const page of byKey(range)) {
      last = page.cursor
      yield page
    }
  } else {
    const pages = readByTime(session, source, { since, until, position, pageSize: range.pageSize }, toRecord, signal)
    for (;;) {
      const { value, done } = await pages.next()
      if (done === true) {
        if (!value)
          for await (const page of byKey({ ...range, cursor: null })) {
            last = page.cursor
            yield page
          }
        break
      }
      last = value.cursor
      yield value
    }
  }
  const deletions = await deletionsOf(session, source, since, until, signal)
  if (deletions.length > 0) yield { records: deletions, cursor: last }
}
