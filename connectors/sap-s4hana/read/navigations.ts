import type { Json, JsonObject } from '../../../core/index.ts'

/** Rows behind an expanded to-many navigation; one that was not expanded has none. @throws TypeError when it is neither */
export function many(value: Json | undefined): readonly JsonObject[] {
  const rows = isObject(value) && 'results' in value ? value['results'] : value
  if (rows === undefined || rows === null || isDeferred(rows)) return []
  if (!isList(rows) || !rows.every(isObject)) throw new TypeError(`expected rows, got ${shown(value)}`)
  return rows
}

/** The row behind an expanded to-one navigation; null when there is none or it was not expanded. @throws TypeError */
export function one(value: Json | undefined): JsonObject | null {
  if (value === undefined || value === null || isDeferred(value)) return null
  if (!isObject(value)) throw new TypeError(`expected a row, got ${shown(value)}`)
  return value
}

/** Navigation → the only fields of its rows that are kept. */
export type Kept = { readonly [navigation: string]: readonly string[] }

/**
 * A row without what says nothing about the record: addresses of other entities (half of what SAP sends) and its own.
 * Of the navigations in `kept` only these fields stay, as `$select` would have it; but `$select` would need the names
 * of the extension fields as well.
 */
export function lean(row: JsonObject, kept: Kept = {}): JsonObject {
  const left: { [name: string]: Json } = {}
  for (const name in row) {
    const value = row[name] as Json
    if (name === '__metadata') {
      if (isObject(value) && typeof value['etag'] === 'string') left[name] = { etag: value['etag'] }
    } else if (typeof value !== 'object' || value === null) {
      left[name] = value
    } else if (!isDeferred(value)) {
      left[name] = expanded(value, kept[name], kept)
    }
  }
  return left
}

function expanded(value: Json, fields: readonly string[] | undefined, kept: Kept): Json {
  if (isList(value)) return value.map((each) => expanded(each, fields, kept))
  if (!isObject(value)) return value
  if (isList(value['results'])) return { results: expanded(value['results'], fields, kept) }
  return lean(fields === undefined ? value : only(fields, value), kept)
}

const only = (fields: readonly string[], row: JsonObject): JsonObject =>
  Object.fromEntries(fields.flatMap((name) => (row[name] === undefined ? [] : [[name, row[name]]])))

const isDeferred = (value: Json) => isObject(value) && '__deferred' in value

const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value)

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const shown = (value: Json | undefined) => JSON.stringify(value)?.slice(0, 200)
