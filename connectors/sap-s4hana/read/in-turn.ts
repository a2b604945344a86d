import { CorruptCursorError, type Page, type ReadRange } from '../../../core/index.ts'
import { isRow } from '../values.ts'

/** One of several sets that make up a stream. */
export interface Part {
  /** What cursors call it; never changes. */
  readonly name: string
  read(range: ReadRange): AsyncIterable<Page>
}

/** One part after the other; cursors name the part they are in. Totals are of parts, and left out. */
export async function* readInTurn(parts: readonly Part[], range: ReadRange): AsyncGenerator<Page> {
  const [first, cursor] = startOf(parts, range)
  for (const [at, part] of parts.slice(first).entries()) {
    for await (const page of part.read({ ...range, cursor: at === 0 ? cursor : null })) {
      const { total: _ofThePart, ...rest } = page
      yield { ...rest, cursor: { [part.name]: page.cursor } }
    }
  }
}

function startOf(parts: readonly Part[], { cursor }: ReadRange): readonly [number, ReadRange['cursor']] {
  if (cursor === null) return [0, null]
  const [name = '', ...more] = isRow(cursor) ? Object.keys(cursor) : []
  const at = parts.findIndex((part) => part.name === name)
  const inner = isRow(cursor) ? cursor[name] : undefined
  if (at < 0 || more.length > 0 || !isRow(inner))
    throw new CorruptCursorError(
      `${JSON.stringify(cursor)} is not a position in ${parts.map((part) => part.name).join(', ')}`,
    )
  return [at, inner]
}
