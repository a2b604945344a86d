import type { Expression, Query } from './ast.ts'
import { SHORT } from './coarse.ts'
import { comparable } from './comparison.ts'
import { type Context, emit } from './context.ts'
import { sortable } from './conversions.ts'
import { unsupported } from './errors.ts'
import type { Scope } from './scope.ts'
import { type Condition, computed, isConstant, plain, type Value } from './value.ts'

type In = Expression & { kind: 'in' }

export function memberOf(context: Context, node: In, scope: Scope): Condition {
  const operand = context.value(node.operand, scope)
  if ('branches' in node.list) return inQuery(context, operand, node.list, scope, node.negated)
  const items = node.list.map((it) => context.value(it, scope))
  return inList(context, operand, items, node.negated)
}

function inList(context: Context, operand: Value, items: readonly Value[], negated: boolean): Condition {
  if (operand.type === 'null') return plain('NULL')
  /** Items by the form of the operand they are compared with. */
  const groups = new Map<string, Value[]>()
  let unknown = false
  for (const item of items) {
    if (item.type === 'null') {
      unknown = true
      continue
    }
    const [left, right] = comparable(context, operand, item)
    const form = sortable(context, left)
    groups.set(form, [...(groups.get(form) ?? []), right])
  }
  const parts = [...groups].map(([form, values]) => `${form} IN ${listOf(context, values)}`)
  if (unknown) parts.push('NULL')
  const either = `(${parts.join(' OR ')})`
  return plain(negated ? `NOT ${either}` : either)
}

function listOf(context: Context, values: readonly Value[]): string {
  if (values.length > SHORT && values.every(isConstant)) {
    const cells = values.map((it) => (it.type === 'decimal' ? Number(it.constant) : it.constant))
    return `(SELECT "value" FROM json_each(${context.bind(JSON.stringify(cells))}))`
  }
  return `(${values.map((it) => sortable(context, it)).join(', ')})`
}

function inQuery(context: Context, operand: Value, query: Query, scope: Scope, negated: boolean): Condition {
  const compiled = context.query(query, scope)
  const [column] = compiled.columns
  if (column === undefined || compiled.columns.length > 1) throw unsupported()
  const not = negated ? 'NOT ' : ''
  if (column.type === operand.type && column.type !== 'decimal') {
    return plain(`(${emit(context, operand)} ${not}IN (${compiled.sql}))`)
  }
  const alias = context.alias()
  const inner = computed(column.type, `${alias}.${column.sql}`)
  const [left, right] = comparable(context, operand, inner)
  const list = `SELECT ${sortable(context, right)} FROM (${compiled.sql}) ${alias}`
  return plain(`(${sortable(context, left)} ${not}IN (${list}))`)
}
