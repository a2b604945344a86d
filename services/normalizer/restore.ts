import {
  type Codec,
  type InRecord,
  type Logger,
  MalformedRecordError,
  NORMALIZER_STATE,
  type Partition,
  UnknownSchemaIdError,
} from '../../core/index.ts'
import { isAhead } from './gate.ts'
import { hashKey, keyHash } from './key-hash.ts'
import { lastRecords } from './last-records.ts'
import { lineIds } from './lines.ts'
import { createPartitionState, type EntityState, type PartitionState } from './partition-state.ts'
import {
  decodeGate,
  decodePositions,
  decodeReplays,
  type Gate,
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
export async function restoreState(codec: Codec, partition: Partition, log: Logger): Promise<Restored> {
  const state = createPartitionState(codec)
  let records = 0
  for (const entity of state.entities) {
    records += await restoreEntity(codec, partition, state, entity, log)
  }
  let positions: Positions = new Map()
  let replays = new Map<string, Replay>()
  const withdrawn: Withdrawn = new Map()
  const { records: gates } = await partition.restore(NORMALIZER_STATE, (record) => {
    const key = record.key
    if (key === null) return
    if (key[0] !== TILDE) restoreGate(state, withdrawn, key, record)
    else if (key.toString('latin1') === POSITION_KEY && record.value !== null) positions = decodePositions(record.value)
    else if (key.toString('latin1') === REPLAY_KEY) replays = decodeReplays(record.value)
  })
  for (const [entity, slots] of withdrawn) await restoreWithdrawn(partition, entity, slots)
  return { state, positions, replays, records: records + gates }
}

/** Reads a unified topic; starts it over after a schema that was not known yet has been fetched. */
async function restoreEntity(
  codec: Codec,
  partition: Partition,
  all: PartitionState,
  state: EntityState,
  log: Logger,
): Promise<number> {
  for (;;) {
    let unknown: UnknownSchemaIdError | null = null
    try {
      const { records } = await partition.restore(state.unified.topic, (record) => {
        try {
          restoreUnified(all, state, record)
        } catch (error) {
          if (error instanceof UnknownSchemaIdError) unknown = error
          if (!(error instanceof MalformedRecordError)) throw error
          const { topic, offset } = record
          log.error({ err: error, topic, partition: partition.index, offset }, 'a record of somebody else is left out')
        }
      })
      return records
    } catch (error) {
      if (unknown === null) throw error
      await codec.learn(unknown, partition.signal)
    }
  }
}

/** Entries whose gate was withdrawn: what `normalizer-state` said of them before is void, what it says later counts. */
type Withdrawn = Map<EntityState, Map<number, Gate | null>>

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

function restoreGate(all: PartitionState, withdrawn: Withdrawn, key: Buffer, record: InRecord): void {
  const state = entityOfKey(all, key)
  if (state === undefined) return
  const { table } = state
  hashKey(key)
  let slot = table.find(keyHash)
  if (record.value === null) {
    if (slot < 0) return
    if ((table.marks(slot) & UNPUBLISHED) !== 0) table.remove(slot)
    else withdraw(withdrawn, state, slot)
    return
  }
  const gate = decodeGate(record.value)
  if (slot < 0) {
    // A gate of a key that is not published matters only if it remembers a deletion.
    if (!gate.unpublished) return
    slot = table.insert(keyHash, all.connections.ofKey(key))
    table.setMarks(slot, DELETED | UNPUBLISHED)
  } else if ((table.marks(slot) & UNPUBLISHED) === 0) {
    const slots = withdrawn.get(state)
    if (slots?.has(slot)) slots.set(slot, gate)
    else if (isAhead(table, slot, gate.version, gate.extractedAt)) table.setGate(slot, gate.version, gate.extractedAt)
    return
  }
  table.setGate(slot, gate.version, gate.extractedAt)
  table.setOffset(slot, record.offset)
}

function withdraw(withdrawn: Withdrawn, state: EntityState, slot: number): void {
  const slots = withdrawn.get(state)
  if (slots === undefined) withdrawn.set(state, new Map([[slot, null]]))
  else slots.set(slot, null)
}

/** The gate is that of the record itself again, or of what was suppressed since. */
async function restoreWithdrawn(partition: Partition, state: EntityState, slots: ReadonlyMap<number, Gate | null>) {
  const { table } = state
  for (const { slot, value } of await lastRecords(partition, state, [...slots.keys()])) {
    const { sourceVersion, syncedAt } = state.codec.summary(value)
    table.setGate(slot, sourceVersion, syncedAt)
    const gate = slots.get(slot) ?? null
    if (gate !== null && isAhead(table, slot, gate.version, gate.extractedAt)) {
      table.setGate(slot, gate.version, gate.extractedAt)
    }
  }
}

/** `<connection>:<entity>:<source key>` → the entity's state. */
function entityOfKey(all: PartitionState, key: Buffer): EntityState | undefined {
  const start = key.indexOf(COLON) + 1
  return all.byEntity.get(key.toString('latin1', start, key.indexOf(COLON, start)))
}
