import { describeError } from '../errors.ts'

/** Another process took this partition over: stop working on it, publish nothing more. */
export class FencedError extends Error {
  constructor(transactionalId: string, cause?: unknown) {
    super(`another owner has taken over ${transactionalId}`, { cause })
    this.name = 'FencedError'
  }
}

/** Nothing that waiting would mend: the process should say so and exit. */
export class FatalKafkaError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'FatalKafkaError'
  }
}

/** Topics are missing or differ from the topic table; the message lists everything that is wrong. */
export class TopicProblemsError extends FatalKafkaError {
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(`Kafka topics are not as they must be:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`)
    this.name = 'TopicProblemsError'
    this.problems = problems
  }
}

/** A stored read position that the topic does not have. */
export class OffsetOutOfRangeError extends FatalKafkaError {
  readonly beyondEnd: boolean

  constructor(topic: string, partition: number, position: number, low: number, end: number) {
    const where = `position ${position} of ${topic}/${partition} is outside what Kafka holds (${low} to ${end})`
    super(
      position > end
        ? `${where}: the topic was recreated or lost records; restore the topic, or reset the state of this service to read it anew`
        : `${where}: records were deleted before they were read, though the topic is compacted only; restore them, or reset the state of this service to read it anew`,
    )
    this.name = 'OffsetOutOfRangeError'
    this.beyondEnd = position > end
  }
}

/** A record batch whose codec is not built in. */
export class UnsupportedCompressionError extends FatalKafkaError {
  constructor(codec: string, where: string) {
    super(
      `reading ${where}: the batch is compressed with ${codec}, which cannot be read here; set compression.type to gzip, zstd or none where it is produced`,
    )
    this.name = 'UnsupportedCompressionError'
  }
}

/** The bytes of a record batch do not match their checksum, or end in the middle. */
export class CorruptBatchError extends Error {
  constructor(where: string, detail: string) {
    super(`reading ${where}: corrupt record batch: ${detail}`)
    this.name = 'CorruptBatchError'
  }
}

/** Protocol error name of a kafkajs error or of its causes ("NOT_LEADER_FOR_PARTITION"), or null. */
export function errorType(error: unknown): string | null {
  let current = error
  for (let depth = 0; depth < 5 && current !== null && typeof current === 'object'; depth++) {
    if ('type' in current && typeof current.type === 'string') return current.type
    current = 'cause' in current ? current.cause : undefined
  }
  return null
}

const FENCED = new Set(['INVALID_PRODUCER_EPOCH', 'PRODUCER_FENCED', 'TRANSACTION_COORDINATOR_FENCED'])
/** kafkajs has no name for PRODUCER_FENCED (90), which newer brokers may send. */
export const isFencing = (error: unknown): boolean =>
  FENCED.has(errorType(error) ?? '') || (error instanceof Error && error.message === 'Unknown error code 90')

const CONNECTION_ERRORS = new Set([
  'KafkaJSConnectionError',
  'KafkaJSConnectionClosedError',
  'KafkaJSRequestTimeoutError',
  'KafkaJSLockTimeout',
  'KafkaJSNoBrokerAvailableError',
  'KafkaJSBrokerNotFound',
])

/** The connection is gone or silent; a fresh one may work. */
export function isConnectionError(error: unknown): boolean {
  let current = error
  for (let depth = 0; depth < 5 && current instanceof Error; depth++) {
    if (CONNECTION_ERRORS.has(current.name)) return true
    current = current.cause
  }
  return false
}

const STALE_METADATA = new Set([
  'UNKNOWN_TOPIC_OR_PARTITION',
  'LEADER_NOT_AVAILABLE',
  'NOT_LEADER_FOR_PARTITION',
  'REPLICA_NOT_AVAILABLE',
  'FENCED_LEADER_EPOCH',
  'UNKNOWN_LEADER_EPOCH',
  'KAFKA_STORAGE_ERROR',
  'BROKER_NOT_AVAILABLE',
])

export const isStaleMetadata = (error: unknown): boolean =>
  STALE_METADATA.has(errorType(error) ?? '') ||
  (error instanceof Error &&
    (error.name === 'KafkaJSMetadataNotLoaded' || error.name === 'KafkaJSTopicMetadataNotLoaded'))

const STALE_COORDINATOR = new Set([
  'NOT_COORDINATOR_FOR_GROUP',
  'GROUP_COORDINATOR_NOT_AVAILABLE',
  'GROUP_LOAD_IN_PROGRESS',
])
export const isStaleCoordinator = (error: unknown): boolean =>
  STALE_COORDINATOR.has(errorType(error) ?? '') ||
  (error instanceof Error && error.name === 'KafkaJSGroupCoordinatorNotFound')

const TRANSIENT = new Set([
  'REQUEST_TIMED_OUT',
  'NETWORK_EXCEPTION',
  'NOT_ENOUGH_REPLICAS',
  'NOT_ENOUGH_REPLICAS_AFTER_APPEND',
  'OFFSET_NOT_AVAILABLE',
  'CORRUPT_MESSAGE',
])

/** Trying the same request again may succeed, on a fresh connection or with fresh metadata. */
export const isRetriable = (error: unknown): boolean =>
  isConnectionError(error) ||
  isStaleMetadata(error) ||
  isStaleCoordinator(error) ||
  TRANSIENT.has(errorType(error) ?? '')

const HOPELESS = new Set([
  'TOPIC_AUTHORIZATION_FAILED',
  'GROUP_AUTHORIZATION_FAILED',
  'CLUSTER_AUTHORIZATION_FAILED',
  'TRANSACTIONAL_ID_AUTHORIZATION_FAILED',
  'SASL_AUTHENTICATION_FAILED',
  'UNSUPPORTED_SASL_MECHANISM',
  'INCONSISTENT_GROUP_PROTOCOL',
  'INVALID_GROUP_ID',
  'INVALID_SESSION_TIMEOUT',
  'GROUP_MAX_SIZE_REACHED',
  'UNSUPPORTED_VERSION',
])

/** What OpenSSL says of certificates, and what we say of a port that is not Kafka's. */
const CONNECTION_CODES = new Set([
  'ERR_NOT_KAFKA',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'ERR_SSL_WRONG_VERSION_NUMBER',
])

function hasHopelessCode(error: unknown): boolean {
  let current = error
  for (let depth = 0; depth < 5 && current instanceof Error; depth++) {
    if ('code' in current && CONNECTION_CODES.has(String(current.code))) return true
    current = current.cause
  }
  return false
}

/** Waiting does not help: wrong credentials, missing rights, wrong settings. */
export function isHopeless(error: unknown): boolean {
  if (error instanceof FatalKafkaError || hasHopelessCode(error)) return true
  if (HOPELESS.has(errorType(error) ?? '')) return true
  return (
    error instanceof Error &&
    (error.name === 'KafkaJSSASLAuthenticationError' ||
      error.name === 'KafkaJSServerDoesNotSupportApiKey' ||
      error.name === 'KafkaJSNotImplemented')
  )
}

/** The error as a fatal one, with what was being done in front. */
export const asFatal = (doing: string, error: unknown): FatalKafkaError =>
  error instanceof FatalKafkaError ? error : new FatalKafkaError(`${doing}: ${describeError(error)}`, error)
