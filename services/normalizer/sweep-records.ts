import type { ChangeRecord, SeenPayload, SweepReport } from '../../core/index.ts'
import { type Deletion, publishDeletion } from './deletions.ts'
import { hashKey, keyHash } from './key-hash.ts'
import { lastRecords } from './last-records.ts'
import type { EntityState } from './partition-state.ts'
import type { Source } from './sources.ts'
import { beginSweep, dropSweep, findSweep, missingKeys } from './sweeps.ts'
import type { WorkerContext } from './worker-context.ts'

/** Deletions looked up in one go, and deletions per transaction. */
const CHUNK = 20_000
const PER_TRANSACTION = 2_000

/** SEEN: the source still lists these keys. */
export function applySeen(state: EntityState, source: Source, change: ChangeRecord): void {
  const sweep = findSweep(state.sweeps, source.number, change.run_id)
  if (sweep === undefined) return
  const { keys } = JSON.parse(change.payload.toString()) as SeenPayload
  for (const key of keys) {
    hashKey(Buffer.from(`${change.connection_id}:${state.entity}:${key}`))
    const slot = state.table.find(keyHash)
    if (slot >= 0) sweep.seen.add(slot)
  }
}

/** SWEEP_BEGIN and SWEEP_END; the end is answered with a report, nothing is deleted yet. */
export function applySweepMark(context: WorkerContext, state: EntityState, source: Source, change: ChangeRecord): void {
  if (change.operation === 'SWEEP_BEGIN') {
    beginSweep(state.sweeps, source.number, change.run_id, change.extracted_at)
    return
  }
  const sweep = findSweep(state.sweeps, source.number, change.run_id)
  const counts = sweep === undefined ? null : missingKeys(state.table, sweep)
  if (sweep !== undefined) sweep.reported = true
  const report: SweepReport = {
    connectionId: change.connection_id,
    entity: state.entity,
    runId: change.run_id,
    partition: context.partition.index,
    complete: counts !== null,
    live: counts?.live ?? 0,
    missing: counts?.missing.length ?? 0,
  }
  context.outbox.add(context.state.reports, change.connection_id, Buffer.from(JSON.stringify(report)))
}

/**
 * SWEEP_APPLY: sync has found the reports within the guard. What is still missing now is published with `deleted_at`,
 * in transactions of its own; the last one stays open for the caller, who adds the position. After a crash in between
 * the rest is found by the next sweep. An apply that this incarnation did not report on deletes nothing.
 */
export async function applySweep(
  context: WorkerContext,
  state: EntityState,
  source: Source,
  change: ChangeRecord,
): Promise<void> {
  const { partition, log } = context
  const about = {
    connection: change.connection_id,
    entity: state.entity,
    run: change.run_id,
    partition: partition.index,
  }
  const sweep = findSweep(state.sweeps, source.number, change.run_id)
  if (sweep === undefined || !sweep.reported) {
    log.warn(about, 'sweep not applied: this partition was restarted since its report; the next sweep decides')
    return
  }
  const { missing } = missingKeys(state.table, sweep)
  dropSweep(state.sweeps, source.number)
  if (missing.length === 0) return
  // What is pending gets its offsets first: the last records are looked up by offset.
  await context.commit()
  const deletion: Deletion = { version: 0, at: sweep.beganAt, origin: 'SWEEP' }
  let open = 0
  for (let at = 0; at < missing.length; at += CHUNK) {
    for (const { slot, key, value } of await lastRecords(partition, state, missing.slice(at, at + CHUNK))) {
      if (open === PER_TRANSACTION) {
        await context.commit()
        open = 0
      }
      publishDeletion(context, state, slot, key, value, deletion)
      open++
    }
  }
  source.tally.sent += missing.length
  log.info({ ...about, deleted: missing.length }, 'sweep applied')
}
