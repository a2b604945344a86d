import {
  type AnyConnector,
  type Codec,
  type Connection,
  changesTopic,
  mappingSettings,
  type OutRecord,
  partitionFor,
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
  readonly codec: Pick<Codec, 'encodeChange'>
  /** P of the installation. */
  readonly partitions: number
  readonly now: () => number
}

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
  const records = [{ topic: changesTopic(entity), partition: partitionFor(id, partitions), key: id, value }]
  return { records, version: gone ? null : versionOf() }

  function versionOf(): string | null {
    try {
      return stream?.toUnified(found?.payload ?? {}, mappingSettings(connection), key).version ?? null
    } catch {
      // the normalizer tells it better, with the record beside it
      return null
    }
  }
}
