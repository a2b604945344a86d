import { CorruptCursorError, type Cursor, type Json } from '../../../core/index.ts'
import { isId } from '../values.ts'

/** Where a walk stands. */
export interface Position {
  /** Which of several walks, one behind the other. */
  readonly part: number
  /** Stamp to go on from, as MaintainX writes it; null = from the beginning. */
  readonly from: string | null
  /** Ids of records with this stamp that were delivered. */
  readonly ids: readonly string[]
  /** MaintainX's cursor behind the last page; null = the next page begins at `from`. */
  readonly next: string | null
  /** Nothing comes behind it. */
  readonly end: boolean
}

export const START: Position = { part: 0, from: null, ids: [], next: null, end: false }

/** @param walk what is walked, in which order: `work_order by createdAt` */
export const cursorAt = (walk: string, { part, from, ids, next, end }: Position): Cursor => ({
  walk,
  part,
  from,
  ids,
  next,
  end,
})

const FIELDS = ['end', 'from', 'ids', 'next', 'part', 'walk']

/** @throws CorruptCursorError when the cursor is none of this walk */
export function positionIn(walk: string, cursor: Cursor | null): Position {
  if (cursor === null) return START
  const { part, from, ids, next, end } = cursor
  const isOurs =
    Object.keys(cursor).sort().join() === FIELDS.join() &&
    cursor['walk'] === walk &&
    typeof part === 'number' &&
    Number.isInteger(part) &&
    part >= 0 &&
    isTextOrNull(from) &&
    (from === null || !Number.isNaN(Date.parse(from))) &&
    Array.isArray(ids) &&
    (ids as readonly Json[]).every((id) => typeof id === 'string' && isId(id)) &&
    isTextOrNull(next) &&
    typeof end === 'boolean'
  if (!isOurs) throw new CorruptCursorError(`${JSON.stringify(cursor).slice(0, 200)} is not a position in ${walk}`)
  return { part, from, ids: ids as readonly string[], next, end }
}

const isTextOrNull = (value: Json | undefined): value is string | null => value === null || typeof value === 'string'
