import type { EntitySet, Model, Property, Row, Value } from './model.ts'
import { padZeros, stripZeros } from './numbers.ts'

/** One value as SQLite holds it. */
export type Cell = string | number | null

/** The SQL side of an entity set: `"<service>.<set>"`, one column per property, and `_visible_at`. */
export interface Table {
  readonly set: EntitySet
  /** Quoted name. */
  readonly name: string
  /** Statements that create the table and its indexes when missing. */
  readonly ddl: readonly string[]
}

/** Indexes that neither keys, nor change fields, nor navigations give. */
const FURTHER_INDEXES: { readonly [set: string]: readonly (readonly string[])[] } = {
  A_MatlStkInAcctMod: [['Plant', 'Material', 'StorageLocation']],
  A_MaterialDocumentItem: [['Material', 'Plant'], ['PurchaseOrder']],
  A_PurchaseOrder: [['Supplier']],
  A_PurchaseOrderItem: [['Material', 'Plant']],
  A_BusinessPartner: [['Supplier']],
}

const CHANGE_FIELDS = ['LastChangeDateTime', 'LastChangeDate', 'CreationDate', 'MaintOrderCreationDateTime']

export function tableOf(set: EntitySet, joinColumns: readonly (readonly string[])[]): Table {
  const name = `"${set.model.service}.${set.name}"`
  const keys = set.type.keys.map(quote)
  const order = set.type.keys.map((key) => orderColumn(set, key))
  const columns = [...set.type.properties.values()].map(columnOf)
  const padded = [...set.type.properties.values()].filter((property) => property.isKey && property.pad > 0)
  const ddl = [
    `CREATE TABLE IF NOT EXISTS ${name} (${[
      ...columns,
      ...padded.map((property) => `${kept(property.name)} TEXT GENERATED ALWAYS AS (${paddedSql(property)}) VIRTUAL`),
      '"_visible_at" INTEGER NOT NULL DEFAULT 0',
      `PRIMARY KEY (${keys.join(', ')})`,
    ].join(', ')})`,
  ]
  const wanted: string[][] = []
  if (padded.length > 0) wanted.push(order)
  for (const field of CHANGE_FIELDS) if (set.type.properties.has(field)) wanted.push([quote(field), ...order])
  for (const join of [...joinColumns, ...(FURTHER_INDEXES[set.name] ?? [])]) {
    const head = keys.slice(0, join.length)
    if (!join.every((column) => head.includes(quote(column)))) wanted.push([...join].map(quote))
  }
  const seen = new Set<string>()
  for (const index of wanted) {
    const list = index.join(', ')
    if (seen.has(list)) continue
    seen.add(list)
    const indexName = `"${set.model.service}.${set.name}/${seen.size}"`
    ddl.push(`CREATE INDEX IF NOT EXISTS ${indexName} ON ${name} (${list})`)
  }
  return { set, name, ddl }
}

export function quote(property: string): string {
  return `"${property}"`
}

/** What a property is ordered and compared by: the padded form of numbers that are keys, else the column itself. */
export function orderColumn(set: EntitySet, property: string): string {
  const found = set.type.properties.get(property)
  if (found === undefined) throw new Error(`${set.name} has no property ${property}`)
  if (isDecimal(found)) return `CAST(${quote(property)} AS REAL)`
  if (found.pad === 0) return quote(property)
  return found.isKey ? kept(property) : paddedSql(found)
}

export function orderSql(set: EntitySet, orderBy: readonly { property: string; descending: boolean }[]): string {
  const parts = orderBy.map(({ property, descending }) => orderColumn(set, property) + (descending ? ' DESC' : ''))
  // the key decides ties, so that offsets mean something
  for (const key of set.type.keys) {
    if (!orderBy.some((it) => it.property === key)) parts.push(orderColumn(set, key))
  }
  return parts.join(', ')
}

export function isDecimal(property: Property): boolean {
  return ['Edm.Decimal', 'Edm.Int64', 'Edm.Double', 'Edm.Single'].includes(property.type)
}

