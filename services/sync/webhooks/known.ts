import { hash } from 'node:crypto'

/**
 * Which deliveries were taken in the last days, and where they lie in `webhooks.inbound`. 24 bytes a delivery, in one
 * table for each day: a day that is over is forgotten at once, and a look-up is a handful of probes.
 */
export interface KnownDeliveries {
  /** Its offset; undefined = not known. */
  get(key: string): number | undefined
  /** @param at when it was received, epoch ms */
  add(key: string, at: number, offset: number): void
  delete(key: string): void
  forgetBefore(instant: number): void
  readonly size: number
}

const DAY_MS = 86_400_000
const WORDS = 4
const GONE = -1

export function createKnownDeliveries(): KnownDeliveries {
  /** By the day of receipt. */
  const days = new Map<number, Table>()
  const found = (words: Uint32Array) => {
    for (const table of days.values()) {
      const slot = table.find(words)
      if (slot >= 0) return { table, slot }
    }
    return null
  }
  return {
    get(key) {
      const at = found(wordsOf(key))
      return at?.table.offsetAt(at.slot)
    },
    add(key, at, offset) {
      const day = Math.floor(at / DAY_MS)
      let table = days.get(day)
      if (table === undefined) days.set(day, (table = createTable()))
      table.set(wordsOf(key), offset)
    },
    delete(key) {
      const at = found(wordsOf(key))
      at?.table.remove(at.slot)
    },
    forgetBefore(instant) {
      for (const day of days.keys()) if ((day + 1) * DAY_MS <= instant) days.delete(day)
    },
    get size() {
      return [...days.values()].reduce((sum, table) => sum + table.live(), 0)
    },
  }
}

/** 128 bits of SHA-256: senders choose the ids, so none may be made to meet another. */
function wordsOf(key: string): Uint32Array {
  const bytes = hash('sha256', key, 'buffer')
  return Uint32Array.from({ length: WORDS }, (_, i) => bytes.readUInt32LE(4 * i))
}

type Table = ReturnType<typeof createTable>

/** Open addressing; what is removed keeps its place, so that others behind it are still found. */
function createTable() {
  let capacity = 64
  let keys = new Uint32Array(capacity * WORDS)
  /** NaN = free. */
  let offsets = new Float64Array(capacity).fill(Number.NaN)
  let used = 0
  let live = 0

  function place(words: Uint32Array): number {
    let slot = (words[0] as number) & (capacity - 1)
    while (!Number.isNaN(offsets[slot] as number) && !isAt(slot, words)) slot = (slot + 1) & (capacity - 1)
    return slot
  }
  const isAt = (slot: number, words: Uint32Array) => {
    for (let i = 0; i < WORDS; i++) if (keys[slot * WORDS + i] !== words[i]) return false
    return true
  }

  function put(words: Uint32Array, offset: number): void {
    const slot = place(words)
    const before = offsets[slot] as number
    if (Number.isNaN(before)) {
      keys.set(words, slot * WORDS)
      used++
    }
    if (!(before >= 0)) live++
    offsets[slot] = offset
  }

  function grow(): void {
    const [oldKeys, oldOffsets] = [keys, offsets]
    if (live * 2 >= capacity / 2) capacity *= 2
    keys = new Uint32Array(capacity * WORDS)
    offsets = new Float64Array(capacity).fill(Number.NaN)
    used = 0
    live = 0
    oldOffsets.forEach((offset, slot) => {
      if (offset >= 0) put(oldKeys.subarray(slot * WORDS, (slot + 1) * WORDS), offset)
    })
  }

  return {
    /** −1 = not there. */
    find(words: Uint32Array): number {
      const slot = place(words)
      return (offsets[slot] as number) >= 0 ? slot : -1
    },
    offsetAt: (slot: number): number => offsets[slot] as number,
    set(words: Uint32Array, offset: number): void {
      if ((used + 1) * 2 > capacity) grow()
      put(words, offset)
    },
    remove(slot: number): void {
      offsets[slot] = GONE
      live--
    },
    live: () => live,
  }
}
