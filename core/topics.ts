import type { WritableEntity } from '../schemas/generated/commands.ts'
import { ENTITY_NAMES, type EntityName, LINE_TOPICS } from '../schemas/generated/entities.ts'

/**
 * The topic table: the only place that knows names, keys, partition counts, cleanup and retention.
 * P is one partition count for the whole installation: partition p of every topic belongs together
 * (same key bytes, same murmur2, one owner). Every name takes the installation's prefix.
 */
export interface TopicSpec {
  /** Name without prefix. */
  readonly name: string
  readonly key: string
  readonly cleanup: 'compact' | 'delete' | 'compact,delete'
  /** Topic-level Kafka settings beyond `cleanup.policy`. */
  readonly config: { readonly [name: string]: string }
  readonly about: string
}

const HOUR = 3_600_000
const DAY = 24 * HOUR

/** State that is restored at each start: compacted early, so that restore stays short. */
const stateTopic = {
  'min.cleanable.dirty.ratio': '0.2',
  'segment.ms': String(HOUR),
  'segment.bytes': String(128 * 1024 * 1024),
  'delete.retention.ms': String(7 * DAY),
}
/** Raw records: compacted after a day, so that a mapping change is applied by replaying Kafka. */
const rawTopic = { ...stateTopic, 'min.compaction.lag.ms': String(DAY) }
const unifiedTopic = {
  'min.cleanable.dirty.ratio': '0.2',
  'segment.ms': String(6 * HOUR),
  'delete.retention.ms': String(7 * DAY),
  'min.compaction.lag.ms': String(HOUR),
  'max.compaction.lag.ms': String(DAY),
}
const kept = (days: number) => ({ 'retention.ms': String(days * DAY) })

export const CONNECTIONS = 'connections'
export const SYNC_STATE = 'sync-state'
export const SYNC_RUNS = 'sync-runs'
export const SYNC_REQUESTS = 'sync-requests'
export const SWEEP_REPORTS = 'sweep-reports'
export const NORMALIZER_STATE = 'normalizer-state'
export const NORMALIZER_REQUESTS = 'normalizer-requests'
export const DEAD_LETTERS = 'dead-letters'
export const COMMAND_JOURNAL = 'command-journal'
export const COMMAND_RESULTS = 'command-results'
export const CAPABILITIES = 'capabilities'
export const WRITER_REQUESTS = 'writer-requests'
export const WEBHOOKS_INBOUND = 'webhooks.inbound'
export const WEBHOOK_DELIVERIES = 'webhook-deliveries'
export const WEBHOOK_STATE = 'webhook-state'

export const changesTopic = (entity: EntityName): string => `changes.${entity}`
export const backfillTopic = (entity: EntityName): string => `backfill.${entity}`
export const commandsTopic = (entity: WritableEntity): string => `commands.${entity}`
export const unifiedTopicOf = (entityOrLine: string): string => `unified.${entityOrLine}`

function fixedTopics(): TopicSpec[] {
  return [
    {
      name: CONNECTIONS,
      key: 'connection id',
      cleanup: 'compact',
      config: stateTopic,
      about: 'what to sync, with which settings; secrets encrypted',
    },
    {
      name: SYNC_STATE,
      key: 'connection/stream, in the partition of the connection id',
      cleanup: 'compact',
      config: stateTopic,
      about: 'cursor, watermark, schedule, counts, last error of each stream',
    },
    {
      name: SYNC_RUNS,
      key: 'connection id',
      cleanup: 'delete',
      config: kept(30),
      about: 'history: started, progress, finished, failed',
    },
    {
      name: SYNC_REQUESTS,
      key: 'connection id',
      cleanup: 'delete',
      config: kept(7),
      about: 'what operators asked of sync: run, resync, approve deletes',
    },
    {
      name: SWEEP_REPORTS,
      key: 'connection id',
      cleanup: 'delete',
      config: kept(7),
      about: 'what each partition would delete at the end of a sweep',
    },
    {
      name: NORMALIZER_STATE,
      key: 'position, or unified id',
      cleanup: 'compact',
      config: stateTopic,
      about: 'read positions and version gates that the unified topics do not show',
    },
    {
      name: NORMALIZER_REQUESTS,
      key: 'request id, in every partition',
      cleanup: 'delete',
      config: kept(7),
      about: 'what operators asked of the normalizer: replay',
    },
    {
      name: DEAD_LETTERS,
      key: 'original topic/partition/offset',
      cleanup: 'delete',
      config: kept(30),
      about: 'records that could not be processed, byte for byte, with the reason',
    },
  ]
}

