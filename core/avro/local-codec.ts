import { ALL_SCHEMAS, type Codec, createCodec, type SchemaName } from './codec.ts'
import { createWriters } from './writers.ts'

/**
 * A codec with fixed schema ids and the same framing, for tests without a registry. Ids in `older` stand for schemas
 * that records were written with earlier, as the registry would know them; `learn` fetches from there.
 */
export function createLocalCodec(older: ReadonlyMap<number, unknown> = new Map()): Codec {
  const names = Object.keys(ALL_SCHEMAS) as SchemaName[]
  const writers = createWriters()
  return createCodec(
    (name) => names.indexOf(name) + 1,
    writers,
    async (schemaId) => writers.add(schemaId, older.get(schemaId) ?? null),
  )
}
