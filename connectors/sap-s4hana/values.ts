import { type Json, type JsonObject, zones } from '../../core/index.ts'

export { entityPath, literal } from './literals.ts'

/**
 * OData V2 JSON: dates are `/Date(ms)/` (date-only ones at UTC midnight), with `+minutes` behind when they are instants;
 * times `PT17H49M05S`; decimals text; an empty string means nothing; rows of a relation `{results: []}`.
 *
 * The readers here take a field of a payload and throw TypeError on anything that is not what the field is.
 */
export type Row = JsonObject

export const isRow = (value: Json | undefined): value is Row =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const fail = (wanted: string, value: unknown): never => {
  throw new TypeError(`expected ${wanted}, got ${JSON.stringify(value)?.slice(0, 200)}`)
}

/** Trimmed text; empty is null. A number is taken as its text (some services send numeric keys so). */
export function text(value: Json | undefined): string | null {
  if (value === null || value === undefined) return null
  if (typeof value === 'number') return String(value)
  if (typeof value !== 'string') return fail('text', value)
  const trimmed = value.trim()
  return trimmed === '' ? null : trimmed
}

export function flag(value: Json | undefined): boolean | null {
  if (value === null || value === undefined || value === '') return null
  return typeof value === 'boolean' ? value : fail('a boolean', value)
}

const NUMBER = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?(-?)$/

/**
 * Exact text without needless zeros, `-?digits[.digits]`; a JSON number by its shortest decimal form, never by
 * arithmetic. ABAP's minus behind the digits and exponents (Edm.Double) are understood.
 */
export function decimal(value: Json | undefined): string | null {
  if (value === null || value === undefined || value === '') return null
  const match = typeof value === 'number' || typeof value === 'string' ? NUMBER.exec(String(value).trim()) : null
  const [, sign = '', whole = '', fraction = '', exponent = '0', behind = ''] = match ?? []
  if (whole + fraction === '') return fail('a number', value)
  const shift = Number(exponent)
  const digits = (whole + fraction).padEnd(whole.length + shift, '0').padStart(fraction.length - shift, '0')
  const point = digits.length - Math.max(0, fraction.length - shift)
  const left = digits.slice(0, point).replace(/^0+(?=.)/, '') || '0'
  const right = digits.slice(point).replace(/0+$/, '')
  const magnitude = right === '' ? left : `${left}.${right}`
  return magnitude !== '0' && (sign === '-') !== (behind === '-') ? `-${magnitude}` : magnitude
}

const WIRE_DATE = /^\/Date\((-?\d{1,15})([+-]\d{1,4})?\)\/$/
const ISO = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})?$/
/** 0001-01-01 to 9999-12-31: the dates that SAP can hold. */
const EARLIEST_MS = -62_135_596_800_000
const LATEST_MS = Date.UTC(9999, 11, 31, 23, 59, 59, 999)

/**
 * Epoch ms. The offset behind `/Date(ms+60)/` is for showing only: ms is UTC already.
 * An ISO time without zone is UTC.
 */
export function sapInstant(value: Json | undefined): number | null {
  if (value === null || value === undefined || value === '') return null
  if (typeof value !== 'string') return fail('a date', value)
  const ms = WIRE_DATE.exec(value)?.[1]
  if (ms !== undefined) {
    const at = Number(ms)
    return at >= EARLIEST_MS && at <= LATEST_MS ? at : fail('a date', value)
  }
  if (!ISO.test(value)) return fail('a date', value)
  const at = Date.parse(/(Z|[+-]\d{2}:\d{2})$/.test(value) ? value : `${value}Z`)
  return Number.isNaN(at) ? fail('a date', value) : at
}

/** `YYYY-MM-DD`; SAP's "unlimited" (9999-12-31) and "none" (year 1) are null. */
export function sapDate(value: Json | undefined): string | null {
  const at = sapInstant(value)
  if (at === null) return null
  const date = new Date(at)
  const year = date.getUTCFullYear()
  return year >= 9999 || year <= 1 ? null : date.toISOString().slice(0, 10)
}

/** Seconds since midnight. */
export function sapTime(value: Json | undefined): number | null {
  if (value === null || value === undefined || value === '') return null
  const match = typeof value === 'string' ? /^PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.\d+)?S)?$/.exec(value) : null
  if (match === null) return fail('a time', value)
  const [, hours = '0', minutes = '0', seconds = '0'] = match
  return Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)
}

/**
 * Epoch ms of a date column and a time column, read in `zone` (IANA). No time: midnight.
 * In the hour that the clock strikes twice, the later one.
 */
export function localInstant(date: Json | undefined, time: Json | undefined, zone: string): number | null {
  const day = sapInstant(date)
  if (day === null || sapDate(date) === null) return null
  return zones.instantOf(Math.floor(day / 86_400_000) * 86_400_000 + (sapTime(time) ?? 0) * 1000, zone)
}

/** Rows of an expanded to-many relation, in whichever of SAP's forms. Not expanded: none. */
export function children(value: Json | undefined): readonly Row[] {
  if (value === null || value === undefined) return []
  const found = isRow(value) && !('__deferred' in value) ? value['results'] : value
  if (isRow(value) && '__deferred' in value) return []
  if (!Array.isArray(found)) return fail('rows', value)
  for (const each of found as readonly Json[]) if (!isRow(each)) return fail('a row', each)
  return found as readonly Row[]
}

/** The row of an expanded to-one relation. Not expanded, or nothing there: null. */
export function child(value: Json | undefined): Row | null {
  if (value === null || value === undefined) return null
  if (!isRow(value)) return fail('a row', value)
  return '__deferred' in value ? null : value
}

/** For comparing only: SAP pads numeric keys with zeros in some places and not in others. */
export const stripZeros = (key: string): string => (/^\d+$/.test(key) ? key.replace(/^0+(?=.)/, '') : key)
