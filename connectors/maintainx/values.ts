import { decimals, type Json, type JsonObject, zones } from '../../core/index.ts'

/**
 * MaintainX's JSON: ids are whole numbers, instants ISO 8601 in UTC, money whole cents (or decimal texts, in fields
 * named `…Decimal`), quantities numbers, seldom texts.
 *
 * The readers here take a field of a record and throw TypeError on anything that is not what the field is.
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

export function flag(value: Json | undefined): boolean | null {
  if (isNothing(value)) return null
  return typeof value === 'boolean' ? value : fail('a boolean', value)
}

/** Id of a record, as text. */
export function ref(value: Json | undefined): string | null {
  if (isNothing(value)) return null
  const id = String(value as number | string)
  return isId(id) ? id : fail('an id', value)
}

export const isId = (value: string): boolean => /^[1-9]\d{0,15}$/.test(value)

const NUMBER = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?$/

/** Exact text without needless zeros; a JSON number by its shortest decimal form, never by arithmetic. */
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

/** Money given in cents: `120` is `1.2`. */
export function cents(value: Json | undefined): string | null {
  const amount = decimal(value)
  return amount === null ? null : decimals.multiplyDivide(amount, '1', '100', '0.000000001')
}

/** A time given in seconds, in hours. */
export function hours(value: Json | undefined): string | null {
  const seconds = decimal(value)
  return seconds === null ? null : decimals.ratio([seconds], ['3600'])
}

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})$/

/** Epoch ms. */
export function instant(value: Json | undefined): number | null {
  if (isNothing(value)) return null
  const at = typeof value === 'string' && INSTANT.test(value) ? Date.parse(value) : Number.NaN
  return Number.isNaN(at) ? fail('an instant', value) : at
}

/**
 * `YYYY-MM-DD` of an instant, in the zone: but what is midnight in UTC is a date that somebody gave without a time.
 * A date without a time is taken as it is.
 */
export function date(value: Json | undefined, zone: string): string | null {
  if (isNothing(value)) return null
  if (typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value)) return value
  const at = instant(value) as number
  const local = at % 86_400_000 === 0 ? at : zones.localOf(at, zone)
  return new Date(local).toISOString().slice(0, 10)
}

/** Records within a record; not given: none. */
export function children(value: Json | undefined): readonly Row[] {
  if (value === null || value === undefined) return []
  if (!Array.isArray(value)) return fail('a list', value)
  for (const each of value as readonly Json[]) if (!isRow(each)) return fail('a record', each)
  return value as readonly Row[]
}

/** Texts in a list; not given: none. */
export function texts(value: Json | undefined): readonly string[] {
  if (value === null || value === undefined) return []
  if (!Array.isArray(value)) return fail('a list', value)
  return (value as readonly Json[]).map(text).filter((each) => each !== null)
}
