import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { FencedError, type KafkaClient, readTopic } from '../../../core/index.ts'
import { fetchOne } from '../../../core/kafka/reader.ts'
import { createTransactor, type Transactor } from '../../../core/kafka/transactor.ts'
import { contents, install, type Installation } from './installation.ts'

let installation: Installation
beforeAll(async () => {
  installation = await install({
    fast: 'compact',
    stock: 'compact',
    state: 'compact',
    fence: 'compact',
    wide: 'compact',
  })
})
afterAll(() => installation.drop())

const transactorOf = (kafka: KafkaClient, id: string): Transactor =>
  createTransactor({
    link: kafka.link(),
    wire: kafka.wire,
    transactionalId: kafka.topic(id),
    fullName: kafka.topic,
    compression: 'none',
    transactionTimeoutMs: 10_000,
  })

const record = (topic: string, key: string | Buffer, value: string | null = 'v', partition = 0) => ({
  topic,
  partition,
  key,
  value: value === null ? null : Buffer.from(value),
})

/** Writes without committing: what a process leaves behind when it dies in the middle. */
async function writeAndAbandon(
  kafka: KafkaClient,
  id: string,
  keys: readonly (string | Buffer)[],
  topic: string,
): Promise<void> {
  const link = kafka.link()
  await link.learn([kafka.topic(topic)])
  const transactionalId = kafka.topic(id)
  const begin = async () => {
    const cluster = await link.cluster()
    const coordinator = await cluster.findGroupCoordinator({ groupId: transactionalId, coordinatorType: 1 })
    return { coordinator, identity: await coordinator.initProducerId({ transactionalId, transactionTimeout: 60_000 }) }
  }
  // a broker that has just started still loads the transactions of its coordinators
  const { coordinator, identity } = await vi.waitFor(begin, { timeout: 30_000, interval: 100 })
  await coordinator.addPartitionsToTxn({
    transactionalId,
    ...identity,
    topics: [{ topic: kafka.topic(topic), partitions: [0] }],
  })
  const records = keys.map((key) => record(topic, key))
  await kafka.wire.produce(await link.leaderOf(kafka.topic(topic), 0), {
    transactionalId,
    ...identity,
    compression: 'none',
    timeoutMs: 10_000,
    batches: [
      {
        topic: kafka.topic(topic),
        partition: 0,
        records,
        from: 0,
        to: records.length,
        maxBytes: 10_000,
        firstSequence: 0,
      },
    ],
  })
  await link.close()
}

describe.each(['fast', 'stock'] as const)('with the %s codec', (wire) => {
  test('records of aborted transactions that overlap are hidden, also those keyed with four zero bytes', async () => {
    const kafka = installation.client({ wire })
    await writeAndAbandon(kafka, `a-${wire}`, [Buffer.alloc(4), 'a1', 'a2'], wire)
    await writeAndAbandon(kafka, `b-${wire}`, ['b1'], wire)
    const c = transactorOf(kafka, `c-${wire}`)
    await c.init()
    await c.transact([record(wire, 'c1')])
    const [a, b] = [transactorOf(kafka, `a-${wire}`), transactorOf(kafka, `b-${wire}`)]
    // Fencing aborts what was left open, in the other order.
    await b.init()
    await b.transact([record(wire, 'b2')])
    await a.init()
    await a.transact([record(wire, 'a3')])
    await c.transact([record(wire, 'c2')])
    expect((await contents(kafka, wire)).map((one) => one.key)).toEqual(['c1', 'b2', 'a3', 'c2'])
    await Promise.all([a.close(), b.close(), c.close()])
    await kafka.close()
  })
})

test('until an open transaction ends, readers stop before it; restores of what is behind wait for the fence', async () => {
  const { kafka } = installation
  await writeAndAbandon(kafka, 'open', ['lost'], 'state')
  const before = await readTopic(kafka, 'state', { onRecord: () => undefined })
  expect(before.endOffsets.get(0)).toBe(0)
  const next = transactorOf(kafka, 'open')
  await next.init()
  const { baseOffsets } = await next.transact([record('state', 'kept')])
  const read = await contents(kafka, 'state')
  expect(read.map((one) => [one.key, one.offset])).toEqual([['kept', baseOffsets.get('state/0')]])
  await next.close()
})

