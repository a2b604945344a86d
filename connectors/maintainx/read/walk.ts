import { type Json, RetryableError } from '../../../core/index.ts'
import type { Collection, ListPage, Query } from '../client.ts'
import { Refusal } from '../failures.ts'
import type { MaintainXSession } from '../session.ts'
import { isId, isRow } from '../values.ts'
import type { Position } from './position.ts'

/** How a collection is gone through. */
export interface Walk {
  readonly collection: Collection
  readonly query: Query
  /** `createdAt` never changes: for everything. `updatedAt`: for changes. null = MaintainX does not sort it. */
  readonly by: 'createdAt' | 'updatedAt' | null
  readonly limit: number
  /** Many pages: some of the minute's requests are left to others. */
  readonly isPatient: boolean
}

export interface Step {
  /** As they came, without those delivered before. */
  readonly rows: readonly Json[]
  /** Behind them. */
  readonly position: Position
}

/**
 * Page by page from a position. Cursors of parts, assets and purchase orders are offsets ("records updated while you
 * page through a result set can move between pages"): a record that goes moves all behind it, and one would be passed
 * over. So each page is asked for by the time at which the one before ended, and MaintainX's cursor is used only where
 * more records than a page holds share one time, or where the collection cannot be sorted.
 */
export async function* steps(
  session: MaintainXSession,
  walk: Walk,
  start: Position,
  signal: AbortSignal,
): AsyncGenerator<Step> {
  let position = start
  while (!position.end) {
    signal.throwIfAborted()
    const page = await pageAt(session, walk, position, signal)
    const delivered = new Set(position.ids)
    const rows = page.rows.filter((row) => !delivered.has(idOf(row) ?? ''))
    if (page.next !== null && page.next === position.next)
      throw new RetryableError(`reading ${walk.collection.title}: two pages have the same cursor`)
    position = behind(walk, position, page)
    if (rows.length > 0) yield { rows, position }
  }
}

function pageAt(session: MaintainXSession, walk: Walk, position: Position, signal: AbortSignal): Promise<ListPage> {
  const { collection, by, limit } = walk
  const { from } = position
  const ask = (cursor: string | null) =>
    session.client.list(
      collection,
      {
        ...walk.query,
        ...(by === null ? {} : { sort: by }),
        ...(by === null || from === null ? {} : { [`${by}[gte]`]: from }),
        limit,
        cursor,
      },
      signal,
      walk.isPatient,
    )
  return ask(position.next).catch((error: unknown) => {
    // a cursor from long ago: nothing is lost by going through again what came before it
    if (position.next !== null && error instanceof Refusal && error.status === 400) return ask(null)
    throw error
  })
}

function behind({ by }: Walk, position: Position, { rows, next }: ListPage): Position {
  if (next === null) return { ...position, ids: [], next: null, end: true }
  const stamps = by === null ? [] : rows.map((row) => stampOf(row, by))
  const last = stamps.at(-1) ?? null
  // all of one time, or not in the order that was asked for: only the cursor leads on
  if (
    last === null ||
    !isAscending(stamps) ||
    (position.from !== null && Date.parse(last) <= Date.parse(position.from))
  )
    return { ...position, next }
  const ids = rows.filter((_, at) => stamps[at] === last).map(idOf)
  return { ...position, from: last, ids: ids.filter((id) => id !== null), next: null }
}

function stampOf(row: Json, by: string): string | null {
  const stamp = isRow(row) ? row[by] : null
  return typeof stamp === 'string' && !Number.isNaN(Date.parse(stamp)) ? stamp : null
}

/** A record whose time cannot be read says nothing about the order. */
function isAscending(stamps: readonly (string | null)[]): boolean {
  let before = Number.NEGATIVE_INFINITY
  for (const stamp of stamps) {
    if (stamp === null) continue
    const at = Date.parse(stamp)
    if (at < before) return false
    before = at
  }
  return true
}

export function idOf(row: Json): string | null {
  const id = isRow(row) ? row['id'] : null
  const text = typeof id === 'number' || typeof id === 'string' ? String(id) : ''
  return isId(text) ? text : null
}
