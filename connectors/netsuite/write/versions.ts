import {
  type Codec,
  ConflictError,
  createLocalCodec,
  type ReadStream,
  unifiedId,
  type WritableEntity,
  type WriteRequest,
} from '../../../core/index.ts'
import type { NetSuiteSession } from '../session.ts'

type Stream<Entity extends WritableEntity> = ReadStream<NetSuiteSession, Entity>

let codec: Codec | null = null

/**
 * NetSuite has no versions: a record is read and mapped as the pipeline does, and its content is the version. A change
 * between this look and the write is not seen.
 * @throws ConflictError when the record is not the one that the client saw
 */
export async function refuseStale<Entity extends WritableEntity>(
  session: NetSuiteSession,
  stream: Stream<Entity>,
  request: WriteRequest<Entity>,
  doing: string,
  signal: AbortSignal,
): Promise<void> {
  const { expectedVersion, target } = request
  if (expectedVersion === null || target === null) return
  const now = await versionNow(session, stream, request, target, signal)
  if (now === expectedVersion) return
  const what = now === null ? 'it is gone' : `somebody else has changed it; its version is ${now}`
  throw new ConflictError(`${doing}: ${what}`, now)
}

/** `hash:…`; null = there is no such record. */
export async function versionNow<Entity extends WritableEntity>(
  session: NetSuiteSession,
  stream: Stream<Entity>,
  { entity, mapping }: Pick<WriteRequest<Entity>, 'entity' | 'mapping'>,
  key: string,
  signal: AbortSignal,
): Promise<string | null> {
  const found = await stream.readOne(session, key, signal)
  if (found === null) return null
  const record = {
    ...stream.toUnified(found.payload, mapping, key),
    id: unifiedId(mapping.connectionId, entity, key.split('|')),
    connection_id: mapping.connectionId,
    system: mapping.system,
    source_id: key,
    deleted_at: null,
    raw: null,
    mapping_version: '',
    version: '',
    source_version: 0,
    origin: 'WRITE',
    synced_at: 0,
  }
  codec ??= createLocalCodec()
  const unified = codec.unified(entity)
  return unified.decode(unified.encode(record as never).value).version
}
