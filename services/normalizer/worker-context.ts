import type { AnyConnector, Clock, Codec, InRecord, Logger, Metrics, Partition } from '../../core/index.ts'
import type { ConnectionDirectory } from './connections.ts'
import type { DeadLetters } from './dead-letters.ts'
import type { Outbox } from './outbox.ts'
import type { PartitionState } from './partition-state.ts'
import type { Positions, Replay } from './positions.ts'
import type { Sources } from './sources.ts'

/** What a process gives to the workers of its partitions. */
export interface NormalizerParts {
  readonly codec: Codec
  readonly directory: ConnectionDirectory
  readonly connectorOf: (system: string) => AnyConnector | undefined
  readonly clock: Clock
  readonly log: Logger
  readonly metrics: Metrics
}

/** One partition at work. Everything in here belongs to one owner and is thrown away when a transaction fails. */
export interface WorkerContext extends NormalizerParts {
  readonly partition: Partition
  readonly state: PartitionState
  readonly outbox: Outbox
  readonly sources: Sources
  readonly deadLetters: DeadLetters
  readonly positions: Positions
  readonly replays: Map<string, Replay>
  /** The batch at hand. */
  batch: readonly InRecord[]
  /** Last records looked up for its deletions, by offset. */
  readonly lookups: Map<number, Buffer>
  /** One transaction: everything in the outbox and the positions. Throws when it fails; the state is lost then. */
  readonly commit: () => Promise<void>
}
