import type { Store } from '../store.ts'
import type { Session } from '../system.ts'

/** A key of `table` that was never used: rows that were given ids by hand are stepped over. */
export function newId(session: Session, table: string, sequence: string): number {
  const { store } = session
  const tables = sequence === 'entity' ? ['vendor', 'employee'] : [table]
  const last = Math.max(
    ...tables.map((name) => {
      const key = store.tables.get(name)?.key[0] ?? 'id'
      return Number(store.sql(`SELECT max("${key}") FROM "${name}"`, [])[0]?.[0] ?? 0)
    }),
  )
  return nextAbove(session, sequence, last)
}

// Counting all transactions of a type is for the first number only: from then on the sequence knows.
const counted = new WeakMap<Store, Set<string>>()

/** `PO118`: the next document number of a transaction type. */
export function documentNumber(session: Session, type: string, prefix: string): string {
  const start = counted.get(session.store)?.has(type) ? 1 : session.store.count('transaction', { type }) + 1
  counted.set(session.store, (counted.get(session.store) ?? new Set()).add(type))
  for (;;) {
    const number = `${prefix}${session.store.nextId(`tranid:${type}`, start)}`
    if (session.store.count('transaction', { tranid: number }) === 0) return number
  }
}

export function nextUniqueKey(session: Session): number {
  const last = Number(session.store.sql('SELECT max("uniquekey") FROM "transactionline"', [])[0]?.[0] ?? 0)
  return nextAbove(session, 'uniquekey', last)
}

function nextAbove(session: Session, sequence: string, last: number): number {
  const id = session.store.nextId(sequence, last + 1)
  if (id > last) return id
  // Somebody counted without the sequence: a sequence of the rest goes on above.
  return session.store.nextId(`${sequence}>${last}`, last + 1)
}