test('a topic that ends with transaction markers is read to its end', async () => {
  const { kafka } = installation
  const one = transactorOf(kafka, 'markers')
  await one.init()
  for (let i = 0; i < 5; i++) await one.transact([record('state', `k${i}`, null, 1)])
  let count = 0
  const { endOffsets } = await readTopic(kafka, 'state', { partitions: [1], onRecord: () => count++ })
  expect(count).toBe(5)
  expect(endOffsets.get(1)).toBe(10)
  await one.close()
})

test('the holder before is fenced: its commit is refused, nothing of it is seen', async () => {
  const { kafka } = installation
  const zombie = transactorOf(kafka, 'owner')
  await zombie.init()
  await zombie.transact([record('fence', 'first')])
  const owner = transactorOf(kafka, 'owner')
  await owner.init()
  await expect(zombie.transact([record('fence', 'zombie')])).rejects.toBeInstanceOf(FencedError)
  await owner.transact([record('fence', 'second')])
  await expect(zombie.transact([record('fence', 'zombie again')])).rejects.toThrow()
  expect((await contents(kafka, 'fence')).map((one) => one.key)).toEqual(['first', 'second'])
  await Promise.all([zombie.close(), owner.close()])
})

test('one transaction spans topics, partitions and many requests, and its base offsets are where the records are', async () => {
  const { kafka } = installation
  const one = transactorOf(kafka, 'wide')
  await one.init()
  for (let round = 0; round < 2; round++) {
    const records = Array.from({ length: 12_000 }, (_, i) => record('wide', `${round}-${i}`, 'x'.repeat(400), i % 3))
    const { baseOffsets } = await one.transact([...records, record('state', 'pos', 'x', 2)])
    for (let partition = 0; partition < 3; partition++) {
      const link = kafka.link()
      const base = baseOffsets.get(`wide/${partition}`) as number
      const first = await fetchOne(link, kafka.wire, kafka.topic('wide'), partition, base, kafka.nameOf)
      expect(String(first?.key)).toBe(`${round}-${partition}`)
      const last = await fetchOne(link, kafka.wire, kafka.topic('wide'), partition, base + 3_999, kafka.nameOf)
      expect(String(last?.key)).toBe(`${round}-${11_997 + partition}`)
      // A copy: it does not hold the batch that was fetched for it.
      expect(last?.value?.buffer.byteLength).toBeLessThanOrEqual(Buffer.poolSize)
      await link.close()
    }
  }
  await one.close()
})

test('a single record is found by its offset; markers, and offsets beyond the end, are not records', async () => {
  const { kafka } = installation
  const one = transactorOf(kafka, 'single')
  await one.init()
  const { baseOffsets } = await one.transact([record('fence', 'here', 'value', 2), record('fence', 'next', null, 2)])
  const base = baseOffsets.get('fence/2') as number
  const link = kafka.link()
  const at = (offset: number) => fetchOne(link, kafka.wire, kafka.topic('fence'), 2, offset, kafka.nameOf)
  expect(await at(base).then((found) => [String(found?.key), String(found?.value)])).toEqual(['here', 'value'])
  expect((await at(base + 1))?.value).toBeNull()
  expect(await at(base + 2)).toBeNull()
  expect(await at(base + 3)).toBeNull()
  expect(await at(base + 1_000)).toBeNull()
  await link.close()
  await one.close()
})

test('transactions that follow each other at once do not wait long for the coordinator', async () => {
  const one = transactorOf(installation.kafka, 'fast')
  await one.init()
  const times: number[] = []
  for (let i = 0; i < 30; i++) {
    const began = performance.now()
    await one.transact([record('fence', 'k', String(i), 1)])
    times.push(performance.now() - began)
  }
  times.sort((a, b) => a - b)
  expect(times[15]).toBeLessThan(100)
  await one.close()
})
