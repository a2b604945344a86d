import type { Metrics } from '../../metrics.ts'
import type { KafkaClient } from '../client.ts'
import type { KafkaLog } from '../log.ts'
import type { CommitResult, InRecord, OutRecord } from '../records.ts'
import type { PartitionBatch } from './feed.ts'

/**
 * THE LIFE OF A PARTITION, told by the group:
 *  1. The group assigns partition p (of every input topic) to this process.
 *  2. Fence: InitProducerId under `<prefix><transactionalId>-<p>` shuts out the owner before us and ends its transaction.
 *  3. `onAssigned(partition)`: restore state and positions from the work's own topics; what the old owner committed is
 *     all there. Returns the work.
 *  4. Fetching starts at the work's positions. `onBatch` is called with one batch at a time, topics earlier in the list
 *     first. The work writes its output and its positions with `partition.transact`, in one transaction.
 *  5. Anything that fails (a commit whose outcome is unknown, an error thrown by the work) ends this life: the signal
 *     aborts, `close('failed')`, and 2 begins anew. So memory never runs ahead of what is committed.
 *  6. The partition goes to another member, or the process stops: the signal aborts, the batch under way is waited for,
 *     `close('lost' | 'stopping')`; only then is the producer closed and, when stopping, the group left.
 */
export interface Partition {
  readonly index: number
  /** Aborts when this life of the partition ends. */
  readonly signal: AbortSignal
  /**
   * Writes the records in one transaction; calls are serialised. Base offsets tell where the records went.
   * @throws FencedError another owner took over (or this life has ended)
   * @throws Error anything else: the outcome is unknown, and the partition starts anew
   */
  transact(records: readonly OutRecord[]): Promise<CommitResult>
  /** Reads this partition of a topic (committed records, first to the end as of now). Copy what you keep. */
  restore(topic: string, onRecord: (record: InRecord) => void): Promise<{ records: number; endOffset: number }>
  /** A copy of the record at exactly this offset of this partition; null when it is no longer there. */
  fetchOne(topic: string, offset: number): Promise<InRecord | null>
  /** Goes on reading an input topic at this offset (0 = its first record); takes effect for the next batch. */
  seek(topic: string, offset: number): void
  /** Records of each input topic that have not been processed yet. */
  lag(): ReadonlyMap<string, number>
}

export interface PartitionWork {
  /** Next offset of each input topic; missing = its first record. Read once, after `onAssigned`. */
  readonly positions: ReadonlyMap<string, number>
  /** One batch at a time. When it resolves, the position in memory moves on; durable positions are the work's business. */
  onBatch(batch: PartitionBatch): Promise<void>
  /** The end of this life. `transact` may still be used until it resolves, except after `failed`. */
  close(reason: CloseReason): Promise<void>
}

export type CloseReason = 'lost' | 'stopping' | 'failed'

export interface GroupOptions {
  readonly kafka: KafkaClient
  /** Without prefix. */
  readonly groupId: string
  /** Input topics without prefix, co-partitioned, in order of priority: earlier ones are served first. */
  readonly topics: readonly string[]
  /** Without prefix and partition number. */
  readonly transactionalId: string
  readonly onAssigned: (partition: Partition) => Promise<PartitionWork>
  readonly log: KafkaLog
  readonly metrics?: Metrics | undefined
  /** Called once when the group cannot go on; the process should exit with this message. */
  readonly onFailure?: ((error: Error) => void) | undefined
  readonly tuning?: Partial<GroupTuning> | undefined
}

export interface GroupTuning {
  readonly sessionTimeoutMs: number
  readonly rebalanceTimeoutMs: number
  readonly heartbeatMs: number
  readonly transactionTimeoutMs: number
  /** Most that one fetch brings of one topic-partition, and most that a batch holds, bytes. */
  readonly batchBytes: number
  /** Most records of one batch. */
  readonly batchRecords: number
  /** Large batches in work at a time, over all partitions: one computes while others commit. */
  readonly concurrency: number
  /** Fetched data waiting in memory, over all partitions, bytes. */
  readonly bufferBytes: number
  /** Longest wait of a fetch for new data, ms. */
  readonly fetchWaitMs: number
}

export const DEFAULT_TUNING: GroupTuning = {
  sessionTimeoutMs: 30_000,
  rebalanceTimeoutMs: 60_000,
  heartbeatMs: 3_000,
  transactionTimeoutMs: 30_000,
  batchBytes: 4 * 1024 * 1024,
  batchRecords: 5_000,
  concurrency: 3,
  bufferBytes: 64 * 1024 * 1024,
  fetchWaitMs: 500,
}

export interface PartitionGroup {
  /** Verifies the topics, joins, and resolves with the first assignment. @throws FatalKafkaError / TopicProblemsError */
  start(): Promise<void>
  /** Graceful end, within 20 s: finish batches, close works, leave the group. */
  stop(): Promise<void>
  /** Partitions owned and in work (restored). */
  partitions(): number[]
  /** In contact with the group, all owned partitions in work, nothing failed for good. */
  healthy(): boolean
  /** Why it cannot go on, or null. */
  failure(): Error | null
}
