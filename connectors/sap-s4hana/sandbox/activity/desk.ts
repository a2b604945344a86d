import type { EntitySet, Row } from '../model.ts'
import { createRandom, type Random } from '../seed/random.ts'
import { type Calendar, createCalendar, type LocalMoment, wholeSecond } from '../seed/times.ts'
import type { Store } from '../store.ts'

/** What an action did, and to which object (numbers without leading zeros, parts of a key joined by `|`). */
export interface Done {
  action: string
  key: string
}

/** The switches that change what the users of the system leave behind; read at every action. */
export interface ActivitySwitches {
  /** Changes become visible this much after their time stamp, ms. */
  lateCommitMs: number
  /** Changing an item moves the header's LastChangeDateTime. */
  headerMovesWithItems: boolean
  /** The change date stays null until the first change. */
  changeDateNullUntilChange: boolean
  /** A stock row that was emptied stays, with zero; otherwise it goes. */
  zeroStockRows: boolean
}

export interface ActivityOptions {
  seed: number
  /** The sandbox's clock, epoch ms. */
  now: () => number
  timeZone: string
  switches?: ActivitySwitches
}

/** Where the users of the system sit: the store, the clock and the dice. */
export interface Desk {
  store: Store
  dice: Random
  switches: ActivitySwitches
  /** Name of the user who works here. */
  user: string
  /** Epoch ms in whole seconds. */
  now(): number
  /** The zone of the system. */
  calendar: Calendar
  /** Date and time of day in that zone. */
  today(): LocalMoment
  set(service: string, name: string): EntitySet
  get(service: string, name: string, key: Row): Row | null
  /** Rows whose columns equal the values. */
  find(service: string, name: string, equal: Row): Row[]
  insert(service: string, name: string, row: Row): void
  update(service: string, name: string, key: Row, changes: Row): void
  remove(service: string, name: string, key: Row): void
  /** Some row of the set. @throws NothingToDo when there is none that suits */
  pick(service: string, name: string, suits?: (row: Row) => boolean): Row
}

/** There is no object that the action could be done to. */
export class NothingToDo extends Error {}

const TRIES = 40

export function createDesk(store: Store, options: ActivityOptions): Desk {
  const calendar = createCalendar(options.timeZone)
  const switches = options.switches ?? {
    lateCommitMs: 0,
    headerMovesWithItems: true,
    changeDateNullUntilChange: false,
    zeroStockRows: true,
  }
  const dice = createRandom(options.seed, 'activity', 0)
  const now = (): number => wholeSecond(options.now())
  const visibility = (): { visibleAt: number } | undefined =>
    switches.lateCommitMs > 0 ? { visibleAt: now() + switches.lateCommitMs } : undefined
  const where = (equal: Row): { sql: string; params: (string | number)[] } => ({
    sql: Object.keys(equal)
      .map((name) => `"${name}" = ?`)
      .join(' AND '),
    params: Object.values(equal) as (string | number)[],
  })
  return {
    store,
    dice,
    switches,
    user: 'CB9980000077',
    calendar,
    now,
    today: () => calendar.local(now()),
    set: (service, name) => store.set(service, name),
    get: (service, name, key) => store.get(store.set(service, name), key),
    find: (service, name, equal) => store.select(store.set(service, name), { where: where(equal) }),
    insert: (service, name, row) => {
      try {
        store.insert(store.set(service, name), row, visibility())
      } catch (error) {
        // Somebody else has made the same row and not committed yet: to this user the object is locked.
        if (/UNIQUE constraint/.test(String(error))) throw new NothingToDo(`a row of ${name} is not visible yet`)
        throw error
      }
    },
    update: (service, name, key, changes) => store.update(store.set(service, name), key, changes, visibility()),
    remove: (service, name, key) => store.remove(store.set(service, name), key),
    pick: (service, name, suits = () => true) => {
      const set = store.set(service, name)
      const count = store.count(set)
      for (let tries = 0; count > 0 && tries < TRIES; tries++) {
        const [row] = store.select(set, { limit: 1, offset: dice.int(0, count - 1) })
        if (row && suits(row)) return row
      }
      throw new NothingToDo(`no row of ${name} suits`)
    },
  }
}

/** The value of a text column, '' when there is none. */
export function text(row: Row | null | undefined, name: string): string {
  return String(row?.[name] ?? '')
}
