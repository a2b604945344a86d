import {
  type ChangeRecord,
  type Codec,
  DEAD_LETTERS,
  type EntityName,
  type InRecord,
  type OutRecord,
  partitionFor,
  type RawRecord,
  type SeenPayload,
  sourceKeyOf,
  sweepKey,
  type UndecodableRecord,
  unifiedId,
} from '../../core/index.ts'

/** Facts that all change records of a run share. */
export interface Origin {
  readonly connectionId: string
  readonly system: string
  readonly entity: EntityName
  readonly runId: string
  readonly origin: ChangeRecord['origin']
  /** `changes.<entity>` or `backfill.<entity>`. */
  readonly topic: string
}

export interface ChangeEncoder {
  /** @param askedAt when the page was asked for, epoch ms, our clock: the state is at least that fresh */
  change(from: Origin, record: RawRecord, payload: Buffer, askedAt: number): OutRecord
  /** Marks of a sweep, one for each partition. */
  sweepMark(from: Origin, mark: 'begin' | 'end' | 'apply', at: number): OutRecord[]
  /** One page of a sweep: a record for each partition that any of the keys belongs to. */
  seen(from: Origin, keys: readonly (string | readonly string[])[], page: number, at: number): OutRecord[]
  /** What could not be read, for `dead-letters`. */
  undecodable(from: Origin, record: UndecodableRecord, at: number): OutRecord
  /** A record of Kafka that is given up, byte for byte. */
  letter(record: InRecord, about: GivenUp): OutRecord
}

export interface GivenUp {
  readonly connectionId: string
  readonly kind: string
  readonly reason: string
  readonly at: number
}

/** Kafka refuses batches above 1 MiB; a record beyond this would stop its stream for ever. */
const LARGEST_VALUE = 900_000
const LARGEST_DEAD_LETTER = 500_000
const NOTHING = Buffer.from('{}')
const MARKS = { begin: 'SWEEP_BEGIN', end: 'SWEEP_END', apply: 'SWEEP_APPLY' } as const

/**
 * Why a record cannot be sent, or null when it can.
 * @param payload the record's JSON, as it would be sent
 */
export function refusalOf(record: RawRecord, payload: Buffer): string | null {
  const parts = typeof record.key === 'string' ? [record.key] : record.key
  if (parts.every((part) => part === '')) return 'the record has no key'
  if (!Number.isSafeInteger(record.version)) return `version ${record.version} is not a whole number`
  if (record.modifiedAt !== null && !Number.isFinite(record.modifiedAt))
    return `modification time ${record.modifiedAt} is not a time`
  if (payload.length > LARGEST_VALUE) return `${payload.length} bytes are more than Kafka takes (${LARGEST_VALUE})`
  return null
}

/** Turns what connectors deliver into Kafka records. `partitions`: the installation's P. */
export function createChangeEncoder(
  codec: Pick<Codec, 'encodeChange' | 'deadLetter'>,
  partitions: number,
): ChangeEncoder {
  const envelope = (from: Origin, operation: ChangeRecord['operation'], at: number, payload: Buffer): ChangeRecord => ({
    connection_id: from.connectionId,
    system: from.system,
    stream: from.entity,
    entity: from.entity,
    source_id: '',
    operation,
    origin: from.origin,
    source_version: 0,
    extracted_at: at,
    run_id: from.runId,
    payload,
  })

  return {
    change(from, record, payload, askedAt) {
      const key = unifiedId(from.connectionId, from.entity, record.key)
      const value = codec.encodeChange({
        ...envelope(from, record.deleted === true ? 'DELETE' : 'UPSERT', askedAt, payload),
        source_id: sourceKeyOf(record.key),
        source_version: record.version,
      })
      return { topic: from.topic, partition: partitionFor(key, partitions), key, value }
    },

    sweepMark(from, mark, at) {
      const payload = mark === 'apply' ? Buffer.from(JSON.stringify({ runId: from.runId })) : NOTHING
      const value = codec.encodeChange(envelope(from, MARKS[mark], at, payload))
      const key = sweepKey(from.connectionId, from.entity, mark)
      return Array.from({ length: partitions }, (_, partition) => ({ topic: from.topic, partition, key, value }))
    },

    seen(from, keys, page, at) {
      // the key as the unified id holds it: the normalizer finds its entry without knowing how keys are joined
      const prefix = `${from.connectionId}:${from.entity}:`
      const byPartition = new Map<number, string[]>()
      for (const key of keys) {
        const id = unifiedId(from.connectionId, from.entity, key)
        const partition = partitionFor(id, partitions)
        const listed = byPartition.get(partition)
        if (listed === undefined) byPartition.set(partition, [id.slice(prefix.length)])
        else listed.push(id.slice(prefix.length))
      }
      return [...byPartition].map(([partition, listed]) => {
        const payload: SeenPayload = { keys: listed }
        const value = codec.encodeChange(envelope(from, 'SEEN', at, Buffer.from(JSON.stringify(payload))))
        return { topic: from.topic, partition, key: sweepKey(from.connectionId, from.entity, page), value }
      })
    },

    undecodable(from, record, at) {
      const name = `source/${from.connectionId}/${from.entity}`
      const key = record.key === null ? null : Buffer.from(record.key)
      const original = { topic: name, partition: -1, offset: -1, timestamp: at, key, value: Buffer.from(record.raw) }
      const { connectionId, runId } = from
      const about = { connectionId, kind: 'undecodable', reason: record.reason, at }
      return letterOf(original, about, `${name}/${record.key ?? runId}`, runId)
    },

    letter: (record, about) => letterOf(record, about, `${record.topic}/${record.partition}/${record.offset}`, null),
  }

  function letterOf(record: InRecord, about: GivenUp, name: string, runId: string | null): OutRecord {
    const { topic, partition, offset, key, value } = record
    const letter = codec.deadLetter.encode({
      topic,
      partition,
      offset,
      key,
      // what came from Kafka goes back whole
      value: offset < 0 ? (value?.subarray(0, LARGEST_DEAD_LETTER) ?? null) : value,
      error: about.reason,
      kind: about.kind,
      service: 'sync',
      connection_id: about.connectionId,
      at: about.at,
      run_id: runId,
      request_id: null,
    })
    return { topic: DEAD_LETTERS, key: name, value: letter }
  }
}

/** Bytes that count against the limits of a transaction. */
export const sizeOf = (records: readonly OutRecord[]): number =>
  records.reduce((sum, { key, value }) => sum + key.length + (value?.length ?? 0), 0)
