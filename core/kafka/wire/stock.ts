import { errorType, UnsupportedCompressionError } from '../errors.ts'
import type { Broker, StockMessage, StockPartition } from '../kafkajs.ts'
import type { InRecord } from '../records.ts'
import { createCommittedFilter } from './aborted.ts'
import type { FetchedPartition, FetchRequest, ProduceBatch, ProduceOutcome, ProduceRequest, Wire } from './wire.ts'

const READ_COMMITTED = 1
const ACKS_ALL = -1

/** Record batches through kafkajs' own encoder and decoder; only its read_committed filter is replaced. */
export function createStockWire(): Wire {
  return { name: 'stock', fetch, produce }
}

async function fetch(broker: Broker, request: FetchRequest): Promise<FetchedPartition[]> {
  const offsets = new Map(request.targets.map((target) => [`${target.topic}/${target.partition}`, target.offset]))
  let responses: Awaited<ReturnType<Broker['fetch']>>['responses']
  try {
    ;({ responses } = await broker.fetch({
      isolationLevel: READ_COMMITTED,
      maxWaitTime: request.maxWaitMs,
      minBytes: 1,
      maxBytes: request.maxBytes,
      topics: byTopic(request.targets, (target) => ({
        partition: target.partition,
        fetchOffset: String(target.offset),
        maxBytes: target.maxBytes,
      })),
    }))
  } catch (error) {
    if (error instanceof Error && error.name === 'KafkaJSNotImplemented')
      throw new UnsupportedCompressionError(error.message.split(' ')[0] ?? 'an unknown codec', 'a topic')
    // kafkajs throws away the whole answer for one partition's error, and names the partition only here.
    if (
      errorType(error) === 'OFFSET_OUT_OF_RANGE' &&
      error instanceof Error &&
      'topic' in error &&
      'partition' in error
    )
      return [failed(String(error.topic), Number(error.partition), error)]
    throw error
  }
  return responses.flatMap(({ topicName, partitions }) =>
    partitions.map((partition) =>
      fetched(topicName, partition, offsets.get(`${topicName}/${partition.partition}`) ?? 0, request.nameOf(topicName)),
    ),
  )
}

const failed = (topic: string, partition: number, error: Error): FetchedPartition => ({
  topic,
  partition,
  error,
  highWatermark: 0,
  lastStableOffset: 0,
  records: [],
  nextOffset: 0,
  bytes: 0,
})

function fetched(topic: string, data: StockPartition, asked: number, name: string): FetchedPartition {
  const deliver = createCommittedFilter(
    data.abortedTransactions.map((one) => ({ producerId: one.producerId, firstOffset: Number(one.firstOffset) })),
  )
  const records: InRecord[] = []
  let batch: StockMessage['batchContext'] | undefined
  let delivered = false
  let nextOffset = asked
  let bytes = 0
  for (const message of data.messages) {
    if (message.batchContext !== batch) {
      batch = message.batchContext
      const lastOffset = Number(batch.firstOffset) + batch.lastOffsetDelta
      nextOffset = Math.max(nextOffset, lastOffset + 1)
      delivered = deliver({
        producerId: batch.producerId,
        lastOffset,
        transactional: batch.inTransaction,
        controlKey: message.isControlRecord ? (message.key ?? Buffer.alloc(0)) : null,
      })
    }
    bytes += (message.key?.length ?? 0) + (message.value?.length ?? 0)
    const offset = Number(message.offset)
    if (!delivered || offset < asked) continue
    records.push({
      topic: name,
      partition: data.partition,
      offset,
      timestamp: Number(message.timestamp),
      key: message.key,
      value: message.value,
    })
  }
  return {
    topic,
    partition: data.partition,
    error: null,
    highWatermark: Number(data.highWatermark),
    lastStableOffset: Number(data.lastStableOffset),
    records,
    nextOffset,
    bytes,
  }
}

async function produce(broker: Broker, request: ProduceRequest): Promise<ProduceOutcome[]> {
  const now = Date.now()
  const message = (record: ProduceBatch['records'][number]) => ({
    key: record.key,
    value: record.value,
    timestamp: record.timestamp ?? now,
  })
  const answer = await broker.produce({
    transactionalId: request.transactionalId ?? undefined,
    producerId: request.producerId,
    producerEpoch: request.producerEpoch,
    acks: ACKS_ALL,
    timeout: request.timeoutMs,
    compression: request.compression === 'gzip' ? 1 : 0,
    topicData: byTopic(request.batches, (batch) => ({
      partition: batch.partition,
      firstSequence: batch.firstSequence,
      messages: batch.records.slice(batch.from, batch.to).map(message),
    })),
  })
  const offsets = new Map<string, number>()
  for (const { topicName, partitions } of answer.topics)
    for (const { partition, baseOffset } of partitions) offsets.set(`${topicName}/${partition}`, Number(baseOffset))
  return request.batches.map((batch) => ({
    error: null,
    baseOffset: offsets.get(`${batch.topic}/${batch.partition}`) ?? -1,
  }))
}

function byTopic<T extends { readonly topic: string }, R>(
  items: readonly T[],
  shape: (item: T) => R,
): { topic: string; partitions: R[] }[] {
  const topics = new Map<string, R[]>()
  for (const item of items) {
    const list = topics.get(item.topic)
    if (list === undefined) topics.set(item.topic, [shape(item)])
    else list.push(shape(item))
  }
  return [...topics].map(([topic, partitions]) => ({ topic, partitions }))
}
