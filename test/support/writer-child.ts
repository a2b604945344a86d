/**
 * The writer as a process of its own, to be killed: `node test/support/writer-child.ts <json>` with WriterOrder. Secrets
 * of connections are in plain text. It tells `ready` when it has everything but partitions, and waits for `go`.
 */
import { connectorOf } from '../../connectors/index.ts'
import {
  createHttpClient,
  createKafka,
  createLogger,
  createMetrics,
  decodeConnection,
  openCodec,
  openSettings,
} from '../../core/index.ts'
import type { Policy } from '../../services/writer/policy.ts'
import { createWriter } from '../../services/writer/service.ts'
import { IMPATIENT, type StageAddresses } from './sync-service.ts'

export interface WriterOrder extends StageAddresses {
  readonly partitions: number
  readonly policy: Partial<Policy>
  /**
   * Name of the consumer group: with another one than the dead writer had, the partitions are taken at once instead of
   * when the group has missed it for six seconds. What keeps two owners apart is the fence, which is the same.
   */
  readonly group: string
}

const order = JSON.parse(process.argv[2] ?? '{}') as WriterOrder
const log = createLogger({ service: 'writer', level: 'error' })
const metrics = createMetrics()
const kafka = createKafka(
  { brokers: order.kafka.split(','), clientId: `writer-${process.pid}`, prefix: order.prefix },
  log,
)
const group = createWriter({
  kafka: { ...kafka, topic: (name) => kafka.topic(name === 'writer' ? order.group : name) },
  partitions: order.partitions,
  codec: await openCodec({ registryUrl: order.registry, prefix: order.prefix, register: true }),
  connectorOf,
  decodeConnection,
  settingsOf: (connection, connector) =>
    openSettings(connection, connector.config, () => {
      throw new Error('no secret is sealed here')
    }),
  httpFor({ id: connectionId, system, limits }) {
    const http = createHttpClient({ connectionId, system, limits, log, metrics, allowPrivateHosts: true })
    return { http, close: () => http.close() }
  },
  log,
  metrics,
  policy: order.policy,
  group: IMPATIENT,
  onFailure: () => process.exit(1),
})
process.on('disconnect', () => process.exit(1))
process.once('message', () => void group.start().then(() => process.send?.('started')))
process.send?.('ready')
