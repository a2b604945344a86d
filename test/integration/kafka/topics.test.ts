import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  createPartitionGroup,
  ensureTopics,
  FatalKafkaError,
  partitionCount,
  TopicProblemsError,
  TOPICS,
  type TopicSpec,
} from '../../../core/index.ts'
import { install, type Installation } from './installation.ts'

let installation: Installation
beforeAll(async () => {
  installation = await install({ connections: 'compact', events: 'delete' })
})
afterAll(() => installation.drop())

const spec = (name: string, cleanup: TopicSpec['cleanup']) => ({ name, key: '', cleanup, config: {}, about: '' })

test('topics that are as they must be are left alone', async () => {
  const { kafka } = installation
  const result = await ensureTopics(kafka, [spec('connections', 'compact'), spec('events', 'delete')], {
    partitions: 3,
    replicationFactor: 1,
  })
  expect(result.created).toEqual([])
  expect(await partitionCount(kafka)).toBe(3)
})

test('every topic that differs is reported at once, with what to do', async () => {
  const wrong = ensureTopics(installation.kafka, [spec('connections', 'delete'), spec('events', 'delete')], {
    partitions: 5,
    replicationFactor: 1,
  })
  const error = await wrong.catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(TopicProblemsError)
  const { problems } = error as TopicProblemsError
  expect(problems.length).toBe(3)
  expect(problems.join('\n')).toMatch(
    /connections has 3 partitions.*5[^]*connections has cleanup\.policy=compact[^]*events has 3/,
  )
})

test('a topic that is compacted and deletes is created with both and its retention, and known again', async () => {
  const { kafka } = installation
  const specs = TOPICS.filter(({ name }) => name.startsWith('command'))
  expect(specs.map(({ cleanup }) => cleanup)).toContain('compact,delete')
  const create = () => ensureTopics(kafka, specs, { partitions: 3, replicationFactor: 1 })
  expect((await create()).created).toHaveLength(specs.length)
  expect((await create()).created).toEqual([])
  const results = kafka.topic('command-results')
  const { resources } = await kafka.withAdmin((admin) =>
    admin.describeConfigs({ includeSynonyms: false, resources: [{ type: 2, name: results }] }),
  )
  const config = new Map(resources[0]?.configEntries.map(({ configName, configValue }) => [configName, configValue]))
  expect(config.get('cleanup.policy')?.split(',').sort()).toEqual(['compact', 'delete'])
  expect(config.get('retention.ms')).toBe(String(30 * 86_400_000))
  // Only one of the two is another topic.
  const onlyCompacted = ensureTopics(kafka, [spec('command-results', 'compact')], {
    partitions: 3,
    replicationFactor: 1,
  })
  await expect(onlyCompacted).rejects.toThrow(/command-results has cleanup\.policy=.* but must have compact/)
  await kafka.withAdmin((admin) => admin.deleteTopics({ topics: specs.map((one) => kafka.topic(one.name)) }))
})

test('two instances that create the same topics at the same time both succeed', async () => {
  const { kafka } = installation
  const specs = Array.from({ length: 8 }, (_, i) => spec(`shared-${i}`, 'compact'))
  const create = () => ensureTopics(kafka, specs, { partitions: 3, replicationFactor: 1 })
  const created = await Promise.all([create(), create()])
  expect(new Set(created.flatMap((one) => one.created))).toEqual(new Set(specs.map((one) => one.name)))
  await kafka.withAdmin((admin) => admin.deleteTopics({ topics: specs.map((one) => kafka.topic(one.name)) }))
})

test('a replication factor that the cluster cannot give is a clear error', async () => {
  const wrong = ensureTopics(installation.kafka, [spec('replicated', 'compact')], {
    partitions: 3,
    replicationFactor: 3,
  })
  await expect(wrong).rejects.toThrow(/replicated: Replication-factor is invalid/)
})

test('a group over a missing topic, or over topics of different sizes, does not start and says why', async () => {
  const { kafka } = installation
  const start = (topics: string[]) =>
    createPartitionGroup({
      kafka,
      groupId: 'g',
      transactionalId: 'g',
      topics,
      log: kafka.log,
      onAssigned: () => Promise.reject(new Error('not reached')),
    }).start()
  await expect(start(['connections', 'nowhere', 'events', 'nirgends'])).rejects.toThrow(
    /nowhere does not exist[^]*nirgends does not exist/,
  )
  await ensureTopics(kafka, [spec('small', 'delete')], { partitions: 2, replicationFactor: 1 })
  await expect(start(['connections', 'small'])).rejects.toThrow(/small has 2 partitions.*connections has 3/)
  await expect(start(['connections', 'small'])).rejects.toBeInstanceOf(FatalKafkaError)
  await kafka.withAdmin((admin) => admin.deleteTopics({ topics: [kafka.topic('small')] }))
})
