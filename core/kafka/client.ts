import { createProducer, type RecordProducer } from './producer.ts'
import { type Admin, type ClusterSettings, type KafkajsLogEntry, newAdmin, newCluster } from './kafkajs.ts'
import { createLink, type Link } from './link.ts'
import type { KafkaLog } from './log.ts'
import { frameSockets, tuneCluster } from './wire/connections.ts'
import { createFastWire } from './wire/fast.ts'
import { createStockWire } from './wire/stock.ts'
import type { CompressionName, Wire, WireName } from './wire/wire.ts'

export interface KafkaOptions extends ClusterSettings {
  /** Put before every topic, group and transactional id: one cluster can hold several installations. */
  readonly prefix: string
  /** `stock` goes back to kafkajs' own encoder and decoder. Default `fast`. */
  readonly wire?: WireName | undefined
  /** Of what we produce. Default none. */
  readonly compression?: CompressionName | undefined
}

/** The installation's Kafka. Holds no connection by itself; what it hands out does. */
export interface KafkaClient {
  readonly prefix: string
  readonly clientId: string
  readonly wire: Wire
  readonly compression: CompressionName
  readonly log: KafkaLog
  /** Full name of a topic (or group, or transactional id). */
  readonly topic: (name: string) => string
  /** The name without prefix. */
  readonly nameOf: (topic: string) => string
  /** A set of connections of its own; the caller closes it. */
  link(): Link
  /** An idempotent producer. */
  producer(): RecordProducer
  /** Runs with a connected admin client, and disconnects it. */
  withAdmin<T>(use: (admin: Admin) => Promise<T>): Promise<T>
  /** Closes every link that is still open. */
  close(): Promise<void>
}

/** @param log failures of kafkajs go there at debug level: whoever asked reports what it means */
export function createKafka(options: KafkaOptions, log: KafkaLog): KafkaClient {
  const stock = options.wire === 'stock'
  const open = () => (stock ? newCluster(settings, sink) : tuneCluster(newCluster(settings, sink, frameSockets)))
  const links = new Set<Link>()
  const sink = ({ namespace, label, log: entry }: KafkajsLogEntry): void => {
    log.debug({ kafkajs: namespace, level: label }, entry.message)
  }
  const settings: ClusterSettings = {
    brokers: options.brokers,
    clientId: options.clientId,
    ssl: options.ssl,
    sasl: options.sasl,
  }
  const client: KafkaClient = {
    prefix: options.prefix,
    clientId: options.clientId,
    wire: stock ? createStockWire() : createFastWire(),
    compression: options.compression ?? 'none',
    log,
    topic: (name) => options.prefix + name,
    nameOf: (topic) => (topic.startsWith(options.prefix) ? topic.slice(options.prefix.length) : topic),
    link: () => {
      const link = createLink(open)
      links.add(link)
      return {
        ...link,
        close: async () => {
          links.delete(link)
          await link.close()
        },
      }
    },
    producer: () => createProducer(client),
    withAdmin: async (use) => {
      const admin = newAdmin(open(), sink)
      await admin.connect()
      try {
        return await use(admin)
      } finally {
        await admin.disconnect().catch(() => undefined)
      }
    },
    close: async () => {
      await Promise.all([...links].map((link) => link.close()))
      links.clear()
    },
  }
  return client
}
