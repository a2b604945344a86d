import type { WritableEntity } from '../../schemas/generated/commands.ts'
import { ALL_SCHEMAS } from './codec.ts'
import { type FieldSchema, namedIn, type RecordSchema } from './schema.ts'

/** One field that a command of an entity may carry, as the schema has it. */
export interface WriteShape {
  readonly name: string
  readonly doc: string
  readonly kind: 'text' | 'texts' | 'decimal' | 'date' | 'instant' | 'integer' | 'boolean' | 'json' | 'enum' | 'lines'
  /** Of an enum; UNKNOWN, which says nothing, is left out. */
  readonly symbols?: readonly string[]
  /** Of lines: their fields. */
  readonly items?: readonly WriteShape[]
}

/** What the payload of a command may hold; what of it a system takes is told by its operations. */
export function writeShapeOf(entity: WritableEntity): readonly WriteShape[] {
  const command = ALL_SCHEMAS[`${entity}_command`]
  const payload = command.fields.find(({ name }) => name === 'payload')?.type
  if (!Array.isArray(payload)) throw new Error(`${command.name} has no payload`)
  return fieldsOf(payload[1] as RecordSchema, namedIn(command))
}

type Named = ReturnType<typeof namedIn>

const fieldsOf = (record: RecordSchema, named: Named): WriteShape[] =>
  record.fields.map((field) => ({ name: field.name, doc: docOf(field), ...shapeOf(field.type, named) }))

const docOf = (field: FieldSchema): string => (field as { readonly doc?: string }).doc ?? ''

function shapeOf(given: unknown, named: Named): Omit<WriteShape, 'name' | 'doc'> {
  const type: unknown = Array.isArray(given) ? given[1] : given
  if (typeof type === 'string') {
    const found = named.get(type)
    if (found !== undefined && !('fields' in found)) return enumOf(found)
    if (type === 'string') return { kind: 'text' }
    if (type === 'boolean') return { kind: 'boolean' }
    if (type === 'int' || type === 'long') return { kind: 'integer' }
  }
  const { type: base, logicalType, symbols, items, ...more } = type as { readonly [key: string]: unknown }
  if (logicalType === 'decimal') return { kind: 'decimal' }
  if (logicalType === 'date') return { kind: 'date' }
  if (logicalType === 'timestamp-millis') return { kind: 'instant' }
  if (more['connect.name'] !== undefined) return { kind: 'json' }
  if (base === 'enum') return enumOf(symbols as readonly string[])
  if (base === 'array' && items === 'string') return { kind: 'texts' }
  if (base === 'array') {
    const record = typeof items === 'string' ? named.get(items) : items
    return { kind: 'lines', items: fieldsOf(record as RecordSchema, named) }
  }
  throw new Error(`nobody describes ${JSON.stringify(type)}`)
}

const enumOf = (symbols: readonly string[]) => ({
  kind: 'enum' as const,
  symbols: symbols.filter((symbol) => symbol !== 'UNKNOWN'),
})
