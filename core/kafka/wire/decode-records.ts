import { promisify } from 'node:util'
import * as zlib from 'node:zlib'
import { crc32c } from '@node-rs/crc32'
import { CorruptBatchError, UnsupportedCompressionError } from '../errors.ts'
import type { InRecord } from '../records.ts'
import { type AbortedTransaction, createCommittedFilter } from './aborted.ts'

const BATCH_HEADER = 61
const COMPRESSION = 0x07
const LOG_APPEND_TIME = 0x08
const TRANSACTIONAL = 0x10
const CONTROL = 0x20

/** A record as a place in the fetch buffer: key and value become views only when asked for. */
class WireRecord implements InRecord {
  readonly topic: string
  readonly partition: number
  readonly offset: number
  readonly timestamp: number
  readonly buffer: Buffer
  readonly keyAt: number
  readonly keyLength: number
  readonly valueAt: number
  readonly valueLength: number

  constructor(
    topic: string,
    partition: number,
    offset: number,
    timestamp: number,
    buffer: Buffer,
    keyAt: number,
    keyLength: number,
    valueAt: number,
    valueLength: number,
  ) {
    this.topic = topic
    this.partition = partition
    this.offset = offset
    this.timestamp = timestamp
    this.buffer = buffer
    this.keyAt = keyAt
    this.keyLength = keyLength
    this.valueAt = valueAt
    this.valueLength = valueLength
  }

  get key(): Buffer | null {
    return this.keyLength < 0 ? null : this.buffer.subarray(this.keyAt, this.keyAt + this.keyLength)
  }

  get value(): Buffer | null {
    return this.valueLength < 0 ? null : this.buffer.subarray(this.valueAt, this.valueAt + this.valueLength)
  }
}

export const getInt64 = (buffer: Buffer, at: number): number =>
  buffer.readInt32BE(at) * 0x100000000 + buffer.readUInt32BE(at + 4)

/** Position behind the varint read last. */
let cursor = 0

function getVarint(buffer: Buffer, at: number): number {
  let byte = buffer[at] as number
  let position = at + 1
  let value = byte & 0x7f
  for (let shift = 7; byte >= 0x80 && shift < 35; shift += 7) {
    byte = buffer[position++] as number
    value |= (byte & 0x7f) << shift
  }
  cursor = position
  return (value >>> 1) ^ -(value & 1)
}

function getVarlong(buffer: Buffer, at: number): number {
  let position = at
  let scale = 1
  let value = 0
  for (let i = 0; i < 10; i++) {
    const byte = buffer[position++] as number
    value += (byte & 0x7f) * scale
    if (byte < 0x80) break
    scale *= 0x80
  }
  cursor = position
  return value % 2 === 0 ? value / 2 : -(value + 1) / 2
}

export interface RecordSet {
  readonly records: InRecord[]
  readonly nextOffset: number
}

interface Origin {
  /** Name that the records carry. */
  readonly topic: string
  readonly partition: number
  /** First offset wanted. */
  readonly offset: number
  readonly aborted: readonly AbortedTransaction[]
}

/**
 * Committed records of the record batches in `[start, end)`; a batch cut off at the end is left for the next fetch.
 * @throws CorruptBatchError on a wrong checksum, UnsupportedCompressionError
 */
