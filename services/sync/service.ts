import { randomUUID } from 'node:crypto'
import {
  type Codec,
  CONNECTIONS,
  createPartitionGroup,
  type GroupTuning,
  type KafkaClient,
  type PartitionGroup,
  SWEEP_REPORTS,
  SYNC_REQUESTS,
  systemClock,
  WEBHOOKS_INBOUND,
} from '../../core/index.ts'
import { createChangeEncoder } from './changes.ts'
import { openPartition, type SyncParts } from './partition-work.ts'
import { DEFAULTS, type Figures } from './tuning.ts'
import { createTurns } from './turns.ts'

export interface SyncOptions
  extends Pick<
    SyncParts,
    'connectorOf' | 'settingsOf' | 'httpFor' | 'decodeConnection' | 'webhookUrl' | 'box' | 'log' | 'metrics'
  > {
  readonly kafka: KafkaClient
  readonly codec: Codec
  /** P of the installation. */
  readonly partitions: number
  /** Called once when it cannot go on; the process should exit. */
  readonly onFailure?: (error: Error) => void
  /** Figures that differ from the defaults, for tests and benches. */
  readonly figures?: Partial<Figures>
  readonly group?: Partial<GroupTuning>
}

/** Sync as one member of its group: takes over partitions as Kafka assigns them, and their connections with them. */
export function createSync(options: SyncOptions): PartitionGroup {
  const { kafka, log, metrics, partitions } = options
  const figures = { ...DEFAULTS, ...options.figures }
  const parts: SyncParts = {
    ...figures,
    ...options,
    clock: systemClock,
    encoder: createChangeEncoder(options.codec, partitions),
    decodeDelivery: options.codec.inboundWebhook.decode,
    turns: createTurns({ clock: systemClock, ...figures.turns }),
    random: Math.random,
    newRunId: randomUUID,
  }
  return createPartitionGroup({
    kafka,
    groupId: 'sync',
    topics: [CONNECTIONS, SYNC_REQUESTS, SWEEP_REPORTS, WEBHOOKS_INBOUND],
    transactionalId: 'sync',
    onAssigned: (partition) => openPartition(parts, partition),
    log,
    metrics,
    onFailure: options.onFailure,
    tuning: options.group,
  })
}
