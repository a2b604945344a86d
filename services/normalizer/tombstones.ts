import { lastRecords } from './last-records.ts'
import { buryLines } from './lines.ts'
import type { EntityState } from './partition-state.ts'
import { encodeGate } from './positions.ts'
import { DELETED, UNPUBLISHED } from './state-table.ts'
import type { WorkerContext } from './worker-context.ts'

const DAY_MS = 86_400_000
/** Entries looked up in one go, and entries per transaction. */
const CHUNK = 20_000
const PER_TRANSACTION = 2_000

/** Entries of one entity that leave the unified topic now. */
export interface Due {
  /** Of removed connections: forgotten altogether. */
  readonly forget: boolean
  readonly slots: readonly number[]
}

/**
 * What is due, at most `CHUNK` entries of one kind:
 * - entries of removed connections; their records on the raw topics are dropped by the sources' status, so nothing
 *   needs to be remembered;
 * - records deleted more than `tombstoneAfterDays` ago. Their gate stays on `normalizer-state`: a replay of the raw
 *   topics would otherwise bring them back.
 */
export function dueTombstones(context: WorkerContext, state: EntityState): Due {
  const { table } = state
  const now = context.clock.now()
  const removed: number[] = []
  const expired: number[] = []
  const ages = new Map<number, number>()
  for (let slot = 0, slots = table.slots(); slot < slots && removed.length < CHUNK; slot++) {
    if (!table.isUsed(slot)) continue
    const connection = table.connection(slot)
    let age = ages.get(connection)
    if (age === undefined) ages.set(connection, (age = ageOfTombstones(context, connection)))
    if (age < 0) removed.push(slot)
    else if (
      (table.marks(slot) & (DELETED | UNPUBLISHED)) === DELETED &&
      table.extractedAt(slot) + age <= now &&
      expired.length < CHUNK
    ) {
      expired.push(slot)
    }
  }
  return removed.length > 0 ? { forget: true, slots: removed } : { forget: false, slots: expired }
}

/** Milliseconds from deletion to tombstone: Infinity = never, −1 = the connection is removed. */
function ageOfTombstones(context: WorkerContext, number: number): number {
  const connection = context.directory.get(context.state.connections.idOf(number))
  if (connection === 'removed') return -1
  return connection === undefined || connection.tombstoneAfterDays === null
    ? Number.POSITIVE_INFINITY
    : connection.tombstoneAfterDays * DAY_MS
}

/** Writes the tombstones of `due`, in transactions of a few thousand; a crash in between is taken up by the next run. */
export async function bury(context: WorkerContext, state: EntityState, due: Due): Promise<void> {
  const { outbox, partition, state: all } = context
  const { table } = state
  const records = await lastRecords(partition, state, due.slots)
  for (let at = 0; at < records.length; at += PER_TRANSACTION) {
    for (const { slot, key } of records.slice(at, at + PER_TRANSACTION)) {
      if ((table.marks(slot) & UNPUBLISHED) === 0) outbox.add(state.unified, key, null)
      buryLines(outbox, state, slot)
      if (due.forget) {
        outbox.add(all.gates, key, null)
        table.remove(slot)
      } else {
        table.setMarks(slot, DELETED | UNPUBLISHED)
        outbox.publish(state, slot, all.gates, key, encodeGate(table.version(slot), table.extractedAt(slot), true))
      }
    }
    await context.commit()
  }
}
