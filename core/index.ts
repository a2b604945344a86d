// kafka
export { createKafka, type KafkaClient, type KafkaOptions } from './kafka/client.ts'
export { ensureTopics, partitionCount } from './kafka/ensure-topics.ts'
export { FatalKafkaError, FencedError, OffsetOutOfRangeError, TopicProblemsError } from './kafka/errors.ts'
export type { KafkaLog } from './kafka/log.ts'
export { partitionFor } from './kafka/partitioner.ts'
export type { RecordProducer } from './kafka/producer.ts'
export { type Following, followTopic, readTopic } from './kafka/read-topic.ts'
export type { CommitResult, InRecord, OutRecord } from './kafka/records.ts'
export type {
  CloseReason,
  GroupOptions,
  GroupTuning,
  Partition,
  PartitionGroup,
  PartitionWork,
} from './kafka/group/contract.ts'
export type { PartitionBatch } from './kafka/group/feed.ts'
export { createPartitionGroup } from './kafka/group/group.ts'
// avro
export type { Codec } from './avro/codec.ts'
export type { CommandCodec } from './avro/command-codec.ts'
export {
  InvalidRecordError,
  MalformedRecordError,
  RefusedCommandError,
  RegistryUnavailableError,
  SchemaRefusedError,
  UnknownSchemaIdError,
} from './avro/errors.ts'
export { createLocalCodec } from './avro/local-codec.ts'
export { type CodecOptions, openCodec } from './avro/open-codec.ts'
export type { RecordCodec } from './avro/record-codec.ts'
export type { WebhookCodec } from './avro/webhook-codec.ts'
export { type WriteShape, writeShapeOf } from './avro/write-shape.ts'
export type { EncodedUnified, UnifiedCodec, UnifiedSummary } from './avro/unified-codec.ts'
// ids
export { isConnectionId, type NativeKey, type ParsedId, parseUnifiedId, sourceKeyOf, unifiedId } from './ids.ts'
// the unified model
export type * from '../schemas/generated/commands.ts'
export type * from '../schemas/generated/entities.ts'
export { ENTITY_NAMES, LINE_TOPICS, VOCABULARIES } from '../schemas/generated/entities.ts'
// sync
export {
  ACTIVITIES,
  type Activity,
  type ConnectionState,
  connectionStateKey,
  formatSyncRun,
  formatSyncState,
  newSyncState,
  POSITION_KEY,
  parseSyncRun,
  parseSyncState,
  type RunProgress,
  type RunSummary,
  type SyncFailure,
  type SyncFailureKind,
  type SyncPositions,
  type SyncRun,
  type SyncState,
  type SyncStateRecord,
  streamStateKey,
} from './sync-state.ts'
// contract
export type * from './connector.ts'
export { defineConnector, defineStream } from './connector.ts'
export type * from './control.ts'
export { deliveryKey, sweepKey } from './control.ts'
export {
  AuthError,
  ConflictError,
  CorruptCursorError,
  describeError,
  Failure,
  type FailureDetails,
  type FailureKind,
  type FailureScope,
  type FieldProblem,
  OutcomeUnknownError,
  RateLimitedError,
  RejectedError,
  RetryableError,
} from './errors.ts'
export { createFindings, type Findings, issue, rejection } from './findings.ts'
export * from './topics.ts'
export type * from './webhook.ts'
export type * from './write.ts'
export { anchorToken, defineOperation, LONGEST_TOKEN, REQUIRED_TO_CREATE } from './write.ts'
// webhooks
export { bodyId, keptHeaders, receiptId, sendersId } from './webhooks/delivery.ts'
export { challengeIn, cloudEventsConsent, expectsHandshake, validationToken } from './webhooks/handshake.ts'
export { ownHints } from './webhooks/hints.ts'
export { keyOf as webhookKeyOf } from './webhooks/keys.ts'
export type { WebhookRequest } from './webhooks/request.ts'
export { isWebhookStateOld, resealWebhook, resealWebhookState } from './webhooks/reseal.ts'
export {
  BUILT_IN_SCHEMES,
  type ConnectionScheme,
  DEFAULT_SCHEME,
  type Handshake,
  type NamedScheme,
  provesBody,
  schemeOf,
} from './webhooks/schemes.ts'
export {
  openWebhookSecrets,
  sealOwnWebhookSecret,
  sealWebhookSecret,
  type WebhookSecret,
  webhookSecrets,
} from './webhooks/secrets.ts'
export { createVerifier, type Verdict, type Verifier } from './webhooks/verify.ts'
// mapping
export * as decimals from './decimals.ts'
export { unitCode } from './units.ts'
export { fromVocabulary } from './vocabulary.ts'
export * as zones from './zones.ts'
// kernel
export { type Clock, createManualClock, type ManualClock, systemClock } from './clock.ts'
export {
  type ConfigProblem,
  type ConfigSpec,
  ConfigurationError,
  defineConfig,
  describeEnvironment,
  type Environment,
  environmentVariables,
  readEnvironment,
  requireRegistry,
} from './config.ts'
export {
  CONNECTION_DEFAULTS,
  decodeConnection,
  encodeConnection,
  mappingSettings,
  openSettings,
  resealSettings,
  sealSettings,
  settingsProblems,
  shownSettings,
  STREAM_DEFAULTS,
  WEBHOOK_DEFAULTS,
} from './connections.ts'
export { createHttpClient, type HttpClient, type HttpRequest, type HttpResponse } from './http/client.ts'
export { createLogger, type Logger, silentLogger } from './log.ts'
export { createMetrics, METRICS, type Metrics } from './metrics.ts'
export { createPositions, type Positions } from './positions.ts'
export { hideSecret, redactHeaders, redactUrl, scrub } from './redact.ts'
export { backoffMs, retry } from './retry.ts'
export { createSecretBox, newSecretKey, type SecretBox, SecretError } from './secrets.ts'
export { type RunningService, runService, type ServiceContext, type ServiceDefinition } from './service.ts'
export { createSessions, type Session, type SessionOptions, type Sessions, SettingsError } from './sessions.ts'
