import type { Table } from '../tables.ts'
import { fieldsOf } from './fields.ts'
import type { Cells, RecordType, Rules, Sublist } from './model.ts'

export type Tables = ReadonlyMap<string, Table>

interface Given {
  readonly name: string
  readonly title: string
  readonly table: string
  readonly where?: Readonly<Cells>
  readonly sequence?: string
  readonly permission?: { readonly name: string; readonly path: string }
  readonly feature?: string
  /** See fieldsOf. */
  readonly fields: string
  readonly sublists?: readonly Sublist[]
  readonly readOnly?: boolean
  readonly rules?: Rules
}

export function defineRecord(tables: Tables, given: Given): RecordType {
  const table = tables.get(given.table)
  if (table === undefined) throw new Error(`there is no table ${given.table}`)
  return {
    name: given.name,
    title: given.title,
    table: given.table,
    where: given.where ?? {},
    sequence: given.sequence ?? given.table,
    permission: given.permission ?? null,
    feature: given.feature ?? table.feature,
    fields: fieldsOf(table, tables.get('transactionline') ?? null, given.fields),
    sublists: new Map((given.sublists ?? []).map((sublist) => [sublist.name, sublist])),
    readOnly: given.readOnly ?? false,
    rules: given.rules ?? {},
  }
}
