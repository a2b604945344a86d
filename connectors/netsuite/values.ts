import type { Json, JsonObject } from '../../core/index.ts'

/**
 * SuiteQL answers text for everything: `'T'`/`'F'`, numbers as Oracle writes them (`.5`), nothing for null. What leaves
 * `read/` is the same but for times: instants are ISO in UTC (`2026-01-15T10:00:00Z`), dates `YYYY-MM-DD`.
 *
 * The readers here take a field of a row and throw TypeError on anything that is not what the field is.
 */
export type Row = JsonObject

export const isRow = (value: Json | undefined): value is Row =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const fail = (wanted: string, value: unknown): never => {
  throw new TypeError(`expected ${wanted}, got ${JSON.stringify(value)?.slice(0, 200)}`)
}

const isNothing = (value: Json | undefined): value is null | undefined | '' =>
  value === null || value === undefined || value === ''

/** Trimmed text; empty is null. A number is taken as its text. */
export function text(value: Json | undefined): string | null {
  if (isNothing(value)) return null
  if (typeof value === 'number') return String(value)
  if (typeof value !== 'string') return fail('text', value)
  const trimmed = value.trim()
  return trimmed === '' ? null : trimmed
}

/** `'T'`/`'F'`. */
export function flag(value: Json | undefined): boolean | null {
  if (isNothing(value)) return null
  if (typeof value === 'boolean') return value
  if (value === 'T' || value === 'true') return true
  return value === 'F' || value === 'false' ? false : fail("'T' or 'F'", value)
}

const NUMBER = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?$/

/** Exact text without needless zeros, `-?digits[.digits]`; never by arithmetic. */
export function decimal(value: Json | undefined): string | null {
  if (isNothing(value)) return null
  const match = typeof value === 'number' || typeof value === 'string' ? NUMBER.exec(String(value).trim()) : null
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match ?? []
  if (whole + fraction === '') return fail('a number', value)
  const shift = Number(exponent)
  const digits = (whole + fraction).padEnd(whole.length + shift, '0').padStart(fraction.length - shift, '0')
  const point = digits.length - Math.max(0, fraction.length - shift)
  const left = digits.slice(0, point).replace(/^0+(?=.)/, '') || '0'
  const right = digits.slice(point).replace(/0+$/, '')
  const magnitude = right === '' ? left : `${left}.${right}`
  return magnitude !== '0' && sign === '-' ? `-${magnitude}` : magnitude
}

/** Internal id of another record, as text; NetSuite's ids are whole numbers (some built-in ones negative). */
export function ref(value: Json | undefined): string | null {
  const id = text(value)
  return id === null || isId(id) ? id : fail('an internal id', value)
}

export const isId = (value: string): boolean => /^-?\d{1,18}$/.test(value)

const DATE = /^(\d{4})-(\d{2})-(\d{2})$/

/** `YYYY-MM-DD`; a date that no calendar has is refused. */
export function date(value: Json | undefined): string | null {
  if (isNothing(value)) return null
  const match = typeof value === 'string' ? DATE.exec(value.trim()) : null
  if (match === null) return fail('a date YYYY-MM-DD', value)
  const [day, year, month, ofMonth] = match
  return isDay(Number(year), Number(month), Number(ofMonth)) ? day : fail('a date', value)
}

const LENGTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/** By hand: every line of every order has a date. */
function isDay(year: number, month: number, day: number): boolean {
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  return day >= 1 && day <= (month === 2 && isLeap ? 29 : (LENGTHS[month - 1] ?? 0))
}

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/

/** Epoch ms of an instant as `read/` gives it. */
export function instant(value: Json | undefined): number | null {
  if (isNothing(value)) return null
  const at = typeof value === 'string' && INSTANT.test(value) ? Date.parse(value) : Number.NaN
  return Number.isNaN(at) ? fail('an instant', value) : at
}

/** Rows that were read with their record (`ChildSource.as`). Not read: none. */
export function children(value: Json | undefined): readonly Row[] {
  if (value === null || value === undefined) return []
  if (!Array.isArray(value)) return fail('rows', value)
  for (const each of value as readonly Json[]) if (!isRow(each)) return fail('a row', each)
  return value as readonly Row[]
}
