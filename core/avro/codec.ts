import type {
  Capability,
  CommandJournal,
  CommandResult,
  EntityCommands,
  WritableEntity,
} from '../../schemas/generated/commands.ts'
import type {
  ChangeRecord,
  DeadLetter,
  Entities,
  EntityName,
  InboundWebhook,
  LineRecords,
  LineTopicName,
} from '../../schemas/generated/entities.ts'
import { SCHEMAS } from '../../schemas/generated/schemas.ts'
import { type CommandCodec, createCommandCodec } from './command-codec.ts'
import { UnknownSchemaIdError } from './errors.ts'
import { COMMAND_RECORDS } from './generated/commands.ts'
import { ENTITY_RECORDS, ENVELOPE_RECORDS, LINE_RECORDS } from './generated/records.ts'
import { createRecordCodec, type RecordCodec, type RecordFunctions } from './record-codec.ts'
import type { RecordSchema } from './schema.ts'
import { createUnifiedCodec, type UnifiedCodec, type UnifiedFunctions } from './unified-codec.ts'
import { createWebhookCodec, type WebhookCodec } from './webhook-codec.ts'
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
  /** Takes and gives WebhookDelivery. */
  readonly inboundWebhook: WebhookCodec
  readonly command: <E extends WritableEntity>(entity: E) => CommandCodec<EntityCommands[E]>
  readonly commandResult: RecordCodec<CommandResult>
  readonly commandJournal: RecordCodec<CommandJournal>
  readonly capability: RecordCodec<Capability>
  /**
   * Fetches the schema that a decoder did not know, once for all who wait; then decode again. Takes what the decoder
   * threw (anything but UnknownSchemaIdError is thrown again) or an id. With a signal it waits for a registry that is
   * down until the signal aborts; without, it throws RegistryUnavailableError.
   */
  readonly learn: (unknown: unknown, signal?: AbortSignal) => Promise<void>
}

/** Name in code of every schema: entities, line topics, `change_record`, `dead_letter`, `<entity>_command`, … */
export type SchemaName =
  | EntityName
  | LineTopicName
  | keyof typeof SCHEMAS.envelopes
  | `${WritableEntity}_command`
  | 'command_result'
  | 'capability'

/** Plain Avro by name in code. */
export const ALL_SCHEMAS = {
  ...SCHEMAS.entities,
  ...SCHEMAS.lines,
  ...SCHEMAS.envelopes,
  ...SCHEMAS.commands,
} as unknown as {
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
  const record = <R>(name: keyof typeof COMMAND_RECORDS & SchemaName): RecordCodec<R> =>
    createRecordCodec<R>(ALL_SCHEMAS[name], idOf(name), COMMAND_RECORDS[name] as unknown as RecordFunctions<R>, writers)
  const commands = new Map<WritableEntity, CommandCodec<unknown>>()
  function command<E extends WritableEntity>(entity: E): CommandCodec<EntityCommands[E]> {
    let codec = commands.get(entity)
    if (codec === undefined) {
      const name = `${entity}_command` as const
      const functions = COMMAND_RECORDS[name] as unknown as RecordFunctions<unknown>
      codec = createCommandCodec(ALL_SCHEMAS[name], idOf(name), functions, writers)
      commands.set(entity, codec)
    }
    return codec as CommandCodec<EntityCommands[E]>
  }
  return {
    command,
    commandResult: record('command_result'),
    commandJournal: record('command_journal'),
    capability: record('capability'),
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
    inboundWebhook: createWebhookCodec(
      createRecordCodec<InboundWebhook>(
        ALL_SCHEMAS.inbound_webhook,
        idOf('inbound_webhook'),
        ENVELOPE_RECORDS.inbound_webhook,
        writers,
      ),
    ),
    async learn(unknown, signal) {
      if (typeof unknown !== 'number' && !(unknown instanceof UnknownSchemaIdError)) throw unknown
      await learn(typeof unknown === 'number' ? unknown : unknown.schemaId, signal)
    },
  }
}
