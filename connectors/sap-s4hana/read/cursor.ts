import { CorruptCursorError, type Cursor, type ReadRange } from '../../../core/index.ts'
import { isRow } from '../values.ts'
import type { Key } from './filters.ts'
import type { SetSource } from './source.ts'

/** Rows up to this key have been delivered, in a range of this mode of this set. */
export const cursorAt = (source: SetSource, mode: ReadRange['mode'], after: Key): Cursor => ({
  after: [...after],
  of: nameOf(source),
  mode,
})

export const nameOf = ({ service, set }: SetSource): string => `${service}/${set}`

/** null = from the start. @throws CorruptCursorError when it is not one of this range */
export function afterOf(source: SetSource, { cursor, mode }: ReadRange): Key | null {
  if (cursor === null) return null
  const refuse = () => new CorruptCursorError(`${JSON.stringify(cursor)} is not a position in ${nameOf(source)}`)
  if (!isRow(cursor) || Object.keys(cursor).length !== 3) throw refuse()
  const { after, of, mode: its } = cursor
  if (of !== nameOf(source) || its !== mode || !Array.isArray(after) || after.length !== source.key.length)
    throw refuse()
  if (!after.every((part) => typeof part === 'string' || typeof part === 'number')) throw refuse()
  return after as Key
}
