import { FatalKafkaError, errorType } from './errors.ts'
import type { Broker, Cluster } from './kafkajs.ts'

/**
 * One set of connections to the cluster, made anew after it broke. A broker answers the requests of one connection
 * one by one, so whoever sends requests that wait (joining, long polls, replicated writes) has a link of its own.
 * Topics are full names here.
 */
export interface Link {
  /** A connected cluster; connects when needed. */
  cluster(): Promise<Cluster>
  /** Number of partitions. @throws FatalKafkaError when the topic does not exist */
  partitionsOf(topic: string): Promise<number>
  leaderOf(topic: string, partition: number): Promise<Broker>
  /** Node id of the leader, if it is known without asking. */
  knownLeader(topic: string, partition: number): number | undefined
  /** Makes leaders of these topics known (one metadata request for those that are not). */
  learn(topics: readonly string[]): Promise<void>
  /** Leaders have moved: ask again before the next use. */
  forgetLeaders(): void
  /** The connections are broken: open new ones at the next use. */
  drop(): void
  close(): Promise<void>
}

/** A broker may show a topic that was just created with part of its partitions; after so long it has no more. */
const SHOWN_MS = 15_000

export function createLink(open: () => Cluster, now: () => number = () => performance.now()): Link {
  let current: Promise<Cluster> | undefined
  let closed = false
  /** topic → leader's node id by partition; empty = ask. */
  const leaders = new Map<string, Int32Array>()
  const topics = new Set<string>()
  let stale = false
  /** Partitions that were asked for and are not shown, and since when; by `topic/partition`. */
  const unseen = new Map<string, number>()

  const connect = async (): Promise<Cluster> => {
    const cluster = open()
    try {
      await cluster.connect()
      // Without topics kafkajs asks for all of them, and one broken foreign topic would fail the request: rarely taken.
      if (topics.size > 0) await cluster.addMultipleTargetTopics([...topics])
      else await cluster.refreshMetadata()
    } catch (error) {
      void cluster.disconnect().catch(() => undefined)
      throw error
    }
    return cluster
  }

  const cluster = (): Promise<Cluster> => {
    if (closed) return Promise.reject(new FatalKafkaError('the Kafka client is closed'))
    if (current === undefined) {
      const mine = connect()
      current = mine
      mine.catch(() => {
        if (current === mine) current = undefined
      })
    }
    return current
  }

  const drop = (): void => {
    const old = current
    current = undefined
    leaders.clear()
    void old?.then(hangUp).catch(() => undefined)
  }

  const read = (connected: Cluster, topic: string): void => {
    const partitions = connected.findTopicPartitionMetadata(topic)
    if (partitions.length === 0) return
    const nodes = new Int32Array(partitions.length).fill(-1)
    for (const { partitionId, leader } of partitions) if (partitionId < nodes.length) nodes[partitionId] = leader
    leaders.set(topic, nodes)
  }

  const learn = async (wanted: readonly string[]): Promise<void> => {
    if (!stale && wanted.every((topic) => leaders.has(topic))) return
    const added = wanted.filter((topic) => !topics.has(topic))
    for (const topic of added) topics.add(topic)
    let connected: Cluster
    try {
      connected = await cluster()
      await connected.addMultipleTargetTopics([...topics])
      if (stale) await connected.refreshMetadata()
    } catch (error) {
      // Forget the topics asked for, or one missing topic would spoil every later request of this link.
      for (const topic of added) topics.delete(topic)
      if (errorType(error) === 'UNKNOWN_TOPIC_OR_PARTITION' && wanted.length === 1)
        throw new Error(`topic ${wanted[0]} does not exist`, { cause: error })
      throw error
    }
    stale = false
    leaders.clear()
    for (const topic of topics) read(connected, topic)
  }

  return {
    cluster,
    learn,
    partitionsOf: async (topic) => {
      if (stale || !leaders.has(topic)) await learn([topic])
      return leaders.get(topic)?.length ?? 0
    },
    leaderOf: async (topic, partition) => {
      await learn([topic])
      const node = leaders.get(topic)?.[partition]
      const name = `${topic}/${partition}`
      if (node === undefined) {
        const since = unseen.get(name) ?? now()
        unseen.set(name, since)
        stale = true
        if (now() - since > SHOWN_MS) throw new FatalKafkaError(`topic ${topic} has no partition ${partition}`)
        throw Object.assign(new Error(`${name} is not shown`), { type: 'UNKNOWN_TOPIC_OR_PARTITION' })
      }
      unseen.delete(name)
      const connected = await cluster()
      // A partition without a leader: the error type makes the caller ask again.
      if (node < 0)
        throw Object.assign(new Error(`${topic}/${partition} has no leader`), { type: 'LEADER_NOT_AVAILABLE' })
      return connected.findBroker({ nodeId: node })
    },
    knownLeader: (topic, partition) => (stale ? undefined : leaders.get(topic)?.[partition]),
    forgetLeaders: () => {
      stale = true
    },
    drop,
    close: async () => {
      const old = current
      closed = true
      current = undefined
      await old?.then(hangUp).catch(() => undefined)
    },
  }
}

/** Ends the connections now: kafkajs alone would wait for answers that may take long, or never come. */
async function hangUp(cluster: Cluster): Promise<void> {
  const { seedBroker, brokers } = cluster.brokerPool
  const closed = Object.assign(new Error('the connection was closed on our side'), {
    name: 'KafkaJSConnectionClosedError',
  })
  for (const broker of new Set([seedBroker, ...Object.values(brokers)]))
    for (const connection of broker?.connectionPool.pool ?? []) connection.rejectRequests(closed)
  await cluster.disconnect()
}
