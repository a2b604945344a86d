import type { Row, Store } from '../store.ts'

/** Rows on their way into the store, in batches: memory stays flat whatever the size. */
export interface Writer {
  readonly write: (table: string, row: Row) => void
  flush(): void
  /** Rows written or waiting. */
  rows(): number
}

const BATCH = 5000

export function createWriter(store: Store): Writer {
  let waiting: [table: string, row: Row][] = []
  let rows = 0
  const flush = (): void => {
    if (waiting.length === 0) return
    store.transaction(() => {
      for (const [table, row] of waiting) store.insert(table, row)
    })
    waiting = []
  }
  return {
    write(table, row) {
      waiting.push([table, row])
      rows++
      if (waiting.length >= BATCH) flush()
    },
    flush,
    rows: () => rows,
  }
}
