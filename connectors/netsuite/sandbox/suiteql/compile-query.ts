import type { Item, Order, Query, Select } from './ast.ts'
import { type Body, compileSelect } from './compile-select.ts'
import type { Context } from './context.ts'
import { sortable } from './conversions.ts'
import { isPlain, withoutMainLine } from './count.ts'
import { unsupported } from './errors.ts'
import { type OutputColumn, orderTerm, outputAt } from './ordering.ts'
import type { Scope } from './scope.ts'
import { computed } from './value.ts'

export interface Compiled {
  readonly columns: readonly OutputColumn[]
  /** With its own OFFSET and FETCH. */
  readonly sql: string
  /** Without them, for callers that page themselves. */
  readonly unlimited: string
}

const SET_OPERATORS = { UNION: 'UNION', 'UNION ALL': 'UNION ALL', INTERSECT: 'INTERSECT', MINUS: 'EXCEPT' } as const

export function compileQuery(context: Context, query: Query, parent: Scope | null): Compiled {
  const [first, ...further] = query.branches
  if (first === undefined) throw unsupported()
  const compiled =
    further.length === 0 ? single(context, first.select, query.orderBy, parent) : joined(context, query, parent)
  const limited = query.fetch !== null || query.offset > 0
  // a limit keeps SQLite from dropping the order of a subquery
  const limit = limited
    ? ` LIMIT ${query.fetch ?? -1} OFFSET ${query.offset}`
    : query.orderBy.length > 0
      ? ' LIMIT -1'
      : ''
  return { ...compiled, sql: `${compiled.unlimited}${limit}` }
}

function single(
  context: Context,
  select: Select,
  orderBy: readonly Order[],
  parent: Scope | null,
): Omit<Compiled, 'sql'> {
  const body = compileSelect(context, select, orderBy, parent)
  return { columns: body.columns, unlimited: body.sql }
}

/** UNION and its like: types must agree by position, ORDER BY names results only. */
function joined(context: Context, query: Query, parent: Scope | null): Omit<Compiled, 'sql'> {
  const bodies = query.branches.map(({ select }) => compileSelect(context, select, [], parent))
  const columns = unified(bodies)
  const union = query.branches
    .map(({ operator }, at) => `${operator === null ? '' : ` ${SET_OPERATORS[operator]} `}${bodies[at]?.sql ?? ''}`)
    .join('')
  const alias = context.alias()
  const terms = query.orderBy.map((order) => {
    const column = outputAt(columns, order.expression)
    if (column === undefined) throw unsupported()
    const value = computed(column.type, `${alias}.${column.sql}`)
    return orderTerm(sortable(context, value), order, true)
  })
  const order = terms.length === 0 ? '' : ` ORDER BY ${terms.join(', ')}`
  return { columns, unlimited: `SELECT * FROM (${union}) ${alias}${order}` }
}

function unified(bodies: readonly Body[]): readonly OutputColumn[] {
  const [first] = bodies
  return (first?.columns ?? []).map((column, at) => {
    const types = new Set(
      bodies.map((body) => {
        if (body.columns.length !== first?.columns.length) throw unsupported()
        return body.columns[at]?.type ?? 'null'
      }),
    )
    types.delete('null')
    if (types.has('decimal')) types.delete('integer')
    if (types.size > 1) throw unsupported()
    const [type = 'null'] = types
    return { ...column, type }
  })
}

/** How many rows a query gives, its own OFFSET and FETCH left aside. */
export function compileCount(context: Context, query: Query): string {
  const [branch, ...further] = query.branches
  if (branch !== undefined && further.length === 0 && isPlain(branch.select)) {
    const item: Item = { kind: 'item', expression: { kind: 'countAll' }, alias: null }
    const select = { ...branch.select, items: [item], from: withoutMainLine(context, branch.select) }
    return compileSelect(context, select, [], null).sql
  }
  const { unlimited } = compileQuery(context, { ...query, orderBy: [], offset: 0, fetch: null }, null)
  return `SELECT count(*) FROM (${unlimited})`
}
