import { partitionFor } from './partitioner.ts'
import type { OutRecord } from './records.ts'

/** The records of one topic-partition, in the order they were given. */
export interface Pack {
  /** Without prefix. */
  readonly topic: string
  readonly partition: number
  readonly records: OutRecord[]
}

/** Batches stay below every broker's default `max.message.bytes` (1 MiB) and below 10,000 records. */
export const MAX_BATCH_BYTES = 900_000
export const MAX_BATCH_RECORDS = 10_000

const BATCH_OVERHEAD = 61
/** Varints, attributes and header count of one record, at their longest. */
const RECORD_OVERHEAD = 30

const maxKeyBytes = (key: string | Buffer): number => (typeof key === 'string' ? key.length * 3 : key.length)

/** No fewer than the encoded size of a record. */
export const maxRecordBytes = (record: OutRecord): number =>
  RECORD_OVERHEAD + maxKeyBytes(record.key) + (record.value === null ? 0 : record.value.length)

/**
 * Groups records by topic and partition in one pass.
 * @param partitionsOf partition count of a topic; asked only for records without a partition
 */
export function packRecords(records: readonly OutRecord[], partitionsOf: (topic: string) => number): Pack[] {
  const packs: Pack[] = []
  const byTopic = new Map<string, (Pack | undefined)[]>()
  let lastTopic: string | undefined
  let row: (Pack | undefined)[] = []
  for (let i = 0; i < records.length; i++) {
    const record = records[i] as OutRecord
    if (record.topic !== lastTopic) {
      lastTopic = record.topic
      row = byTopic.get(lastTopic) ?? []
      if (row.length === 0) byTopic.set(lastTopic, row)
    }
    const partition = record.partition ?? partitionFor(record.key, partitionsOf(record.topic))
    const pack = row[partition]
    if (pack !== undefined) pack.records.push(record)
    else {
      const fresh: Pack = { topic: record.topic, partition, records: [record] }
      row[partition] = fresh
      packs.push(fresh)
    }
  }
  return packs
}

export interface Slice {
  readonly from: number
  readonly to: number
  readonly maxBytes: number
}

/** Cuts one pack into batches that no broker refuses as too large (a single larger record is sent alone). */
export function sliceRecords(records: readonly OutRecord[]): Slice[] {
  const slices: Slice[] = []
  let from = 0
  let bytes = BATCH_OVERHEAD
  for (let i = 0; i < records.length; i++) {
    const size = maxRecordBytes(records[i] as OutRecord)
    if (i > from && (bytes + size > MAX_BATCH_BYTES || i - from >= MAX_BATCH_RECORDS)) {
      slices.push({ from, to: i, maxBytes: bytes })
      from = i
      bytes = BATCH_OVERHEAD
    }
    bytes += size
  }
  if (records.length > from) slices.push({ from, to: records.length, maxBytes: bytes })
  return slices
}
