import type { Partition, PartitionBatch, PartitionWork } from '../../core/index.ts'
import { handleBatch } from './batches.ts'
import { createDeadLetters } from './dead-letters.ts'
import { createOutbox } from './outbox.ts'
import { encodePositions, POSITION_KEY } from './positions.ts'
import { restoreState } from './restore.ts'
import { createSources } from './sources.ts'
import { flushTally } from './tally.ts'
import { bury, dueTombstones } from './tombstones.ts'
import type { NormalizerParts, WorkerContext } from './worker-context.ts'

/** How often deleted records are checked for their tombstones. */
const TOMBSTONES_EVERY_MS = 3_600_000
const FIRST_TOMBSTONES_AFTER_MS = 30_000

/**
 * One partition, from assignment to loss:
 *  1. the group has fenced the owner before; the state is restored from the unified topics and `normalizer-state`;
 *  2. batches arrive one at a time, live topics first; each becomes one transaction;
 *  3. in between, tombstones fall due, and removed connections are cleared away;
 *  4. a failed transaction makes memory worthless: this worker refuses to go on, and the group assigns the partition
 *     anew, which starts again at 1.
 */
export async function createPartitionWorker(parts: NormalizerParts, partition: Partition): Promise<PartitionWork> {
  const { codec, directory, clock, log, metrics } = parts
  const began = clock.now()
  const { state, positions, replays, records } = await restoreState(codec, partition, log)
  const seconds = (clock.now() - began) / 1000
  const { tables, lines } = state.memory()
  log.info(
    { partition: partition.index, keys: state.keys(), records, seconds, bytes: tables + lines },
    'partition restored',
  )

  const outbox = createOutbox(partition.index)
  const sources = createSources(directory, parts.connectorOf, state.connections)
  const deadLetters = createDeadLetters({ codec, outbox, clock, log, metrics })
  let failure: unknown = null
  let turn: Promise<void> = Promise.resolve()

  const context: WorkerContext = {
    ...parts,
    partition,
    state,
    outbox,
    sources,
    deadLetters,
    positions,
    replays,
    batch: [],
    lookups: new Map(),
    async commit() {
      outbox.add(state.gates, POSITION_KEY, encodePositions(positions))
      const { baseOffsets } = await partition.transact(outbox.records)
      outbox.settle(baseOffsets)
      deadLetters.settle()
      for (const tally of sources.tallies()) flushTally(tally, metrics)
    },
  }

  /** Batches and upkeep share the state: one at a time. After a failure the memory may be ahead of Kafka: no more. */
  function exclusively(work: () => Promise<void>): Promise<void> {
    const result = turn.then(async () => {
      if (failure !== null) throw new Error('the state of this partition is stale after a failure', { cause: failure })
      try {
        await work()
      } catch (error) {
        failure = error
        throw error
      }
    })
    turn = result.catch(() => undefined)
    return result
  }

  async function upkeep(): Promise<void> {
    for (const entity of state.entities) {
      for (let more = true; more && !partition.signal.aborted; ) {
        await exclusively(async () => {
          const due = dueTombstones(context, entity)
          more = due.slots.length > 0
          if (!more) return
          await bury(context, entity, due)
          log.info(
            { partition: partition.index, entity: entity.entity, records: due.slots.length, removed: due.forget },
            'tombstones written',
          )
        })
      }
    }
  }

  let cancelUpkeep = () => {}
  let closed = false
  function planUpkeep(afterMs: number): void {
    if (closed) return
    cancelUpkeep()
    cancelUpkeep = clock.after(afterMs, () => {
      upkeep()
        .catch((error: unknown) => log.error({ err: error, partition: partition.index }, 'writing tombstones'))
        .finally(() => planUpkeep(TOMBSTONES_EVERY_MS))
    })
  }
  planUpkeep(FIRST_TOMBSTONES_AFTER_MS)
  const unlisten = directory.onRemoved(() => planUpkeep(0))

  return {
    positions: new Map(positions),
    onBatch: (batch: PartitionBatch) => exclusively(() => handleBatch(context, batch)),
    async close() {
      closed = true
      cancelUpkeep()
      unlisten()
      await turn
    },
  }
}
