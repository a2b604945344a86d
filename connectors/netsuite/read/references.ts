import { type MappingSettings, unifiedId } from '../../../core/index.ts'
import { type Row, ref } from '../values.ts'
import type { Condition } from './source.ts'

type Value = Row[string] | undefined

/** Unified id of the record that a column names; null when it names none. */
export function idOf(settings: MappingSettings, entity: string, value: Value): string | null {
  const id = ref(value)
  return id === null ? null : unifiedId(settings.connectionId, entity, id)
}

/** The row's own internal id. @throws TypeError when it has none */
export function keyIn(row: Row, column = 'id'): string {
  const key = ref(row[column])
  if (key === null) throw new TypeError(`the row has no ${column}`)
  return key
}

/** What all of them share; null when they differ or there is none. */
export function shared<T>(values: readonly (T | null)[]): T | null {
  const [first = null] = values
  return values.every((value) => value === first) ? first : null
}

/** `column` holds one of the ids; no ids: no condition. */
export const oneOf = (column: string, ids: readonly string[]): readonly Condition[] =>
  ids.length === 0 ? [] : [{ sql: `${column} IN (${ids.map(() => '?').join(', ')})`, params: ids }]
