/** Unified records made from the schemas, every field filled or as empty as allowed: new fields are covered by themselves. */
import { SCHEMAS } from '../../schemas/generated/schemas.ts'

interface Field {
  readonly name: string
  readonly type: unknown
}
interface Shape {
  readonly type: unknown
  readonly name?: string
  readonly logicalType?: string
  readonly symbols?: readonly string[]
  readonly items?: unknown
  readonly fields?: readonly Field[]
  readonly 'connect.name'?: string
}
type Kind = 'text' | 'decimal' | 'date' | 'time' | 'json' | 'array' | 'other'

const UNIFIED: Readonly<Record<string, { readonly fields: readonly Field[] }>> = {
  ...SCHEMAS.entities,
  ...SCHEMAS.lines,
}

/** Entities and line topics. */
export const SAMPLE_NAMES: readonly string[] = Object.keys(UNIFIED)

const nonNull = (type: unknown): unknown => (Array.isArray(type) ? type.find((branch) => branch !== 'null') : type)

function fieldsOf(name: string): readonly Field[] {
  const schema = UNIFIED[name]
  if (schema === undefined) throw new Error(`no unified schema ${name}`)
  return schema.fields
}

/** How each field of a record is to be compared with a column. */
export function fieldKinds(name: string): ReadonlyMap<string, Kind> {
  return new Map(fieldsOf(name).map((field) => [field.name, kindOf(nonNull(field.type))]))
}

function kindOf(type: unknown): Kind {
  if (typeof type === 'string') return type === 'string' || type.includes('.') ? 'text' : 'other'
  const shape = type as Shape
  if (shape.type === 'array') return 'array'
  if (shape.logicalType === 'decimal') return 'decimal'
  if (shape.logicalType === 'date') return 'date'
  if (shape.logicalType === 'timestamp-millis') return 'time'
  if (shape['connect.name'] === 'io.debezium.data.Json') return 'json'
  return shape.type === 'enum' ? 'text' : kindOf(shape.type)
}

/**
 * A record of that entity or line topic.
 * @param variant `full`: every field has a value, different by field; `empty`: null wherever null is allowed
 */
export function sampleRecord(name: string, id: string, variant: 'full' | 'empty' = 'full'): Record<string, unknown> {
  const symbols = new Map<string, readonly string[]>()
  collectEnums(fieldsOf(name), symbols)
  const value = (type: unknown, field: string): unknown => {
    if (Array.isArray(type)) return variant === 'empty' ? null : value(nonNull(type), field)
    if (type === 'string') return `${field} ä 'x' of ${id}`
    if (type === 'boolean') return true
    if (type === 'int' || type === 'long') return field.length
    if (typeof type === 'string') return symbols.get(type.split('.').at(-1) ?? type)?.at(-1)
    const shape = type as Shape
    if (shape.logicalType === 'decimal') return `${field.length}.000000001`
    if (shape.logicalType === 'date') return '2024-02-29'
    if (shape.logicalType === 'timestamp-millis') return Date.UTC(2024, 1, 29, 23, 59, 58, 700 + field.length)
    if (shape['connect.name'] === 'io.debezium.data.Json') return `{"price":"1.10","x_field":"${field}"}`
    if (shape.type === 'enum') return shape.symbols?.at(-1)
    if (shape.type === 'array') return variant === 'empty' ? [] : [value(shape.items, field)]
    if (shape.type === 'record')
      return Object.fromEntries((shape.fields ?? []).map((f) => [f.name, value(f.type, f.name)]))
    return value(shape.type, field)
  }
  return { ...Object.fromEntries(fieldsOf(name).map((field) => [field.name, value(field.type, field.name)])), id }
}

function collectEnums(node: unknown, into: Map<string, readonly string[]>): void {
  if (typeof node !== 'object' || node === null) return
  const shape = node as Partial<Shape>
  if (shape.type === 'enum' && shape.name !== undefined) into.set(shape.name, shape.symbols ?? [])
  for (const child of Object.values(node)) collectEnums(child, into)
}
