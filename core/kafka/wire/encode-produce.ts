import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { crc32c } from '@node-rs/crc32'
import type { OutRecord } from '../records.ts'
import type { BufferPool } from './buffer-pool.ts'
import { putRecords } from './encode-records.ts'
import type { ProduceBatch, ProduceRequest } from './wire.ts'

export const PRODUCE_API = 0
export const PRODUCE_VERSION = 7
/** Bytes of a request before the client id's text: size, api key, version, correlation id, length of the id. */
export const FRAME_START = 14

const BATCH_HEADER = 61
const GZIP = 1
const TRANSACTIONAL = 16
const ACKS_ALL = -1
const compress = promisify(gzip)

export function putString(buffer: Buffer, at: number, text: string): number {
  const length = buffer.write(text, at + 2, 'utf8')
  buffer.writeInt16BE(length, at)
  return at + 2 + length
}

export function putInt64(buffer: Buffer, at: number, value: number): number {
  const high = Math.floor(value / 0x100000000)
  buffer.writeInt32BE(high, at)
  buffer.writeUInt32BE(value - high * 0x100000000, at + 4)
  return at + 8
}

/** Request header; the correlation id is set when the frame is sent. */
export function putHeader(buffer: Buffer, apiKey: number, version: number, clientId: string): number {
  buffer.writeInt16BE(apiKey, 4)
  buffer.writeInt16BE(version, 6)
  return putString(buffer, 12, clientId)
}

/** A whole produce request in one pass into one pooled buffer. Give `buffer` back when its answer has come. */
export async function encodeProduce(
  request: ProduceRequest,
  clientId: string,
  pool: BufferPool,
  now: number = Date.now(),
): Promise<{ readonly buffer: Buffer; readonly length: number }> {
  const { batches, transactionalId } = request
  let size = FRAME_START + 3 * clientId.length + 3 * (transactionalId?.length ?? 0) + 64
  for (const batch of batches) size += batch.maxBytes + 3 * batch.topic.length + 32
  const buffer = pool.take(size)
  let at = putHeader(buffer, PRODUCE_API, PRODUCE_VERSION, clientId)
  at = transactionalId === null ? buffer.writeInt16BE(-1, at) : putString(buffer, at, transactionalId)
  at = buffer.writeInt16BE(ACKS_ALL, at)
  at = buffer.writeInt32BE(request.timeoutMs, at)
  const topicsAt = at
  at += 4
  let topics = 0
  let partitions = 0
  let partitionsAt = 0
  for (let i = 0; i < batches.length; i++) {
    const batch = batches[i] as ProduceBatch
    if (i === 0 || batch.topic !== (batches[i - 1] as ProduceBatch).topic) {
      if (i > 0) buffer.writeInt32BE(partitions, partitionsAt)
      topics++
      partitions = 0
      partitionsAt = putString(buffer, at, batch.topic)
      at = partitionsAt + 4
    }
    partitions++
    at = buffer.writeInt32BE(batch.partition, at)
    const sizeAt = at
    const compressed = request.compression === 'gzip' ? await compressRecords(batch, now, pool) : undefined
    at = putBatch(buffer, at + 4, batch, request, now, compressed)
    buffer.writeInt32BE(at - sizeAt - 4, sizeAt)
  }
  if (batches.length > 0) buffer.writeInt32BE(partitions, partitionsAt)
  buffer.writeInt32BE(topics, topicsAt)
  buffer.writeInt32BE(at - 4, 0)
  return { buffer, length: at }
}

/** One record batch (magic 2) at `at`; returns the position behind it. */
export function putBatch(
  buffer: Buffer,
  at: number,
  batch: ProduceBatch,
  request: ProduceRequest,
  now: number,
  compressed?: Buffer,
): number {
  const { records, from, to } = batch
  const { first, last } = timestamps(records, from, to, now)
  putInt64(buffer, at, 0)
  buffer.writeInt32BE(0, at + 12)
  buffer[at + 16] = 2
  buffer.writeInt16BE(
    (compressed === undefined ? 0 : GZIP) | (request.transactionalId === null ? 0 : TRANSACTIONAL),
    at + 21,
  )
  buffer.writeInt32BE(to - from - 1, at + 23)
  putInt64(buffer, at + 27, first)
  putInt64(buffer, at + 35, last)
  putInt64(buffer, at + 43, Number(request.producerId))
  buffer.writeInt16BE(request.producerEpoch, at + 51)
  buffer.writeInt32BE(batch.firstSequence, at + 53)
  buffer.writeInt32BE(to - from, at + 57)
  let end = at + BATCH_HEADER
  if (compressed === undefined) end = putRecords(buffer, end, records, from, to, first, now)
  else {
    buffer.set(compressed, end)
    end += compressed.length
  }
  buffer.writeInt32BE(end - at - 12, at + 8)
  buffer.writeUInt32BE(crc32c(buffer.subarray(at + 21, end)), at + 17)
  return end
}

function timestamps(
  records: readonly OutRecord[],
  from: number,
  to: number,
  now: number,
): { first: number; last: number } {
  let first = Number.POSITIVE_INFINITY
  let last = 0
  for (let i = from; i < to; i++) {
    const time = (records[i] as OutRecord).timestamp ?? now
    if (time < first) first = time
    if (time > last) last = time
  }
  return { first, last }
}

async function compressRecords(batch: ProduceBatch, now: number, pool: BufferPool): Promise<Buffer> {
  const scratch = pool.take(batch.maxBytes)
  const { first } = timestamps(batch.records, batch.from, batch.to, now)
  const end = putRecords(scratch, 0, batch.records, batch.from, batch.to, first, now)
  const compressed = await compress(scratch.subarray(0, end))
  pool.give(scratch)
  return compressed
}
