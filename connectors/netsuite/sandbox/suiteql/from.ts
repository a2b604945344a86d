import { quote } from '../ddl.ts'
import type { From, Select } from './ast.ts'
import type { Context } from './context.ts'
import { columnsOf, type Scope, type Source, type SourceColumn, visibleTable } from './scope.ts'

/** The FROM of one SELECT. */
export interface Sources {
  readonly scope: Scope
  readonly sql: string
  /** What WHERE must add: rows that are not there yet. */
  readonly conditions: readonly string[]
}

const JOINS: { readonly [join in From['join']]: string } = {
  first: '',
  cross: ' CROSS JOIN ',
  inner: ' JOIN ',
  left: ' LEFT JOIN ',
  right: ' RIGHT JOIN ',
  full: ' FULL JOIN ',
}

/** @throws SuiteQlError for tables this role does not see */
export function sourcesOf(context: Context, select: Select, parent: Scope | null): Sources {
  const scope: Scope = { sources: [], parent, capture: null, aggregates: false }
  const opened = select.from.map((entry) => ({ entry, ...open(context, entry, parent) }))
  for (const { entry, source } of opened) {
    if (entry.join === 'right' || entry.join === 'full') for (const earlier of scope.sources) earlier.nullable = true
    if (entry.join === 'left' || entry.join === 'full') source.nullable = true
    scope.sources.push(source)
  }

  const outer = opened.some(({ entry }) => entry.join === 'right' || entry.join === 'full')
  const conditions: string[] = []
  const parts = opened.map(({ entry, source, sql, late }) => {
    let table = sql
    let on = entry.on === null ? '' : ` ON ${context.condition(entry.on, scope).sql}`
    if (late !== null) {
      if (outer) table = `(SELECT * FROM ${sql} WHERE ${late('')})`
      else if (entry.join === 'left') on += ` AND ${late(`${source.alias}.`)}`
      else conditions.push(late(`${source.alias}.`))
    }
    return `${JOINS[entry.join]}${table} ${source.alias}${on}`
  })
  return { scope, sql: parts.join(''), conditions }
}

interface Opened {
  readonly source: Source
  readonly sql: string
  /** The condition by which rows not yet committed stay out. */
  readonly late: ((prefix: string) => string) | null
}

function open(context: Context, entry: From, parent: Scope | null): Opened {
  const alias = context.alias()
  if (entry.source.kind === 'table') {
    const table = visibleTable(context, entry.source.name)
    const name = entry.alias ?? entry.source.name
    const columns = columnsOf(context, table)
    const source = { name: name.text, shown: name.shown, table: table.name, alias, columns, nullable: false }
    const seenAt = context.visibleAsOf
    const late = seenAt === null ? null : (prefix: string) => `${prefix}"_visible_at" <= ${context.bind(seenAt)}`
    return { source, sql: quote(table.name), late }
  }
  const compiled = context.query(entry.source.query, parent)
  const columns = new Map<string, SourceColumn>()
  for (const column of compiled.columns) {
    columns.set(column.name, { sql: column.sql, type: column.type, column: null, nullable: true, zone: column.zone })
  }
  const name = entry.alias ?? { text: '', shown: '' }
  const source = { name: name.text, shown: name.shown, table: name.shown, alias, columns, nullable: false }
  return { source, sql: `(${compiled.sql})`, late: null }
}
