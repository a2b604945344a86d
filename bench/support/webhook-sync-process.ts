/**
 * Sync as a process of its own, reading the system of `bench/writing`: `node … <json>` with { kafka, registry, prefix,
 * partitions, secretKeys }. Prints { ready } when it owns every partition, and { peakRss } when it is told to end.
 */
import {
  createHttpClient,
  createKafka,
  createLogger,
  createMetrics,
  createSecretBox,
  decodeConnection,
  openCodec,
  openSettings,
} from '../../core/index.ts'
import { keepHeapSmall } from '../../services/sync/heap.ts'
import { withLanes } from '../../services/sync/lane.ts'
import { createSync } from '../../services/sync/service.ts'
import { benchSystem } from '../writing/connector.ts'

keepHeapSmall()
const order = JSON.parse(process.argv[2] ?? '{}') as {
  kafka: string
  registry: string
  prefix: string
  partitions: number
  secretKeys: string
}
const say = (what: object): void => console.log(JSON.stringify(what))
let peakRss = 0
const log = createLogger({ service: 'sync', level: 'warn' })
const metrics = createMetrics()
const kafka = createKafka(
  { brokers: order.kafka.split(','), clientId: `sync-${process.pid}`, prefix: order.prefix },
  log,
)
const box = createSecretBox(order.secretKeys)
const sync = createSync({
  kafka,
  partitions: order.partitions,
  log,
  metrics,
  codec: await openCodec({ registryUrl: order.registry, prefix: order.prefix, register: true }),
  connectorOf: (system) => (system === benchSystem.id ? benchSystem : undefined),
  decodeConnection,
  settingsOf: (connection, connector) => openSettings(connection, connector.config, () => box),
  httpFor({ id: connectionId, system, limits }) {
    const client = createHttpClient({ connectionId, system, limits, log, metrics, allowPrivateHosts: true })
    return { http: withLanes(client), close: () => client.close() }
  },
  webhookUrl: null,
  box: () => box,
  onFailure: (error) => {
    console.error(error)
    process.exit(1)
  },
})
await sync.start()
let told = false
const timer = setInterval(() => {
  peakRss = Math.max(peakRss, process.memoryUsage.rss())
  if (told || sync.partitions().length < order.partitions) return
  told = true
  say({ ready: true })
}, 50)
process.on('SIGTERM', () => {
  void sync
    .stop()
    .then(() => kafka.close())
    .then(() => {
      clearInterval(timer)
      say({ peakRss })
      process.exit(0)
    })
})
