import { decimalText } from '../values.ts'
import { type Context, call, emit, zoneOf } from './context.ts'
import { unsupported } from './errors.ts'
import { preferredFormat, readByPreference } from './preferences.ts'
import { computed, constant, isConstant, isNumeric, isTemporal, type Type, type Value } from './value.ts'

/** Conversions the database makes by itself. @throws SuiteQlError where it makes none, or where one fails */
export function toNumber(context: Context, value: Value): Value {
  if (value.type === 'null' || isNumeric(value)) return value
  if (value.type !== 'text') throw unsupported()
  if (isConstant(value)) return numberConstant(String(value.constant))
  return call(context, 'ns_number', 'decimal', [value])
}

/** @throws SuiteQlError when the text is no number */
export function numberConstant(text: string, literal = false): Value {
  const decimal = decimalText(text)
  if (decimal === null) throw unsupported()
  return /^-?\d{1,15}$/.test(decimal)
    ? constant('integer', Number(decimal), literal)
    : constant('decimal', decimal, literal)
}

export function toText(context: Context, value: Value): Value {
  if (value.type === 'null' || value.type === 'text') return value
  if (isTemporal(value)) return dateToText(context, value, constant('text', preferredFormat(context.account)))
  if (value.type === 'integer') {
    if (isConstant(value)) return constant('text', String(value.constant))
    return computed('text', `CAST(${value.sql} AS TEXT)`, { nullable: value.nullable })
  }
  return call(context, 'ns_number_text', 'text', [value])
}

/** TO_CHAR of a date, in the account's zone. */
export function dateToText(context: Context, value: Value, format: Value): Value {
  return call(context, 'ns_show_date', 'text', [toWall(context, value), format])
}

/** A date and time without zone; texts by the user's preference. */
export function toWall(context: Context, value: Value): Value {
  switch (value.type) {
    case 'null':
    case 'wall':
      return value
    case 'date':
      return call(context, 'ns_date_wall', 'wall', [value])
    case 'instant':
      return call(context, 'ns_wall', 'wall', [value, constant('text', zoneOf(context, value), true)])
    case 'text':
      if (isConstant(value)) return constant('wall', readByPreference(String(value.constant), context.account))
      throw unsupported()
    default:
      throw unsupported()
  }
}

export function toInstant(context: Context, value: Value): Value {
  if (value.type === 'instant' || value.type === 'null') return value
  const zone = constant('text', context.account.timeZone, true)
  return call(context, 'ns_instant', 'instant', [toWall(context, value), zone])
}

/** Are all of them numbers, or dates, or texts? The branches of a CASE must be. */
export function sameKind(values: readonly Value[]): boolean {
  const kinds = values
    .filter((it) => it.type !== 'null')
    .map((it) => (isNumeric(it) ? 'number' : isTemporal(it) ? 'date' : 'text'))
  return new Set(kinds).size <= 1
}

/** All values in one type: that of the first that is not null. */
export function alike(context: Context, values: readonly Value[]): { type: Type; values: readonly Value[] } {
  const first = values.find((it) => it.type !== 'null')
  if (first === undefined) return { type: 'null', values }
  if (isNumeric(first)) {
    const numbers = values.map((it) => toNumber(context, it))
    return { type: numbers.some((it) => it.type === 'decimal') ? 'decimal' : 'integer', values: numbers }
  }
  if (isTemporal(first)) {
    if (values.every((it) => it.type === first.type || it.type === 'null')) return { type: first.type, values }
    return { type: 'wall', values: values.map((it) => toWall(context, it)) }
  }
  return { type: 'text', values: values.map((it) => toText(context, it)) }
}

/** The value as something SQLite compares and orders rightly. */
export function sortable(context: Context, value: Value): string {
  if (value.type !== 'decimal') return emit(context, value)
  if (isConstant(value)) return String(Number(value.constant))
  return `CAST(${value.sql} AS REAL)`
}
