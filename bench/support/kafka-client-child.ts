/**
 * One measurement of bench/kafka-client.ts in a process of its own: produce or consume `records` values of 1.2 kB with
 * our client or with stock kafkajs. Argument: JSON. Prints one line of JSON: seconds and CPU seconds.
 */
import kafkajs from 'kafkajs'
import { createKafka, type OutRecord, readTopic } from '../../core/index.ts'
import { silentLogger } from '../../core/log.ts'

const { client, what, brokers, prefix, topic, records, partitions } = JSON.parse(process.argv[2] ?? '{}') as {
  client: 'ours' | 'stock'
  what: 'produce' | 'consume'
  brokers: string[]
  prefix: string
  topic: string
  records: number
  partitions: number
}
const BATCH = 1_000
const value = Buffer.alloc(1_200, 'v')

/** Batches of 1,000 for one partition at a time, as a page of a source would be. */
const batches = function* () {
  for (let i = 0; i < records; i += BATCH) yield { from: i, partition: (i / BATCH) % partitions }
}

async function ours(measure: <T>(run: () => Promise<T>) => Promise<T>): Promise<void> {
  const kafka = createKafka({ brokers, clientId: 'bench', prefix }, silentLogger)
  if (what === 'consume') {
    let bytes = 0
    const read = await measure(() =>
      readTopic(kafka, topic, {
        onRecord: (record) => {
          bytes += (record.key?.length ?? 0) + (record.value?.length ?? 0)
        },
      }),
    )
    if (read.records <= records || bytes < records * 1_200)
      throw new Error(`read ${read.records} records, ${bytes} bytes`)
    return
  }
  const producer = kafka.producer()
  const send = (from: number, partition: number, count: number) =>
    producer.send(
      Array.from({ length: count }, (_, i): OutRecord => ({ topic, partition, key: `acme|vendor|${from + i}`, value })),
    )
  // One record more, to connect and warm up.
  await send(0, 0, 1)
  await measure(async () => {
    for (const { from, partition } of batches()) await send(from, partition, BATCH)
  })
  await producer.close()
}

async function stock(measure: <T>(run: () => Promise<T>) => Promise<T>): Promise<void> {
  const kafka = new kafkajs.Kafka({ clientId: 'bench', brokers, logLevel: kafkajs.logLevel.NOTHING })
  if (what === 'consume') {
    const consumer = kafka.consumer({ groupId: `${prefix}stock`, maxBytesPerPartition: 4 << 20, maxBytes: 16 << 20 })
    await consumer.connect()
    await consumer.subscribe({ topics: [prefix + topic], fromBeginning: true })
    await new Promise<void>((resolve, reject) => {
      let count = 0
      let bytes = 0
      let finish: () => void = () => undefined
      const done = new Promise<void>((end) => {
        finish = end
      })
      consumer
        .run({
          autoCommit: false,
          eachBatch: async ({ batch }) => {
            for (const message of batch.messages) bytes += (message.key?.length ?? 0) + (message.value?.length ?? 0)
            count += batch.messages.length
            if (count > records && bytes > 0) finish()
          },
        })
        .catch(reject)
      // The time to join the group is not counted: it begins with the first fetch.
      consumer.on(consumer.events.GROUP_JOIN, () => {
        measure(() => done).then(resolve, reject)
      })
    })
    await consumer.disconnect()
    return
  }
  const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 })
  await producer.connect()
  const send = (from: number, partition: number, count: number) =>
    producer.send({
      topic: prefix + topic,
      acks: -1,
      messages: Array.from({ length: count }, (_, i) => ({ partition, key: `acme|vendor|${from + i}`, value })),
    })
  await send(0, 0, 1)
  await measure(async () => {
    for (const { from, partition } of batches()) await send(from, partition, BATCH)
  })
  await producer.disconnect()
}

await (client === 'ours' ? ours : stock)(async (run) => {
  const before = process.cpuUsage()
  const began = performance.now()
  const result = await run()
  const { user, system } = process.cpuUsage(before)
  console.log(JSON.stringify({ seconds: (performance.now() - began) / 1_000, cpu: (user + system) / 1e6 }))
  return result
})
process.exit(0)
