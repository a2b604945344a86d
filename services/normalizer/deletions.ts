import type { ChangeRecord, InRecord } from '../../core/index.ts'
import { judgeDelete } from './gate.ts'
import { hashKey, keyHash } from './key-hash.ts'
import { lastRecords } from './last-records.ts'
import { encodeLines, publishLines } from './lines.ts'
import type { EntityState } from './partition-state.ts'
import { encodeGate } from './positions.ts'
import type { Source } from './sources.ts'
import { DELETED, UNPUBLISHED } from './state-table.ts'
import type { WorkerContext } from './worker-context.ts'

export interface Deletion {
  /** Source version of the deletion; the record keeps its own when that is higher. */
  readonly version: number
  /** When the source no longer had the record, epoch ms: becomes `deleted_at` and `synced_at`. */
  readonly at: number
  readonly origin: ChangeRecord['origin']
}

/**
 * A deletion that the source reported. The deletion of a key that was never published is remembered all the same: a
 * read from before it may still be under way, and must not bring the record to life.
 */
export async function applyDelete(
  context: WorkerContext,
  state: EntityState,
  source: Source,
  record: InRecord,
  change: ChangeRecord,
): Promise<void> {
  const { outbox } = context
  const { table } = state
  const key = record.key as Buffer
  hashKey(key)
  let slot = table.find(keyHash)
  if (slot < 0) {
    slot = table.insert(keyHash, source.number)
    table.setGate(slot, change.source_version, change.extracted_at)
    table.setMarks(slot, DELETED | UNPUBLISHED)
    const gate = encodeGate(change.source_version, change.extracted_at, true)
    outbox.publish(state, slot, context.state.gates, key, gate)
    source.tally.unknownKey++
    return
  }
  const verdict = judgeDelete(table, slot, change.source_version, change.extracted_at)
  if (verdict !== 'pass') {
    source.tally[verdict]++
    return
  }
  const pending = outbox.pending(table.offset(slot))
  const value = pending?.value ?? (await lastValue(context, state, slot))
  const deletion = { version: change.source_version, at: change.extracted_at, origin: change.origin }
  publishDeletion(context, state, slot, key, value, deletion)
  source.tally.sent++
}

/** The last record of an entry; the first miss of a batch looks up those of all its deletions at once. */
async function lastValue(context: WorkerContext, state: EntityState, slot: number) {
  const { lookups } = context
  const offset = state.table.offset(slot)
  if (!lookups.has(offset)) {
    const slots = new Set([slot])
    for (const record of context.batch) {
      const other = deletedSlot(context, state, record)
      if (other >= 0) slots.add(other)
    }
    for (const last of await lastRecords(context.partition, state, [...slots])) {
      lookups.set(state.table.offset(last.slot), last.value)
    }
  }
  return lookups.get(offset) as Buffer
}

/** Slot of the published entry that `record` deletes, or −1. */
function deletedSlot({ codec }: WorkerContext, state: EntityState, record: InRecord): number {
  if (record.key === null || record.value === null) return -1
  hashKey(record.key)
  const slot = state.table.find(keyHash)
  if (slot < 0 || (state.table.marks(slot) & DELETED) !== 0 || state.table.offset(slot) < 0) return -1
  try {
    return codec.decodeChange(record.value).operation === 'DELETE' ? slot : -1
  } catch {
    // Whatever is wrong with it is told when its turn comes.
    return -1
  }
}

/** Publishes the last record of a live entry again, with `deleted_at`, and its lines likewise. */
export function publishDeletion(
  context: WorkerContext,
  state: EntityState,
  slot: number,
  key: Buffer,
  last: Buffer,
  deletion: Deletion,
): void {
  const { table } = state
  const version = Math.max(table.version(slot), deletion.version)
  const gone = {
    ...state.codec.decode(last),
    deleted_at: deletion.at,
    source_version: version,
    origin: deletion.origin,
    synced_at: deletion.at,
  }
  const { value, hash } = state.codec.encode(gone as never)
  const lines = state.lines === null ? null : encodeLines(state, gone)
  table.setGate(slot, version, deletion.at)
  table.setContent(slot, hash)
  table.setMarks(slot, DELETED)
  context.outbox.publish(state, slot, state.unified, key, value)
  if (lines !== null) publishLines(context.outbox, state, slot, lines)
}