export async function decodeRecordSet(buffer: Buffer, start: number, end: number, origin: Origin): Promise<RecordSet> {
  const deliver = createCommittedFilter(origin.aborted)
  const anyAborted = origin.aborted.length > 0
  const records: InRecord[] = []
  let nextOffset = origin.offset
  for (let at = start; at + BATCH_HEADER <= end; ) {
    const next = at + 12 + buffer.readInt32BE(at + 8)
    if (next > end) break
    const firstOffset = getInt64(buffer, at)
    const lastOffset = firstOffset + buffer.readInt32BE(at + 23)
    if (lastOffset >= origin.offset) {
      const where = () => `${origin.topic}/${origin.partition} at ${firstOffset}`
      if (buffer[at + 16] !== 2) throw new CorruptBatchError(where(), `format ${buffer[at + 16]} instead of 2`)
      if (crc32c(buffer.subarray(at + 21, next)) !== buffer.readUInt32BE(at + 17))
        throw new CorruptBatchError(where(), 'wrong checksum')
      const attributes = buffer.readInt16BE(at + 21)
      const codec = attributes & COMPRESSION
      const control = (attributes & CONTROL) !== 0
      if (control) {
        // Only what the filter needs: the key of the one record.
        if (anyAborted) deliver(factsOf(buffer, at, lastOffset, attributes, controlKey(buffer, at, next)))
      } else if (!anyAborted || deliver(factsOf(buffer, at, lastOffset, attributes, null))) {
        const body = codec === 0 ? undefined : await decompress(codec, buffer.subarray(at + BATCH_HEADER, next), where)
        const time = (attributes & LOG_APPEND_TIME) === 0 ? getInt64(buffer, at + 27) : -getInt64(buffer, at + 35)
        const count = buffer.readInt32BE(at + 57)
        if (body === undefined) getRecords(buffer, at + BATCH_HEADER, next, count, firstOffset, time, origin, records)
        else getRecords(body, 0, body.length, count, firstOffset, time, origin, records)
      }
      nextOffset = lastOffset + 1
    }
    at = next
  }
  return { records, nextOffset }
}

const factsOf = (buffer: Buffer, at: number, lastOffset: number, attributes: number, key: Buffer | null) => ({
  producerId: buffer.readBigInt64BE(at + 43).toString(),
  lastOffset,
  transactional: (attributes & TRANSACTIONAL) !== 0,
  controlKey: key,
})

function controlKey(buffer: Buffer, at: number, end: number): Buffer {
  const found: InRecord[] = []
  getRecords(buffer, at + BATCH_HEADER, end, 1, 0, 0, { topic: '', partition: 0, offset: 0, aborted: [] }, found)
  return found[0]?.key ?? Buffer.alloc(0)
}

/** @param time first timestamp of the batch, or minus the log append time that holds for all its records */
function getRecords(
  buffer: Buffer,
  start: number,
  end: number,
  count: number,
  firstOffset: number,
  time: number,
  origin: Origin,
  into: InRecord[],
): void {
  const { topic, partition, offset: wanted } = origin
  let at = start
  for (let i = 0; i < count; i++) {
    const length = getVarint(buffer, at)
    const next = cursor + length
    if (next > end || length < 0)
      throw new CorruptBatchError(`${topic}/${partition} at ${firstOffset}`, 'a record ends outside')
    const delta = getVarlong(buffer, cursor + 1)
    const offset = firstOffset + getVarint(buffer, cursor)
    if (offset >= wanted) {
      const keyLength = getVarint(buffer, cursor)
      const keyAt = cursor
      const valueLength = getVarint(buffer, keyLength > 0 ? keyAt + keyLength : keyAt)
      into.push(
        new WireRecord(
          topic,
          partition,
          offset,
          time < 0 ? -time : time + delta,
          buffer,
          keyAt,
          keyLength,
          cursor,
          valueLength,
        ),
      )
    }
    at = next
  }
}

const CODECS: {
  readonly [codec: number]: { readonly name: string; readonly expand?: (data: Buffer) => Promise<Buffer> }
} = {
  1: { name: 'gzip', expand: promisify(zlib.unzip) },
  2: { name: 'snappy' },
  3: { name: 'lz4' },
  // Node 22.15 and later.
  4: 'zstdDecompress' in zlib ? { name: 'zstd', expand: promisify(zlib.zstdDecompress) } : { name: 'zstd' },
}

function decompress(codec: number, data: Buffer, where: () => string): Promise<Buffer> {
  const { name, expand } = CODECS[codec] ?? { name: `codec ${codec}` }
  if (expand === undefined) throw new UnsupportedCompressionError(name, where())
  return expand(data)
}
