/** Schemas that records were written with, by id: what the registry told so far. */
import avsc from 'avsc'
import { MalformedRecordError, UnknownSchemaIdError } from './errors.ts'
import { HEADER } from './frame.ts'
import { fromAvro, type RecordSchema } from './schema.ts'

/** The Avro library's own type of a schema. Options are given anew each time: it collects names in them. */
export function avroType(schema: unknown): avsc.Type {
  return avsc.Type.forSchema(schema as avsc.Schema, { wrapUnions: 'never', logicalTypes: {} } as never)
}

export interface Writers {
  /** Remembers what the registry says about an id; null = the registry does not know it. */
  add(schemaId: number, schema: unknown): void
  has(schemaId: number): boolean
  /** The type that a record was written with. Throws as `decode`. */
  typeOf(schemaId: number): avsc.Type
  /**
   * Decodes a record written with another schema than ours, as Avro's rules of resolution say. Throws
   * UnknownSchemaIdError until the id was added, MalformedRecordError when it cannot be read as `schema`.
   */
  decode(value: Buffer, schemaId: number, schema: RecordSchema): { [field: string]: unknown }
}

/** How long an id that the registry does not know is taken for garbage before it is asked again. */
const ABSENT_MS = 60_000

export function createWriters(now: () => number = Date.now): Writers {
  const types = new Map<number, avsc.Type>()
  const absent = new Map<number, number>()
  const readers = new Map<RecordSchema, avsc.Type>()
  const resolvers = new Map<RecordSchema, Map<number, unknown>>()

  function resolverOf(writer: avsc.Type, schemaId: number, schema: RecordSchema, reader: avsc.Type): unknown {
    let byId = resolvers.get(schema)
    if (byId === undefined) resolvers.set(schema, (byId = new Map()))
    let resolver = byId.get(schemaId)
    if (resolver === undefined) {
      try {
        resolver = reader.createResolver(writer)
      } catch (cause) {
        throw new MalformedRecordError(`schema ${schemaId} cannot be read as ${schema.name}`, { cause })
      }
      byId.set(schemaId, resolver)
    }
    return resolver
  }

  function typeOf(schemaId: number): avsc.Type {
    const writer = types.get(schemaId)
    if (writer !== undefined) return writer
    const since = absent.get(schemaId)
    if (since === undefined || now() - since > ABSENT_MS) throw new UnknownSchemaIdError(schemaId)
    throw new MalformedRecordError(`the registry knows no schema ${schemaId}`)
  }

  return {
    typeOf,
    add(schemaId, schema) {
      if (schema === null) {
        if (absent.size > 10_000) absent.clear()
        absent.set(schemaId, now())
      } else {
        types.set(schemaId, avroType(schema))
        absent.delete(schemaId)
      }
    },
    has: (schemaId) => types.has(schemaId),
    decode(value, schemaId, schema) {
      const writer = typeOf(schemaId)
      let reader = readers.get(schema)
      if (reader === undefined) readers.set(schema, (reader = avroType(schema)))
      const resolver = resolverOf(writer, schemaId, schema, reader)
      let decoded: unknown
      try {
        decoded = reader.fromBuffer(value.subarray(HEADER), resolver as never)
      } catch (cause) {
        throw new MalformedRecordError(`reading ${schema.name} written with schema ${schemaId}`, { cause })
      }
      return fromAvro(schema, decoded)
    },
  }
}
