import { hasFeature } from '../account.ts'
import { quote } from '../ddl.ts'
import type { Column, ColumnType, Table } from '../tables.ts'
import type { Name } from './ast.ts'
import type { Context } from './context.ts'
import { unknownIdentifier, unknownTable, unsupported } from './errors.ts'
import { computed, type Type, type Value } from './value.ts'

/** One entry of FROM. */
export interface Source {
  /** As the statement calls it, lower case; '' for a subquery without a name. */
  readonly name: string
  readonly shown: string
  /** As errors show it: the table, or the alias of a subquery. */
  readonly table: string
  readonly alias: string
  readonly columns: ReadonlyMap<string, SourceColumn>
  /** The outer side of a join: its columns may all be null. */
  nullable: boolean
}

export interface SourceColumn {
  /** Unquoted name in SQL. */
  readonly sql: string
  readonly type: Type
  readonly column: Column | null
  readonly nullable: boolean
  readonly zone?: string | undefined
}

/** The names that can be used at one place. */
export interface Scope {
  readonly sources: Source[]
  readonly parent: Scope | null
  /** Set while rows are counted before they are ordered: columns are then taken from the inner query by these names. */
  capture: { readonly alias: string; readonly columns: Map<string, string>; rownum: boolean } | null
  /** Are COUNT, SUM, … allowed here? */
  aggregates: boolean
}

const TYPES: { readonly [type in ColumnType]: Type } = {
  id: 'integer',
  ref: 'integer',
  integer: 'integer',
  text: 'text',
  bool: 'text',
  number: 'decimal',
  date: 'date',
  datetime: 'instant',
}

/** What this role sees of a table. @throws SuiteQlError when that is nothing */
export function visibleTable(context: Context, name: Name): Table {
  const table = context.store.tables.get(name.text)
  const known =
    table !== undefined &&
    !context.role.hiddenTables.has(table.name) &&
    (table.feature === null || hasFeature(context.account, table.feature))
  if (!known) throw unknownTable(name.shown, context.account.unknownTable)
  return table
}

export function columnsOf(context: Context, table: Table): Map<string, SourceColumn> {
  const columns = new Map<string, SourceColumn>()
  for (const column of table.columns.values()) {
    if (column.hidden || (column.feature !== null && !hasFeature(context.account, column.feature))) continue
    columns.set(column.name, {
      sql: column.name,
      type: TYPES[column.type],
      column,
      nullable: !column.required,
    })
  }
  return columns
}

/** @throws SuiteQlError for a name that is not there, or there twice */
export function resolve(context: Context, scope: Scope, table: Name | null, name: Name): Value {
  for (let at: Scope | null = scope; at !== null; at = at.parent) {
    const sources = table === null ? at.sources : at.sources.filter((it) => it.name === table.text)
    const found = sources.filter((it) => it.columns.has(name.text))
    if (found.length > 1) throw unsupported()
    const [source] = found
    if (source !== undefined) return columnValue(context, at, source, name.text)
    if (table !== null && sources.length > 0) break
  }
  const available = scope.sources.map((it) => [it.shown, it.table] as const)
  const known = table === null || scope.sources.some((it) => it.name === table.text)
  throw unknownIdentifier(known ? name.shown : (table?.shown ?? name.shown), available)
}

export function columnValue(context: Context, scope: Scope, source: Source, name: string): Value {
  const found = source.columns.get(name)
  if (found === undefined) throw unsupported()
  const kept = columnSql(scope, source, found.sql)
  const nullable = found.nullable || source.nullable
  if (found.column === null) {
    return computed(found.type, kept, { nullable, ...(found.zone === undefined ? {} : { zone: found.zone }) })
  }
  const prefixed =
    source.table === 'transaction' && name === 'status'
      ? `(${columnSql(scope, source, 'type')} || ':' || ${kept})`
      : null
  const shown = prefixed !== null && context.account.statusForm === 'prefixed' ? prefixed : kept
  const column = { table: source.table, column: found.column, kept, prefixed }
  if (source.table === 'transactionline' && QUANTITIES.has(name)) {
    const units = columnSql(scope, source, 'units')
    return computed(found.type, inBaseUnits(context, kept, units), { nullable })
  }
  return computed(found.type, shown, { nullable, column })
}

const QUANTITIES: ReadonlySet<string> = new Set([
  'quantity',
  'quantityshiprecv',
  'quantitybilled',
  'quantitycommitted',
  'quantitybackordered',
])

/** Lines are kept in the unit that people entered them in; this database shows them in the base unit of its type. */
function inBaseUnits({ account, store }: Context, quantity: string, units: string): string {
  if (account.quantitiesIn === 'named-unit' || !hasFeature(account, 'UNITSOFMEASURE')) return quantity
  const others = store.rows('unitstypeuom').filter((row) => String(row['conversionrate'] ?? '1') !== '1')
  if (others.length === 0) return quantity
  const cases = others.map(
    (row) => `WHEN ${Number(row['internalid'])} THEN ns_multiply(${quantity}, '${String(row['conversionrate'])}')`,
  )
  return `(CASE ${units} ${cases.join(' ')} ELSE ${quantity} END)`
}

function columnSql(scope: Scope, source: Source, name: string): string {
  const own = `${source.alias}.${quote(name)}`
  if (scope.capture === null) return own
  let captured = scope.capture.columns.get(own)
  if (captured === undefined) {
    captured = `c${scope.capture.columns.size}`
    scope.capture.columns.set(own, captured)
  }
  return `${scope.capture.alias}.${captured}`
}
