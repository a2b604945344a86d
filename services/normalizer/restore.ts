import { type Codec, type InRecord, NORMALIZER_STATE, type Partition } from '../../core/index.ts'
import { isAhead } from './gate.ts'
import { hashKey, keyHash } from './key-hash.ts'
import { lineIds } from './lines.ts'
import { createPartitionState, type EntityState, type PartitionState } from './partition-state.ts'
import {
  decodeGate,
  decodePositions,
  decodeReplays,
  POSITION_KEY,
  type Positions,
  REPLAY_KEY,
  type Replay,
} from './positions.ts'
import { DELETED, UNPUBLISHED } from './state-table.ts'

export interface Restored {
  readonly state: PartitionState
  readonly positions: Positions
  readonly replays: Map<string, Replay>
  /** Records read. */
  readonly records: number
}

const TILDE = 126
const COLON = 58

/**
 * Rebuilds what a partition knows from its own output: the unified topics first, then `normalizer-state`, whose gates
 * are ahead of them where a no-op was suppressed or a tombstone written. The owner before is fenced already, so the
 * end offsets are final.
 */
export async function restoreState(codec: Codec, partition: Partition): Promise<Restored> {
  const state = createPartitionState(codec)
  let records = 0
  for (const entity of state.entities) {
    const topic = entity.unified.topic
    records += (await partition.restore(topic, (record) => restoreUnified(state, entity, record))).records
  }
  let positions: Positions = new Map()
  let replays = new Map<string, Replay>()
  const { records: gates } = await partition.restore(NORMALIZER_STATE, (record) => {
    const key = record.key
    if (key === null) return
    if (key[0] !== TILDE) restoreGate(state, key, record)
    else if (key.latin1Slice() === POSITION_KEY && record.value !== null) positions = decodePositions(record.value)
    else if (key.latin1Slice() === REPLAY_KEY) replays = decodeReplays(record.value)
  })
  return { state, positions, replays, records: records + gates }
}

function restoreUnified(all: PartitionState, state: EntityState, record: InRecord): void {
  const { key, value } = record
  const { table } = state
  if (key === null) return
  hashKey(key)
  let slot = table.find(keyHash)
  if (value === null) {
    if (slot < 0) return
    table.remove(slot)
    state.lines?.remove(slot)
    return
  }
  if (slot < 0) slot = table.insert(keyHash, all.connections.ofKey(key))
  const summary = state.codec.summary(value)
  table.setGate(slot, summary.sourceVersion, summary.syncedAt)
  table.setContent(slot, summary.hash)
  table.setMarks(slot, summary.deleted ? DELETED : 0)
  table.setOffset(slot, record.offset)
  if (state.lines !== null) state.lines.set(slot, lineIds(state, state.codec.decode(value)))
}

function restoreGate(all: PartitionState, key: Buffer, record: InRecord): void {
  const state = entityOfKey(all, key)
  if (state === undefined) return
  const { table } = state
  hashKey(key)
  let slot = table.find(keyHash)
  if (record.value === null) {
    if (slot >= 0 && (table.marks(slot) & UNPUBLISHED) !== 0) table.remove(slot)
    return
  }
  const gate = decodeGate(record.value)
  if (slot < 0) {
    // A gate of a key that is not published matters only if it remembers a deletion.
    if (!gate.unpublished) return
    slot = table.insert(keyHash, all.connections.ofKey(key))
    table.setMarks(slot, DELETED | UNPUBLISHED)
  } else if ((table.marks(slot) & UNPUBLISHED) === 0) {
    if (isAhead(table, slot, gate.version, gate.extractedAt)) table.setGate(slot, gate.version, gate.extractedAt)
    return
  }
  table.setGate(slot, gate.version, gate.extractedAt)
  table.setOffset(slot, record.offset)
}

/** `<connection>:<entity>:<source key>` → the entity's state. */
function entityOfKey(all: PartitionState, key: Buffer): EntityState | undefined {
  const start = key.indexOf(COLON) + 1
  return all.byEntity.get(key.latin1Slice(start, key.indexOf(COLON, start)))
}
