import type { JsonObject } from '../../../core/index.ts'
import type { NetSuiteSession } from '../session.ts'
import { isRow, type Row } from '../values.ts'
import type { Values } from './mapped.ts'

/** With the form that the connection wants for new records of the type; `custom_fields` may name another. */
export function withForm({ config }: NetSuiteSession, type: string, body: Values): Values {
  const form = config.custom_forms.map((pair) => pair.split('=')).find(([name]) => name?.trim() === type)?.[1]
  return form === undefined || form.trim() === '' ? body : { customForm: { id: form.trim() }, ...body }
}

/** Lines of a sublist as the record shows it. */
export function rowsIn(record: JsonObject, sublist: string): readonly Row[] {
  const shown = record[sublist]
  const items = isRow(shown) ? shown['items'] : undefined
  return Array.isArray(items) ? items.filter(isRow) : []
}

/** A reference to a setting's record; nothing where the setting is empty. */
export const setting = (native: string, id: string | null): Values => (id === null ? {} : { [native]: { id } })

/** Id of what a property refers to. */
export function shownId(row: Row, native: string): string | null {
  const value = row[native]
  const id = isRow(value) ? value['id'] : null
  return typeof id === 'string' || typeof id === 'number' ? String(id) : null
}
