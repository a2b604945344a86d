import type { Store } from '../store.ts'
import { hasAggregate } from './aggregates.ts'
import type { Expression, From, Select } from './ast.ts'
import type { Context } from './context.ts'
import { hasRownum } from './rownum.ts'

/** One row of the result for each row of FROM and WHERE? */
export function isPlain(select: Select): boolean {
  const expressions = select.items.flatMap((it) => (it.kind === 'item' ? [it.expression] : []))
  if (select.where !== null) expressions.push(select.where)
  const { distinct, groupBy, having } = select
  return (
    !distinct && groupBy.length === 0 && having === null && !expressions.some((it) => hasAggregate(it) || hasRownum(it))
  )
}

/**
 * FROM for counting: each transaction has one main line, so joining it changes no count. Counting 100,000 transactions
 * by an index takes a tenth of what looking up 100,000 main lines takes.
 */
export function withoutMainLine(context: Context, select: Select): readonly From[] {
  const found = select.from.find((it) => isMainLine(it, select.from))
  if (found === undefined || context.visibleAsOf !== null) return select.from
  const rest = select.from.filter((it) => it !== found)
  const line = context.store.tables.get('transactionline')
  const used = columnsIn([select.where, rest.map((it) => [it.on, it.source])]).some(({ table, name }) =>
    table === null ? line?.columns.has(name.text) : table.text === nameOf(found),
  )
  return used || !oneMainLineEach(context.store) ? select.from : rest
}

/** `JOIN transactionline m ON m.transaction = t.id AND m.mainline = 'T'` */
function isMainLine(entry: From, from: readonly From[]): boolean {
  if (entry.join !== 'inner' || tableOf(entry) !== 'transactionline' || entry.on?.kind !== 'and') return false
  const own = nameOf(entry)
  const isColumn = (node: Expression, table: string, name: string) =>
    node.kind === 'column' && node.table?.text === table && node.name.text === name
  const headers = from.filter((it) => tableOf(it) === 'transaction' && it.join !== 'left').map(nameOf)
  const conditions = entry.on.operands.map((node) => {
    if (node.kind !== 'compare' || node.op !== '=') return 'other'
    const { left, right } = node
    if (isColumn(left, own, 'mainline') && right.kind === 'text' && right.text === 'T') return 'main'
    const joins = headers.some(
      (it) =>
        (isColumn(left, own, 'transaction') && isColumn(right, it, 'id')) ||
        (isColumn(right, own, 'transaction') && isColumn(left, it, 'id')),
    )
    return joins ? 'joins' : 'other'
  })
  return conditions.length === 2 && conditions.includes('main') && conditions.includes('joins')
}

function tableOf(entry: From): string | null {
  return entry.source.kind === 'table' ? entry.source.name.text : null
}

function nameOf(entry: From): string {
  return entry.alias?.text ?? tableOf(entry) ?? ''
}

/** All columns named anywhere below, subqueries included. */
function columnsIn(node: unknown): (Expression & { kind: 'column' })[] {
  if (typeof node !== 'object' || node === null) return []
  if ((node as Partial<Expression>).kind === 'column') return [node as Expression & { kind: 'column' }]
  return Object.values(node).flatMap(columnsIn)
}

const checked = new WeakMap<Store, { version: number; holds: boolean }>()

/** The database allows no second main line, and no line without its transaction: equal numbers mean one each. */
function oneMainLineEach(store: Store): boolean {
  const known = checked.get(store)
  if (known?.version === store.version()) return known.holds
  const [counts] = store.sql(
    `SELECT (SELECT count(*) FROM "transaction"), (SELECT count(*) FROM "transactionline" WHERE "mainline" = 'T')`,
    [],
  )
  const holds = counts?.[0] === counts?.[1]
  checked.set(store, { version: store.version(), holds })
  return holds
}
