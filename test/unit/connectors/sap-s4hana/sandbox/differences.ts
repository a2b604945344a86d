import type { Row } from '../../../../../connectors/sap-s4hana/sandbox/model.ts'
import type { Store } from '../../../../../connectors/sap-s4hana/sandbox/store.ts'
import { everything } from './seeded.ts'

export interface Differences {
  /** How many rows of a set came, went, or are no longer the same. */
  added: Record<string, number>
  removed: Record<string, number>
  changed: Record<string, number>
  /** How many of the changed rows have another change stamp. */
  stamped: Record<string, number>
}

const STAMPS = ['LastChangeDateTime', 'LastChangeDate', 'LastChangeTime']

/** What `work` does to the rows of the store, by the name of the set. */
export function differences(store: Store, work: () => void): Differences {
  const before = byKey(store)
  work()
  const after = byKey(store)
  const found: Differences = { added: {}, removed: {}, changed: {}, stamped: {} }
  const count = (into: Record<string, number>, set: string): void => {
    into[set] = (into[set] ?? 0) + 1
  }
  for (const [key, { set, row }] of after) {
    const old = before.get(key)?.row
    if (!old) count(found.added, set)
    else if (JSON.stringify(old) !== JSON.stringify(row)) {
      count(found.changed, set)
      if (STAMPS.some((stamp) => old[stamp] !== row[stamp])) count(found.stamped, set)
    }
  }
  for (const [key, { set }] of before) if (!after.has(key)) count(found.removed, set)
  return found
}

function byKey(store: Store): Map<string, { set: string; row: Row }> {
  const rows = new Map<string, { set: string; row: Row }>()
  for (const [name, all] of everything(store)) {
    const [service = '', set = ''] = name.split('/')
    const { keys } = store.set(service, set).type
    for (const row of all) rows.set(JSON.stringify([name, ...keys.map((key) => row[key])]), { set, row })
  }
  return rows
}
