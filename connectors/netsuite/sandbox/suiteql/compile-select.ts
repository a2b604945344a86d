import { hasAggregate } from './aggregates.ts'
import type { Expression, Item, Order, Select } from './ast.ts'
import { isCoarse } from './coarse.ts'
import { type Context, emit } from './context.ts'
import { sortable } from './conversions.ts'
import { unsupported } from './errors.ts'
import { sourcesOf } from './from.ts'
import { fingerprint, requireGrouped } from './grouping.ts'
import { type OutputColumn, orderTerm, outputAt } from './ordering.ts'
import { hasRownum, rowLimit } from './rownum.ts'
import { columnValue, type Scope } from './scope.ts'
import { computed, isConstant, type Value } from './value.ts'

/** One SELECT as SQL. */
export interface Body {
  readonly columns: readonly OutputColumn[]
  readonly sql: string
}

/** @throws SuiteQlError */
export function compileSelect(context: Context, select: Select, orderBy: readonly Order[], parent: Scope | null): Body {
  const sources = sourcesOf(context, select, parent)
  const { scope } = sources
  const { rest, limit } = rowLimit(context, select.where, scope)
  const isOrdered = orderBy.length > 0
  const where = [...conditionsOf(context, rest, scope, isOrdered), ...sources.conditions].join(' AND ')

  const items = select.items.flatMap((it) => (it.kind === 'item' ? [it.expression] : []))
  const shown = [...items, ...orderBy.map((it) => it.expression)]
  if (limit !== null || shown.some(hasRownum)) {
    scope.capture = { alias: context.alias(), columns: new Map(), rownum: false }
  }
  const groupValues = select.groupBy.map((it) => context.value(it, scope))
  const groups = new Set(select.groupBy.map((it) => fingerprint(context, it, scope)))
  const grouped = select.groupBy.length > 0 || select.having !== null || shown.some(hasAggregate)
  scope.aggregates = true
  const checkGrouping = (node: Expression) => {
    if (grouped) requireGrouped(context, node, scope, groups)
  }

  const outputs = outputsOf(context, select.items, scope, grouped, checkGrouping)
  const having = select.having === null ? '' : ` HAVING ${context.condition(select.having, scope).sql}`
  if (select.having !== null) checkGrouping(select.having)
  const order = orderOf(context, select, orderBy, outputs, scope, checkGrouping)

  // constants would be taken for positions
  const groupBy = groupValues.filter((it) => !isConstant(it)).map((it) => emit(context, it))
  if (groupBy.length === 0 && groupValues.length > 0) groupBy.push("''")
  const from = scope.capture === null ? sources.sql : counted(scope.capture, sources.sql, where, limit)
  const columns = outputs.map(({ value, column }) => `${emit(context, value)} AS ${column.sql}`).join(', ')
  const sql =
    `SELECT ${select.distinct ? 'DISTINCT ' : ''}${columns} FROM ${from}` +
    (where === '' || scope.capture !== null ? '' : ` WHERE ${where}`) +
    (groupBy.length === 0 ? '' : ` GROUP BY ${groupBy.join(', ')}`) +
    having +
    (order.length === 0 ? '' : ` ORDER BY ${order.join(', ')}`)
  return { columns: outputs.map((it) => it.column), sql }
}

/** The parts of a WHERE; indexes stay away from what stands behind a plus. */
function conditionsOf(context: Context, where: Expression | null, scope: Scope, isOrdered: boolean): string[] {
  if (where === null) return []
  const parts = where.kind === 'and' ? where.operands : [where]
  return parts.map((part) => {
    const { sql } = context.condition(part, scope)
    return isCoarse(part, where, isOrdered) ? `+(${sql})` : sql
  })
}

interface Output {
  readonly value: Value
  readonly column: OutputColumn
}

function outputsOf(
  context: Context,
  items: readonly Item[],
  scope: Scope,
  grouped: boolean,
  check: (node: Expression) => void,
): Output[] {
  const prefix = context.alias()
  const outputs: Output[] = []
  let unnamed = 0
  const add = (name: string, value: Value) => {
    outputs.push({ value, column: { name, sql: `${prefix}_${outputs.length}`, type: value.type, zone: value.zone } })
  }
  for (const item of items) {
    if (item.kind === 'item') {
      const value = context.value(item.expression, scope)
      check(item.expression)
      const own = item.expression.kind === 'column' ? item.expression.name.text : null
      add(item.alias ?? own ?? `expr${++unnamed}`, value)
      continue
    }
    const { table } = item
    const sources = table === null ? scope.sources : scope.sources.filter((it) => it.name === table.text)
    if (grouped || sources.length === 0) throw unsupported()
    for (const source of sources) {
      for (const name of source.columns.keys()) add(name, columnValue(context, scope, source, name))
    }
  }
  return outputs
}

function orderOf(
  context: Context,
  select: Select,
  orderBy: readonly Order[],
  outputs: readonly Output[],
  scope: Scope,
  check: (node: Expression) => void,
): string[] {
  const items = select.items.flatMap((it) => (it.kind === 'item' ? [it.expression] : []))
  const allowed = select.distinct ? new Set(items.map((it) => fingerprint(context, it, scope))) : null
  return orderBy.flatMap((order) => {
    const column = outputAt(
      outputs.map((it) => it.column),
      order.expression,
    )
    const output = outputs.find((it) => it.column === column)
    if (output !== undefined) {
      if (isConstant(output.value)) return []
      const named = computed(output.value.type, output.column.sql, { nullable: output.value.nullable })
      return [orderTerm(sortable(context, named), order, named.nullable)]
    }
    check(order.expression)
    const value = context.value(order.expression, scope)
    if (allowed !== null && !allowed.has(fingerprint(context, order.expression, scope))) throw unsupported()
    return isConstant(value) ? [] : [orderTerm(sortable(context, value), order, value.nullable)]
  })
}

/** FROM and WHERE as a query of their own, cut off before anything is grouped or ordered: what ROWNUM counts. */
function counted(capture: NonNullable<Scope['capture']>, from: string, where: string, limit: number | null): string {
  const columns = [...capture.columns].map(([column, name]) => `${column} AS ${name}`)
  if (capture.rownum) columns.push('row_number() OVER () AS "rownum"')
  const condition = where === '' ? '' : ` WHERE ${where}`
  return `(SELECT ${columns.join(', ') || '1'} FROM ${from}${condition} LIMIT ${limit ?? -1}) ${capture.alias}`
}
