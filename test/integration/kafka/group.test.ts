import { createTransactor } from '../../../core/kafka/transactor.ts'
import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  createMetrics,
  FencedError,
  OffsetOutOfRangeError,
  type OutRecord,
  type Partition,
} from '../../../core/index.ts'
import { type Copier, contents, copier, differences, install, type Installation, until } from './installation.ts'

let installation: Installation
let groups: Copier[]
beforeEach(async () => {
  installation = await install({ in: 'compact', bulk: 'compact', short: 'delete', out: 'compact', state: 'compact' })
  groups = []
})
afterEach(async () => {
  await Promise.all(groups.map((group) => group.stop()))
  await installation.drop()
})

const startCopier = async (options: Parameters<typeof copier>[1] = {}): Promise<Copier> => {
  const group = copier(installation.kafka, options)
  groups.push(group)
  await group.start()
  return group
}

async function send(records: readonly OutRecord[]): Promise<void> {
  const producer = installation.kafka.producer()
  await producer.send(records)
  await producer.close()
}

const numbered = (count: number, topic = 'in', from = 0, bytes = 0): OutRecord[] =>
  Array.from({ length: count }, (_, i) => ({
    topic,
    key: `key-${from + i}`,
    value: Buffer.from(String(from + i).padEnd(bytes, 'x')),
  }))

const lag = (group: Copier, topic: string): number => {
  let sum = 0
  for (const partition of group.owned.values()) sum += partition.lag().get(topic) ?? 0
  return sum
}
/** Waits until as many records have been copied. */
async function untilCopied(count: number): Promise<void> {
  const deadline = Date.now() + 60_000
  for (let copied = -1; copied < count; copied = (await contents(installation.kafka, 'out')).length)
    if (Date.now() > deadline) throw new Error(`${copied} of ${count} records copied`)
}

test('every record is copied once, in order', async () => {
  await send(numbered(5_000))
  const group = await startCopier()
  await untilCopied(5_000)
  expect(group.healthy()).toBe(true)
  await send(numbered(100, 'in', 5_000))
  await untilCopied(5_100)
  await group.stop()
  expect(await differences(installation.kafka)).toEqual([])
  expect(group.closes.sort()).toEqual(['0 stopping', '1 stopping', '2 stopping'])
  expect(installation.warnings).toEqual([])
})

test('members share partitions, keep what they own, and take over from one that leaves', async () => {
  const first = await startCopier()
  await until(() => first.partitions().length === 3, 'first owns all')
  const second = await startCopier()
  await until(() => first.partitions().length === 2 && second.partitions().length === 1, 'shared')
  await send(numbered(2_000))
  await until(() => first.batches().length > 0 && second.batches().length > 0, 'both work')
  expect([...first.lives.values()]).toEqual([1, 1, 1])
  await first.stop()
  await until(() => second.partitions().length === 3, 'second owns all')
  await send(numbered(500, 'in', 2_000))
  await untilCopied(2_500)
  expect([...second.lives.values()]).toEqual([1, 1, 1])
  await second.stop()
  expect(await differences(installation.kafka)).toEqual([])
})

test('work that fails before or after its commit starts over, and nothing is lost or copied twice', async () => {
  let turn = 0
  const group = await startCopier({
    tuning: { batchRecords: 100 },
    before: () => {
      if (++turn % 7 === 0) throw new Error('planned: before the commit')
    },
    after: () => {
      if (turn % 5 === 0) throw new Error('planned: after the commit')
    },
  })
  for (let i = 0; i < 10; i++) await send(numbered(300, 'in', i * 300))
  await untilCopied(3_000)
  await group.stop()
  expect(await differences(installation.kafka)).toEqual([])
  expect([...group.lives.values()].reduce((sum, lives) => sum + lives, 0)).toBeGreaterThan(5)
  expect(installation.warnings.every((warning) => warning.includes('planned'))).toBe(true)
})

test('an owner that lost its partition without noticing is fenced: its commit is refused, nothing twice, no gap', async () => {
  await send(numbered(900))
  let wake: () => void = () => undefined
  const asleep = new Promise<void>((resolve) => {
    wake = resolve
  })
  const refused: unknown[] = []
  let caught: Partition | undefined
  const zombie = await startCopier({
    tuning: { batchRecords: 50 },
    before: async (partition) => {
      if (partition.index !== 0 || zombie.batches().length < 6) return
      caught = partition
      await asleep
    },
  })
  await until(() => caught !== undefined, 'the zombie sleeps in the middle of a batch')
  // The new owner is outside the group: for the zombie nothing has changed.
  const fenced = installation.client({ clientId: 'owner' })
  const next = createTransactor({
    link: fenced.link(),
    wire: fenced.wire,
    transactionalId: fenced.topic('copier-0'),
    fullName: fenced.topic,
    compression: 'none',
    transactionTimeoutMs: 10_000,
  })
  await next.init()
  const sleeper = caught as Partition
  const late = sleeper
    .transact([{ topic: 'out', partition: 0, key: 'zombie', value: null }])
    .catch((error: unknown) => {
      refused.push(error)
    })
  await late
  wake()
  expect(refused[0]).toBeInstanceOf(FencedError)
  await next.close()
  await fenced.close()
  // It is still a member, so it takes the partition back by fencing in turn, and goes on where the commits ended.
  await until(() => zombie.lives.get(0) === 2, 'taken back')
  await untilCopied(900)
  await zombie.stop()
  expect(await differences(installation.kafka)).toEqual([])
  expect((await contents(installation.kafka, 'out')).some((record) => record.key === 'zombie')).toBe(false)
})

