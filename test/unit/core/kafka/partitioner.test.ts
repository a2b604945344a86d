import { createRequire } from 'node:module'
import { expect, test } from 'vitest'
import { murmur2, partitionFor } from '../../../../core/kafka/partitioner.ts'

const require = createRequire(import.meta.url)
const stockMurmur2 = require('kafkajs/src/producer/partitioners/default/murmur2') as (key: Buffer) => number

test('murmur2 gives the values of the Java client', () => {
  // org.apache.kafka.common.utils.UtilsTest#testMurmur2
  const vectors: [string, number][] = [
    ['21', -973932308],
    ['foobar', -790332482],
    ['a-little-bit-long-string', -985981536],
    ['a-little-bit-longer-string', -1486304829],
    ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
    ['abc', 479470107],
    ['0', 971027396],
  ]
  expect(vectors.map(([text]) => [text, murmur2(Buffer.from(text))])).toEqual(vectors)
})

test('murmur2 agrees with the library on keys of every length, bytes above 127 included', () => {
  for (let length = 0; length < 70; length++) {
    const key = Buffer.from(Array.from({ length }, (_, i) => (i * 151 + length * 37) % 256))
    expect({ length, hash: murmur2(key) }).toEqual({ length, hash: stockMurmur2(key) })
  }
})

test('a string key gets the partition of its UTF-8 bytes', () => {
  for (const key of ['acme|vendor|42', 'Ärger|naïve|日本', '', 'x'.repeat(5_000)])
    expect(partitionFor(key, 12)).toBe((stockMurmur2(Buffer.from(key, 'utf8')) & 0x7fffffff) % 12)
})

test('keys spread over all partitions', () => {
  const counts = Array.from({ length: 12 }, () => 0)
  for (let i = 0; i < 12_000; i++) counts[partitionFor(`acme|item|${i}`, 12)]!++
  expect(Math.min(...counts)).toBeGreaterThan(800)
})
