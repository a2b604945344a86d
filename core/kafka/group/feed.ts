import type { InRecord } from '../records.ts'
import type { FetchedPartition } from '../wire/wire.ts'

/** A batch as the work gets it. */
export interface PartitionBatch {
  /** Without prefix. */
  readonly topic: string
  readonly partition: number
  /** At least one. Views on the fetch buffer: see InRecord. */
  readonly records: readonly InRecord[]
  /** End of the topic-partition as of the fetch. */
  readonly highWatermark: number
}

interface Chunk {
  readonly records: readonly InRecord[]
  from: number
  readonly bytes: number
  readonly nextOffset: number
}

/** What was fetched of one topic of one partition and not yet handed over. */
export interface Feed {
  readonly topic: string
  readonly full: string
  readonly partition: number
  /** Place in the order of priority; 0 is served first. */
  readonly rank: number
  /** Next offset to fetch. */
  fetchOffset(): number
  /** Next offset to hand over; what lies before has been processed. */
  position(): number
  highWatermark(): number
  /** Bytes waiting. */
  buffered(): number
  waiting(): boolean
  /** Changes when the feed jumps: answers to older requests are void. */
  epoch(): number
  jump(offset: number, highWatermark?: number): void
  /** Takes in an answer to a fetch at `epoch`. Returns whether there is something new to hand over. */
  accept(epoch: number, answer: FetchedPartition): boolean
  /** The next records, up to the limits, or undefined. `done` moves the position; call it after processing. */
  take(
    maxRecords: number,
    maxBytes: number,
  ): { readonly batch: PartitionBatch; readonly bytes: number; done(): void } | undefined
}

export function createFeed(topic: string, full: string, partition: number, rank: number): Feed {
  let chunks: Chunk[] = []
  let fetchOffset = 0
  let position = 0
  let highWatermark = 0
  let buffered = 0
  let epoch = 0

  return {
    topic,
    full,
    partition,
    rank,
    fetchOffset: () => fetchOffset,
    position: () => position,
    highWatermark: () => highWatermark,
    buffered: () => buffered,
    waiting: () => chunks.length > 0,
    epoch: () => epoch,
    jump: (offset, end) => {
      epoch++
      highWatermark = end ?? highWatermark
      chunks = []
      buffered = 0
      fetchOffset = offset
      position = offset
    },
    accept: (asked, answer) => {
      if (asked !== epoch) return false
      highWatermark = answer.highWatermark
      if (answer.nextOffset <= fetchOffset) return false
      fetchOffset = answer.nextOffset
      if (answer.records.length === 0) {
        const last = chunks.at(-1)
        if (last === undefined) position = Math.max(position, fetchOffset)
        return false
      }
      chunks.push({ records: answer.records, from: 0, bytes: answer.bytes, nextOffset: answer.nextOffset })
      buffered += answer.bytes
      return true
    },
    take: (maxRecords, maxBytes) => {
      const first = chunks[0]
      if (first === undefined) return undefined
      const mine = epoch
      let records: readonly InRecord[]
      let next: number
      let bytes: number
      if (first.records.length - first.from > maxRecords) {
        const to = first.from + maxRecords
        records = first.records.slice(first.from, to)
        bytes = Math.ceil((first.bytes * maxRecords) / first.records.length)
        first.from = to
        next = (records.at(-1) as InRecord).offset + 1
      } else {
        // Small answers that piled up go together: one transaction for all of them.
        let count = 0
        let total = 0
        bytes = 0
        for (const chunk of chunks) {
          const size = chunk.records.length - chunk.from
          if (count > 0 && (total + size > maxRecords || bytes + chunk.bytes > maxBytes)) break
          count++
          total += size
          bytes += Math.ceil((chunk.bytes * size) / chunk.records.length)
        }
        const taken = chunks.splice(0, count)
        next = (taken.at(-1) as Chunk).nextOffset
        records =
          taken.length === 1
            ? first.from === 0
              ? first.records
              : first.records.slice(first.from)
            : taken.flatMap((chunk) => (chunk.from === 0 ? chunk.records : chunk.records.slice(chunk.from)))
      }
      buffered = chunks.length === 0 ? 0 : Math.max(0, buffered - bytes)
      return {
        batch: { topic, partition, records, highWatermark },
        bytes,
        done: () => {
          if (mine === epoch) position = chunks.length === 0 ? Math.max(next, fetchOffset) : next
        },
      }
    },
  }
}
