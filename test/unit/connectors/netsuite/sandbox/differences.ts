import type { Store, StoredRow } from '../../../../../connectors/netsuite/sandbox/store.ts'
import { everything } from './seeded.ts'

/** Numbers of rows by table. */
export interface Differences {
  readonly added: { [table: string]: number }
  readonly removed: { [table: string]: number }
  /** Rows with other values. */
  readonly changed: { [table: string]: number }
  /** Keys of rows whose modification time moved: what an incremental read finds. */
  readonly stamped: { [table: string]: number[] }
}

export function differences(store: Store, work: () => unknown): Differences {
  const before = keyed(store)
  work()
  const after = keyed(store)
  const found: Differences = { added: {}, removed: {}, changed: {}, stamped: {} }
  const up = (counts: { [table: string]: number }, table: string): void => {
    counts[table] = (counts[table] ?? 0) + 1
  }
  for (const [table, rows] of after) {
    const modified = store.tables.get(table)?.modified ?? null
    for (const [key, row] of rows) {
      const old = before.get(table)?.get(key)
      if (old === undefined) up(found.added, table)
      else if (JSON.stringify(old) !== JSON.stringify(row)) up(found.changed, table)
      const isStamped = old !== undefined && modified !== null && old[modified] !== row[modified]
      if (isStamped) found.stamped[table] = [...(found.stamped[table] ?? []), Number(key)]
    }
  }
  for (const [table, rows] of before) {
    for (const key of rows.keys()) if (after.get(table)?.has(key) !== true) up(found.removed, table)
  }
  return found
}

function keyed(store: Store): Map<string, Map<string, StoredRow>> {
  return new Map(
    [...everything(store)].map(([table, rows]) => {
      const columns = store.tables.get(table)?.key ?? []
      return [table, new Map(rows.map((row) => [columns.map((column) => row[column]).join(' '), row]))]
    }),
  )
}