function entityTopics(entity: EntityName): TopicSpec[] {
  return [
    {
      name: changesTopic(entity),
      key: 'unified id',
      cleanup: 'compact',
      config: rawTopic,
      about: `${entity}: live change records`,
    },
    {
      name: backfillTopic(entity),
      key: 'unified id',
      cleanup: 'compact',
      config: rawTopic,
      about: `${entity}: snapshots and sweeps`,
    },
    {
      name: unifiedTopicOf(entity),
      key: 'unified id',
      cleanup: 'compact',
      config: unifiedTopic,
      about: `${entity}: current state, unified`,
    },
    ...LINE_TOPICS.filter((line) => line.entity === entity).map((line) => ({
      name: unifiedTopicOf(line.name),
      key: 'line id',
      cleanup: 'compact' as const,
      config: unifiedTopic,
      about: `${entity}: its ${line.field}, one record each`,
    })),
  ]
}

/** Senders try again for days: as long as a delivery is remembered it is processed once. */
const DELIVERIES_DAYS = 7

function webhookTopics(): TopicSpec[] {
  return [
    {
      name: WEBHOOKS_INBOUND,
      key: 'connection id',
      cleanup: 'delete',
      config: kept(DELIVERIES_DAYS),
      about: 'verified deliveries of webhooks, byte for byte',
    },
    {
      name: WEBHOOK_DELIVERIES,
      key: 'connection/delivery id, in the partition of the connection id',
      cleanup: 'compact,delete',
      config: { ...stateTopic, ...kept(DELIVERIES_DAYS) },
      about: 'what became of each delivery; by it, one that comes again is known',
    },
    {
      name: WEBHOOK_STATE,
      key: 'connection id',
      cleanup: 'compact',
      config: stateTopic,
      about: 'subscriptions in the systems, and whether their deliveries can be relied on; secrets encrypted',
    },
  ]
}

/** How long results and the journal answer for a command. Longer than commands are kept: no command outlives its journal. */
const ANSWERS_DAYS = 30

function commandTopics(): TopicSpec[] {
  return [
    ...ENTITY_NAMES.map((entity) => ({
      name: commandsTopic(entity),
      key: 'connection id',
      cleanup: 'delete' as const,
      config: kept(7),
      about: `${entity}: what to write`,
    })),
    {
      name: COMMAND_JOURNAL,
      key: 'command id, in the partition of its command',
      cleanup: 'compact,delete',
      config: { ...stateTopic, ...kept(ANSWERS_DAYS) },
      about: 'how far the writer came with each command',
    },
    {
      name: COMMAND_RESULTS,
      key: 'command id',
      cleanup: 'compact,delete',
      config: { ...stateTopic, ...kept(ANSWERS_DAYS) },
      about: 'what became of each command',
    },
    {
      name: WRITER_REQUESTS,
      key: 'connection id',
      cleanup: 'delete',
      config: kept(7),
      about: 'what operators found out about commands in doubt',
    },
    {
      name: CAPABILITIES,
      key: 'connection:entity, in the partition of the connection id',
      cleanup: 'compact',
      config: stateTopic,
      about: 'what can be written through each connection',
    },
  ]
}

/** Every topic of an installation, in creation order. */
export const TOPICS: readonly TopicSpec[] = [
  ...fixedTopics(),
  ...ENTITY_NAMES.flatMap(entityTopics),
  ...commandTopics(),
  ...webhookTopics(),
]
