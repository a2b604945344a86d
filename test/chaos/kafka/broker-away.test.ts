import { afterAll, beforeAll, expect, test } from 'vitest'
import { createKafka, ensureTopics, followTopic, type KafkaClient } from '../../../core/index.ts'
import { contents, copier, differences, until } from '../../support/copier.ts'
import { type OwnServer, ownBroker } from '../../support/own-servers.ts'

let broker: OwnServer
let kafka: KafkaClient
const warnings: string[] = []

beforeAll(async () => {
  broker = await ownBroker()
  const keep = (_fields: object, message: string) => void warnings.push(message)
  const log = { debug: () => undefined, info: () => undefined, warn: keep, error: keep }
  kafka = createKafka({ brokers: [broker.url], clientId: 'test', prefix: 'away.' }, log)
  const topics = ['in', 'out', 'state', 'table'].map((name) => ({
    name,
    key: '',
    cleanup: 'compact' as const,
    config: {},
    about: '',
  }))
  await ensureTopics(kafka, topics, { partitions: 3, replicationFactor: 1 })
})
afterAll(async () => {
  await kafka.close()
  await broker.remove()
})

test('a broker that is killed and comes back: sends, groups and followers go on, nothing lost, nothing twice', async () => {
  const group = copier(kafka)
  await group.start()
  const followed: string[] = []
  const following = followTopic(kafka, 'table', (record) => void followed.push(String(record.key)))
  await following.ready
  const producer = kafka.producer()
  let sent = 0
  let stop = false
  const sending = (async () => {
    while (!stop) {
      await producer.send(
        Array.from({ length: 10 }, () => ({ topic: 'in', key: `k${sent}`, value: Buffer.from(String(sent++)) })),
      )
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  })()
  for (const end of ['kill', 'stop'] as const) {
    const before = sent
    await until(() => sent > before + 500, 'records flow')
    await broker[end]()
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    await broker.restart()
    const after = sent
    await until(() => sent > after + 500, 'records flow again')
  }
  stop = true
  await sending
  await producer.send([{ topic: 'table', key: 'late', value: null }])
  await producer.close()
  await until(() => followed.includes('late'), 'the follower goes on')
  await until(() => group.partitions().length === 3 && group.healthy(), 'the group is well')
  for (let copied = 0; copied < sent; copied = (await contents(kafka, 'out')).length)
    await new Promise((resolve) => setTimeout(resolve, 100))
  await group.stop()
  await following.close()
  expect(await differences(kafka)).toEqual([])
  expect((await contents(kafka, 'in')).length).toBe(sent)
  expect(group.error()).toBeNull()
  // Each trouble says what was being done; nothing gave up.
  expect(warnings.every((warning) => /still trying|starting it over/.test(warning))).toBe(true)
}, 180_000)
