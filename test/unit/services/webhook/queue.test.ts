import { expect, test } from 'vitest'
import { createManualClock, type OutRecord } from '../../../../core/index.ts'
import { createBudget } from '../../../../services/webhook/budget.ts'
import { createQueue } from '../../../../services/webhook/queue.ts'

const FIGURES = {
  queueBytes: 1_000,
  queueRecords: 10,
  batchBytes: 300,
  batchRecords: 4,
  lingerMs: 1,
  storeWithinMs: 5_000,
}

function open(figures: Partial<typeof FIGURES> = {}) {
  const clock = createManualClock()
  const sends: { records: readonly OutRecord[]; done: (error?: Error) => void }[] = []
  const troubles: string[] = []
  const queue = createQueue({
    send: (records) =>
      new Promise((resolve, reject) => {
        sends.push({
          records,
          done: (error) => (error === undefined ? resolve({ baseOffsets: new Map() }) : reject(error)),
        })
      }),
    clock,
    figures: { ...FIGURES, ...figures },
    onTrouble: (what) => void troubles.push(what),
  })
  const append = (connection: string, bytes = 10) => queue.append(connection, Buffer.alloc(bytes), 0)
  return { clock, sends, troubles, queue, append }
}

test('what comes while a send is under way goes in the next, up to its size', async () => {
  const { clock, sends, append, queue } = open()
  const results = Array.from({ length: 5 }, () => append('a', 100))
  await clock.advance(1)
  expect(sends.map(({ records }) => records.length)).toEqual([3])
  results.push(append('b', 100))
  sends[0]?.done()
  expect(await Promise.all(results.slice(0, 3))).toEqual(['stored', 'stored', 'stored'])
  await clock.advance(1)
  expect(sends.map(({ records }) => records.length)).toEqual([3, 3])
  sends[1]?.done()
  expect(await Promise.all(results)).toEqual(Array.from({ length: 6 }, () => 'stored'))
  expect(queue.waiting()).toEqual({ records: 0, bytes: 0 })
  expect(clock.pending()).toBe(0)
})

test('one connection gets half of the queue, all together the whole', async () => {
  const { clock, sends, append } = open()
  const a = Array.from({ length: 7 }, () => append('a'))
  const b = Array.from({ length: 7 }, () => append('b'))
  const c = append('c')
  expect(await Promise.all([...a.slice(5), ...b.slice(5), c])).toEqual(['full', 'full', 'full', 'full', 'full'])
  await clock.advance(1)
  for (let i = 0; i < 3; i++) {
    sends[i]?.done()
    await clock.advance(1)
  }
  expect(await Promise.all([...a.slice(0, 5), ...b.slice(0, 5)])).toEqual(Array.from({ length: 10 }, () => 'stored'))
  expect(await Promise.race([append('a'), Promise.resolve('taken')])).toBe('taken')
})

test('bytes count as well, and a connection alone may send one that is larger than its half', async () => {
  const { append } = open()
  expect(await Promise.race([append('a', 900), Promise.resolve('taken')])).toBe('taken')
  expect(await append('a', 10)).toBe('full')
  expect(await append('b', 200)).toBe('full')
  expect(await Promise.race([append('b', 50), Promise.resolve('taken')])).toBe('taken')
})

test('what is not stored in time is late: what waits is forgotten, what is under way is not said to be stored afterwards', async () => {
  const { clock, sends, troubles, append, queue } = open()
  const results = Array.from({ length: 6 }, () => append('a'))
  await clock.advance(1)
  await clock.advance(3_000)
  const young = append('b')
  await clock.advance(2_000)
  expect(await Promise.all(results.slice(0, 5))).toEqual(['late', 'late', 'late', 'late', 'late'])
  expect(await results[5]).toBe('full')
  expect(troubles).toEqual(['Kafka has not taken 5 deliveries within 5000 ms'])
  expect(queue.waiting()).toEqual({ records: 5, bytes: 50 })
  sends[0]?.done()
  await clock.advance(1)
  expect(sends[1]?.records.map(({ key }) => key)).toEqual(['b'])
  sends[1]?.done()
  expect(await young).toBe('stored')
  expect(clock.pending()).toBe(0)
})

test('a refused batch is failed, and the next one is tried', async () => {
  const { clock, sends, troubles, append } = open()
  const first = append('a')
  await clock.advance(1)
  const second = append('a')
  sends[0]?.done(new Error('not enough replicas'))
  expect(await first).toBe('failed')
  await clock.advance(1)
  sends[1]?.done()
  expect(await second).toBe('stored')
  expect(troubles).toEqual(['Kafka has not taken a batch of 1 deliveries: not enough replicas'])
})

test('draining takes no more and waits for what is under way', async () => {
  const { clock, sends, append, queue } = open()
  const first = append('a')
  const drained = queue.drain()
  expect(await append('a')).toBe('full')
  await clock.advance(1)
  sends[0]?.done()
  await drained
  expect(await first).toBe('stored')
})

test('a budget allows bursts, fills steadily, and a refusal costs nothing', () => {
  const budget = createBudget({ deliveriesPerSecond: 10, burstSeconds: 2, bytesPerDelivery: 100, burstBytes: 5_000 }, 0)
  for (let i = 0; i < 20; i++) expect(budget.take(1, 0)).toBe(0)
  expect(budget.take(1, 0)).toBe(100)
  expect(budget.take(1, 99)).toBe(1)
  expect(budget.take(1, 100)).toBe(0)
  expect(budget.wait(100)).toBe(100)
  expect(budget.take(9_000, 60_000)).toBe(0)
  expect(budget.wait(60_000)).toBe(4_001)
  // Set back, the clock neither gives nor takes.
  expect(budget.wait(0)).toBe(4_001)
})
