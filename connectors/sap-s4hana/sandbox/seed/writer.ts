import type { Row } from '../model.ts'
import type { Store } from '../store.ts'

/** Rows on their way into the store, in batches: memory stays flat whatever the size. */
export interface Writer {
  /** A function that takes the rows of one entity set. */
  into(service: string, set: string): (row: Row) => void
  flush(): void
  rows(): number
}

const BATCH = 2000

export function createWriter(store: Store): Writer {
  const flushes = new Map<string, () => void>()
  let written = 0
  return {
    into: (service, name) => {
      const set = store.set(service, name)
      const waiting: Row[] = []
      flushes.set(`${service}/${name}`, () => {
        if (waiting.length > 0) store.insertMany(set, waiting)
        written += waiting.length
        waiting.length = 0
      })
      return (row) => {
        waiting.push(row)
        if (waiting.length >= BATCH) flushes.get(`${service}/${name}`)?.()
      }
    },
    flush: () => {
      for (const flush of flushes.values()) flush()
    },
    rows: () => written,
  }
}
