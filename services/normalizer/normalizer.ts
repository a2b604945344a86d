import {
  backfillTopic,
  changesTopic,
  createPartitionGroup,
  ENTITY_NAMES,
  type GroupTuning,
  type KafkaClient,
  NORMALIZER_REQUESTS,
  type PartitionGroup,
} from '../../core/index.ts'
import { createPartitionWorker } from './worker.ts'
import type { NormalizerParts } from './worker-context.ts'

/** Input topics in order of priority: what operators ask, live changes, then snapshots and sweeps. */
export const INPUT_TOPICS: readonly string[] = [
  NORMALIZER_REQUESTS,
  ...ENTITY_NAMES.map(changesTopic),
  ...ENTITY_NAMES.map(backfillTopic),
]

/** The consumer group, and first half of the transactional ids, of every normalizer of an installation. */
export const NORMALIZER = 'normalizer'

export interface Normalizer {
  readonly start: () => Promise<void>
  readonly stop: () => Promise<void>
  /** All owned partitions are restored, and the group is alive. */
  readonly ready: () => boolean
  readonly group: PartitionGroup
}

/** The raw topics in, the unified topics out, exactly once. One worker per partition that this process owns. */
export function createNormalizer(
  kafka: KafkaClient,
  parts: NormalizerParts,
  options: { readonly onFailure: (error: Error) => void; readonly tuning?: Partial<GroupTuning> },
): Normalizer {
  const restoring = new Set<number>()
  let started = false
  const group = createPartitionGroup({
    kafka,
    groupId: NORMALIZER,
    transactionalId: NORMALIZER,
    topics: INPUT_TOPICS,
    log: parts.log,
    metrics: parts.metrics,
    onFailure: options.onFailure,
    tuning: options.tuning,
    async onAssigned(partition) {
      restoring.add(partition.index)
      try {
        return await createPartitionWorker(parts, partition)
      } finally {
        restoring.delete(partition.index)
      }
    },
  })
  return {
    group,
    async start() {
      await group.start()
      started = true
    },
    stop: () => group.stop(),
    ready: () => started && restoring.size === 0 && group.healthy(),
  }
}
