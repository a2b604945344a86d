import { argument, type Functions, first, taking } from './arguments.ts'
import { type Context, call, emit } from './context.ts'
import { numberConstant, sortable, toNumber } from './conversions.ts'
import { computed, constant, isConstant, type Value } from './value.ts'

const ZERO = constant('integer', 0, true)

type Named = 'ns_round' | 'ns_truncate' | 'ns_floor' | 'ns_ceil' | 'ns_mod' | 'ns_multiply'

function exact(context: Context, name: Named, args: readonly Value[]): Value {
  const numbers = args.map((it) => toNumber(context, it))
  const result = call(context, name, 'decimal', numbers)
  return isConstant(result) && result.constant !== null ? numberConstant(String(result.constant)) : result
}

export const NUMBER_FUNCTIONS: Functions = {
  round: (context, args) => exact(context, 'ns_round', [first(taking(args, 1, 2)), argument(args, 1, ZERO)]),
  floor: (context, args) => exact(context, 'ns_floor', taking(args, 1)),
  ceil: (context, args) => exact(context, 'ns_ceil', taking(args, 1)),
  mod: (context, args) => exact(context, 'ns_mod', taking(args, 2)),
  abs(context, args) {
    const value = toNumber(context, first(taking(args, 1)))
    const minus = exact(context, 'ns_multiply', [value, constant('integer', -1, true)])
    const [kept, turned] = [emit(context, value), emit(context, minus)]
    return computed('decimal', `CASE WHEN ${sortable(context, value)} < 0 THEN ${turned} ELSE ${kept} END`)
  },
  sign(context, args) {
    const value = sortable(context, toNumber(context, first(taking(args, 1))))
    return computed('integer', `CASE WHEN ${value} > 0 THEN 1 WHEN ${value} < 0 THEN -1 WHEN ${value} = 0 THEN 0 END`)
  },
}

/** TRUNC of a number. */
export function truncated(context: Context, args: readonly Value[]): Value {
  return exact(context, 'ns_truncate', [first(taking(args, 1, 2)), argument(args, 1, ZERO)])
}
