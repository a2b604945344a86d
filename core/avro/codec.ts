import type {
  ChangeRecord,
  DeadLetter,
  Entities,
  EntityName,
  LineRecords,
  LineTopicName,
} from '../../schemas/generated/entities.ts'
import { SCHEMAS } from '../../schemas/generated/schemas.ts'
import { UnknownSchemaIdError } from './errors.ts'
import { ENTITY_RECORDS, ENVELOPE_RECORDS, LINE_RECORDS } from './generated/records.ts'
import { createRecordCodec, type RecordCodec, type RecordFunctions } from './record-codec.ts'
import type { RecordSchema } from './schema.ts'
import { createUnifiedCodec, type UnifiedCodec, type UnifiedFunctions } from './unified-codec.ts'
import type { Writers } from './writers.ts'

/** Everything that turns records into Kafka values and back; synchronous, the registry is only asked at start-up. */
export interface Codec {
  /** Throws InvalidRecordError. */
  readonly encodeChange: (change: ChangeRecord) => Buffer
  /** `payload` is a view on `value`. Throws MalformedRecordError or UnknownSchemaIdError. */
  readonly decodeChange: (value: Buffer) => ChangeRecord
  readonly unified: <E extends EntityName>(entity: E) => UnifiedCodec<Entities[E]>
  readonly line: <L extends LineTopicName>(name: L) => RecordCodec<LineRecords[L]>
  readonly deadLetter: RecordCodec<DeadLetter>
  /**
   * Fetches the schema that a decoder did not know, once for all who wait; then decode again. Takes what the decoder
   * threw (anything but UnknownSchemaIdError is thrown again) or an id. With a signal it waits for a registry that is
   * down until the signal aborts; without, it throws RegistryUnavailableError.
   */
  readonly learn: (unknown: unknown, signal?: AbortSignal) => Promise<void>
}

/** Name in code of every schema: entities, line topics, `change_record`, `dead_letter`. */
export type SchemaName = EntityName | LineTopicName | keyof typeof SCHEMAS.envelopes

/** Plain Avro by name in code. */
export const ALL_SCHEMAS = { ...SCHEMAS.entities, ...SCHEMAS.lines, ...SCHEMAS.envelopes } as unknown as {
  readonly [Name in SchemaName]: RecordSchema
}

/** The codecs over given schema ids; `learn` gets ids that `writers` does not know. */
export function createCodec(
  idOf: (name: SchemaName) => number,
  writers: Writers,
  learn: (schemaId: number, signal: AbortSignal | undefined) => Promise<void>,
): Codec {
  const change = createRecordCodec<ChangeRecord>(
    ALL_SCHEMAS.change_record,
    idOf('change_record'),
    ENVELOPE_RECORDS.change_record,
    writers,
  )
  const unified = Object.fromEntries(
    Object.entries(ENTITY_RECORDS).map(([name, functions]) => [
      name,
      createUnifiedCodec(
        ALL_SCHEMAS[name as EntityName],
        idOf(name as EntityName),
        functions as unknown as UnifiedFunctions<{ version: string }>,
        writers,
      ),
    ]),
  ) as unknown as { [E in EntityName]: UnifiedCodec<Entities[E]> }
  const lines = Object.fromEntries(
    Object.entries(LINE_RECORDS).map(([name, functions]) => [
      name,
      createRecordCodec(
        ALL_SCHEMAS[name as LineTopicName],
        idOf(name as LineTopicName),
        functions as unknown as RecordFunctions<unknown>,
        writers,
      ),
    ]),
  ) as unknown as { [L in LineTopicName]: RecordCodec<LineRecords[L]> }
  return {
    encodeChange: change.encode,
    decodeChange: change.decode,
    unified: (entity) => unified[entity],
    line: (name) => lines[name],
    deadLetter: createRecordCodec<DeadLetter>(
      ALL_SCHEMAS.dead_letter,
      idOf('dead_letter'),
      ENVELOPE_RECORDS.dead_letter,
      writers,
    ),
    async learn(unknown, signal) {
      if (typeof unknown !== 'number' && !(unknown instanceof UnknownSchemaIdError)) throw unknown
      await learn(typeof unknown === 'number' ? unknown : unknown.schemaId, signal)
    },
  }
}
