import type { ChangeRecord, InRecord } from '../../core/index.ts'
import { isAhead, judgeUpsert } from './gate.ts'
import { hashKey, keyHash } from './key-hash.ts'
import { encodeLines, publishLines } from './lines.ts'
import { MappingError, mapChange } from './mapping.ts'
import type { EntityState } from './partition-state.ts'
import { encodeGate } from './positions.ts'
import type { Source } from './sources.ts'
import { DELETED, UNPUBLISHED } from './state-table.ts'
import { markSeen } from './sweeps.ts'
import type { WorkerContext } from './worker-context.ts'

/**
 * One record as the source has it: gate → mapping → content hash → unified record with its lines. Every change of a
 * batch is published, in order; a state that equals the published one only moves the gate.
 * Throws MappingError before anything is changed.
 */
export function applyUpsert(
  context: WorkerContext,
  state: EntityState,
  source: Source,
  record: InRecord,
  change: ChangeRecord,
): void {
  const key = record.key as Buffer
  const { outbox } = context
  const { table } = state
  const version = change.source_version
  const extractedAt = change.extracted_at
  hashKey(key)
  let slot = table.find(keyHash)
  if (slot >= 0) {
    if (state.sweeps.length > 0) markSeen(state.sweeps, source.number, slot)
    const verdict = judgeUpsert(table, slot, version, extractedAt)
    if (verdict !== 'pass') {
      source.tally[verdict]++
      return
    }
  }
  const unified = mapChange(source, change, key.toString())
  const { value, hash } = encode(state, unified)
  if (slot >= 0 && table.hasContent(slot, hash) && (table.marks(slot) & (DELETED | UNPUBLISHED)) === 0) {
    source.tally.noop++
    if (isAhead(table, slot, version, extractedAt)) {
      table.setGate(slot, version, extractedAt)
      outbox.add(context.state.gates, key, encodeGate(version, extractedAt, false))
    }
    return
  }
  const lines = state.lines === null ? null : encodeLinesOf(state, unified)
  if (slot < 0) {
    slot = table.insert(keyHash, source.number)
    if (state.sweeps.length > 0) markSeen(state.sweeps, source.number, slot)
  } else {
    // Back from deletion with an older version: the gate on normalizer-state would outrun the record after a restart.
    if (version < table.version(slot)) outbox.add(context.state.gates, key, null)
    table.setMarks(slot, 0)
  }
  table.setGate(slot, version, extractedAt)
  table.setContent(slot, hash)
  outbox.publish(state, slot, state.unified, key, value)
  if (lines !== null) publishLines(outbox, state, slot, lines)
  source.tally.sent++
}

function encode(state: EntityState, unified: ReturnType<typeof mapChange>) {
  try {
    return state.codec.encode(unified as never)
  } catch (error) {
    throw new MappingError(`${unified.mapping_version} gave a record that the schema does not allow`, error)
  }
}

function encodeLinesOf(state: EntityState, unified: ReturnType<typeof mapChange>) {
  try {
    return encodeLines(state, unified)
  } catch (error) {
    throw new MappingError(`${unified.mapping_version} gave a line that the schema does not allow`, error)
  }
}
