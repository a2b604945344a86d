/**
 * The writer as a process of its own: `node bench/writing/writer-process.ts <json>` with { kafka, registry, prefix,
 * partitions, group? }. The service's code with the bench's connector, without its HTTP endpoints.
 */
import {
  createHttpClient,
  createKafka,
  createLogger,
  createMetrics,
  decodeConnection,
  type GroupTuning,
  openCodec,
} from '../../core/index.ts'
import { createWriter } from '../../services/writer/service.ts'
import { benchSystem } from './connector.ts'

const order = JSON.parse(process.argv[2] ?? '{}') as {
  readonly kafka: string
  readonly registry: string
  readonly prefix: string
  readonly partitions: number
  readonly group?: Partial<GroupTuning>
}
const { prefix, partitions } = order
const log = createLogger({ service: 'writer', level: 'warn' })
const metrics = createMetrics({ service: 'writer' })
const brokers = order.kafka.split(',')
const kafka = createKafka({ brokers, clientId: `writer-${process.pid}`, prefix }, log)
const writer = createWriter({
  kafka,
  partitions,
  codec: await openCodec({ registryUrl: order.registry, prefix, register: true }),
  connectorOf: (system) => (system === benchSystem.id ? benchSystem : undefined),
  decodeConnection,
  settingsOf({ settings }) {
    const parsed = benchSystem.config.parse(settings)
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
    return parsed.value
  },
  httpFor({ id: connectionId, system, limits }) {
    const http = createHttpClient({ connectionId, system, limits, log, metrics, allowPrivateHosts: true })
    return { http, close: () => http.close() }
  },
  log,
  metrics,
  ...(order.group === undefined ? {} : { group: order.group }),
  onFailure: (error) => {
    console.error(error)
    process.exit(1)
  },
})

async function report(): Promise<void> {
  const times = await metrics.transactionSeconds.get()
  const of = (name: string) => times.values.find(({ metricName }) => metricName?.endsWith(name))?.value ?? 0
  const { user, system } = process.cpuUsage()
  const ready = writer.partitions().length === partitions
  const transactions = { count: of('_count'), seconds: of('_sum') }
  const { rss } = process.memoryUsage()
  console.log(
    JSON.stringify({ at: Date.now(), received: 0, sent: 0, cpu: (user + system) / 1e6, rss, ready, transactions }),
  )
}
const timer = setInterval(() => void report(), 200)

process.on('SIGTERM', () => {
  clearInterval(timer)
  writer
    .stop()
    .then(() => kafka.close())
    .then(
      () => process.exit(0),
      () => process.exit(1),
    )
})
await writer.start()
