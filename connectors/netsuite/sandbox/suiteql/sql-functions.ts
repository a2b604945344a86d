import type { DatabaseSync } from 'node:sqlite'
import { type Cell, decimalText } from '../values.ts'
import { showDate } from './date-formats.ts'
import { add, compareDecimals, divide, multiply, round, subtract, truncate } from './decimals.ts'
import { unsupported } from './errors.ts'
import { readDate, wall } from './read-dates.ts'
import { instantOf, wallOf } from './zones.ts'

type Implementation = (...args: Cell[]) => Cell

/** Null in, null out: what nearly every function does. */
const strict =
  (work: (...args: (string | number)[]) => Cell): Implementation =>
  (...args) =>
    args.some((it) => it === null) ? null : work(...(args as (string | number)[]))

const DAY = 86_400_000

const arithmetic = (work: (a: string, b: string) => string | null): Implementation =>
  strict((a, b) => {
    const result = work(String(a), String(b))
    if (result === null) throw unsupported()
    return result
  })

/** What SQLite lacks; also run at once when all arguments are constants. */
export const FUNCTIONS = {
  ns_add: arithmetic(add),
  ns_subtract: arithmetic(subtract),
  ns_multiply: arithmetic(multiply),
  ns_divide: arithmetic(divide),
  ns_round: strict((value, places) => round(String(value), placesOf(places))),
  ns_truncate: strict((value, places) => truncate(String(value), placesOf(places))),
  ns_floor: strict((value) => whole(String(value), -1)),
  ns_ceil: strict((value) => whole(String(value), 1)),
  ns_mod: strict((a, b) => {
    if (Number(b) === 0) return a
    const times = truncate(divide(String(a), String(b)) ?? '0', 0) ?? '0'
    return subtract(String(a), multiply(times, String(b)) ?? '0')
  }),
  /** The value of a scalar subquery: `(count(*), value)`. */
  ns_one(rows, value) {
    if (Number(rows) > 1) throw unsupported()
    return value ?? null
  },
  /** Oracle's implicit conversion: what is no number fails the statement. */
  ns_number: strict((value) => {
    const text = decimalText(value)
    if (text === null) throw unsupported()
    return text
  }),
  /** Numbers as Oracle writes them: `.5`. */
  ns_number_text: strict((value) => String(value).replace(/^(-?)0\./, '$1.')),
  ns_show_date: strict((at, format) => showDate(Number(at), String(format))),
  ns_read_date: strict((text, format, today) => {
    const at = readDate(String(text), String(format), Number(today))
    if (at === null) throw unsupported()
    return at
  }),
  ns_wall: strict((instant, zone) => wallOf(String(zone), Number(instant))),
  ns_instant: strict((at, zone) => instantOf(String(zone), Number(at))),
  ns_date_wall: strict((date) => Date.parse(`${date}T00:00:00Z`)),
  ns_add_days: strict((at, days) => Math.round((Number(at) + Number(days) * DAY) / 1000) * 1000),
  ns_days_between: strict((a, b) => divide(String(Number(a) - Number(b)), String(DAY))),
  ns_add_months: strict((at, months) => addMonths(Number(at), Math.trunc(Number(months)))),
  ns_last_day: strict((at) => {
    const date = new Date(Number(at))
    return (
      Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0) + ((((date.getTime() % DAY) + DAY) % DAY) as number)
    )
  }),
  ns_truncate_date: strict((at, unit) => truncateDate(Number(at), String(unit).toUpperCase())),
  ns_upper: strict((text) => String(text).toUpperCase()),
  ns_lower: strict((text) => String(text).toLowerCase()),
  ns_initcap: strict((text) =>
    String(text)
      .toLowerCase()
      .replace(/[\p{L}\p{N}]+/gu, (word) => word.charAt(0).toUpperCase() + word.slice(1)),
  ),
  ns_length: strict((text) => String(Array.from(String(text)).length)),
  ns_substr: strict((text, start, length) => {
    const characters = Array.from(String(text))
    const from = Math.trunc(Number(start))
    const at = from > 0 ? from - 1 : from < 0 ? characters.length + from : 0
    if (at < 0) return null
    return characters.slice(at, at + Math.max(0, Math.trunc(Number(length)))).join('') || null
  }),
  ns_instr: strict((text, part, start) => {
    const from = Math.trunc(Number(start))
    if (from < 1) throw unsupported()
    return String(String(text).indexOf(String(part), from - 1) + 1)
  }),
  ns_replace: (text, part, by) =>
    text === null || part === null ? text : String(text).replaceAll(String(part), () => String(by ?? '')) || null,
  ns_trim: strict((text, characters, side) => {
    const all = new Set(String(characters))
    const found = Array.from(String(text))
    let start = 0
    let end = found.length
    if (side !== 'right') while (start < end && all.has(found[start] ?? '')) start++
    if (side !== 'left') while (end > start && all.has(found[end - 1] ?? '')) end--
    return found.slice(start, end).join('') || null
  }),
  ns_pad: strict((text, length, by, side) => {
    const width = Math.trunc(Number(length))
    if (width < 1) return null
    if (width > 4000) throw unsupported()
    const found = String(text).slice(0, width)
    return side === 'left' ? found.padStart(width, String(by)) : found.padEnd(width, String(by))
  }),
} satisfies { [name: string]: Implementation }

