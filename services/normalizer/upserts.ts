import type { ChangeRecord, InRecord } from '../../core/index.ts'
import { isAhead, judgeUpsert } from './gate.ts'
import { hashKey, keyHash } from './key-hash.ts'
import { encodeLines, publishLines } from './lines.ts'
import { MappingError, mapChange } from './mapping.ts'
import type { EntityState } from './partition-state.ts'
import { hashPayload, payloadHash } from './payload-hash.ts'
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
  hashPayload(change.payload, source.fingerprint)
  const isLive = slot >= 0 && (table.marks(slot) & (DELETED | UNPUBLISHED)) === 0
  if (isLive && table.hasPayload(slot, payloadHash)) {
    suppress(context, state, source, slot, key, change)
    return
  }
  const unified = mapChange(source, change, key.toString())
  const { value, hash } = encode(state, unified)
  if (isLive && table.hasContent(slot, hash)) {
    table.setPayload(slot, payloadHash)
    suppress(context, state, source, slot, key, change)
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
  table.setPayload(slot, payloadHash)
  outbox.publish(state, slot, state.unified, key, value)
  if (lines !== null) publishLines(outbox, state, slot, lines)
  source.tally.sent++
}

/** Nothing new: only the gate moves, and durably, or a restart would let an older state through. */
function suppress(
  context: WorkerContext,
  state: EntityState,
  source: Source,
  slot: number,
  key: Buffer,
  change: ChangeRecord,
): void {
  const { source_version: version, extracted_at: extractedAt } = change
  source.tally.noop++
  if (!isAhead(state.table, slot, version, extractedAt)) return
  state.table.setGate(slot, version, extractedAt)
  context.outbox.add(context.state.gates, key, encodeGate(version, extractedAt, false))
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
