import { argument, type Functions, first, taking } from './arguments.ts'
import { concatenated } from './concatenation.ts'
import { type Context, call, emit } from './context.ts'
import { numberConstant, toNumber, toText } from './conversions.ts'
import { computed, constant, isConstant, type Value } from './value.ts'

const MAX_LENGTH = constant('integer', 4000, true)
const BLANK = constant('text', ' ', true)
const side = (name: string) => constant('text', name, true)

const of =
  (name: 'ns_upper' | 'ns_lower' | 'ns_initcap') =>
  (context: Context, args: readonly Value[]): Value =>
    call(context, name, 'text', [toText(context, first(taking(args, 1)))])

const trimming =
  (end: 'both' | 'left' | 'right', most: number) =>
  (context: Context, args: readonly Value[]): Value => {
    taking(args, 1, most)
    const characters = toText(context, argument(args, 1, BLANK))
    return call(context, 'ns_trim', 'text', [toText(context, first(args)), characters, side(end)])
  }

const padding =
  (end: 'left' | 'right') =>
  (context: Context, args: readonly Value[]): Value => {
    taking(args, 2, 3)
    const by = toText(context, argument(args, 2, BLANK))
    return call(context, 'ns_pad', 'text', [
      toText(context, first(args)),
      toNumber(context, argument(args, 1)),
      by,
      side(end),
    ])
  }

export const TEXT_FUNCTIONS: Functions = {
  upper: of('ns_upper'),
  lower: of('ns_lower'),
  initcap: of('ns_initcap'),
  concat: (context, args) => concatenated(context, first(taking(args, 2)), argument(args, 1)),
  length(context, args) {
    return whole(context, 'ns_length', [toText(context, first(taking(args, 1)))])
  },
  substr(context, args) {
    taking(args, 2, 3)
    const length = toNumber(context, argument(args, 2, MAX_LENGTH))
    return call(context, 'ns_substr', 'text', [
      toText(context, first(args)),
      toNumber(context, argument(args, 1)),
      length,
    ])
  },
  instr(context, args) {
    taking(args, 2, 3)
    const start = toNumber(context, argument(args, 2, constant('integer', 1, true)))
    return whole(context, 'ns_instr', [toText(context, first(args)), toText(context, argument(args, 1)), start])
  },
  replace(context, args) {
    taking(args, 2, 3)
    const by = toText(context, argument(args, 2, constant('null', null)))
    return call(context, 'ns_replace', 'text', [toText(context, first(args)), toText(context, argument(args, 1)), by])
  },
  trim: trimming('both', 1),
  ltrim: trimming('left', 2),
  rtrim: trimming('right', 2),
  lpad: padding('left'),
  rpad: padding('right'),
  to_number(context, args) {
    const value = toText(context, first(taking(args, 1)))
    if (isConstant(value)) return toNumber(context, value)
    return computed('decimal', `ns_number(${emit(context, value)})`)
  },
}

function whole(context: Context, name: 'ns_length' | 'ns_instr', args: readonly Value[]): Value {
  const result = call(context, name, 'decimal', args)
  return isConstant(result) && result.constant !== null ? numberConstant(String(result.constant)) : result
}
