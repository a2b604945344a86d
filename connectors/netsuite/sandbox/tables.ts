import type { CustomField } from './account.ts'
import { CHOICES } from './definitions/choices.ts'
import type { Definition } from './definitions/definition.ts'
import { LISTS } from './definitions/lists.ts'
import { PARTIES } from './definitions/parties.ts'
import { SERVICE } from './definitions/service.ts'
import { STOCK } from './definitions/stock.ts'
import { TRANSACTIONS } from './definitions/transactions.ts'

/** A table of the account, as SuiteQL sees it. */
export interface Table {
  /** Lower case. */
  readonly name: string
  readonly columns: ReadonlyMap<string, Column>
  readonly key: readonly string[]
  /** What BUILTIN.DF shows of a row that is referred to. */
  readonly display: string | null
  /** The account feature without which the table is unknown. */
  readonly feature: string | null
  /** SELECT of a table that is seen but not kept: no inserts. */
  readonly view: string | null
  readonly indexes: readonly string[]
  /** The columns that say when a row came and when it changed. */
  readonly created: string | null
  readonly modified: string | null
}

/** How a column is kept: see store.ts. */
export type ColumnType = 'id' | 'text' | 'bool' | 'number' | 'integer' | 'date' | 'datetime' | 'ref'

export interface Column {
  readonly name: string
  readonly type: ColumnType
  /** The table a `ref` refers to. */
  readonly ref: string | null
  readonly required: boolean
  readonly feature: string | null
  /** For the record services only: SuiteQL does not know it. */
  readonly hidden: boolean
  /** What BUILTIN.DF shows for each value. `transaction.status` has `PurchOrd:B` for its keys. */
  readonly choices: { readonly [value: string]: string } | null
}

/** Record-only content of a row as JSON text: whatever the record services keep that no column holds. */
export const EXTRA = '_extra'

const COLUMN = /^(\w+) (id|text|bool|number|integer|date|datetime|ref)(?::(\w+))?( !)?(?: @(\w+))?( hidden)?$/

/** All tables by name, with the account's custom fields. */
export function tablesOf(customFields: readonly CustomField[] = []): ReadonlyMap<string, Table> {
  const definitions = { ...TRANSACTIONS, ...PARTIES, ...STOCK, ...SERVICE, ...LISTS }
  return new Map(
    Object.entries(definitions).map(([name, definition]) => {
      const fields = customFields.filter((field) => field.table === name)
      return [name, tableOf(name, definition, fields)] as const
    }),
  )
}

function tableOf(name: string, definition: Definition, fields: readonly CustomField[]): Table {
  const columns = new Map<string, Column>()
  for (const line of definition.columns.split('\n')) {
    if (line.trim() !== '') add(columnOf(name, line.trim()))
  }
  for (const field of fields) {
    add({ name: field.name, type: field.type, ref: null, required: false, feature: null, hidden: false, choices: null })
  }
  add({ name: EXTRA, type: 'text', ref: null, required: false, feature: null, hidden: true, choices: null })

  function add(column: Column): void {
    if (columns.has(column.name)) throw new Error(`${name}.${column.name} is defined twice`)
    columns.set(column.name, column)
  }

  const first = (...names: string[]) => names.find((it) => columns.has(it)) ?? null
  return {
    name,
    columns,
    key: definition.key,
    display: definition.display ?? null,
    feature: definition.feature ?? null,
    view: definition.view ?? null,
    indexes: definition.indexes ?? [],
    created: first('createddate', 'datecreated', 'created'),
    modified: first('lastmodifieddate', 'lastmodified'),
  }
}

function columnOf(table: string, line: string): Column {
  const match = COLUMN.exec(line)
  if (match === null) throw new Error(`table ${table}: '${line}' is no column`)
  const [, name = '', type = '', ref, required, feature, hidden] = match
  return {
    name,
    type: type as ColumnType,
    ref: ref ?? null,
    required: required !== undefined,
    feature: feature ?? null,
    hidden: hidden !== undefined,
    choices: CHOICES[`${table}.${name}`] ?? null,
  }
}
