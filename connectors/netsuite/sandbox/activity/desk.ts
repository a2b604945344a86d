import type { Account } from '../account.ts'
import { createRandom, type Random } from '../seed/random.ts'
import { type Calendar, createCalendar, DAY, wholeSecond } from '../seed/times.ts'
import { SPAN } from '../seed/world.ts'
import type { Row, Store, StoredRow } from '../store.ts'
import type { Cell } from '../values.ts'

/** What an action did, and the record that shows it: for a changed line, its transaction. */
export interface Done {
  readonly action: string
  /** SuiteQL table. */
  readonly table: string
  readonly id: number
}

/** The switches that change what the users of the account leave behind; read at every action. */
export interface ActivitySwitches {
  /** Changes become visible this much after their time stamp, ms. */
  readonly lateCommitMs: number
  /** Receipts and bills move the order's modification date. */
  readonly receiptsTouchOrders: boolean
  /** Deleting leaves a row in deletedrecord. */
  readonly recordDeletions: boolean
}

export interface ActivityOptions {
  readonly seed: number
  /** The sandbox's clock, epoch ms. */
  readonly now: () => number
  readonly account: Account
  readonly switches?: ActivitySwitches
}

/** Where the users of the account sit: the store, the clock and the dice. */
export interface Desk {
  readonly dice: Random
  readonly switches: ActivitySwitches
  readonly oneWorld: boolean
  readonly calendar: Calendar
  /** Epoch ms in whole seconds. */
  readonly now: () => number
  /** The row as this action left it. @throws NothingToDo when there is none */
  need(table: string, key: number | readonly number[]): StoredRow
  get(table: string, key: number | readonly number[]): StoredRow | null
  /** Rows whose columns equal the values, as this action left them. */
  rows(table: string, where: Row): StoredRow[]
  insert(table: string, row: Row): void
  /** @throws NothingToDo when somebody else's change of the row is not visible yet */
  update(table: string, key: number | readonly number[], changes: Row): void
  /** By any row, or only by one that is not visible yet. */
  isReferred(table: string, column: string, id: number, by?: 'any' | 'hidden'): boolean
  remove(table: string, key: number | readonly number[]): void
  keyOf(table: string, row: StoredRow): readonly number[]
  nextId(sequence: string, start?: number): number
  /** Columns of all kept tables that refer to rows of this one. */
  referring(table: string): readonly (readonly [table: string, column: string])[]
  /** Some row of the table. `condition`: SQL about its columns. @throws NothingToDo when none suits */
  pick(table: string, condition?: string, params?: readonly Cell[]): StoredRow
  /** Some transaction of a type. */
  pickTransaction(type: string, condition?: string, params?: readonly Cell[]): StoredRow
  /** All or nothing. */
  act(work: () => Done): Done
}

/** There is no object that the action could be done to. */
export class NothingToDo extends Error {}

type Key = number | readonly number[]

const DEFAULT_SWITCHES: ActivitySwitches = { lateCommitMs: 0, receiptsTouchOrders: true, recordDeletions: true }

