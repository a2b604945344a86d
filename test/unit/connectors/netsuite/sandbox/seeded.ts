import { type Account, createAccount } from '../../../../../connectors/netsuite/sandbox/account.ts'
import {
  type Activity,
  type ActivitySwitches,
  createActivity,
} from '../../../../../connectors/netsuite/sandbox/activity/index.ts'
import { seed } from '../../../../../connectors/netsuite/sandbox/seed/index.ts'
import { type Size, sizeOf } from '../../../../../connectors/netsuite/sandbox/seed/size.ts'
import { createStore, type Store, type StoredRow } from '../../../../../connectors/netsuite/sandbox/store.ts'
import type { Column } from '../../../../../connectors/netsuite/sandbox/tables.ts'

export const NOW = Date.UTC(2026, 0, 15, 10, 0, 0)

export interface Seeding {
  readonly seed?: number
  readonly account?: Partial<Account>
  readonly clock?: { now: number }
}

/** A store full of seeded rows. `clock` is the sandbox's, for tests that let time pass. */
export function seededStore(size: Partial<Size> | number, options: Seeding = {}): Store {
  const { clock = { now: NOW }, seed: number = 1 } = options
  const account = createAccount(options.account)
  const store = createStore({ now: () => clock.now, customFields: account.customFields })
  seed(store, { seed: number, size: sizeOf(size), now: NOW, account })
  return store
}

export interface Busy {
  readonly store: Store
  readonly activity: Activity
  readonly clock: { now: number }
}

/** An account with people at work, some time after it was seeded. */
export function busyAccount(switches: Partial<ActivitySwitches> = {}, size = 60, account: Partial<Account> = {}): Busy {
  const clock = { now: NOW }
  const store = seededStore(size, { clock, account })
  clock.now += 60_250
  const all = { lateCommitMs: 0, receiptsTouchOrders: true, recordDeletions: true, ...switches }
  const options = { seed: 7, now: () => clock.now, account: createAccount(account), switches: all }
  return { store, activity: createActivity(store, options), clock }
}

/** All rows of all kept tables that have any. */
export function everything(store: Store): Map<string, StoredRow[]> {
  const found = new Map<string, StoredRow[]>()
  for (const table of store.tables.values()) {
    if (table.view !== null || table.name === 'dual') continue
    const rows = store.rows(table.name)
    if (rows.length > 0) found.set(table.name, rows)
  }
  return found
}

/** Values that do not fit their columns: `table.column: value (reason)`. */
export function violations(store: Store): string[] {
  const found: string[] = []
  for (const [name, rows] of everything(store)) {
    const columns = [...(store.tables.get(name)?.columns.values() ?? [])]
    for (const row of rows) {
      for (const column of columns) {
        const reason = objection(column, row[column.name] ?? null, row)
        if (reason !== null) found.push(`${name}.${column.name}: ${JSON.stringify(row[column.name])} (${reason})`)
      }
    }
  }
  return found
}

function objection(column: Column, value: string | number | null, row: StoredRow): string | null {
  if (value === null) return column.required ? 'missing' : null
  const choices = column.choices
  if (choices !== null && choices[value] === undefined && choices[`${row['type']}:${value}`] === undefined) {
    return 'no choice'
  }
  switch (column.type) {
    case 'bool':
      return value === 'T' || value === 'F' ? null : 'no boolean'
    case 'number':
      return typeof value === 'string' && /^-?\d+(\.\d*[1-9])?$/.test(value) ? null : 'no decimal'
    case 'date':
      return new Date(`${value}T00:00:00Z`).toISOString().startsWith(String(value)) ? null : 'no date'
    case 'datetime':
      return typeof value === 'number' && value % 1000 === 0 ? null : 'no whole second'
    case 'text':
      return typeof value === 'string' && value === value.trim() ? null : 'no text, or with blanks around'
    default:
      return Number.isInteger(value) ? null : 'no whole number'
  }
}
