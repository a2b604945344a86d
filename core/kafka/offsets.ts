import type { Broker } from './kafkajs.ts'
import type { Link } from './link.ts'
import { partitionKey } from './records.ts'

const READ_COMMITTED = 1
const EARLIEST = -2
const LATEST = -1

export interface TopicPartition {
  /** Full name. */
  readonly topic: string
  readonly partition: number
}

export interface OffsetRange {
  /** First offset that Kafka still holds. */
  readonly low: number
  /** One behind the last record that a read_committed reader may see. */
  readonly end: number
}

/** Ranges by `<full topic>/<partition>`, in two requests per leader. No retry: wrap in `persist`. */
export async function fetchRanges(link: Link, wanted: readonly TopicPartition[]): Promise<Map<string, OffsetRange>> {
  await link.learn([...new Set(wanted.map(({ topic }) => topic))])
  const byBroker = new Map<Broker, Map<string, number[]>>()
  for (const { topic, partition } of wanted) {
    const broker = await link.leaderOf(topic, partition)
    const topics = byBroker.get(broker) ?? new Map<string, number[]>()
    byBroker.set(broker, topics)
    const list = topics.get(topic)
    if (list === undefined) topics.set(topic, [partition])
    else list.push(partition)
  }
  const ask = async (timestamp: number): Promise<Map<string, number>> => {
    const offsets = new Map<string, number>()
    for (const [broker, topics] of byBroker) {
      const { responses } = await broker.listOffsets({
        isolationLevel: READ_COMMITTED,
        topics: [...topics].map(([topic, list]) => ({
          topic,
          partitions: list.map((partition) => ({ partition, timestamp })),
        })),
      })
      for (const { topic, partitions } of responses)
        for (const { partition, offset } of partitions) offsets.set(partitionKey(topic, partition), Number(offset))
    }
    return offsets
  }
  const lows = await ask(EARLIEST)
  const ends = await ask(LATEST)
  return new Map([...lows].map(([key, low]) => [key, { low, end: ends.get(key) ?? low }]))
}
