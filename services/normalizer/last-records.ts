import { type InRecord, NORMALIZER_STATE, type Partition } from '../../core/index.ts'
import type { EntityState } from './partition-state.ts'
import { UNPUBLISHED } from './state-table.ts'

/** The record an entry points to, copied out of the fetch buffer. */
export interface LastRecord {
  readonly slot: number
  readonly key: Buffer
  readonly value: Buffer
}

/** Up to here single reads are cheaper than a scan of the partition: each brings a whole record batch with it. */
const SINGLE_READS = 32
const READS_AT_ONCE = 8

/**
 * The last published record of each slot, found by its stored offset: one by one when few, else in one scan of the
 * topic. Unpublished entries point into `normalizer-state`. Throws when a record is not where the table says.
 */
export async function lastRecords(
  partition: Partition,
  state: EntityState,
  slots: readonly number[],
): Promise<LastRecord[]> {
  const published: number[] = []
  const unpublished: number[] = []
  for (const slot of slots) ((state.table.marks(slot) & UNPUBLISHED) === 0 ? published : unpublished).push(slot)
  return [
    ...(await readAt(partition, state.unified.topic, state, published)),
    ...(await readAt(partition, NORMALIZER_STATE, state, unpublished)),
  ]
}

async function readAt(partition: Partition, topic: string, state: EntityState, slots: readonly number[]) {
  if (slots.length === 0) return []
  const found =
    slots.length <= SINGLE_READS
      ? await readEach(partition, topic, state, slots)
      : await scan(partition, topic, state, slots)
  if (found.length < slots.length) {
    throw new Error(`${slots.length - found.length} records of ${topic}/${partition.index} are not at their offsets`)
  }
  return found
}

async function readEach(partition: Partition, topic: string, state: EntityState, slots: readonly number[]) {
  const found: LastRecord[] = []
  for (let at = 0; at < slots.length; at += READS_AT_ONCE) {
    const some = slots.slice(at, at + READS_AT_ONCE)
    const records = await Promise.all(some.map((slot) => partition.fetchOne(topic, state.table.offset(slot))))
    records.forEach((record, i) => {
      if (record !== null) keep(found, some[i] as number, record)
    })
  }
  return found
}

async function scan(partition: Partition, topic: string, state: EntityState, slots: readonly number[]) {
  const byOffset = new Map(slots.map((slot) => [state.table.offset(slot), slot]))
  const found: LastRecord[] = []
  await partition.restore(topic, (record) => {
    const slot = byOffset.get(record.offset)
    if (slot !== undefined) keep(found, slot, record)
  })
  return found
}

function keep(found: LastRecord[], slot: number, record: InRecord): void {
  if (record.key === null || record.value === null) return
  found.push({ slot, key: Buffer.from(record.key), value: Buffer.from(record.value) })
}
