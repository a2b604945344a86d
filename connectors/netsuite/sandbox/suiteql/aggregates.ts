import { childrenOf, type Expression } from './ast.ts'
import { type Context, emit } from './context.ts'
import { toNumber } from './conversions.ts'
import { unsupported } from './errors.ts'
import type { Scope } from './scope.ts'
import { computed, type Value } from './value.ts'

const NAMES = new Set(['count', 'sum', 'min', 'max', 'avg'])

export function isAggregate(name: string): boolean {
  return NAMES.has(name)
}

/** No arguments: COUNT(*). @throws SuiteQlError where aggregates are not allowed */
export function aggregate(
  context: Context,
  name: string,
  args: readonly Expression[],
  distinct: boolean,
  scope: Scope,
): Value {
  if (!scope.aggregates || args.length > 1) throw unsupported()
  const [arg] = args
  if (arg === undefined) {
    if (name !== 'count') throw unsupported()
    return computed('integer', 'count(*)', { nullable: false })
  }
  // none within another
  scope.aggregates = false
  const value = context.value(arg, scope)
  scope.aggregates = true
  const each = distinct ? 'DISTINCT ' : ''
  if (name === 'count') return computed('integer', `count(${each}${emit(context, value)})`, { nullable: false })
  if (name === 'min' || name === 'max') {
    const work = value.type === 'decimal' ? `ns_${name}` : name
    return computed(
      value.type,
      `${work}(${each}${emit(context, value)})`,
      value.zone === undefined ? {} : { zone: value.zone },
    )
  }
  const number = emit(context, toNumber(context, value))
  const sum = `ns_sum(${each}${number})`
  return computed('decimal', name === 'sum' ? sum : `ns_divide(${sum}, NULLIF(count(${each}${number}), 0))`)
}

/** Does an expression hold an aggregate, outside subqueries? */
export function hasAggregate(node: Expression): boolean {
  if (node.kind === 'countAll' || (node.kind === 'call' && isAggregate(node.name))) return true
  return childrenOf(node).some(hasAggregate)
}
