import { expect, test } from 'vitest'
import { MAX_BATCH_BYTES, MAX_BATCH_RECORDS, packRecords, sliceRecords } from '../../../../core/kafka/pack.ts'
import { partitionFor } from '../../../../core/kafka/partitioner.ts'
import type { OutRecord } from '../../../../core/kafka/records.ts'

const record = (topic: string, key: string, bytes = 10, partition?: number): OutRecord => ({
  topic,
  key,
  value: Buffer.alloc(bytes),
  ...(partition === undefined ? {} : { partition }),
})

test('records are grouped by topic and partition, each group in the order given', () => {
  const records = [
    record('a', 'k1'),
    record('b', 'k2', 10, 3),
    record('a', 'k3'),
    record('b', 'k4', 10, 3),
    record('a', 'k1'),
  ]
  const packs = packRecords(records, () => 12)
  expect(packs.flatMap((pack) => pack.records).length).toBe(5)
  for (const pack of packs)
    expect(pack.records).toEqual(
      records.filter(
        (one) => one.topic === pack.topic && (one.partition ?? partitionFor(one.key, 12)) === pack.partition,
      ),
    )
})

test('batches stay below the size that brokers refuse by default', () => {
  const records = Array.from({ length: 3_000 }, (_, i) => record('a', `key-${i}`, 1_200))
  const slices = sliceRecords(records)
  expect(slices.length).toBeGreaterThan(3)
  expect(slices[0]!.from).toBe(0)
  for (let i = 1; i < slices.length; i++) expect(slices[i]!.from).toBe(slices[i - 1]!.to)
  expect(slices.at(-1)!.to).toBe(3_000)
  for (const slice of slices) expect(slice.maxBytes).toBeLessThanOrEqual(MAX_BATCH_BYTES)
})

test('batches of tiny records are limited by count', () => {
  const slices = sliceRecords(Array.from({ length: 25_000 }, () => record('a', '', 0)))
  expect(slices.map((slice) => slice.to - slice.from)).toEqual([MAX_BATCH_RECORDS, MAX_BATCH_RECORDS, 5_000])
})

test('a record above the limit goes alone', () => {
  const slices = sliceRecords([record('a', 'x'), record('a', 'y', MAX_BATCH_BYTES + 1), record('a', 'z')])
  expect(slices.map(({ from, to }) => [from, to])).toEqual([
    [0, 1],
    [1, 2],
    [2, 3],
  ])
})

test('nothing makes no batch', () => {
  expect(sliceRecords([])).toEqual([])
  expect(packRecords([], () => 1)).toEqual([])
})
