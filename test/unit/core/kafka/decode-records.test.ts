import { createRequire } from 'node:module'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { crc32c } from '@node-rs/crc32'
import { expect, test } from 'vitest'
import { CorruptBatchError, UnsupportedCompressionError } from '../../../../core/kafka/errors.ts'
import type { InRecord } from '../../../../core/kafka/records.ts'
import type { AbortedTransaction } from '../../../../core/kafka/wire/aborted.ts'
import { decodeRecordSet } from '../../../../core/kafka/wire/decode-records.ts'

const require = createRequire(import.meta.url)
const { RecordBatch } = require('kafkajs/src/protocol/recordBatch/v0')
const Record = require('kafkajs/src/protocol/recordBatch/record/v0')
const Encoder = require('kafkajs/src/protocol/encoder')
const Decoder = require('kafkajs/src/protocol/decoder')
const stockDecode = require('kafkajs/src/protocol/requests/fetch/v4/decodeMessages')

const TIME = 1_764_000_000_000

interface Message {
  readonly key: string | Buffer | null
  readonly value: string | Buffer | null
  readonly headers?: { [name: string]: string }
  readonly timestamp?: number
}

interface BatchOptions {
  readonly firstOffset?: number
  readonly compression?: number
  readonly producerId?: number
  readonly transactional?: boolean
  readonly control?: boolean
  readonly logAppendTime?: boolean
  /** Offsets of the records, where compaction left holes. */
  readonly deltas?: readonly number[]
  readonly lastOffsetDelta?: number
}

async function batchOf(messages: readonly Message[], options: BatchOptions = {}): Promise<Buffer> {
  const { firstOffset = 0, compression = 0, producerId = -1, transactional = false } = options
  const records = messages.map((message, i) =>
    Record({ ...message, offsetDelta: options.deltas?.[i] ?? i, timestampDelta: (message.timestamp ?? TIME) - TIME }),
  )
  const encoder = await RecordBatch({
    compression,
    firstOffset,
    firstTimestamp: TIME,
    maxTimestamp: TIME + 5,
    producerId,
    producerEpoch: 0,
    firstSequence: 0,
    transactional,
    lastOffsetDelta: options.lastOffsetDelta ?? messages.length - 1,
    records,
  })
  const bytes = Buffer.from(encoder.buffer)
  const flags = (options.control ? 0x20 : 0) | (options.logAppendTime ? 0x08 : 0)
  return reseal(bytes, (attributes) => attributes | flags)
}

/** Changes the attributes and makes the checksum right again. */
function reseal(bytes: Buffer, change: (attributes: number) => number): Buffer {
  bytes.writeInt16BE(change(bytes.readInt16BE(21)), 21)
  bytes.writeUInt32BE(crc32c(bytes.subarray(21)), 17)
  return bytes
}

/** Replaces the records of a batch by compressed ones. */
function recompress(bytes: Buffer, codec: number, compress: (records: Buffer) => Buffer): Buffer {
  const packed = Buffer.concat([bytes.subarray(0, 61), compress(bytes.subarray(61))])
  packed.writeInt32BE(packed.length - 12, 8)
  return reseal(packed, (attributes) => attributes | codec)
}

const plain = (record: Pick<InRecord, 'offset' | 'timestamp' | 'key' | 'value'>) => ({
  offset: Number(record.offset),
  timestamp: Number(record.timestamp),
  key: record.key?.toString('hex') ?? null,
  value: record.value?.toString('hex') ?? null,
})

const decode = (bytes: Buffer, offset = 0, aborted: readonly AbortedTransaction[] = []) =>
  decodeRecordSet(bytes, 0, bytes.length, { topic: 't', partition: 3, offset, aborted })

async function stockRecords(bytes: Buffer) {
  const messages = await stockDecode(new Decoder(new Encoder().writeInt32(bytes.length).writeBuffer(bytes).buffer))
  return messages.filter((message: { isControlRecord: boolean }) => !message.isControlRecord).map(plain)
}

const varied: Message[] = [
  { key: 'a', value: 'one' },
  { key: null, value: 'no key' },
  { key: 'tombstone', value: null },
  { key: '', value: '' },
  { key: Buffer.from([0, 0, 0, 0]), value: Buffer.from([255, 0]) },
  { key: 'with headers', value: 'x', headers: { trace: 'abc', empty: '' } },
  { key: 'later', value: 'y', timestamp: TIME + 3_000_000_000 },
  { key: 'earlier', value: 'z', timestamp: TIME - 70_000 },
  { key: 'big', value: 'v'.repeat(300_000) },
]

test('records are decoded as kafkajs decodes them: nulls, empties, headers, all times, big values', async () => {
  const bytes = Buffer.concat([await batchOf(varied), await batchOf(varied, { firstOffset: 4_000_000_000 })])
  const { records, nextOffset } = await decode(bytes)
  expect(records.map(plain)).toEqual(await stockRecords(bytes))
  expect(records.every((record) => record.topic === 't' && record.partition === 3)).toBe(true)
  expect(nextOffset).toBe(4_000_000_000 + varied.length)
})

