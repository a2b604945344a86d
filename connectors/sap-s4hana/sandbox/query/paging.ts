import type { PageLimit } from '../faults.ts'
import type { Options, QueryString } from './options.ts'

/** What one page takes from the database. */
export interface PageWindow {
  readonly offset: number
  /** One more than is shown: its presence says that there is a next page. */
  readonly limit: number
  readonly size: number
  /** Rows of the result delivered before this page. */
  readonly delivered: number
}

/**
 * Without `$top` the server's default size applies, with `$top` at most its maximum; what is cut off is offered by
 * `__next` with the number of rows delivered so far. A `$top` within the maximum is the client's own paging: no `__next`.
 */
export function windowOf(options: Options, limit: PageLimit): PageWindow {
  const delivered = options.skipToken ?? 0
  const offset = options.skip + delivered
  if (options.top === null) return { offset, size: limit.default, limit: limit.default + 1, delivered }
  const wanted = Math.max(0, options.top - delivered)
  const size = Math.min(wanted, limit.max)
  return { offset, size, limit: wanted > size ? size + 1 : size, delivered }
}

/** The query string of the next page: everything as it was sent, with the new token. */
export function nextQuery(query: QueryString, delivered: number): string {
  const kept = query.pieces.filter(({ name }) => name !== '$skiptoken').map(({ raw }) => raw)
  return [...kept, `$skiptoken=${delivered}`].join('&')
}
