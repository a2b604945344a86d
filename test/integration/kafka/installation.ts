import { createKafka, ensureTopics, type KafkaClient, type KafkaOptions } from '../../../core/index.ts'
import type { KafkaLog } from '../../../core/kafka/log.ts'
import { stack, testPrefix } from '../../support/stack.ts'

export * from '../../support/copier.ts'

export interface Installation {
  readonly kafka: KafkaClient
  /** What was logged at warning level and above. */
  readonly warnings: string[]
  /** Another client of the same installation. */
  client(options?: Partial<KafkaOptions>): KafkaClient
  drop(): Promise<void>
}

/** Topics of one test on the shared broker, under a prefix of their own. */
export async function install(
  topics: Readonly<Record<string, 'compact' | 'delete'>>,
  options: Partial<KafkaOptions> & { partitions?: number; config?: Record<string, string> } = {},
): Promise<Installation> {
  const { partitions = 3, config = {}, ...kafkaOptions } = options
  const prefix = testPrefix()
  const warnings: string[] = []
  const keep = (_fields: object, message: string) => void warnings.push(message)
  const log: KafkaLog = { debug: () => undefined, info: () => undefined, warn: keep, error: keep }
  const client = (more: Partial<KafkaOptions> = {}) =>
    createKafka({ brokers: stack().kafka.split(','), clientId: 'test', prefix, ...kafkaOptions, ...more }, log)
  const kafka = client()
  const specs = Object.entries(topics).map(([name, cleanup]) => ({ name, key: '', cleanup, config, about: '' }))
  await ensureTopics(kafka, specs, { partitions, replicationFactor: 1 })
  return {
    kafka,
    warnings,
    client,
    drop: async () => {
      await kafka.withAdmin((admin) => admin.deleteTopics({ topics: specs.map((spec) => kafka.topic(spec.name)) }))
      await kafka.close()
    },
  }
}
