import { ALL_SCHEMAS, type SchemaName } from '../../core/avro/codec.ts'
import { HEADER } from '../../core/avro/frame.ts'
import { createLocalCodec } from '../../core/avro/local-codec.ts'
import type { WritableEntity } from '../../schemas/generated/commands.ts'
import type { EntityName, LineTopicName } from '../../schemas/generated/entities.ts'
import { SCHEMAS } from '../../schemas/generated/schemas.ts'

/** Bytes of a record as a release wrote it, without the header, and the record; bytes in it are `{ "$bytes": hex }`. */
export interface Golden {
  readonly schema: SchemaName
  readonly body: string
  readonly record: { readonly [field: string]: unknown }
}

type Shape = {
  readonly type?: unknown
  readonly name?: string
  readonly logicalType?: string
  readonly symbols?: readonly string[]
  readonly items?: unknown
  readonly fields?: readonly { readonly name: string; readonly type: unknown }[]
}

/** Two records of each schema: everything set, with the last symbol of each enum; and as little as is allowed. */
export function goldenRecords(): Golden[] {
  return (Object.keys(ALL_SCHEMAS) as SchemaName[]).flatMap((schema) =>
    [true, false].map((full) => {
      const record = sample(ALL_SCHEMAS[schema], '', full, new Map()) as { [field: string]: unknown }
      return {
        schema,
        body: encode(schema, record).subarray(HEADER).toString('hex'),
        record: withHex(record) as Golden['record'],
      }
    }),
  )
}

function encode(schema: SchemaName, record: unknown): Buffer {
  const codec = createLocalCodec()
  if (schema === 'change_record') return codec.encodeChange(record as never)
  if (schema === 'dead_letter') return codec.deadLetter.encode(record as never)
  if (schema === 'inbound_webhook') return codec.inboundWebhook.plain.encode(record as never)
  if (schema === 'command_result') return codec.commandResult.encode(record as never)
  if (schema === 'command_journal') return codec.commandJournal.encode(record as never)
  if (schema === 'capability') return codec.capability.encode(record as never)
  if (schema in SCHEMAS.commands) {
    return codec.command(schema.replace(/_command$/, '') as WritableEntity).encode(record as never)
  }
  if (schema in SCHEMAS.lines) return codec.line(schema as LineTopicName).encode(record as never)
  return codec.unified(schema as EntityName).encode(record as never).value
}

function sample(type: unknown, name: string, full: boolean, names: Map<string, Shape>): unknown {
  if (Array.isArray(type)) {
    const value = sample(type[1], name, full, names)
    return full ? value : null
  }
  const shape: Shape = typeof type === 'string' ? (names.get(type) ?? { type }) : (type as Shape)
  // Avro writes a named type out once and refers to it afterwards.
  if (shape.name !== undefined) names.set(shape.name, shape)
  if (shape.symbols !== undefined) return full ? shape.symbols.at(-1) : shape.symbols[0]
  if (shape.fields !== undefined) {
    return Object.fromEntries(shape.fields.map((field) => [field.name, sample(field.type, field.name, full, names)]))
  }
  if (shape.type === 'array') {
    const items = [1, 2].map(() => sample(shape.items, name, full, names))
    return full ? items : []
  }
  if (shape.logicalType === 'decimal') return full ? '-98765432109876543210.123456789' : '0'
  if (shape.logicalType === 'date') return full ? '2026-02-28' : '1970-01-01'
  switch (shape.type) {
    case 'long':
      return full ? 1_767_225_600_123 : 0
    case 'int':
      return full ? 42 : 0
    case 'boolean':
      return full
    case 'bytes':
      return full ? Buffer.from('{"a":"ä"}') : Buffer.alloc(0)
    default:
      return full ? `${name} Größe 漢` : name === 'version' ? 'v' : ''
  }
}

/** Bytes as JSON can hold them. */
export function withHex(value: unknown): unknown {
  if (value instanceof Uint8Array) return { $bytes: Buffer.from(value).toString('hex') }
  if (Array.isArray(value)) return value.map(withHex)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withHex(item)]))
}
