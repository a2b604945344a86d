import type { Cursor } from '../../core/index.ts'

/** The source hands out pages that lead nowhere: a next-link to itself, a circle, or empty pages for ever. */
export class EndlessSourceError extends Error {
  constructor(detail: string) {
    super(`endless source: ${detail}; the stream backs off, nothing is lost`)
    this.name = 'EndlessSourceError'
  }
}

/** Empty pages in a row that are still taken for progress. */
const MOST_EMPTY_PAGES = 1000

/**
 * Watches the cursors of one range and throws EndlessSourceError when they come back: Brent's cycle detection, so that
 * it needs one remembered cursor however long the range is. One empty page that repeats the last cursor is an end
 * marker of some systems and allowed.
 */
export function createLoopGuard(from: Cursor | null): (cursor: Cursor, records: number) => void {
  let last = from === null ? null : JSON.stringify(from)
  let remembered = last
  let steps = 0
  let reach = 1
  let emptyPages = 0
  let repeated = false
  return (cursor, records) => {
    const text = JSON.stringify(cursor)
    emptyPages = records === 0 ? emptyPages + 1 : 0
    if (emptyPages > MOST_EMPTY_PAGES) throw new EndlessSourceError(`${emptyPages} empty pages in a row`)
    if (text === last) {
      if (records > 0) throw new EndlessSourceError(`a page leads to itself (cursor ${text})`)
      if (repeated) throw new EndlessSourceError(`empty pages repeat the cursor ${text}`)
      repeated = true
      return
    }
    repeated = false
    if (text === remembered) throw new EndlessSourceError(`pages go in a circle (cursor ${text} came back)`)
    last = text
    if (++steps === reach) {
      remembered = text
      steps = 0
      reach *= 2
    }
  }
}
