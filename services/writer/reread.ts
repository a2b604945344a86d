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
  type Unified,
  unifiedId,
  type WritableEntity,
} from '../../core/index.ts'

export interface Reread {
  /** The change that brings the record, as it is now, to `unified.<entity>`. */
  readonly records: readonly OutRecord[]
  /** Its version; null = the record is gone, or cannot be mapped. */
  readonly version: string | null
  /** As mapped; null = gone, or cannot be mapped. */
  readonly mapped: Unified<WritableEntity> | null
  readonly gone: boolean
}

export const NOT_READ: Reread = { records: [], version: null, mapped: null, gone: false }

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
  if (stream === undefined) return NOT_READ
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
  const mapped = found === null || gone ? null : mappedOf(connection, stream, found)
  const version =
    mapped === null
      ? null
      : versionOf(codec, connection, { entity, id, source_id: sourceKeyOf(found?.key ?? key) }, mapped)
  return { records: large ? [] : [change], version, mapped, gone }
}

function mappedOf(connection: Connection, stream: ReadStream<unknown>, { key, payload }: RawRecord) {
  try {
    return stream.toUnified(payload, mappingSettings(connection), sourceKeyOf(key)) as Unified<WritableEntity>
  } catch {
    // the normalizer tells it better, with the record beside it
    return null
  }
}

/** As the unified record will have it: the system's own, else the hash of what the record says. */
function versionOf(
  codec: RereadParts['codec'],
  connection: Connection,
  { entity, id, source_id }: { readonly entity: WritableEntity; readonly id: string; readonly source_id: string },
  mapped: Unified<WritableEntity>,
): string | null {
  if (mapped.version !== null && mapped.version !== '') return mapped.version
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
    source_version: 0,
    origin: 'WRITE',
    synced_at: 0,
  }
  try {
    const unified = codec.unified(entity)
    return unified.decode(unified.encode(record as never).value).version
  } catch {
    return null
  }
}
