import { argument, type Functions, first, taking } from './arguments.ts'
import { comparable } from './comparison.ts'
import { type Context, emit } from './context.ts'
import { alike, sortable } from './conversions.ts'
import { computed, constant, isConstant, type Value } from './value.ts'

export const CONDITIONAL_FUNCTIONS: Functions = {
  nvl: (context, args) => coalesce(context, taking(args, 2)),
  coalesce: (context, args) => coalesce(context, taking(args, 2, 100)),
  nvl2(context, args) {
    taking(args, 3)
    const { type, values } = alike(context, args.slice(1))
    const [some, none] = values.map((it) => emit(context, it))
    return computed(type, `CASE WHEN ${emit(context, first(args))} IS NOT NULL THEN ${some} ELSE ${none} END`)
  },
  nullif(context, args) {
    taking(args, 2)
    const [left, right] = [first(args), argument(args, 1)]
    if (left.type === 'null' || right.type === 'null') return left
    const [a, b] = comparable(context, left, right)
    return computed(
      left.type,
      `CASE WHEN ${sortable(context, a)} = ${sortable(context, b)} THEN NULL ELSE ${emit(context, left)} END`,
    )
  },
  /** DECODE(value, search, result, …, default): null finds null. */
  decode(context, args) {
    taking(args, 3, 255)
    const operand = first(args)
    const pairs = Math.floor((args.length - 1) / 2)
    const results = Array.from({ length: pairs }, (_, at) => argument(args, 2 + at * 2))
    results.push(args.length % 2 === 0 ? argument(args, args.length - 1) : constant('null', null))
    const { type, values } = alike(context, results)
    const branches = Array.from({ length: pairs }, (_, at) => {
      const search = argument(args, 1 + at * 2)
      const result = emit(context, argument(values, at))
      if (search.type === 'null' || operand.type === 'null') {
        return `WHEN ${emit(context, operand)} IS ${emit(context, search)} THEN ${result}`
      }
      const [a, b] = comparable(context, operand, search)
      return `WHEN ${sortable(context, a)} IS ${sortable(context, b)} THEN ${result}`
    })
    return computed(type, `CASE ${branches.join(' ')} ELSE ${emit(context, argument(values, pairs))} END`)
  },
  greatest: (context, args) => extreme(context, taking(args, 2, 100), '>='),
  least: (context, args) => extreme(context, taking(args, 2, 100), '<='),
}

function coalesce(context: Context, args: readonly Value[]): Value {
  const { type, values } = alike(context, args)
  const [start] = values
  if (start !== undefined && isConstant(start) && start.constant !== null) return start
  const nullable = values.every((it) => it.nullable)
  return computed(type, `COALESCE(${values.map((it) => emit(context, it)).join(', ')})`, { nullable })
}

/** The greatest or least; null when any is null. */
function extreme(context: Context, args: readonly Value[], op: '>=' | '<='): Value {
  const { type, values } = alike(context, args)
  if (values.some((it) => it.type === 'null')) return constant('null', null)
  if (type !== 'decimal') {
    return computed(type, `${op === '>=' ? 'max' : 'min'}(${values.map((it) => emit(context, it)).join(', ')})`)
  }
  return values.reduce((best, value) => {
    const [a, b] = [best, value].map((it) => sortable(context, it))
    const chosen = `CASE WHEN ${a} ${op} ${b} THEN ${emit(context, best)} WHEN ${b} IS NOT NULL AND ${a} IS NOT NULL THEN ${emit(context, value)} END`
    return computed('decimal', chosen)
  })
}
