/** What the rules of one request share: the store, the moment and who is asking. */
import type { Switches } from '../faults.ts'
import type { EntitySet, Row } from '../model.ts'
import { type Calendar, createCalendar } from '../seed/times.ts'
import type { Store } from '../store.ts'
import type { WriteContext } from './context.ts'

export interface Work {
  readonly store: Store
  readonly service: string
  readonly switches: Switches
  readonly user: string
  /** Epoch ms, as it is. */
  readonly clock: number
  /** `clock` in whole seconds: no change field of the system shows more. */
  readonly now: number
  /** Date and time of day of `now` in the system's zone. */
  readonly today: number
  readonly time: string
  /** Dates and times of day in the system's zone. */
  readonly calendar: Calendar
  readonly language: string
  readonly warnings: { code: string; message: string }[]
}

export function createWork(context: WriteContext): Work {
  const now = Math.floor(context.now / 1000) * 1000
  const calendar = createCalendar(context.timeZone)
  const local = calendar.local(now)
  return {
    store: context.store,
    service: context.model.service,
    switches: context.switches,
    user: context.user,
    clock: context.now,
    now,
    today: local.date,
    time: local.time,
    calendar,
    language: context.language,
    warnings: [],
  }
}

/** A row of any service, or null. Empty key values find nothing. */
export function find(work: Work, service: string, set: string, key: Row): Row | null {
  return work.store.get(work.store.set(service, set), key)
}

export function rowsWhere(work: Work, service: string, set: string, equal: Row): Row[] {
  const names = Object.keys(equal)
  return work.store.select(work.store.set(service, set), {
    where: {
      sql: names.map((name) => `"${name}" = ?`).join(' AND '),
      params: names.map((name) => equal[name] as string | number),
    },
  })
}

/** The text of a row's field; '' when it is absent. */
export function textOf(row: Row | null | undefined, name: string): string {
  const value = row?.[name]
  return value === null || value === undefined ? '' : String(value)
}

/** Fills what the caller left out. */
export function fill(row: Row, defaults: Row): void {
  for (const [name, value] of Object.entries(defaults))
    if (row[name] === undefined || row[name] === null || row[name] === '') row[name] = value
}

export function keyOf(set: EntitySet, row: Row): Row {
  return Object.fromEntries(set.type.keys.map((key) => [key, row[key] ?? null]))
}
