import { readFileSync } from 'node:fs'
import { defineConfig, type ConfigProblem, suggestion } from './config-spec.ts'
import { describeError } from './errors.ts'
import { LOG_LEVELS, type LogLevel } from './log.ts'
import { createSecretBox } from './secrets.ts'

export { type ConfigProblem, type ConfigSpec, defineConfig } from './config-spec.ts'

/** What is wrong with the configuration, all at once. Services exit with code 78 on it. */
export class ConfigurationError extends Error {
  readonly problems: readonly ConfigProblem[]
  constructor(what: string, problems: readonly ConfigProblem[]) {
    super(`${what}:\n${problems.map(({ field, message }) => `  ${field} ${message}`).join('\n')}`)
    this.name = 'ConfigurationError'
    this.problems = problems
  }
}

/** Settings of an installation, from environment variables with the prefix TRIBUTARY_ (docs/operations.md). */
const installation = defineConfig({
  fields: {
    KAFKA_BROKERS: { kind: 'text', title: 'Kafka brokers', help: 'host:port, comma separated', required: true },
    KAFKA_SSL: { kind: 'boolean', title: 'TLS to Kafka', help: 'true to use TLS', default: false },
    KAFKA_CA_FILE: {
      kind: 'text',
      title: 'CA file',
      help: 'PEM file of the authority that signed the brokers’ certificates',
    },
    KAFKA_CERT_FILE: { kind: 'text', title: 'Client certificate', help: 'PEM file, for mutual TLS' },
    KAFKA_KEY_FILE: { kind: 'text', title: 'Client key', help: 'PEM file, for mutual TLS' },
    KAFKA_SASL_MECHANISM: {
      kind: 'choice',
      title: 'SASL mechanism',
      help: 'How to log in to Kafka',
      options: ['plain', 'scram-sha-256', 'scram-sha-512'],
    },
    KAFKA_SASL_USERNAME: { kind: 'text', title: 'SASL user', help: 'Kafka user' },
    KAFKA_SASL_PASSWORD: { kind: 'text', title: 'SASL password', help: 'Password of the Kafka user', secret: true },
    KAFKA_WIRE: {
      kind: 'choice',
      title: 'Kafka wire codec',
      help: 'stock = the one of kafkajs',
      options: ['fast', 'stock'],
      default: 'fast',
    },
    KAFKA_SESSION_TIMEOUT_MS: {
      kind: 'integer',
      title: 'Session timeout',
      help: 'After this long without a sign of life, ms, a process has died and others take its partitions over',
      default: 30_000,
      min: 6_000,
      max: 300_000,
    },
    TOPIC_PREFIX: { kind: 'text', title: 'Topic prefix', help: 'Put before every topic, group and transactional id' },
    REGISTRY_URL: { kind: 'url', title: 'Schema registry', help: 'Confluent-compatible API' },
    PARTITIONS: {
      kind: 'integer',
      title: 'Partitions',
      help: 'Partition count of every topic, fixed at creation',
      default: 12,
      min: 1,
      max: 1000,
    },
    REPLICATION_FACTOR: {
      kind: 'integer',
      title: 'Replication factor',
      help: 'Of topics that are created',
      default: 1,
      min: 1,
      max: 10,
    },
    SECRET_KEYS: {
      kind: 'text',
      title: 'Secret keys',
      help: 'id:base64key, comma separated; the first one seals',
      secret: true,
    },
    SECRET_KEYS_FILE: { kind: 'text', title: 'Secret keys file', help: 'File with the same content' },
    LOG_LEVEL: {
      kind: 'choice',
      title: 'Log level',
      help: 'Least level that is logged',
      options: LOG_LEVELS,
      default: 'info',
    },
    HTTP_HOST: {
      kind: 'text',
      title: 'Address of /metrics and health',
      help: 'Where it listens',
      default: '127.0.0.1',
    },
    HTTP_PORT: {
      kind: 'integer',
      title: 'Port of /metrics and health',
      help: '0 = any free one',
      default: 0,
      min: 0,
      max: 65535,
    },
    WEBHOOK_HOST: {
      kind: 'text',
      title: 'Address of the webhook receiver',
      help: 'Where it takes deliveries',
      default: '127.0.0.1',
    },
    WEBHOOK_PORT: {
      kind: 'integer',
      title: 'Port of the webhook receiver',
      help: '0 = any free one; apart from the port of /metrics, which stays inside',
      default: 8090,
      min: 0,
      max: 65535,
    },
    WEBHOOK_URL: {
      kind: 'url',
      title: 'Public address of the webhook receiver',
      help: 'Where systems reach it, e.g. https://hooks.plant.example; without it no webhook is set up in any system',
    },
    ALLOW_PRIVATE_HOSTS: {
      kind: 'boolean',
      title: 'Private addresses',
      help: 'true lets connections reach private and loopback addresses',
      default: false,
    },
  },
})