/** A value of a row as a column value. Text in a date column is kept as it is: that is how a bad date is planted. */
export function toCell(property: Property, value: Value): Cell {
  if (value === null) return property.type === 'Edm.String' ? '' : null
  switch (typeof value) {
    case 'boolean':
      return value ? 1 : 0
    case 'number':
      return isDecimal(property) ? String(value) : value
    default:
      return property.pad > 0 ? stripZeros(value) : value
  }
}

export function fromCell(property: Property, cell: Cell): Value {
  return property.type === 'Edm.Boolean' && cell !== null ? cell === 1 : cell
}

export function toRow(properties: readonly Property[], cells: readonly Cell[]): Row {
  const row: Row = {}
  for (let at = 0; at < properties.length; at++) {
    const property = properties[at] as Property
    row[property.name] = fromCell(property, cells[at] ?? null)
  }
  return row
}

/** Orders two rows by their keys as the system would; `at` = where the key columns are. */
export function compareKeys(
  keys: readonly Property[],
  at: readonly number[],
  a: readonly Cell[],
  b: readonly Cell[],
): number {
  for (let n = 0; n < keys.length; n++) {
    const width = (keys[n] as Property).pad
    const one = inner(a[at[n] as number] ?? null, width)
    const two = inner(b[at[n] as number] ?? null, width)
    if (one === two) continue
    if (one === null) return -1
    if (two === null) return 1
    return one < two ? -1 : 1
  }
  return 0
}

function inner(cell: Cell, width: number): Cell {
  return width > 0 && typeof cell === 'string' ? padZeros(cell, width) : cell
}

function kept(property: string): string {
  return `"_${property}"`
}

function paddedSql(property: Property): string {
  const column = quote(property.name)
  const zeros = '0'.repeat(property.pad)
  return (
    `CASE WHEN ${column} = '' OR ${column} GLOB '*[^0-9]*' OR length(${column}) > ${property.pad} ` +
    `THEN ${column} ELSE substr('${zeros}' || ${column}, -${property.pad}) END`
  )
}

function columnOf(property: Property): string {
  return `${quote(property.name)} ${COLUMN_TYPES[property.type] ?? 'TEXT DEFAULT NULL'}`
}

/** Defaults are the initial values of the system's own types, which know no null; only dates can be absent. */
const COLUMN_TYPES: { readonly [type: string]: string } = {
  'Edm.String': "TEXT NOT NULL DEFAULT ''",
  'Edm.Binary': "TEXT NOT NULL DEFAULT ''",
  'Edm.Boolean': 'INTEGER DEFAULT 0',
  'Edm.Byte': 'INTEGER DEFAULT 0',
  'Edm.SByte': 'INTEGER DEFAULT 0',
  'Edm.Int16': 'INTEGER DEFAULT 0',
  'Edm.Int32': 'INTEGER DEFAULT 0',
  'Edm.Int64': "TEXT DEFAULT '0'",
  'Edm.Decimal': "TEXT DEFAULT '0'",
  'Edm.Double': "TEXT DEFAULT '0'",
  'Edm.Single': "TEXT DEFAULT '0'",
  'Edm.Time': "TEXT DEFAULT 'PT00H00M00S'",
  'Edm.DateTime': 'INTEGER DEFAULT NULL',
  'Edm.DateTimeOffset': 'INTEGER DEFAULT NULL',
}

/** For every set the columns by which navigations reach it. */
export function joinColumns(models: readonly Model[]): Map<EntitySet, string[][]> {
  const found = new Map<EntitySet, string[][]>()
  for (const model of models) {
    for (const set of model.sets.values()) {
      for (const { target, on } of set.type.navigations.values()) {
        if (on.length === 0) continue
        const columns = found.get(target) ?? []
        columns.push(on.map(([, theirs]) => theirs))
        found.set(target, columns)
      }
    }
  }
  return found
}
