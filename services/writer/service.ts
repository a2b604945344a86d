import {
  CONNECTIONS,
  commandsTopic,
  createPartitionGroup,
  ENTITY_NAMES,
  type GroupTuning,
  type KafkaClient,
  type PartitionGroup,
  systemClock,
  WRITER_REQUESTS,
} from '../../core/index.ts'
import { openPartition, type WriterParts } from './partition-work.ts'
import { DEFAULT_POLICY, type Policy } from './policy.ts'

export interface WriterOptions
  extends Pick<
    WriterParts,
    'codec' | 'partitions' | 'connectorOf' | 'settingsOf' | 'httpFor' | 'decodeConnection' | 'log' | 'metrics'
  > {
  readonly kafka: KafkaClient
  /** Called once when it cannot go on; the process should exit. */
  readonly onFailure?: (error: Error) => void
  /** Figures that differ from the defaults, for tests and benches. */
  readonly policy?: Partial<Policy>
  readonly group?: Partial<GroupTuning>
}

/** The writer as one member of its group: partition p of every command topic, and the connections in it, have one owner. */
export function createWriter(options: WriterOptions): PartitionGroup {
  const { kafka, log, metrics } = options
  const parts: WriterParts = {
    ...options,
    clock: systemClock,
    policy: { ...DEFAULT_POLICY, ...options.policy },
    random: Math.random,
  }
  return createPartitionGroup({
    kafka,
    groupId: 'writer',
    topics: [CONNECTIONS, WRITER_REQUESTS, ...ENTITY_NAMES.map(commandsTopic)],
    transactionalId: 'writer',
    onAssigned: (partition) => openPartition(parts, partition),
    log,
    metrics,
    onFailure: options.onFailure,
    tuning: options.group,
  })
}
