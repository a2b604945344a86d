/**
 * What does the Kafka client itself cost? Values of 1.2 kB, produced and consumed by core/kafka and by stock kafkajs,
 * each in a process of its own, in turns. ratio = median CPU time of stock / median CPU time of ours, over producing
 * and consuming together: how many times cheaper ours is.
 *
 *   npm run bench kafka-client [-- <records> <rounds>]
 */
import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { createKafka, ensureTopics } from '../core/index.ts'
import { silentLogger } from '../core/log.ts'
import { findStack } from '../scripts/stack/find.ts'
import { median } from './support/processes.ts'

const [records = 200_000, rounds = 3] = process.argv.slice(2).map(Number)
const PARTITIONS = 6
const child = fileURLToPath(new URL('support/kafka-client-child.ts', import.meta.url))
const runFile = promisify(execFile)

interface Measured {
  readonly seconds: number
  readonly cpu: number
}

const stack = await findStack({
  data: 'bench-stack',
  fresh: true,
})
const brokers = stack.addresses.kafka.split(',')
const prefix = `bench-${randomBytes(4).toString('hex')}.`
const kafka = createKafka({ brokers, clientId: 'bench', prefix }, silentLogger)

async function run(client: 'ours' | 'stock', what: 'produce' | 'consume', topic: string): Promise<Measured> {
  const argument = JSON.stringify({ client, what, brokers, prefix, topic, records, partitions: PARTITIONS })
  const { stdout } = await runFile(process.execPath, [child, argument])
  return JSON.parse(stdout) as Measured
}

const topicSpec = (name: string) => ({ name, key: '', cleanup: 'delete' as const, config: {}, about: '' })
const results = {
  ours: { produce: [] as Measured[], consume: [] as Measured[] },
  stock: { produce: [] as Measured[], consume: [] as Measured[] },
}
try {
  for (let round = 1; round <= rounds; round++) {
    for (const client of ['stock', 'ours'] as const) {
      const topic = `${client}-${round}`
      await ensureTopics(kafka, [topicSpec(topic)], { partitions: PARTITIONS, replicationFactor: 1 })
      const produced = await run(client, 'produce', topic)
      const consumed = await run(client, 'consume', topic)
      results[client].produce.push(produced)
      results[client].consume.push(consumed)
      await kafka.withAdmin((admin) => admin.deleteTopics({ topics: [prefix + topic] }))
      console.log(
        `round ${round}: ${client} produced ${Math.round(records / produced.seconds)}/s, consumed ${Math.round(records / consumed.seconds)}/s`,
      )
    }
  }
  const cpu = (client: 'ours' | 'stock', what: 'produce' | 'consume') =>
    median(results[client][what].map((one) => one.cpu))
  const rate = (client: 'ours' | 'stock', what: 'produce' | 'consume') =>
    Math.round(records / median(results[client][what].map((one) => one.seconds)))
  const perMillion = (seconds: number) => Number(((seconds / records) * 1e6).toFixed(2))
  console.log(
    JSON.stringify({
      name: 'kafka-client',
      ratio: Number(
        (
          (cpu('stock', 'produce') + cpu('stock', 'consume')) /
          (cpu('ours', 'produce') + cpu('ours', 'consume'))
        ).toFixed(2),
      ),
      records,
      valueBytes: 1_200,
      produce: {
        stockPerSecond: rate('stock', 'produce'),
        oursPerSecond: rate('ours', 'produce'),
        stockCpuPerMillion: perMillion(cpu('stock', 'produce')),
        oursCpuPerMillion: perMillion(cpu('ours', 'produce')),
      },
      consume: {
        stockPerSecond: rate('stock', 'consume'),
        oursPerSecond: rate('ours', 'consume'),
        stockCpuPerMillion: perMillion(cpu('stock', 'consume')),
        oursCpuPerMillion: perMillion(cpu('ours', 'consume')),
      },
    }),
  )
} finally {
  await kafka.close()
  await stack.stop()
}
