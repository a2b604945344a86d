import type { Row } from '../../../connectors/sap-s4hana/sandbox/model.ts'
import type { Store } from '../../../connectors/sap-s4hana/sandbox/store.ts'

const SECOND_MS = 1000
const DAY_MS = 86_400_000

/** The store of a sandbox, as those who play its users want it: rows in and out, stamped with whole seconds. */
export function createTables(store: Store, now: () => number) {
  /** The stamp of everything that is done at this moment. */
  const stamp = () => Math.floor(now() / SECOND_MS) * SECOND_MS

  const at = (service: string, set: string) => store.set(service, set)
  const keyOf = (service: string, set: string, row: Row): Row =>
    Object.fromEntries(at(service, set).type.keys.map((name) => [name, row[name] ?? null]))

  return {
    store,
    stamp,
    insert: (service: string, set: string, rows: readonly Row[]) => store.insertMany(at(service, set), rows),
    update: (service: string, set: string, key: Row, changes: Row) => store.update(at(service, set), key, changes),
    find(service: string, set: string, equal: Row): Row[] {
      const names = Object.keys(equal)
      const sql = names.map((name) => `"${name}" = ?`).join(' AND ')
      return store.select(at(service, set), { where: { sql, params: Object.values(equal) as string[] } })
    },
    remove(service: string, set: string, row: Row) {
      store.remove(at(service, set), keyOf(service, set, row))
    },
    /** A date no calendar has; the returned function brings the old one back. */
    async spoil(service: string, set: string, row: Row, property: string, value = '/Date(99999999999999999)/') {
      const key = keyOf(service, set, row)
      const before = row[property] ?? null
      store.update(at(service, set), key, { [property]: value })
      return async () => store.update(at(service, set), key, { [property]: before })
    },
  }
}

export type Tables = ReturnType<typeof createTables>

/** Date column and time column of an instant in UTC. */
export const pairOf = (instant: number) => {
  const date = Math.floor(instant / DAY_MS) * DAY_MS
  const clock = new Date(instant).toISOString()
  return { date, time: `PT${clock.slice(11, 13)}H${clock.slice(14, 16)}M${clock.slice(17, 19)}S` }
}

export const times = <T>(count: number, make: (n: number) => T): T[] => Array.from({ length: count }, (_, n) => make(n))

/** Texts that occur once. */
export function createNames() {
  let counter = 0
  return {
    next: () => ++counter,
    fresh: (what: string) => `${what} ${++counter} "ü" o'${counter}`,
  }
}

export type Names = ReturnType<typeof createNames>

/** The only row, or the complaint that the world is not as the test thinks. */
export function one(rows: readonly Row[], what: string): Row {
  const [row] = rows
  if (row === undefined) throw new Error(`there is no ${what}`)
  return row
}

/** Every third object has no change stamp yet: it is as it was created. */
export const unlessNew = <T extends object>(n: number, stamps: T): T | { [K in keyof T]: null } =>
  n % 3 === 0
    ? (Object.fromEntries(Object.keys(stamps).map((name) => [name, null])) as { [K in keyof T]: null })
    : stamps
