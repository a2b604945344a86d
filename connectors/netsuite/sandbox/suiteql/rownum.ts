import { type Comparison, childrenOf, type Expression } from './ast.ts'
import type { Context } from './context.ts'
import { toNumber } from './conversions.ts'
import { unsupported } from './errors.ts'
import type { Scope } from './scope.ts'
import { FLIPPED, isConstant } from './value.ts'

/** WHERE without its conditions on ROWNUM, and how many rows those let through. */
export interface RowLimit {
  readonly rest: Expression | null
  /** null: all. */
  readonly limit: number | null
}

/** ROWNUM counts the rows WHERE lets through, before anything orders them. @throws SuiteQlError for ROWNUM below OR or NOT */
export function rowLimit(context: Context, where: Expression | null, scope: Scope): RowLimit {
  if (where === null || !hasRownum(where)) return { rest: where, limit: null }
  const conjuncts = where.kind === 'and' ? where.operands : [where]
  const rest = conjuncts.filter((it) => !hasRownum(it))
  const limits = conjuncts.filter(hasRownum).flatMap((it) => limitsOf(context, it, scope))
  const [only] = rest
  return {
    rest: rest.length > 1 ? { kind: 'and', operands: rest } : (only ?? null),
    limit: Math.min(...limits),
  }
}

function limitsOf(context: Context, node: Expression, scope: Scope): number[] {
  const number = (expression: Expression): number => {
    const value = toNumber(context, context.value(expression, scope))
    if (!isConstant(value)) throw unsupported()
    return value.constant === null ? Number.NaN : Number(value.constant)
  }
  if (node.kind === 'between' && isRownum(node.operand) && !node.negated) {
    return [passing('>=', number(node.low)), passing('<=', number(node.high))]
  }
  if (node.kind !== 'compare') throw unsupported()
  if (isRownum(node.left)) return [passing(node.op, number(node.right))]
  if (isRownum(node.right)) return [passing(FLIPPED[node.op], number(node.left))]
  throw unsupported()
}

function isRownum(node: Expression): boolean {
  return node.kind === 'column' && hasRownum(node)
}

/** A row that does not pass gives its number to the next: after the first failure none passes. */
function passing(op: Comparison, value: number): number {
  if (Number.isNaN(value)) return 0
  const all = Number.MAX_SAFE_INTEGER
  switch (op) {
    case '<=':
      return Math.max(0, Math.floor(value))
    case '<':
      return Math.max(0, Math.ceil(value) - 1)
    case '=':
      return value === 1 ? 1 : 0
    case '>':
      return value < 1 ? all : 0
    case '>=':
      return value <= 1 ? all : 0
    case '<>':
      return Number.isInteger(value) && value >= 1 ? value - 1 : all
  }
}

/** Does an expression hold ROWNUM, outside subqueries? */
export function hasRownum(node: Expression): boolean {
  if (node.kind === 'column') return node.table === null && node.name.text === 'rownum'
  return childrenOf(node).some(hasRownum)
}
