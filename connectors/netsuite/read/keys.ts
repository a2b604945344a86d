import { CorruptCursorError, type Cursor } from '../../../core/index.ts'
import { isId, isRow, type Row } from '../values.ts'
import type { Condition, TableSource } from './source.ts'

/** Values of the key columns, in their order. */
export type Key = readonly string[]

type Keyed = Pick<TableSource, 'key' | 'columns' | 'table'>

/** null = the row does not tell. */
export function keyOf({ key }: Pick<TableSource, 'key'>, item: Row): Key | null {
  const parts = key.map((alias) => item[alias])
  const texts = parts.map((part) => (typeof part === 'number' ? String(part) : part))
  return texts.every((part): part is string => typeof part === 'string' && isId(part)) ? texts : null
}

export function sqlOfKey(source: Keyed): string[] {
  return source.key.map((alias) => {
    const column = source.columns[alias]
    if (column === undefined) throw new TypeError(`${source.table}: no column ${alias} for its key`)
    return column.sql
  })
}

/** Rows behind this key. The first comparison lets the database begin there. */
export function behind(source: Keyed, key: Key): Condition {
  const sql = sqlOfKey(source)
  const from = (at: number): Condition => {
    const [column, value] = [sql[at] as string, key[at] as string]
    if (at === sql.length - 1) return { sql: `${column} > ?`, params: [value] }
    const rest = from(at + 1)
    return {
      sql: `${column} >= ? AND (${column} > ? OR ${rest.sql})`,
      params: [value, value, ...(rest.params ?? [])],
    }
  }
  return from(0)
}

export const equal = (source: Keyed, key: Key): Condition[] =>
  sqlOfKey(source).map((sql, at) => ({ sql: `${sql} = ?`, params: [key[at] as string] }))

export const isOneOf = (sql: string, values: readonly string[]): Condition => ({
  sql: `${sql} IN (${values.map(() => '?').join(',')})`,
  params: values,
})

export const cursorBehind = ({ key }: Pick<TableSource, 'key'>, after: Key): Cursor =>
  Object.fromEntries(key.map((alias, at) => [alias, after[at] as string]))

/** Key of a cursor by key; null = the range begins. @throws CorruptCursorError */
export function keyIn({ key, table }: Pick<TableSource, 'key' | 'table'>, cursor: Cursor | null): Key | null {
  if (cursor === null) return null
  const own = isRow(cursor) ? Object.keys(cursor) : []
  const after = isRow(cursor) && own.length === key.length ? key.map((alias) => cursor[alias]) : []
  if (after.length === 0 || !after.every((part): part is string => typeof part === 'string' && isId(part)))
    throw new CorruptCursorError(`${JSON.stringify(cursor)} is not a position in ${table}`)
  return after
}
