import { deletionRow } from '../../../connectors/netsuite/sandbox/seed/deletions.ts'
import { documentColumns } from '../../../connectors/netsuite/sandbox/seed/transactions.ts'
import type { Key, Row, Store, StoredRow } from '../../../connectors/netsuite/sandbox/store.ts'
import type { World } from '../kit/harness.ts'

/** Everything can be deleted here. */
export type Removable = World & Required<Pick<World, 'remove'>>

const SECOND_MS = 1000

/** The store of a sandbox, as those who play its users want it: rows in and out, stamped with whole seconds. */
export function createTables(store: Store, now: () => number) {
  /** The stamp of everything that is done at this moment. */
  const stamp = () => Math.floor(now() / SECOND_MS) * SECOND_MS

  return {
    store,
    stamp,
    insert: (table: string, rows: readonly Row[]) => store.insertMany(table, rows),
    update: (table: string, key: Key, changes: Row) => store.update(table, key, changes),
    /** The same, and the row shows that it was changed. */
    edit: (table: string, key: Key, changes: Row) =>
      store.update(table, key, { ...changes, [store.tables.get(table)?.modified ?? '']: stamp() }),
    /** Ids as the account would give them. */
    ids: (count: number, sequence: string) => times(count, () => store.nextId(sequence)),
    need(table: string, key: Key): StoredRow {
      const row = store.get(table, key)
      if (row === null) throw new Error(`there is no ${table} ${String(key)}`)
      return row
    },
    /** Some row that the account began with. */
    first(table: string, where: Row = {}): StoredRow {
      const [row] = store.rows(table, where)
      if (row === undefined) throw new Error(`there is no row in ${table}`)
      return row
    },
    /** `kind`: the table, or the type of transaction or item; deletedrecord remembers it. */
    erase(table: string, id: number, kind: string) {
      store.transaction(() => {
        store.remove(table, id)
        const row = deletionRow(kind, id, `Gone ${id}`, stamp())
        store.insert('deletedrecord', { ...row, _number: store.nextId('deletedrecord') })
      })
    },
    /** Headers with their main lines, and `lines` of each; all of this moment. */
    post(type: string, count: number, header: Row, lines: (id: number) => readonly Row[]): number[] {
      const at = stamp()
      const ids = times(count, () => store.nextId('transaction'))
      const unique = () => store.nextId('uniquekey')
      const { subsidiary = 1, location = null } = header
      store.transaction(() => {
        store.insertMany(
          'transaction',
          ids.map((id) => ({
            id,
            ...documentColumns(type, store.nextId(`tranid:${type}`)),
            trandate: new Date(at).toISOString().slice(0, 10),
            voided: false,
            createddate: at,
            lastmodifieddate: at,
            ...header,
          })),
        )
        store.insertMany(
          'transactionline',
          ids.flatMap((transaction) => [
            { transaction, id: 0, uniquekey: unique(), mainline: true, taxline: false, subsidiary, location },
            ...lines(transaction).map((line, index) => ({
              transaction,
              id: index + 1,
              linesequencenumber: index + 1,
              uniquekey: unique(),
              mainline: false,
              taxline: false,
              subsidiary,
              ...line,
            })),
          ]),
        )
      })
      return ids
    },
  }
}

export type Tables = ReturnType<typeof createTables>

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

/** As it shows in JSON text. */
export const asJson = (text: string): string => JSON.stringify(text).slice(1, -1)
