import type { Page, ReadRange } from '../../../core/index.ts'
import type { SapSession } from '../session.ts'
import { afterOf, cursorAt } from './cursor.ts'
import { recordsOf } from './records.ts'
import { LARGEST_PAGE, nextRows, type Rows } from './rows.ts'
import type { SetSource, ToRecord } from './source.ts'

export const pageSizeOf = (session: SapSession, range: ReadRange): number =>
  Math.max(1, Math.min(range.pageSize, session.config.page_size, LARGEST_PAGE))

/** Every row that meets the conditions, page by page in the order of the key. */
export async function* readMatching(
  session: SapSession,
  source: SetSource,
  conditions: readonly string[],
  range: ReadRange,
  toRecord: ToRecord,
  signal: AbortSignal,
): AsyncGenerator<Page> {
  const top = pageSizeOf(session, range)
  let after = afterOf(source, range)
  let counted = range.mode === 'snapshot' && after === null
  for (;;) {
    signal.throwIfAborted()
    const found: Rows = await nextRows(session, source, { conditions, after, top, counted }, signal)
    counted = false
    if (found.last === null && found.rows.length === 0) return
    after = found.last ?? after
    if (after === null) throw new TypeError(`rows without ${source.key.join(', ')} in ${source.set}`)
    yield pageOf(source, found, toRecord, cursorAt(source, range.mode, after))
    if (!found.more) return
  }
}

/**
 * The rows of one page as records, with what could not be read. Rows become records when they are asked for: by then
 * the runtime has asked for the next page, and SAP works on it meanwhile.
 */
export function pageOf(
  source: SetSource,
  found: Pick<Rows, 'rows' | 'undecodable'> & { readonly count?: number | null },
  toRecord: ToRecord,
  cursor: Page['cursor'],
): Page {
  let made: ReturnType<typeof recordsOf> | null = null
  const read = () => (made ??= recordsOf(source, found.rows, toRecord))
  return {
    get records() {
      return read().records
    },
    get undecodable() {
      return [...found.undecodable, ...read().undecodable]
    },
    cursor,
    ...(found.count == null ? {} : { total: found.count }),
  }
}