const AGGREGATES: { readonly [name: string]: (state: Cell, value: string) => Cell } = {
  ns_sum(state, value) {
    const sum = state === null ? value : add(String(state), value)
    if (sum === null) throw unsupported()
    return sum
  },
  ns_min: (state, value) => (state === null || compareDecimals(value, String(state)) < 0 ? value : state),
  ns_max: (state, value) => (state === null || compareDecimals(value, String(state)) > 0 ? value : state),
}

const registered = new WeakSet<DatabaseSync>()

/** Once per database. */
export function registerFunctions(database: DatabaseSync): void {
  if (registered.has(database)) return
  registered.add(database)
  for (const [name, work] of Object.entries(FUNCTIONS)) {
    database.function(name, { deterministic: true, varargs: true }, (...args) =>
      (work as Implementation)(...(args as Cell[])),
    )
  }
  for (const [name, step] of Object.entries(AGGREGATES)) {
    database.aggregate(name, {
      start: () => null as Cell,
      step: (state: Cell, value: unknown) => (value === null ? state : step(state, String(value))),
      result: (state: Cell) => state,
    })
  }
}

function placesOf(value: string | number): number {
  return Math.max(-60, Math.min(60, Math.trunc(Number(value))))
}

function whole(value: string, direction: -1 | 1): string | null {
  const truncated = truncate(value, 0) ?? '0'
  const off = compareDecimals(value, truncated)
  return off === direction ? add(truncated, String(direction)) : truncated
}

function addMonths(at: number, months: number): number {
  const date = new Date(at)
  const year = date.getUTCFullYear()
  const month = date.getUTCMonth() + months
  const last = new Date(Date.UTC(year, month + 1, 0)).getUTCDate()
  const wasLast = date.getUTCDate() === new Date(Date.UTC(year, date.getUTCMonth() + 1, 0)).getUTCDate()
  const day = wasLast ? last : Math.min(date.getUTCDate(), last)
  return Date.UTC(year, month, day) + (((at % DAY) + DAY) % DAY)
}

function truncateDate(at: number, unit: string): number {
  const date = new Date(at)
  const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()]
  const fields = { year, month: month + 1, day, hour: 0, minute: 0, second: 0 }
  const cut = (changes: Partial<typeof fields>) => wall({ ...fields, ...changes }) ?? at
  switch (unit) {
    case 'DD':
    case 'DDD':
      return cut({})
    case 'MM':
    case 'MON':
    case 'MONTH':
      return cut({ day: 1 })
    case 'Q':
      return cut({ month: Math.floor(month / 3) * 3 + 1, day: 1 })
    case 'YYYY':
    case 'YEAR':
    case 'YY':
      return cut({ month: 1, day: 1 })
    case 'IW':
      return cut({}) - ((date.getUTCDay() + 6) % 7) * DAY
    case 'DAY':
    case 'D':
      return cut({}) - date.getUTCDay() * DAY
    case 'HH24':
    case 'HH':
      return cut({ hour: date.getUTCHours() })
    case 'MI':
      return cut({ hour: date.getUTCHours(), minute: date.getUTCMinutes() })
    default:
      throw unsupported()
  }
}
