import type { Expression } from './ast.ts'
import { compare } from './comparison.ts'
import { type Context, emit } from './context.ts'
import { toText } from './conversions.ts'
import { unsupported } from './errors.ts'
import { memberOf } from './membership.ts'
import type { Scope } from './scope.ts'
import { sharedBounds } from './shared-bounds.ts'
import { type Condition, isConstant, plain, type Value } from './value.ts'

/** @param negated below a NOT, where nothing may be added that is only implied */
export function compileCondition(context: Context, node: Expression, scope: Scope, negated: boolean): Condition {
  const value = (expression: Expression): Value => context.value(expression, scope)
  const condition = (expression: Expression): Condition => context.condition(expression, scope, negated)
  switch (node.kind) {
    case 'and': {
      const parts = node.operands.map(condition)
      return { ...joined(parts, ' AND '), bounds: parts.flatMap((it) => it.bounds) }
    }
    case 'or': {
      const parts = node.operands.map(condition)
      const either = joined(parts, ' OR ')
      const shared = negated ? [] : sharedBounds(parts)
      if (shared.length === 0) return either
      const implied = shared
        .map(({ column, op, value: limit }) => `${column} ${op} ${context.bind(limit)}`)
        .join(' AND ')
      return { sql: `(${implied} AND ${either.loose})`, loose: either.loose, bounds: shared }
    }
    case 'not':
      return plain(`NOT (${context.condition(node.operand, scope, true).sql})`)
    case 'compare':
      return compare(context, node.op, value(node.left), value(node.right))
    case 'between': {
      const [operand, low, high] = [value(node.operand), value(node.low), value(node.high)]
      const [from, to] = [compare(context, '>=', operand, low), compare(context, '<=', operand, high)]
      if (node.negated) return plain(`NOT (${from.sql} AND ${to.sql})`)
      return { ...joined([from, to], ' AND '), bounds: [...from.bounds, ...to.bounds] }
    }
    case 'isNull':
      return plain(`${emit(context, value(node.operand))} IS ${node.negated ? 'NOT ' : ''}NULL`)
    case 'in':
      return memberOf(context, node, scope)
    case 'like':
      return like(context, node, scope)
    case 'exists': {
      const { sql } = context.query(node.query, scope)
      return plain(`EXISTS (${sql})`)
    }
    default:
      throw unsupported()
  }
}

function joined(parts: readonly Condition[], between: string): Condition {
  return {
    ...plain(`(${parts.map((it) => it.sql).join(between)})`),
    loose: `(${parts.map((it) => it.loose).join(between)})`,
  }
}

function like(context: Context, node: Expression & { kind: 'like' }, scope: Scope): Condition {
  const pattern = toText(context, context.value(node.pattern, scope))
  let operand = context.value(node.operand, scope)
  const prefixed = operand.column?.prefixed ?? null
  if (prefixed !== null && isConstant(pattern) && String(pattern.constant).includes(':')) {
    operand = { ...operand, sql: prefixed }
  }
  operand = toText(context, operand)
  let escape = ''
  if (node.escape !== null) {
    const character = context.value(node.escape, scope)
    if (!isConstant(character) || Array.from(String(character.constant)).length !== 1) throw unsupported()
    escape = ` ESCAPE ${emit(context, character)}`
  }
  const not = node.negated ? 'NOT ' : ''
  return plain(`(${emit(context, operand)} ${not}LIKE ${emit(context, pattern)}${escape})`)
}
