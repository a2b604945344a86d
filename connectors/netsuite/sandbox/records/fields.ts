import type { Table } from '../tables.ts'

export type FieldType =
  | 'text'
  | 'bool'
  | 'number'
  | 'integer'
  | 'date'
  | 'datetime'
  | 'ref'
  /** A multi-select of which the sandbox keeps one. */
  | 'refs'
  | 'enum'
  /** A sub-record of addresses. */
  | 'address'

/** A property of a record or of a line. */
export interface Field {
  /** `companyName` */
  readonly name: string
  /** Column of the row, of the main line of a transaction, or key of the row's record-only content. */
  readonly column: string
  readonly place: 'row' | 'main' | 'extra'
  readonly type: FieldType
  /** Table of a `ref`. */
  readonly ref: string | null
  readonly choices: Readonly<Record<string, string>> | null
  readonly readOnly: boolean
  readonly required: boolean
  /** As messages name it: `Company Name`. */
  readonly label: string
  readonly feature: string | null
}

const LINE = /^(\w+)(?:=(?:(main|extra)\.)?(\w+))?(?: as (\w+)(?::(\w+))?)?( ro)?(?: !(.*))?$/

/**
 * One field a line: `name[=[main.|extra.]column] [as type[:table]] [ro] [!Label]`. The column is the name in lower case
 * unless it is given; the type is the column's; `!` = mandatory, called by the label or by its own name.
 */
export function fieldsOf(table: Table, lines: Table | null, text: string): Map<string, Field> {
  const fields = new Map<string, Field>()
  for (const line of text.split('\n')) {
    if (line.trim() !== '') add(fieldOf(table, lines, line.trim()))
  }
  for (const column of table.columns.values()) {
    if (/^cust(body|col|entity|item)_/.test(column.name)) add(fieldOf(table, lines, column.name))
  }
  function add(field: Field): void {
    if (fields.has(field.name)) throw new Error(`${table.name}: ${field.name} is defined twice`)
    fields.set(field.name, field)
  }
  return fields
}

function fieldOf(table: Table, lines: Table | null, line: string): Field {
  const match = LINE.exec(line)
  if (match === null) throw new Error(`table ${table.name}: '${line}' is no field`)
  const [, name = '', place = 'row', given, as, ref, readOnly, label] = match
  const column = given ?? name.toLowerCase()
  const kept = place === 'extra' ? undefined : (place === 'main' ? lines : table)?.columns.get(column)
  if (kept === undefined && place !== 'extra') throw new Error(`table ${table.name}: no column for '${line}'`)
  const own = kept?.choices === null || kept?.choices === undefined ? kept?.type : 'enum'
  return {
    name,
    column,
    place: place as Field['place'],
    type: (as ?? (own === 'id' ? 'integer' : own) ?? 'text') as FieldType,
    ref: ref ?? kept?.ref ?? null,
    choices: kept?.choices ?? null,
    readOnly: readOnly !== undefined,
    required: label !== undefined,
    label: label === undefined || label === '' ? labelOf(name) : label,
    feature: kept?.feature ?? null,
  }
}

function labelOf(name: string): string {
  const words = name.replace(/([a-z])([A-Z])/g, '$1 $2')
  return words.charAt(0).toUpperCase() + words.slice(1)
}
