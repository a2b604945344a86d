import { decimals, type Json, type JsonObject } from '../../core/index.ts'

/**
 * Tryton's JSON: what JSON has no type for comes as `{"__class__": …}` (trytond/protocols/jsonrpc.py, 6.0):
 * Decimal, datetime and date (naive; a datetime is UTC), time, timedelta, bytes. Floats (quantities) are JSON numbers,
 * booleans may come as 0 and 1, missing values as null.
 *
 * The readers here take a field of a payload and throw TypeError on anything that is not what the field is.
 */
export type Row = JsonObject

export const isRow = (value: Json | undefined): value is Row =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const fail = (wanted: string, value: unknown): never => {
  throw new TypeError(`expected ${wanted}, got ${JSON.stringify(value)?.slice(0, 200)}`)
}

const classed = (value: Json | undefined, name: string): Row | null =>
  isRow(value) && value['__class__'] === name ? value : null

const part = (row: Row, name: string): number => {
  const value = row[name]
  return typeof value === 'number' ? value : fail(`a number in ${name}`, row)
}

/** Trimmed text; empty is null. */
export function text(value: Json | undefined): string | null {
  if (value === null || value === undefined) return null
  if (typeof value !== 'string') return fail('text', value)
  const trimmed = value.trim()
  return trimmed === '' ? null : trimmed
}

/** Id of a record (many2one). */
export function reference(value: Json | undefined): number | null {
  if (value === null || value === undefined) return null
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : fail('a record id', value)
}

/** Decimal or float → exact text; a float by its shortest decimal form, never by arithmetic. */
export function decimal(value: Json | undefined): string | null {
  if (value === null || value === undefined) return null
  if (typeof value === 'number') return decimals.plain(String(value))
  const content = classed(value, 'Decimal')?.['decimal']
  return typeof content === 'string' ? decimals.plain(content) : fail('a number or Decimal', value)
}

export function truth(value: Json | undefined): boolean | null {
  if (value === null || value === undefined) return null
  if (typeof value === 'boolean') return value
  return value === 0 || value === 1 ? value === 1 : fail('a boolean', value)
}

/** `YYYY-MM-DD`. */
export function date(value: Json | undefined): string | null {
  if (value === null || value === undefined) return null
  const row = classed(value, 'date') ?? fail('a date', value)
  const [year, month, day] = [part(row, 'year'), part(row, 'month'), part(row, 'day')]
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
}

/** Epoch milliseconds of a naive UTC datetime; microseconds are cut. */
export function instant(value: Json | undefined): number | null {
  if (value === null || value === undefined) return null
  const row = classed(value, 'datetime') ?? fail('a datetime', value)
  const at = Date.UTC(part(row, 'year'), part(row, 'month') - 1, part(row, 'day'))
  const seconds = part(row, 'hour') * 3600 + part(row, 'minute') * 60 + part(row, 'second')
  return at + seconds * 1000 + Math.floor(part(row, 'microsecond') / 1000)
}

/** Whole days of a timedelta, rounded up: lead times. */
export function days(value: Json | undefined): number | null {
  if (value === null || value === undefined) return null
  const row = classed(value, 'timedelta') ?? fail('a timedelta', value)
  return Math.ceil(part(row, 'seconds') / 86_400)
}

/** Records behind a dotted field: key `lines.` of a row. */
export function rows(value: Json | undefined): readonly Row[] {
  if (value === null || value === undefined) return []
  if (!Array.isArray(value)) return fail('records', value)
  for (const each of value as readonly Json[]) if (!isRow(each)) return fail('a record', each)
  return value as readonly Row[]
}

/** The record behind a dotted many2one: key `currency.` of a row. */
export function row(value: Json | undefined): Row | null {
  if (value === null || value === undefined) return null
  return isRow(value) ? value : fail('a record', value)
}

/** Epoch milliseconds → the datetime Tryton understands in a domain. */
export function toDatetime(ms: number): Row {
  const at = new Date(ms)
  return {
    __class__: 'datetime',
    year: at.getUTCFullYear(),
    month: at.getUTCMonth() + 1,
    day: at.getUTCDate(),
    hour: at.getUTCHours(),
    minute: at.getUTCMinutes(),
    second: at.getUTCSeconds(),
    microsecond: at.getUTCMilliseconds() * 1000,
  }
}

/** `YYYY-MM-DD` → the date Tryton understands in a domain or context. */
export function toDate(iso: string): Row {
  const [year = 0, month = 0, day = 0] = iso.split('-').map(Number)
  return { __class__: 'date', year, month, day }
}
