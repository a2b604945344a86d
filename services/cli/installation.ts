import {
  createKafka,
  createLogger,
  createSecretBox,
  type Environment,
  type KafkaClient,
  type Logger,
  readEnvironment,
  type SecretBox,
} from '../../core/index.ts'

/** What the environment names. Its Kafka is asked only when a command does so. */
export interface Installation {
  readonly env: Environment
  readonly kafka: KafkaClient
  readonly log: Logger
  /** @throws SecretError when no key is configured */
  box(): SecretBox
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
  } finally {
    await kafka.close()
  }
}
