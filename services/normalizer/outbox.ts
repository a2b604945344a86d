import type { OutRecord } from '../../core/index.ts'
import type { EntityState, Lane } from './partition-state.ts'

/**
 * The records of the transaction being built, and which entries of the state tables they belong to: the offset of a
 * published record is known only after the commit. Until then an entry holds a provisional offset (below −1) that
 * names the record here, so that a later change of the same batch finds it.
 */
export interface Outbox {
  readonly records: readonly OutRecord[]
  readonly add: (lane: Lane, key: Buffer | string, value: Buffer | null) => void
  /** Adds a record on `lane` and makes `slot` point to it. */
  readonly publish: (state: EntityState, slot: number, lane: Lane, key: Buffer | string, value: Buffer) => void
  /** The record behind a provisional offset; null for a real offset. */
  readonly pending: (offset: number) => OutRecord | null
  /** After the commit: replaces provisional offsets by real ones and empties the outbox. */
  readonly settle: (baseOffsets: ReadonlyMap<string, number>) => void
}

const FIRST_PROVISIONAL = -2

export function createOutbox(partition: number): Outbox {
  let records: OutRecord[] = []
  let states: EntityState[] = []
  let slots: number[] = []
  let positions: number[] = []
  let ordinals: number[] = []
  let usedLanes: Lane[] = []

  function add(lane: Lane, key: Buffer | string, value: Buffer | null): void {
    if (lane.count++ === 0) usedLanes.push(lane)
    records.push(lane.byKey === true ? { topic: lane.topic, key, value } : { topic: lane.topic, partition, key, value })
  }

  return {
    get records() {
      return records
    },
    add,
    publish(state, slot, lane, key, value) {
      states.push(state)
      slots.push(slot)
      ordinals.push(lane.count)
      positions.push(records.length)
      state.table.setOffset(slot, FIRST_PROVISIONAL - records.length)
      add(lane, key, value)
    },
    pending: (offset) => (offset > FIRST_PROVISIONAL ? null : (records[FIRST_PROVISIONAL - offset] ?? null)),
    settle(baseOffsets) {
      let topic = ''
      let base = 0
      for (let i = 0; i < slots.length; i++) {
        const table = (states[i] as EntityState).table
        const slot = slots[i] as number
        const position = positions[i] as number
        // A later record of the same key may have taken the entry over, or removed it.
        if (!table.isUsed(slot) || table.offset(slot) !== FIRST_PROVISIONAL - position) continue
        const record = records[position] as OutRecord
        if (record.topic !== topic) {
          topic = record.topic
          const found = baseOffsets.get(`${topic}/${partition}`)
          if (found === undefined) throw new Error(`no base offset for ${topic}/${partition} in the commit's answer`)
          base = found
        }
        table.setOffset(slot, base + (ordinals[i] as number))
      }
      for (const lane of usedLanes) lane.count = 0
      records = []
      states = []
      slots = []
      positions = []
      ordinals = []
      usedLanes = []
    },
  }
}
