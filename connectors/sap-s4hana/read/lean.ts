import type { Json } from '../../../core/index.ts'
import { isRow, type Row } from '../values.ts'

/** Navigation → the only fields of its rows that are kept. */
export type Kept = { readonly [navigation: string]: readonly string[] }

/**
 * A row without what says nothing about the record: addresses of other entities (half of what SAP sends), its own, and
 * fields that are empty (half of the rest): a field that is left out is `""` or null in SAP.
 * Of the navigations in `kept` only these fields stay, as `$select` would have it; but `$select` would need the names
 * of the extension fields as well.
 */
export function lean(row: Row, kept: Kept = {}): Row {
  const left: { [name: string]: Json } = {}
  for (const name in row) {
    const value = row[name] as Json
    if (name === '__metadata') {
      if (isRow(value) && typeof value['etag'] === 'string') left[name] = { etag: value['etag'] }
    } else if (typeof value !== 'object' || value === null) {
      if (value !== null && value !== '') left[name] = value
    } else if (!isDeferred(value)) {
      left[name] = expanded(value, kept[name], kept)
    }
  }
  return left
}

function expanded(value: Json, fields: readonly string[] | undefined, kept: Kept): Json {
  if (isList(value)) return value.map((each) => expanded(each, fields, kept))
  if (!isRow(value)) return value
  if (isList(value['results'])) return { results: expanded(value['results'], fields, kept) }
  return lean(fields === undefined ? value : only(fields, value), kept)
}

const only = (fields: readonly string[], row: Row): Row =>
  Object.fromEntries(fields.flatMap((name) => (row[name] === undefined ? [] : [[name, row[name]]])))

const isDeferred = (value: Json) => isRow(value) && '__deferred' in value

const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value)
