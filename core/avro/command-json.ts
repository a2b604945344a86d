/** Commands written as JSON, by hand or by clients without Avro → records as this project holds them. */
import { problemsOf, type FieldSchema, namedIn, type RecordSchema } from './schema.ts'

type Fields = { readonly [field: string]: unknown }

/** A record with what is wrong with it, field by field. */
export interface FromJson {
  readonly record: Fields
  readonly problems: readonly string[]
}

/**
 * What is left out takes the schema's default. Decimals are text, or whole numbers; times are epoch milliseconds, or
 * ISO 8601 with a zone; JSON fields are JSON text, or the object itself. Unknown fields are problems.
 */
export function fromJson(schema: RecordSchema, json: unknown): FromJson {
  const problems: string[] = []
  const record = recordFrom(schema, json, '', namedIn(schema), problems)
  return { record: record as Fields, problems: [...problems, ...problemsOf(schema, record, Number.POSITIVE_INFINITY)] }
}

type Named = ReturnType<typeof namedIn>

function recordFrom(schema: RecordSchema, json: unknown, path: string, named: Named, problems: string[]): unknown {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return json
  const given = json as Fields
  const known = new Set(schema.fields.map(({ name }) => name))
  for (const name of Object.keys(given))
    if (!known.has(name)) problems.push(`${path}${name} is no field of ${schema.name}`)
  return Object.fromEntries(
    schema.fields.map((field) => {
      const value = given[field.name] === undefined ? defaultOf(field) : given[field.name]
      return [field.name, valueFrom(field.type, value, `${path}${field.name}`, named, problems)]
    }),
  )
}

const defaultOf = (field: FieldSchema): unknown => structuredClone(field.default)

function valueFrom(type: unknown, value: unknown, path: string, named: Named, problems: string[]): unknown {
  if (Array.isArray(type)) return value === null ? null : valueFrom(type[1], value, path, named, problems)
  if (typeof type === 'string') {
    const found = named.get(type)
    return found !== undefined && 'fields' in found ? recordFrom(found, value, `${path}.`, named, problems) : value
  }
  const shape = type as { readonly [key: string]: unknown }
  if (shape['fields'] !== undefined) return recordFrom(type as RecordSchema, value, `${path}.`, named, problems)
  if (shape['type'] === 'array' && Array.isArray(value)) {
    return value.map((item, i) => valueFrom(shape['items'], item, `${path}[${i}]`, named, problems))
  }
  if (shape['logicalType'] === 'decimal' && Number.isSafeInteger(value)) return String(value)
  if (shape['logicalType'] === 'timestamp-millis' && typeof value === 'string') return millisOf(value)
  if (shape['connect.name'] !== undefined && typeof value === 'object' && value !== null) return JSON.stringify(value)
  return value
}

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})$/

/** Epoch milliseconds of an instant; any other text stays as it is, for the schema to refuse. */
function millisOf(text: string): number | string {
  const millis = INSTANT.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(millis) ? text : millis
}
