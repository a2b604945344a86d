import type { Page, ReadRange } from '../../../core/index.ts'
import type { SapSession } from '../session.ts'
import type { Row } from '../values.ts'
import { afterOf, cursorAt } from './cursor.ts'
import { inGroups, type Key, keyOf } from './filters.ts'
import { pageOf, pageSizeOf, readMatching } from './matching.ts'
import { keysOf, LARGEST_PAGE, nextRows, type Rows, rowsByKey } from './rows.ts'
import type { SetSource, ToRecord } from './source.ts'

/**
 * What to look through when a filter can only say the day: every row of these days in few properties, of which those
 * that are needed are then read in full. A poll that finds nothing costs one small request, not a day's documents.
 */
export interface Listing {
  readonly conditions: readonly string[]
  /** Properties that `needs` looks at. */
  readonly properties: readonly string[]
  needs(row: Row): boolean
  /** The row was delivered and committed. */
  delivered?(row: Row): void
}

/** Rows read by key at once, and from how many on a listing is rather read whole. */
const AT_ONCE = 40
const MANY = 200

export async function* readListed(
  session: SapSession,
  source: SetSource,
  listing: Listing,
  range: ReadRange,
  toRecord: ToRecord,
  signal: AbortSignal,
): AsyncGenerator<Page> {
  const { conditions } = listing
  const isLight = source.expand === undefined || source.expand.length === 0
  const light: SetSource = isLight ? source : lightened(source, listing)
  let after = afterOf(source, range)
  for (;;) {
    signal.throwIfAborted()
    const top = isLight ? pageSizeOf(session, range) : LARGEST_PAGE
    const found: Rows = await nextRows(session, light, { conditions, after, top }, signal)
    const needed = found.rows.filter((row) => keyOf(source.key, row) === null || needs(listing, row))
    if (isLight) {
      if (found.last !== null && needed.length + found.undecodable.length > 0)
        yield pageOf(source, { ...found, rows: needed }, toRecord, cursorAt(source, range.mode, found.last))
    } else if (needed.length >= MANY && needed.length * 2 > found.rows.length) {
      const from = after === null ? range : { ...range, cursor: cursorAt(source, range.mode, after) }
      yield* readMatching(
        session,
        source,
        conditions,
        from,
        (row) => (needs(listing, row) ? toRecord(row) : null),
        signal,
      )
      return
    } else {
      const keyless = needed.filter((row) => keyOf(source.key, row) === null)
      for (const group of inGroups(source.key, keysOf(source, needed), Math.min(AT_ONCE, pageSizeOf(session, range)))) {
        signal.throwIfAborted()
        const rows = await rowsByKey(session, source, group, signal)
        yield pageOf(source, rows, toRecord, cursorAt(source, range.mode, group.at(-1) as Key))
      }
      if (found.last !== null && keyless.length + found.undecodable.length > 0)
        yield pageOf(source, { ...found, rows: keyless }, toRecord, cursorAt(source, range.mode, found.last))
    }
    for (const row of needed) listing.delivered?.(row)
    if (!found.more || found.last === null) return
    after = found.last
  }
}

/** What `needs` cannot make sense of is read: it is reported as undecodable then. */
function needs(listing: Listing, row: Row): boolean {
  try {
    return listing.needs(row)
  } catch {
    return true
  }
}

function lightened(source: SetSource, { properties }: Listing): SetSource {
  const { expand: _none, ...rest } = source
  return { ...rest, select: [...new Set([...source.key, ...properties])] }
}