export interface Environment {
  readonly kafka: {
    readonly brokers: readonly string[]
    readonly ssl: { readonly ca?: string; readonly cert?: string; readonly key?: string } | boolean
    readonly sasl: { readonly mechanism: string; readonly username: string; readonly password: string } | undefined
    readonly wire: 'fast' | 'stock'
    readonly prefix: string
    readonly sessionTimeoutMs: number
  }
  /** Null = not given; who needs it calls `requireRegistry`. */
  readonly registryUrl: string | null
  readonly partitions: number
  readonly replicationFactor: number
  /** Text for `createSecretBox`; null = none configured. */
  readonly secretKeys: string | null
  readonly logLevel: LogLevel
  readonly http: { readonly host: string; readonly port: number }
  /** Where the receiver of webhooks takes deliveries. */
  readonly webhook: { readonly host: string; readonly port: number }
  /** Public base URL of the receiver, without a slash at the end; null = systems are not asked to push. */
  readonly webhookUrl: string | null
  readonly allowPrivateHosts: boolean
}

const PREFIX = 'TRIBUTARY_'
/** Read by `npm start` and the test stack, not by services. */
const OF_THE_STACK = [
  'CONNECT_URL',
  'POSTGRES_URL',
  'TRYTON_URL',
  'TRYTON_DATABASE',
  'TRYTON_USER',
  'TRYTON_PASSWORD',
  'STATE_DIR',
  'STACK',
  'CACHE_DIR',
]

/** All values of the environment by name, for `${NAME}` references in connection files. */
export const environmentVariables = (): { readonly [name: string]: string | undefined } => process.env

const list = (text: string): string[] =>
  text
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '')

