import { createRequire } from 'node:module'
import { expect, test } from 'vitest'
import { sliceRecords } from '../../../../core/kafka/pack.ts'
import type { OutRecord } from '../../../../core/kafka/records.ts'
import { createBufferPool } from '../../../../core/kafka/wire/buffer-pool.ts'
import { encodeProduce } from '../../../../core/kafka/wire/encode-produce.ts'
import type { CompressionName, ProduceBatch, ProduceRequest } from '../../../../core/kafka/wire/wire.ts'

const require = createRequire(import.meta.url)
const stockProduce = require('kafkajs/src/protocol/requests/produce/v7/request')
const stockRequest = require('kafkajs/src/protocol/request')

const TIME = 1_764_000_000_000

/** The whole frame as kafkajs would send it. */
async function stockFrame(request: ProduceRequest, clientId: string): Promise<Buffer> {
  const topics = Map.groupBy(request.batches, (batch) => batch.topic)
  const encoded = await stockRequest({
    correlationId: 0,
    clientId,
    request: stockProduce({
      acks: -1,
      timeout: request.timeoutMs,
      transactionalId: request.transactionalId,
      producerId: request.producerId,
      producerEpoch: request.producerEpoch,
      compression: request.compression === 'gzip' ? 1 : 0,
      topicData: [...topics].map(([topic, batches]) => ({
        topic,
        partitions: batches.map((batch) => ({
          partition: batch.partition,
          firstSequence: batch.firstSequence,
          messages: batch.records.slice(batch.from, batch.to),
        })),
      })),
    }),
  })
  return encoded.buffer
}

async function ourFrame(request: ProduceRequest, clientId: string): Promise<Buffer> {
  const { buffer, length } = await encodeProduce(request, clientId, createBufferPool(), TIME)
  buffer.writeInt32BE(0, 8)
  return buffer.subarray(0, length)
}

const batch = (topic: string, partition: number, records: OutRecord[], firstSequence = 0): ProduceBatch => {
  const [slice] = sliceRecords(records)
  return { topic, partition, records, firstSequence, ...(slice as NonNullable<typeof slice>) }
}

const request = (
  batches: ProduceBatch[],
  compression: CompressionName = 'none',
  transactionalId: string | null = 'app-3',
) => ({
  transactionalId,
  producerId: '8589934592123',
  producerEpoch: 7,
  batches,
  compression,
  timeoutMs: 20_000,
})

const record = (key: string | Buffer, value: Buffer | null, timestamp = TIME): OutRecord => ({
  topic: 't',
  key,
  value,
  timestamp,
})

/** Where our frame differs from that of kafkajs, or null. */
async function difference(wanted: ProduceRequest): Promise<string | null> {
  const [ours, stock] = [await ourFrame(wanted, 'tributary-7'), await stockFrame(wanted, 'tributary-7')]
  if (ours.equals(stock)) return null
  return `byte ${stock.findIndex((byte, i) => byte !== ours[i])}; ${ours.length} bytes instead of ${stock.length}`
}

test('one small record is encoded byte for byte as kafkajs does', async () =>
  expect(await difference(request([batch('t', 0, [record('key', Buffer.from('value'))])]))).toBeNull())

test('tombstones, empty keys and values, and Buffer keys are encoded as kafkajs does', async () =>
  expect(
    await difference(
      request([
        batch('t', 0, [
          record('gone', null),
          record('', Buffer.alloc(0)),
          record(Buffer.from([0, 255, 128]), Buffer.from('x')),
          record(Buffer.alloc(0), null),
        ]),
      ]),
    ),
  ).toBeNull())

test('keys beyond ASCII, short and long, are encoded as kafkajs does', async () =>
  expect(
    await difference(
      request([
        batch('t', 0, [
          record('Ärger', Buffer.from('1')),
          record('日本語のキー'.repeat(20), Buffer.from('2')),
          record(`${'a'.repeat(63)}é`, Buffer.from('3')),
          record('a'.repeat(64), Buffer.from('4')),
          record('a'.repeat(65), Buffer.from('5')),
          record('emoji 😀', Buffer.from('6')),
        ]),
      ]),
    ),
  ).toBeNull())

test('all widths of lengths, offsets and time differences are encoded as kafkajs does', async () => {
  const sizes = [0, 1, 62, 63, 64, 65, 8_190, 8_191, 8_192, 8_193, 100_000]
  const times = [
    0, 1, 63, 64, 8_191, 8_192, 1_048_575, 1_048_576, 134_217_727, 134_217_728, 3_000_000_000, 900_000_000_000,
  ]
  const records = [
    ...sizes.map((size) => record(`k${size}`, Buffer.alloc(size, 'v'))),
    ...times.map((time) => record('t', Buffer.from('v'), TIME + time)),
    ...Array.from({ length: 9_000 }, (_, i) => record(`n${i}`, null)),
  ]
  expect(await difference(request([batch('t', 11, records, 2_147_483_000)]))).toBeNull()
})

test('several topics and partitions in one request are encoded as kafkajs does', async () =>
  expect(
    await difference(
      request(
        [
          batch('p.unified.vendor', 3, [record('a', Buffer.from('1')), record('b', null)], 12),
          batch('p.unified.vendor', 4, [record('c', Buffer.from('2'))], 0),
          batch('p.state', 3, [record('~pos', Buffer.from('{}'))], 99),
        ],
        'none',
      ),
    ),
  ).toBeNull())

test('batches outside transactions are encoded as kafkajs does', async () =>
  expect(await difference(request([batch('t', 0, [record('k', Buffer.from('v'))])], 'none', null))).toBeNull())

test('gzip batches are encoded as kafkajs does', async () => {
  const records = Array.from({ length: 500 }, (_, i) => record(`key-${i}`, Buffer.from(`{"name":"vendor ${i}"}`)))
  expect(await difference(request([batch('t', 0, records), batch('t', 1, records.slice(0, 3))], 'gzip'))).toBeNull()
})

test('a slice in the middle of the records is encoded with its own deltas', async () => {
  const records = Array.from({ length: 30 }, (_, i) => record(`k${i}`, Buffer.from(String(i)), TIME + i))
  const whole = batch('t', 0, records)
  expect(await difference(request([{ ...whole, from: 10, to: 20 }]))).toBeNull()
})

test('the encoder never writes beyond the size that was promised for it', async () => {
  const records = Array.from({ length: 400 }, (_, i) =>
    record('ключ'.repeat(i % 30), Buffer.alloc(i * 3), TIME + i * 1e9),
  )
  const one = batch('t', 0, records)
  const { length } = await encodeProduce(request([one]), 'c', createBufferPool(), TIME)
  expect(length).toBeLessThanOrEqual(one.maxBytes + 200)
})
