import { expect, test } from 'vitest'
import { FatalKafkaError, isRetriable } from '../../../../core/kafka/errors.ts'
import type { Cluster } from '../../../../core/kafka/kafkajs.ts'
import { createLink } from '../../../../core/kafka/link.ts'

/** A cluster of one broker that shows so many partitions of every topic. */
function clusterThatShows(partitions: () => number) {
  const broker = { nodeId: 1 }
  const cluster = {
    connect: () => Promise.resolve(),
    disconnect: () => Promise.resolve(),
    addMultipleTargetTopics: () => Promise.resolve(),
    refreshMetadata: () => Promise.resolve(),
    findTopicPartitionMetadata: () =>
      Array.from({ length: partitions() }, (_, partitionId) => ({ partitionId, leader: 1 })),
    findBroker: () => Promise.resolve(broker),
  }
  return { cluster: cluster as unknown as Cluster, broker }
}

const refusal = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (error: unknown) => error,
  )

test('a topic just created that is shown with part of its partitions is asked for again, not given up', async () => {
  let shown = 10
  const { cluster, broker } = clusterThatShows(() => shown)
  const link = createLink(
    () => cluster,
    () => 0,
  )
  const early = await refusal(link.leaderOf('requests', 10))
  expect(isRetriable(early)).toBe(true)
  shown = 12
  expect(await link.leaderOf('requests', 10)).toBe(broker)
})

test('a partition that does not come to light is said to be missing', async () => {
  let now = 0
  const { cluster } = clusterThatShows(() => 10)
  const link = createLink(
    () => cluster,
    () => now,
  )
  expect(isRetriable(await refusal(link.leaderOf('requests', 10)))).toBe(true)
  now = 20_000
  const late = await refusal(link.leaderOf('requests', 10))
  expect(late).toBeInstanceOf(FatalKafkaError)
  expect((late as Error).message).toBe('topic requests has no partition 10')
})
