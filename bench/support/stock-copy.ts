import kafkajs from 'kafkajs'

/**
 * The baseline of the normalizer bench, in a process of its own so that nothing of core/kafka is loaded: stock kafkajs
 * consumes the same topic and produces as many 440-byte values with the same batching; no transactions, no decoding,
 * no mapping. Argument: JSON { brokers, topic, output, share }. Prints progress as JSON lines.
 */
const { brokers, topic, output, share } = JSON.parse(process.argv[2] ?? '{}') as {
  brokers: string[]
  topic: string
  output: string
  /** Values produced per record consumed. */
  share: number
}
const kafka = new kafkajs.Kafka({ clientId: 'stock', brokers, logLevel: kafkajs.logLevel.ERROR })
const value = Buffer.alloc(440, 'v')
const consumer = kafka.consumer({
  groupId: `stock-${process.pid}-${Date.now()}`,
  maxBytesPerPartition: 4 * 1024 * 1024,
  maxBytes: 48 * 1024 * 1024,
})
const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 })
let received = 0
let sent = 0

function report(): void {
  const { user, system } = process.cpuUsage()
  console.log(JSON.stringify({ at: Date.now(), received, sent, cpu: (user + system) / 1e6 }))
}
const timer = setInterval(report, 50)
process.on('SIGTERM', () => {
  clearInterval(timer)
  Promise.allSettled([consumer.disconnect(), producer.disconnect()]).then(
    () => process.exit(0),
    () => process.exit(1),
  )
})

await producer.connect()
await consumer.connect()
await consumer.subscribe({ topics: [topic], fromBeginning: true })
await consumer.run({
  autoCommit: true,
  eachBatchAutoResolve: true,
  eachBatch: async ({ batch }) => {
    const { messages, partition } = batch
    const copies = messages.slice(0, Math.round(messages.length * share))
    await producer.send({
      topic: output,
      acks: -1,
      messages: copies.map(({ key }) => ({ key, value, partition })),
    })
    received += messages.length
    sent += copies.length
  },
})
