import type { ChangeRecord, Entities, EntityName, JsonObject } from '../../core/index.ts'
import type { Source } from './sources.ts'

/** The mapping refused or produced a record that its schema does not allow: the record goes to dead-letters. */
export class MappingError extends Error {
  constructor(message: string, cause: unknown) {
    super(message, { cause })
    this.name = 'MappingError'
  }
}

/** A larger `raw` is dropped whole: cut JSON is of no use to anybody. */
const LARGEST_RAW_BYTES = 32 * 1024

/**
 * The unified record of a change: the connector's mapping, then the envelope fields that only the runtime knows.
 * `version` stays '' where the mapping gives none; the encoder then fills in the content hash.
 */
export function mapChange(source: Source, change: ChangeRecord, id: string): Entities[EntityName] {
  try {
    const text = change.payload.toString()
    const payload = JSON.parse(text) as JsonObject
    // A mapping returns a fresh object each time; filling it in is cheaper than copying it.
    const record = source.stream.toUnified(payload, source.settings, change.source_id) as unknown as Mutable
    record.id = id
    record.connection_id = change.connection_id
    record.system = source.settings.system
    record.source_id = change.source_id
    record.deleted_at = null
    record.raw = source.connection.includeRaw && change.payload.length <= LARGEST_RAW_BYTES ? text : null
    record.mapping_version = source.mappingVersion
    record.source_version = change.source_version
    record.origin = change.origin
    record.synced_at = change.extracted_at
    if (record.version === null) record.version = ''
    if (record.display_name === '') record.display_name = change.source_id
    return record as unknown as Entities[EntityName]
  } catch (error) {
    throw new MappingError(`mapping ${id} with ${source.mappingVersion}`, error)
  }
}

type Mutable = { -readonly [K in keyof Envelope]: Envelope[K] | null }
type Envelope = Pick<
  Entities['vendor'],
  | 'id'
  | 'connection_id'
  | 'system'
  | 'source_id'
  | 'display_name'
  | 'deleted_at'
  | 'version'
  | 'raw'
  | 'mapping_version'
  | 'source_version'
  | 'origin'
  | 'synced_at'
>
