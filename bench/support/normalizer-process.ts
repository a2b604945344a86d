/**
 * The normalizer as a process of its own: `node bench/support/normalizer-process.ts <json>` with
 * { kafka, registry, prefix, tuning? }. The service's code, without its HTTP endpoints; prints progress as JSON lines.
 */
import { connectorOf } from '../../connectors/index.ts'
import { createKafka, createLogger, createMetrics, type GroupTuning, openCodec, systemClock } from '../../core/index.ts'
import { followConnections } from '../../services/normalizer/connections.ts'
import { createNormalizer } from '../../services/normalizer/normalizer.ts'
import { benchSystem } from '../writing/connector.ts'

const {
  kafka: brokers,
  registry,
  prefix,
  level,
  tuning,
} = JSON.parse(process.argv[2] ?? '{}') as {
  kafka: string
  registry: string
  prefix: string
  level?: 'info'
  tuning?: Partial<GroupTuning>
}
const log = createLogger({ service: 'normalizer', level: level ?? 'warn' })
const metrics = createMetrics({ service: 'normalizer' })
const kafka = createKafka({ brokers: brokers.split(','), clientId: `normalizer-${process.pid}`, prefix }, log)
const codec = await openCodec({ registryUrl: registry, prefix, register: true })
const fail = (error: Error): void => {
  console.error(error)
  process.exit(1)
}
const directory = await followConnections(kafka, log, fail)
const normalizer = createNormalizer(
  kafka,
  {
    codec,
    directory,
    connectorOf: (system) => (system === benchSystem.id ? benchSystem : connectorOf(system)),
    clock: systemClock,
    log,
    metrics,
  },
  { onFailure: fail, ...(tuning === undefined ? {} : { tuning }) },
)

async function total(counter: { get(): Promise<{ values: { value: number }[] }> }): Promise<number> {
  return (await counter.get()).values.reduce((sum, { value }) => sum + value, 0)
}
async function report(): Promise<void> {
  const { user, system } = process.cpuUsage()
  const at = Date.now()
  const received = await total(metrics.recordsReceived)
  const sent = await total(metrics.recordsSent)
  const { values: outcomes } = await metrics.transactions.get()
  const fenced = outcomes.find(({ labels }) => labels.outcome === 'fenced')?.value ?? 0
  const times = await metrics.transactionSeconds.get()
  const of = (name: string) => times.values.find(({ metricName }) => metricName?.endsWith(name))?.value ?? 0
  const transactions = { count: of('_count'), seconds: of('_sum') }
  const { rss, arrayBuffers } = process.memoryUsage()
  const ready = normalizer.ready()
  const partitions = normalizer.group.partitions().length
  console.log(
    JSON.stringify({
      at,
      received,
      sent,
      cpu: (user + system) / 1e6,
      rss,
      arrayBuffers,
      ready,
      partitions,
      fenced,
      transactions,
    }),
  )
}
const timer = setInterval(() => void report(), 50)

process.on('SIGTERM', () => {
  clearInterval(timer)
  normalizer
    .stop()
    .then(() => directory.close())
    .then(() => kafka.close())
    .then(
      () => process.exit(0),
      () => process.exit(1),
    )
})
await normalizer.start()
