import {
  createKafka,
  createLogger,
  createSecretBox,
  describeError,
  type Environment,
  type KafkaClient,
  type Logger,
  readEnvironment,
  type SecretBox,
} from '../../core/index.ts'
import { CommandError } from './output.ts'

/** What the environment names. Its Kafka is asked only when a command does so. */
export interface Installation {
  readonly env: Environment
  readonly kafka: KafkaClient
  readonly log: Logger
  /** @throws SecretError when no key is configured */
  readonly box: () => SecretBox
}

/** @throws ConfigurationError, and what `use` throws; connections to Kafka are closed in any case */
export async function withInstallation<T>(use: (installation: Installation) => Promise<T>): Promise<T> {
  const env = readEnvironment()
  // stdout belongs to the command's result; failures are told by the error that ends it
  const log = createLogger({ service: 'cli', level: 'silent' })
  const kafka = createKafka({ ...env.kafka, clientId: `cli-${process.pid}` }, log)
  let opened: SecretBox | null = null
  try {
    return await use({ env, kafka, log, box: () => (opened ??= createSecretBox(env.secretKeys)) })
  } catch (error) {
    throw explained(error, env)
  } finally {
    await kafka.close()
  }
}

/** Kafka's own words do not say whose broker or topics they are about. */
function explained(error: unknown, { kafka: { brokers, prefix } }: Environment): unknown {
  const text = describeError(error)
  if (text.includes('does not host this topic-partition'))
    return new CommandError(
      `the topics of this installation (prefix "${prefix}") are not there: \`tributary topics create\` creates them`,
    )
  const fromKafka = error instanceof Error && error.name.startsWith('KafkaJS')
  return fromKafka ? new CommandError(`Kafka at ${brokers.join(', ')}: ${text}`, error) : error
}
