import { badRequest } from '../errors.ts'
import type { EntitySet, Property } from '../model.ts'
import { padZeros } from '../numbers.ts'
import type { Where } from '../store.ts'
import { type Cell, isDecimal, orderColumn, quote, toCell } from '../table.ts'
import type { Comparison, Expression } from './filter.ts'
import { comparable, isNumeric, valueFor } from './literals.ts'

const SQL: { readonly [op in Comparison]: string } = { eq: '=', ne: 'IS NOT', gt: '>', ge: '>=', lt: '<', le: '<=' }
const FLIPPED: { readonly [op in Comparison]: Comparison } = {
  eq: 'eq',
  ne: 'ne',
  gt: 'lt',
  ge: 'le',
  lt: 'gt',
  le: 'ge',
}

/** A value expression: its SQL, with its parameters, and its Edm type. */
interface Operand {
  readonly sql: string
  readonly params: readonly Cell[]
  readonly type: string
}

/** @throws SapError 400 when operands do not fit their operators */
export function filterSql(expression: Expression, set: EntitySet): Where {
  const params: Cell[] = []
  const sql = condition(expression, set, params, { exact: false, hint: '' })
  return { sql, params }
}

interface Mode {
  /** Below a `not` or a comparison, "unknown" must be "false". */
  readonly exact: boolean
  /** `+` keeps the planner from using an index for a column here. */
  readonly hint: '' | '+'
}

function condition(node: Expression, set: EntitySet, params: Cell[], mode: Mode): string {
  switch (node.kind) {
    case 'and':
      return `(${condition(node.left, set, params, mode)} AND ${condition(node.right, set, params, mode)})`
    case 'or':
      return disjunction(node.left, node.right, set, params, mode)
    case 'not':
      return `NOT ${condition(node.operand, set, params, { ...mode, exact: true })}`
    case 'compare':
      return comparison(node, set, params, mode)
    case 'call':
      if (node.name === 'tolower' || node.name === 'toupper') throw notBoolean()
      return textFunction(node.name, node.args, set, params)
    case 'property':
      if (node.property.type !== 'Edm.Boolean') throw notBoolean()
      return `COALESCE(${quote(node.property.name)}, 0) = 1`
    case 'literal':
      if (node.literal.type !== 'Edm.Boolean') throw notBoolean()
      return node.literal.value === true ? '1' : '0'
  }
}

/**
 * `(changed gt X) or (changed eq X and key gt K)` implies `changed ge X`. Said aloud, an index on the change date
 * gives both the range and the order; left unsaid, every page would sort all that is left.
 */
function disjunction(left: Expression, right: Expression, set: EntitySet, params: Cell[], mode: Mode): string {
  const bound = mode.exact ? null : sharedBound(left, right)
  if (bound === null) {
    return `(${condition(left, set, params, mode)} OR ${condition(right, set, params, mode)})`
  }
  params.push(bound.cell)
  const inner: Mode = { ...mode, hint: '+' }
  return `(${bound.column(set)} >= ? AND (${condition(left, set, params, inner)} OR ${condition(right, set, params, inner)}))`
}

interface Bound {
  readonly property: Property
  readonly cell: Cell
  readonly open: boolean
  column(set: EntitySet): string
}

function sharedBound(left: Expression, right: Expression): Bound | null {
  const others = lowerBounds(right)
  for (const one of lowerBounds(left)) {
    const other = others.find((it) => it.property === one.property)
    if (other === undefined || !(one.open || other.open)) continue
    if (one.cell === null || other.cell === null) continue
    return one.cell <= other.cell ? one : other
  }
  return null
}

function lowerBounds(node: Expression): Bound[] {
  if (node.kind === 'and') return [...lowerBounds(node.left), ...lowerBounds(node.right)]
  if (node.kind === 'or') {
    const shared = sharedBound(node.left, node.right)
    return shared === null ? [] : [shared]
  }
  if (node.kind !== 'compare' || node.left.kind !== 'property' || node.right.kind !== 'literal') return []
  const { property } = node.left
  if (!['gt', 'ge', 'eq'].includes(node.op) || isDecimal(property) || node.right.literal.value === null) return []
  if (!comparable(property.type, node.right.literal.type)) return []
  const cell = literalCell(property, valueFor(property, node.right.literal), true)
  return [{ property, cell, open: node.op !== 'eq', column: (set) => orderColumn(set, property.name) }]
}