/** @throws ConfigurationError with every problem */
export function readEnvironment(env: { readonly [name: string]: string | undefined } = process.env): Environment {
  const given: { [field: string]: string } = {}
  const known = installation.describe().map(({ field }) => field)
  const fullNames = known.map((field) => PREFIX + field)
  const problems: ConfigProblem[] = []
  for (const [name, value] of Object.entries(env)) {
    if (!name.startsWith(PREFIX) || value === undefined || value === '') continue
    const field = name.slice(PREFIX.length)
    if (known.includes(field)) given[field] = value
    else if (!OF_THE_STACK.includes(field) && suggestion(name, fullNames) !== '')
      problems.push({ field: name, message: `is not a setting${suggestion(name, fullNames)}` })
  }
  const parsed = installation.parse(given)
  if (!parsed.ok) problems.push(...parsed.problems.map(({ field, message }) => ({ field: PREFIX + field, message })))
  const file = (field: string): string | undefined => {
    const path = given[field]
    if (path === undefined) return undefined
    try {
      return readFileSync(path, 'utf8')
    } catch (error) {
      problems.push({ field: PREFIX + field, message: `names a file that cannot be read: ${describeError(error)}` })
      return undefined
    }
  }
  const ca = file('KAFKA_CA_FILE')
  const cert = file('KAFKA_CERT_FILE')
  const key = file('KAFKA_KEY_FILE')
  const keysFromFile = file('SECRET_KEYS_FILE')
  const sasl = given['KAFKA_SASL_MECHANISM']
  for (const field of ['KAFKA_SASL_USERNAME', 'KAFKA_SASL_PASSWORD'])
    if (sasl !== undefined && given[field] === undefined)
      problems.push({ field: PREFIX + field, message: 'is missing: a SASL mechanism is set' })
  const together = (field: string, other: string): void => {
    if (given[field] !== undefined && given[other] === undefined)
      problems.push({ field: PREFIX + other, message: `is missing: ${PREFIX + field} is set` })
  }
  together('KAFKA_CERT_FILE', 'KAFKA_KEY_FILE')
  together('KAFKA_KEY_FILE', 'KAFKA_CERT_FILE')
  if (sasl === undefined && (given['KAFKA_SASL_USERNAME'] ?? given['KAFKA_SASL_PASSWORD']) !== undefined)
    problems.push({ field: `${PREFIX}KAFKA_SASL_MECHANISM`, message: 'is missing: a SASL user or password is set' })
  const brokers = list(given['KAFKA_BROKERS'] ?? '')
  if (given['KAFKA_BROKERS'] !== undefined && !(brokers.length > 0 && brokers.every((each) => /:\d+$/.test(each))))
    problems.push({ field: `${PREFIX}KAFKA_BROKERS`, message: 'must be host:port, comma separated' })
  const secretKeys = given['SECRET_KEYS'] ?? keysFromFile?.trim() ?? null
  if (secretKeys !== null) {
    const field = `${PREFIX}${given['SECRET_KEYS'] === undefined ? 'SECRET_KEYS_FILE' : 'SECRET_KEYS'}`
    try {
      createSecretBox(secretKeys)
    } catch (error) {
      problems.push({ field, message: `is not usable: ${describeError(error)}` })
    }
  }
  if (!parsed.ok || problems.length > 0) throw new ConfigurationError('the environment is not usable', problems)
  const value = parsed.value
  const files = {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  }
  return {
    kafka: {
      brokers,
      ssl: Object.keys(files).length > 0 ? files : value.KAFKA_SSL,
      sasl:
        sasl === undefined
          ? undefined
          : { mechanism: sasl, username: value.KAFKA_SASL_USERNAME ?? '', password: value.KAFKA_SASL_PASSWORD ?? '' },
      wire: value.KAFKA_WIRE,
      prefix: value.TOPIC_PREFIX ?? '',
      sessionTimeoutMs: value.KAFKA_SESSION_TIMEOUT_MS,
    },
    registryUrl: value.REGISTRY_URL,
    partitions: value.PARTITIONS,
    replicationFactor: value.REPLICATION_FACTOR,
    secretKeys,
    logLevel: value.LOG_LEVEL,
    http: { host: value.HTTP_HOST, port: value.HTTP_PORT },
    webhook: { host: value.WEBHOOK_HOST, port: value.WEBHOOK_PORT },
    webhookUrl: value.WEBHOOK_URL?.replace(/\/+$/, '') ?? null,
    allowPrivateHosts: value.ALLOW_PRIVATE_HOSTS,
  }
}

/** For docs. */
export const describeEnvironment = () =>
  installation.describe().map((each) => ({ ...each, field: PREFIX + each.field }))

/** @throws ConfigurationError when the registry's address is missing */
export function requireRegistry(environment: Environment): string {
  if (environment.registryUrl === null)
    throw new ConfigurationError('the environment is not usable', [
      { field: `${PREFIX}REGISTRY_URL`, message: 'is missing (Confluent-compatible schema registry)' },
    ])
  return environment.registryUrl
}
