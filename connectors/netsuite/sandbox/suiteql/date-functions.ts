import { argument, type Functions, first, taking } from './arguments.ts'
import { type Context, call, emit, today } from './context.ts'
import { dateToText, toNumber, toText, toWall } from './conversions.ts'
import { strftimeOf } from './date-formats.ts'
import { unsupported } from './errors.ts'
import { truncated } from './number-functions.ts'
import { computed, constant, isConstant, isNumeric, isTemporal, type Value } from './value.ts'

export const DATE_FUNCTIONS: Functions = {
  to_char: toChar,
  to_date: toDate,
  to_timestamp: toDate,
  /** Of what has a zone: the same moment on a clock that shows UTC. */
  sys_extract_utc(context, args) {
    const value = first(taking(args, 1))
    if (value.type === 'null') return value
    if (value.type !== 'instant') throw unsupported()
    const { withoutUtc } = context.account
    if (withoutUtc === 'all' || withoutUtc.has(value.column?.table ?? 'dual')) throw unsupported()
    if (isConstant(value)) return constant('wall', value.constant)
    return computed('wall', emit(context, value), { nullable: value.nullable })
  },
  trunc(context, args) {
    taking(args, 1, 2)
    const value = first(args)
    if (isNumeric(value) || (value.type === 'text' && args.length === 1)) return truncated(context, args)
    const unit = toText(context, argument(args, 1, constant('text', 'DD', true)))
    return call(context, 'ns_truncate_date', 'wall', [toWall(context, value), unit])
  },
  add_months(context, args) {
    taking(args, 2)
    return call(context, 'ns_add_months', 'wall', [toWall(context, first(args)), toNumber(context, argument(args, 1))])
  },
  last_day: (context, args) => call(context, 'ns_last_day', 'wall', [toWall(context, first(taking(args, 1)))]),
}

function toChar(context: Context, args: readonly Value[]): Value {
  taking(args, 1, 2)
  const value = first(args)
  if (args.length === 1) return toText(context, value)
  // formats of numbers are not among what is run here
  if (!isTemporal(value) && value.type !== 'null') throw unsupported()
  const format = toText(context, argument(args, 1))
  if (!isConstant(format) || isConstant(value)) return dateToText(context, value, format)
  return shown(context, value, String(format.constant), format)
}

/** By SQLite's own means where it has them. */
function shown(context: Context, value: Value, model: string, format: Value): Value {
  const further = { nullable: value.nullable }
  if (value.type === 'date' && model.toUpperCase() === 'YYYY-MM-DD') return computed('text', value.sql, further)
  const native = strftimeOf(model)
  if (native === null) return dateToText(context, value, format)
  if (value.type === 'date') return computed('text', `strftime('${native}', ${value.sql})`, further)
  const wall = toWall(context, value)
  return computed('text', `strftime('${native}', ${wall.sql} / 1000, 'unixepoch')`, further)
}

/** With a format from a text; without one by the user's preference. */
function toDate(context: Context, args: readonly Value[]): Value {
  taking(args, 1, 2)
  const value = first(args)
  if (args.length === 1 || isTemporal(value)) return toWall(context, value)
  return call(context, 'ns_read_date', 'wall', [
    toText(context, value),
    toText(context, argument(args, 1)),
    constant('integer', today(context)),
  ])
}