function comparison(node: Expression & { kind: 'compare' }, set: EntitySet, params: Cell[], mode: Mode): string {
  const { op, left, right } = node
  if (left.kind === 'property' && right.kind === 'literal')
    return withLiteral(left.property, op, right, set, params, mode)
  if (left.kind === 'literal' && right.kind === 'property')
    return withLiteral(right.property, FLIPPED[op], left, set, params, mode)
  if (isCondition(left) || isCondition(right)) {
    if (op !== 'eq' && op !== 'ne') throw notComparable('Edm.Boolean', 'Edm.Boolean', op)
    const exact: Mode = { exact: true, hint: '+' }
    return `((${condition(left, set, params, exact)}) ${SQL[op]} (${condition(right, set, params, exact)}))`
  }
  const one = operand(left, set)
  const two = operand(right, set)
  if (!comparable(one.type, two.type)) throw notComparable(one.type, two.type, op)
  params.push(...one.params, ...two.params)
  return `COALESCE(${one.sql} ${op === 'eq' ? 'IS' : SQL[op]} ${two.sql}, 0)`
}

/** What is true or false by itself: a comparison, a logical expression, a text test. */
function isCondition(node: Expression): boolean {
  return ['compare', 'and', 'or', 'not'].includes(node.kind) || (node.kind === 'call' && !node.name.startsWith('to'))
}

function withLiteral(
  property: Property,
  op: Comparison,
  { literal }: Expression & { kind: 'literal' },
  set: EntitySet,
  params: Cell[],
  mode: Mode,
): string {
  if (!comparable(property.type, literal.type)) throw notComparable(property.type, literal.type, op)
  if (literal.value === null) {
    if (op === 'eq' || op === 'ne') return `${quote(property.name)} IS ${op === 'eq' ? '' : 'NOT '}NULL`
    return '0'
  }
  if (property.type === 'Edm.Boolean' && op !== 'eq' && op !== 'ne')
    throw notComparable(property.type, literal.type, op)
  const equality = op === 'eq' || op === 'ne'
  const column = equality && !isDecimal(property) ? quote(property.name) : orderColumn(set, property.name)
  params.push(literalCell(property, valueFor(property, literal), !equality))
  const test = `${mode.hint}${column} ${SQL[op]} ?`
  return mode.exact && op !== 'ne' ? `COALESCE(${test}, 0)` : `(${test})`
}

/** A literal as it compares with the column: numbers as numbers, padded keys in the form they are ordered by. */
function literalCell(property: Property, value: string | number | boolean | null, ordered: boolean): Cell {
  if (isDecimal(property)) return Number(value)
  const cell = toCell(property, value)
  return ordered && property.pad > 0 && typeof cell === 'string' ? padZeros(cell, property.pad) : cell
}

function textFunction(name: string, args: readonly Expression[], set: EntitySet, params: Cell[]): string {
  const [first, second] = args.map((arg) => operand(arg, set)) as [Operand, Operand]
  for (const arg of [first, second]) {
    if (arg.type !== 'Edm.String') throw notComparable(arg.type, 'Edm.String', name)
  }
  const [text, part] = name === 'substringof' ? [second, first] : [first, second]
  if (name === 'substringof') {
    params.push(...text.params, ...part.params)
    return `(instr(${text.sql}, ${part.sql}) > 0)`
  }
  params.push(...text.params, ...part.params, ...part.params)
  return name === 'startswith'
    ? `(substr(${text.sql}, 1, length(${part.sql})) = ${part.sql})`
    : `(substr(${text.sql}, max(1, length(${text.sql}) - length(${part.sql}) + 1)) = ${part.sql})`
}

function operand(node: Expression, set: EntitySet): Operand {
  switch (node.kind) {
    case 'property': {
      const { name, type } = node.property
      return { sql: isNumeric(type) ? orderColumn(set, name) : quote(name), params: [], type }
    }
    case 'literal': {
      const { type, value } = node.literal
      const cell = typeof value === 'boolean' ? Number(value) : isNumeric(type) ? Number(value) : value
      return { sql: '?', params: [cell], type }
    }
    case 'call': {
      const inner = node.args[0] === undefined ? null : operand(node.args[0], set)
      if (inner === null || !node.name.startsWith('to') || inner.type !== 'Edm.String')
        throw badRequest('/IWCOR/CX_DS_EXPR_SYNTAX_ERROR', `Invalid parameter of function ${node.name}`)
      return { ...inner, sql: `${node.name === 'tolower' ? 'lower' : 'upper'}(${inner.sql})` }
    }
    default:
      throw badRequest('/IWCOR/CX_DS_EXPR_SYNTAX_ERROR', 'A value was expected, an expression found')
  }
}

function notBoolean(): Error {
  return badRequest('/IWCOR/CX_DS_EXPR_SYNTAX_ERROR', 'Filter expression is not of type Edm.Boolean')
}

function notComparable(one: string, two: string, op: string): Error {
  return badRequest('/IWCOR/CX_DS_EXPR_SYNTAX_ERROR', `Invalid parameter type used at function '${op}': ${one}, ${two}`)
}
