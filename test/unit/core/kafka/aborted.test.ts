import { expect, test } from 'vitest'
import { createCommittedFilter } from '../../../../core/kafka/wire/aborted.ts'

const ABORT = Buffer.from([0, 0, 0, 0])
const COMMIT = Buffer.from([0, 0, 0, 1])
const data = (producerId: string, lastOffset: number) => ({
  producerId,
  lastOffset,
  transactional: true,
  controlKey: null,
})
const marker = (producerId: string, lastOffset: number, controlKey: Buffer) => ({
  producerId,
  lastOffset,
  transactional: true,
  controlKey,
})

test('records of an aborted transaction are hidden until its marker, and those after it are shown', () => {
  const deliver = createCommittedFilter([{ producerId: '7', firstOffset: 10 }])
  expect(deliver(data('7', 5))).toBe(true)
  expect(deliver(data('7', 12))).toBe(false)
  expect(deliver(marker('7', 13, ABORT))).toBe(false)
  expect(deliver(data('7', 15))).toBe(true)
})

test('two aborts that overlap and start in one batch step are both hidden', () => {
  const deliver = createCommittedFilter([
    { producerId: '1', firstOffset: 0 },
    { producerId: '2', firstOffset: 1 },
  ])
  // kafkajs looks at one aborted transaction per message: the batch of producer 2 would slip through.
  expect(deliver(data('2', 3))).toBe(false)
  expect(deliver(data('1', 4))).toBe(false)
})

test('aborts listed out of order are hidden', () => {
  const deliver = createCommittedFilter([
    { producerId: '2', firstOffset: 50 },
    { producerId: '1', firstOffset: 0 },
  ])
  expect(deliver(data('1', 3))).toBe(false)
  expect(deliver(marker('1', 4, ABORT))).toBe(false)
  expect(deliver(data('2', 55))).toBe(false)
})

test('a commit marker of another producer ends nothing', () => {
  const deliver = createCommittedFilter([{ producerId: '1', firstOffset: 0 }])
  expect(deliver(data('1', 0))).toBe(false)
  expect(deliver(marker('2', 1, COMMIT))).toBe(false)
  expect(deliver(data('1', 2))).toBe(false)
})

test('records outside transactions are always shown', () => {
  const deliver = createCommittedFilter([{ producerId: '-1', firstOffset: 0 }])
  expect(deliver({ producerId: '-1', lastOffset: 3, transactional: false, controlKey: null })).toBe(true)
})
