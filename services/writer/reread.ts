import {
  type AnyConnector,
  type Codec,
  type Connection,
  changesTopic,
  mappingSettings,
  type OutRecord,
  partitionFor,
  type RawRecord,
  type ReadStream,
  sourceKeyOf,
  unifiedId,
  type WritableEntity,
} from '../../core/index.ts'

export interface Reread {
  /** The change that brings the record, as it is now, to `unified.<entity>`. */
  readonly records: readonly OutRecord[]
  /** Its version; null = the system has none, or the record is gone. */
  readonly version: string | null
}

export interface RereadParts {
  readonly codec: Pick<Codec, 'encodeChange' | 'unified'>
  /** P of the installation. */
  readonly partitions: number
  readonly now: () => number
}

/** Kafka refuses batches above 1 MiB. */
const LARGEST_VALUE = 900_000

/**
 * Reads the record that a command wrote, for its version and for a change of origin WRITE.
 * @param key native key, parts joined by "|"
 */
export async function reread(
  { codec, partitions, now }: RereadParts,
  about: { readonly connection: Connection; readonly connector: AnyConnector; readonly session: unknown },
  record: { readonly entity: WritableEntity; readonly key: string; readonly commandId: string },
  signal: AbortSignal,
): Promise<Reread> {
  const { connection, connector, session } = about
  const { entity, key, commandId } = record
  const stream = connector.streams[entity]
  if (stream === undefined) return { records: [], version: null }
  const askedAt = now()
  const found = await stream.readOne(session, key, signal)
  const gone = found === null || found.deleted === true
  const id = unifiedId(connection.id, entity, found?.key ?? key.split('|'))
  const value = codec.encodeChange({
    connection_id: connection.id,
    system: connection.system,
    stream: entity,
    entity,
    source_id: found === null ? key : sourceKeyOf(found.key),
    operation: gone ? 'DELETE' : 'UPSERT',
    origin: 'WRITE',
    source_version: found?.version ?? 0,
    extracted_at: askedAt,
    run_id: commandId,
    payload: Buffer.from(JSON.stringify(found?.payload ?? {})),
  })
  // sync gives up on such a record as well, and says so
  const large = value.length > LARGEST_VALUE
  const change = { topic: changesTopic(entity), partition: partitionFor(id, partitions), key: id, value }
  const version = found === null || gone ? null : versionOf(codec, connection, stream, entity, id, found)
  return { records: large ? [] : [change], version }
}

/** As the unified record will have it: the system's own, else the hash of what the record says. */
function versionOf(
  codec: RereadParts['codec'],
  connection: Connection,
  stream: ReadStream<unknown>,
  entity: WritableEntity,
  id: string,
  { key, payload, version }: RawRecord,
): string | null {
  try {
    const source_id = sourceKeyOf(key)
    const mapped = stream.toUnified(payload, mappingSettings(connection), source_id)
    if (mapped.version !== null) return mapped.version
    const record = {
      ...mapped,
      id,
      connection_id: connection.id,
      system: connection.system,
      source_id,
      display_name: mapped.display_name === '' ? source_id : mapped.display_name,
      deleted_at: null,
      version: '',
      raw: null,
      mapping_version: '',
      source_version: version,
      origin: 'WRITE',
      synced_at: 0,
    }
    const unified = codec.unified(entity)
    return unified.decode(unified.encode(record as never).value).version
  } catch {
    // the normalizer tells it better, with the record beside it
    return null
  }
}