export function createDesk(store: Store, options: ActivityOptions): Desk {
  const switches = options.switches ?? DEFAULT_SWITCHES
  const dice = createRandom(options.seed, 'activity', 0)
  const now = (): number => wholeSecond(options.now())
  /** What the action at hand has changed; written when it has come to its end. */
  let changed = new Map<string, { table: string; key: Key; changes: { [column: string]: Row[string] } }>()
  /** Rows with a change that is not visible yet, and until when: nobody else may edit them. */
  const edited = new Map<string, number>()
  /** Epoch ms. */
  let startedAt = 0
  const nameOf = (table: string, key: Key): string => `${table} ${String(key)}`

  const refuseEdited = (name: string): void => {
    if ((edited.get(name) ?? 0) > startedAt) throw new NothingToDo(`${name} is being edited`)
  }
  const keyOf = (table: string, row: StoredRow): readonly number[] =>
    (store.tables.get(table)?.key ?? []).map((column) => Number(row[column]))

  function overlaid(table: string, row: StoredRow): StoredRow {
    if (changed.size === 0) return row
    const own = changed.get(nameOf(table, keyOf(table, row)))
    return own === undefined ? row : ({ ...row, ...own.changes } as StoredRow)
  }

  function get(table: string, key: Key): StoredRow | null {
    const row = store.get(table, key)
    return row === null ? null : overlaid(table, row)
  }

  function first(table: string, condition: string, order: string, params: readonly Cell[]): StoredRow | null {
    const seenAt = store.visibleAsOf()
    const visible = seenAt === null ? '' : ' AND "_visible_at" <= ?'
    const key = store.tables.get(table)?.key ?? []
    const columns = key.map((column) => `"${column}"`).join(', ')
    const text = `SELECT ${columns} FROM "${table}" WHERE ${condition}${visible} ORDER BY ${order} LIMIT 1`
    const [found] = store.sql(text, seenAt === null ? params : [...params, seenAt])
    return found === undefined ? null : get(table, found.map(Number))
  }

  return {
    dice,
    switches,
    oneWorld: options.account.oneWorld,
    calendar: createCalendar(options.account.timeZone),
    now,
    get,
    need(table, key) {
      const row = get(table, key)
      if (row === null) throw new NothingToDo(`${table} has no ${String(key)}`)
      return row
    },
    rows: (table, where) => store.rows(table, where).map((row) => overlaid(table, row)),
    insert(table, row) {
      const visibleAt = switches.lateCommitMs > 0 ? now() + switches.lateCommitMs : undefined
      try {
        store.insert(table, row, { visibleAt })
      } catch (error) {
        // somebody else has made the same row and not committed yet
        if (/UNIQUE constraint/.test(String(error))) throw new NothingToDo(`a row of ${table} is not visible yet`)
        throw error
      }
    },
    update(table, key, changes) {
      const name = nameOf(table, key)
      refuseEdited(name)
      const own = changed.get(name)
      changed.set(name, { table, key, changes: { ...own?.changes, ...changes } })
    },
    isReferred(table, column, id, by = 'any') {
      const hidden = by === 'any' ? '' : ' AND "_visible_at" > 0 AND "_visible_at" > ?'
      const params = by === 'any' ? [id] : [id, options.now()]
      return store.sql(`SELECT 1 FROM "${table}" WHERE "${column}" = ?${hidden} LIMIT 1`, params).length > 0
    },
    remove(table, key) {
      refuseEdited(nameOf(table, key))
      store.remove(table, key)
    },
    keyOf,
    nextId: (sequence, start) => store.nextId(sequence, start),
    referring(table) {
      const targets = table === 'vendor' || table === 'employee' ? [table, 'entity'] : [table]
      const kept = [...store.tables.values()].filter((it) => it.view === null)
      return kept.flatMap((it) =>
        [...it.columns.values()]
          .filter((column) => column.ref !== null && targets.includes(column.ref))
          .map((column) => [it.name, column.name] as const),
      )
    },
    pick(table, condition = '1', params = []) {
      const column = store.tables.get(table)?.key[0] ?? 'id'
      const [range] = store.sql(`SELECT min("${column}"), max("${column}") FROM "${table}"`, [])
      const [low, high] = [Number(range?.[0] ?? 0), Number(range?.[1] ?? 0)]
      const start = dice.int(low, Math.max(low, high))
      const order = (store.tables.get(table)?.key ?? []).map((name) => `"${name}"`).join(', ')
      const row =
        first(table, `"${column}" >= ? AND (${condition})`, order, [start, ...params]) ??
        first(table, `"${column}" < ? AND (${condition})`, order, [start, ...params])
      if (row === null) throw new NothingToDo(`no row of ${table} suits`)
      return row
    },
    pickTransaction(type, condition = '1', params = []) {
      // a time instead of an id: that is what the index has
      const start = now() - dice.int(0, SPAN / DAY) * DAY
      const order = '"lastmodifieddate", "id"'
      const row =
        first('transaction', `"type" = ? AND "lastmodifieddate" >= ? AND (${condition})`, order, [
          type,
          start,
          ...params,
        ]) ??
        first('transaction', `"type" = ? AND "lastmodifieddate" < ? AND (${condition})`, order, [
          type,
          start,
          ...params,
        ])
      if (row === null) throw new NothingToDo(`no ${type} suits`)
      return row
    },
    act(work) {
      changed = new Map()
      startedAt = options.now()
      const visibleAt = switches.lateCommitMs > 0 ? now() + switches.lateCommitMs : undefined
      try {
        return store.transaction(() => {
          const done = work()
          for (const [name, { table, key, changes }] of changed) {
            store.update(table, key, changes, { visibleAt })
            if (visibleAt !== undefined) edited.set(name, visibleAt)
          }
          return done
        })
      } finally {
        changed = new Map()
        if (edited.size > 1000) for (const [name, until] of edited) if (until <= startedAt) edited.delete(name)
      }
    },
  }
}
