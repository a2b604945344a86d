import { expect, test } from 'vitest'
import { createFeed } from '../../../../core/kafka/group/feed.ts'
import type { FetchedPartition } from '../../../../core/kafka/wire/wire.ts'

const answer = (from: number, count: number, nextOffset = from + count): FetchedPartition => ({
  topic: 'p.t',
  partition: 0,
  error: null,
  highWatermark: 1_000,
  lastStableOffset: 1_000,
  records: Array.from({ length: count }, (_, i) => ({
    topic: 't',
    partition: 0,
    offset: from + i,
    timestamp: 0,
    key: null,
    value: null,
  })),
  nextOffset,
  bytes: count * 100,
})
const newFeed = () => createFeed('t', 'p.t', 0, 0)
const offsets = (taken: ReturnType<ReturnType<typeof newFeed>['take']>) =>
  taken?.batch.records.map((record) => record.offset)

test('small answers that piled up are handed over together, up to the limits', () => {
  const feed = newFeed()
  for (let i = 0; i < 5; i++) feed.accept(feed.epoch(), answer(i * 2, 2))
  expect(offsets(feed.take(5, 1_000_000))).toEqual([0, 1, 2, 3])
  expect(offsets(feed.take(100, 250))).toEqual([4, 5])
  expect(offsets(feed.take(100, 1_000_000))).toEqual([6, 7, 8, 9])
  expect(feed.take(100, 1_000_000)).toBeUndefined()
  expect(feed.buffered()).toBe(0)
})

test('a large answer is handed over in pieces, and the position follows what was processed', () => {
  const feed = newFeed()
  feed.accept(feed.epoch(), answer(0, 7, 10))
  const first = feed.take(3, 1_000_000)
  expect(offsets(first)).toEqual([0, 1, 2])
  expect(feed.position()).toBe(0)
  first?.done()
  expect(feed.position()).toBe(3)
  feed.take(3, 1_000_000)?.done()
  const last = feed.take(3, 1_000_000)
  expect(offsets(last)).toEqual([6])
  last?.done()
  // Markers and holes behind the last record count as processed.
  expect(feed.position()).toBe(10)
})

test('an answer with nothing to deliver moves the position on', () => {
  const feed = newFeed()
  expect(feed.accept(feed.epoch(), answer(0, 0, 40))).toBe(false)
  expect([feed.fetchOffset(), feed.position()]).toEqual([40, 40])
})

test('a jump voids what was fetched, what is under way, and what is in work', () => {
  const feed = newFeed()
  const asked = feed.epoch()
  feed.accept(asked, answer(0, 4))
  const taken = feed.take(2, 1_000_000)
  feed.jump(100)
  expect(feed.waiting()).toBe(false)
  expect(feed.accept(asked, answer(4, 4))).toBe(false)
  taken?.done()
  expect([feed.fetchOffset(), feed.position()]).toEqual([100, 100])
})