test('earlier topics are served first: live records overtake a backfill that is under way', async () => {
  await send(numbered(150_000, 'bulk', 0, 200))
  /** Batches of the backfill that were served between the sending of a live record and its turn. */
  const overtaken: number[] = []
  let slow = 0
  const group = await startCopier({
    topics: ['in', 'bulk'],
    before: async (_, records) => {
      if (records[0]?.topic !== 'bulk') return
      slow++
      // Handling a large batch takes a while, as mapping it would.
      const end = performance.now() + records.length / 100
      while (performance.now() < end);
    },
  })
  await until(() => slow > 1 && group.partitions().length === 3, 'the backfill runs')
  const producer = installation.kafka.producer()
  for (let i = 0; i < 10 && lag(group, 'bulk') > 0; i++) {
    const before = group.batches().length
    const seen = group.batches().filter((batch) => batch.topic === 'in').length
    await producer.send([{ topic: 'in', key: `live-${i}`, value: Buffer.from('x') }])
    await until(() => group.batches().filter((batch) => batch.topic === 'in').length > seen, 'live record served')
    const since = group.batches().slice(before)
    overtaken.push(since.findIndex((batch) => batch.topic === 'in'))
  }
  await producer.close()
  expect(overtaken.length).toBeGreaterThan(0)
  // The backfill has about a hundred batches; those that were in work already may end first, no more.
  expect(overtaken.sort((a, b) => a - b)[overtaken.length >> 1]).toBeLessThan(12)
  await untilCopied(150_000 + overtaken.length)
})

test('a topic of low priority is served even when one of high priority never runs dry', async () => {
  await send([...numbered(600, 'in'), ...numbered(5, 'bulk')])
  const group = await startCopier({ topics: ['in', 'bulk'], tuning: { batchRecords: 5 } })
  await untilCopied(605)
  const topics = group.batches().map((batch) => batch.topic)
  expect(topics.indexOf('bulk')).toBeLessThan(topics.lastIndexOf('in'))
})

test('a work may go back: after seek the topic is read again from there', async () => {
  await send(numbered(90))
  let rewound = false
  await startCopier({
    after: (partition) => {
      if (rewound || partition.index !== 1) return
      rewound = true
      partition.seek('in', 0)
    },
  })
  await until(() => rewound, 'rewound')
  await untilCopied(90 + (await contents(installation.kafka, 'in')).filter((one) => one.partition === 1).length)
  const [read, copied] = [await contents(installation.kafka, 'in'), await contents(installation.kafka, 'out')]
  const count = (records: typeof read, partition: number) => records.filter((one) => one.partition === partition).length
  expect(count(copied, 1)).toBe(2 * count(read, 1))
  expect(count(copied, 0)).toBe(count(read, 0))
})

test('a stored position behind the end of its topic stops the group with a clear error', async () => {
  await send([{ topic: 'state', partition: 2, key: 'in', value: Buffer.from('999') }])
  const group = await startCopier()
  await until(() => group.error() !== null, 'the group gives up', 30_000)
  expect(group.error()).toBeInstanceOf(OffsetOutOfRangeError)
  expect(group.error()?.message).toMatch(/position 999 of .*in\/2.*recreated/)
  expect(group.healthy()).toBe(false)
})

test('records that expired unread on a topic with retention are skipped with a warning', async () => {
  const { kafka } = installation
  await send(
    Array.from({ length: 20 }, (_, i) => ({ topic: 'short', partition: 0, key: `${i}`, value: Buffer.from('x') })),
  )
  await send([{ topic: 'state', partition: 0, key: 'short', value: Buffer.from('3') }])
  await kafka.withAdmin(async (admin) => {
    await admin.fetchTopicOffsets(kafka.topic('short'))
    await admin.deleteTopicRecords({ topic: kafka.topic('short'), partitions: [{ partition: 0, offset: '15' }] })
  })
  const group = await startCopier({ topics: ['short'] })
  await until(() => group.batches().length > 0, 'the rest is read')
  expect(group.batches()[0]?.records).toBe(5)
  expect(installation.warnings).toEqual([expect.stringMatching(/12 offsets of .*short\/0 expired/)])
})

test('memory does not grow with what has been read', async () => {
  await send(numbered(40_000, 'in', 0, 1_000))
  const group = await startCopier()
  let most = 0
  const watch = setInterval(() => {
    most = Math.max(most, process.memoryUsage().arrayBuffers)
  }, 20)
  await until(() => group.batches().reduce((sum, batch) => sum + batch.records, 0) >= 40_000, 'all copied')
  clearInterval(watch)
  await group.stop()
  globalThis.gc?.()
  expect(most).toBeLessThan(200 * 1024 * 1024)
})

test('a partition that is given up takes its lag out of the metrics', async () => {
  const metrics = createMetrics()
  const told = async (): Promise<string[]> =>
    (await metrics.lag.get()).values.map(({ labels }) => String(labels.partition)).toSorted((a, b) => (a < b ? -1 : 1))
  await send(numbered(300))
  const first = await startCopier({ metrics })
  await untilCopied(300)
  const deadline = Date.now() + 30_000
  while ((await told()).length < 3 && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 100))
  expect(await told()).toEqual(['0', '1', '2'])
  await startCopier()
  await until(() => first.partitions().length < 3, 'the other one takes its share')
  expect(await told()).toEqual(first.partitions().map(String))
  await first.stop()
  expect(await told()).toEqual([])
})