test('gzip and zstd batches are decoded', async () => {
  const bytes = await batchOf(varied)
  const expected = await stockRecords(bytes)
  expect((await decode(await batchOf(varied, { compression: 1 }))).records.map(plain)).toEqual(expected)
  expect((await decode(recompress(Buffer.from(bytes), 1, (raw) => gzipSync(raw)))).records.map(plain)).toEqual(expected)
  expect((await decode(recompress(Buffer.from(bytes), 4, (raw) => zstdCompressSync(raw)))).records.map(plain)).toEqual(
    expected,
  )
})

test('a codec that cannot be read is named, with the place and what to do', async () => {
  const bytes = reseal(await batchOf(varied, { firstOffset: 77 }), (attributes) => attributes | 2)
  await expect(decode(bytes)).rejects.toThrow(UnsupportedCompressionError)
  await expect(decode(bytes)).rejects.toThrow(/t\/3 at 77.*snappy.*compression\.type/)
})

test('log append time holds for every record of its batch', async () => {
  const bytes = await batchOf(varied.slice(0, 3), { logAppendTime: true })
  expect((await decode(bytes)).records.map((record) => record.timestamp)).toEqual([TIME + 5, TIME + 5, TIME + 5])
})

test('records before the offset asked for are left out', async () => {
  const bytes = Buffer.concat([await batchOf(varied), await batchOf(varied, { firstOffset: 9 })])
  expect((await decode(bytes, 12)).records.map((record) => record.offset)).toEqual([12, 13, 14, 15, 16, 17])
})

test('the position moves behind holes that compaction left, also when a batch has become empty', async () => {
  const holes = await batchOf([{ key: 'k', value: 'v' }], { firstOffset: 10, deltas: [4], lastOffsetDelta: 20 })
  const empty = await batchOf([], { firstOffset: 31, lastOffsetDelta: 8 })
  const { records, nextOffset } = await decode(Buffer.concat([holes, empty]), 12)
  expect(records.map((record) => record.offset)).toEqual([14])
  expect(nextOffset).toBe(40)
})

test('control records are not delivered, but hold offsets', async () => {
  const data = await batchOf([{ key: 'k', value: 'v' }], { producerId: 9, transactional: true })
  const commit = await batchOf([{ key: Buffer.from([0, 0, 0, 1]), value: Buffer.alloc(6) }], {
    firstOffset: 1,
    producerId: 9,
    transactional: true,
    control: true,
  })
  const { records, nextOffset } = await decode(Buffer.concat([data, commit]))
  expect(records.length).toBe(1)
  expect(nextOffset).toBe(2)
})

test('overlapping aborted transactions, listed out of order, are hidden; a key of four zero bytes ends nothing', async () => {
  const zeroKey = Buffer.from([0, 0, 0, 0])
  const part = (producerId: number, firstOffset: number, key: string | Buffer = `p${producerId}`) =>
    batchOf([{ key, value: 'v' }], { producerId, firstOffset, transactional: true })
  const marker = (producerId: number, firstOffset: number, kind: 0 | 1) =>
    batchOf([{ key: Buffer.from([0, 0, 0, kind]), value: Buffer.alloc(6) }], {
      producerId,
      firstOffset,
      transactional: true,
      control: true,
    })
  const bytes = Buffer.concat([
    await part(1, 0, zeroKey),
    await part(2, 1),
    await part(1, 2),
    await part(3, 3),
    await marker(2, 4, 0),
    await part(2, 5),
    await part(1, 6),
    await marker(1, 7, 0),
    await marker(2, 8, 1),
    await marker(3, 9, 1),
  ])
  const aborted = [
    { producerId: '2', firstOffset: 1 },
    { producerId: '1', firstOffset: 0 },
  ]
  const { records } = await decode(bytes, 0, aborted)
  expect(records.map((record) => record.offset)).toEqual([3, 5])
})

test('a batch cut off at the end waits for the next fetch', async () => {
  const first = await batchOf(varied)
  const second = await batchOf(varied, { firstOffset: 9 })
  for (const cut of [1, 30, 61, second.length - 1]) {
    const { records, nextOffset } = await decode(Buffer.concat([first, second.subarray(0, cut)]))
    expect(records.length).toBe(9)
    expect(nextOffset).toBe(9)
  }
})

test('a flipped bit is noticed', async () => {
  const bytes = await batchOf(varied)
  bytes[bytes.length - 5]! ^= 1
  await expect(decode(bytes)).rejects.toThrow(CorruptBatchError)
})

test('200,000 records of one batch are decoded', async () => {
  const bytes = await batchOf(Array.from({ length: 200_000 }, (_, i) => ({ key: `k${i}`, value: null })))
  expect((await decode(bytes)).records.length).toBe(200_000)
})

test('keys and values are views on the fetched bytes, made when asked for', async () => {
  const bytes = await batchOf([{ key: 'key', value: 'value' }])
  const { records } = await decode(bytes)
  expect(records[0]!.value!.buffer).toBe(bytes.buffer)
})
