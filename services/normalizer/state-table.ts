/**
 * What the normalizer knows of every key of one entity in one partition: 60 bytes an entry in typed arrays, plus 4
 * bytes an index slot (open addressing, at most 3/4 full). Entries live in chunks, so growth copies only the index.
 *
 * | bytes | field                                                                              |
 * |-------|------------------------------------------------------------------------------------|
 * | 16    | key hash                                                                           |
 * | 16    | content hash of the last published record                                          |
 * | 24    | source version, extracted at (epoch ms), offset of the last published record       |
 * | 4     | connection (24 bits), marks (8 bits)                                               |
 *
 * An entry is named by its slot, a small integer that stays the same until the entry is removed; removed slots are
 * used again. The offset points into the unified topic, or into `normalizer-state` for entries marked UNPUBLISHED.
 */
export const USED = 1
/** The last published record carries `deleted_at`. */
export const DELETED = 2
/** Nothing of this key is on the unified topic, yet its deletion is remembered, so that a late read cannot revive it. */
export const UNPUBLISHED = 4

const CHUNK_BITS = 11
const CHUNK = 1 << CHUNK_BITS
const IN_CHUNK = CHUNK - 1
const BYTES_PER_ENTRY = 60
const MAX_CONNECTIONS = 1 << 24

type Words = { readonly [index: number]: number }

export interface StateTable {
  readonly size: () => number
  /** Slots ever used: iterate `0 … slots() − 1` and skip those that are not `isUsed`. */
  readonly slots: () => number
  readonly isUsed: (slot: number) => boolean
  /** Slot of the key, or −1. */
  readonly find: (key: Words) => number
  /** Slot of a new entry: all fields zero, offset −1. The key must not be in the table. */
  readonly insert: (key: Words, connection: number) => number
  readonly remove: (slot: number) => void
  readonly version: (slot: number) => number
  readonly extractedAt: (slot: number) => number
  readonly setGate: (slot: number, version: number, extractedAt: number) => void
  readonly offset: (slot: number) => number
  readonly setOffset: (slot: number, offset: number) => void
  readonly hasContent: (slot: number, hash: Words) => boolean
  readonly setContent: (slot: number, hash: Words) => void
  readonly connection: (slot: number) => number
  readonly marks: (slot: number) => number
  /** Replaces the marks; USED is kept. */
  readonly setMarks: (slot: number, marks: number) => void
  /** Bytes of all typed arrays. */
  readonly bytes: () => number
}

export function createStateTable(): StateTable {
  const hashes: Uint32Array[] = []
  const numbers: Float64Array[] = []
  const tags: Uint32Array[] = []
  let index = new Uint32Array(64)
  let mask = index.length - 1
  let size = 0
  let slots = 0
  let free: number[] = []

  function addChunk(): void {
    const buffer = new ArrayBuffer(CHUNK * BYTES_PER_ENTRY)
    numbers.push(new Float64Array(buffer, 0, CHUNK * 3))
    hashes.push(new Uint32Array(buffer, CHUNK * 24, CHUNK * 8))
    tags.push(new Uint32Array(buffer, CHUNK * 56, CHUNK))
  }

  const hashesOf = (slot: number) => hashes[slot >>> CHUNK_BITS] as Uint32Array
  const numbersOf = (slot: number) => numbers[slot >>> CHUNK_BITS] as Float64Array
  const tagsOf = (slot: number) => tags[slot >>> CHUNK_BITS] as Uint32Array
  const firstWord = (slot: number) => hashesOf(slot)[(slot & IN_CHUNK) << 3] as number

  function growIndex(): void {
    const old = index
    index = new Uint32Array(old.length * 2)
    mask = index.length - 1
    for (const entry of old) if (entry !== 0) place(entry)
  }

  function place(entry: number): void {
    let at = firstWord(entry - 1) & mask
    while (index[at] !== 0) at = (at + 1) & mask
    index[at] = entry
  }

  function find(key: Words): number {
    const first = key[0] as number
    for (let at = first & mask; ; at = (at + 1) & mask) {
      const entry = index[at] as number
      if (entry === 0) return -1
      const words = hashesOf(entry - 1)
      const base = ((entry - 1) & IN_CHUNK) << 3
      if (
        words[base] === first &&
        words[base + 1] === key[1] &&
        words[base + 2] === key[2] &&
        words[base + 3] === key[3]
      ) {
        return entry - 1
      }
    }
  }

  function insert(key: Words, connection: number): number {
    if (connection >= MAX_CONNECTIONS) throw new RangeError(`more than ${MAX_CONNECTIONS} connections in one partition`)
    if ((size + 1) * 4 > index.length * 3) growIndex()
    const slot = free.pop() ?? slots++
    if (slot >>> CHUNK_BITS === hashes.length) addChunk()
    const words = hashesOf(slot)
    const base = (slot & IN_CHUNK) << 3
    for (let i = 0; i < 4; i++) {
      words[base + i] = key[i] as number
      words[base + 4 + i] = 0
    }
    numbersOf(slot).fill(0, (slot & IN_CHUNK) * 3, (slot & IN_CHUNK) * 3 + 2)
    numbersOf(slot)[(slot & IN_CHUNK) * 3 + 2] = -1
    tagsOf(slot)[slot & IN_CHUNK] = (connection << 8) | USED
    place(slot + 1)
    size++
    return slot
  }

  function remove(slot: number): void {
    let at = firstWord(slot) & mask
    while (index[at] !== slot + 1) at = (at + 1) & mask
    // Backward shift: entries after the hole move up, so that probing never meets a gap.
    let hole = at
    for (let next = (at + 1) & mask; index[next] !== 0; next = (next + 1) & mask) {
      const home = firstWord((index[next] as number) - 1) & mask
      if (((next - home) & mask) >= ((next - hole) & mask)) {
        index[hole] = index[next] as number
        hole = next
      }
    }
    index[hole] = 0
    tagsOf(slot)[slot & IN_CHUNK] = 0
    free.push(slot)
    size--
    if (size === 0) {
      free = []
      slots = 0
    }
  }

  const tag = (slot: number) => tagsOf(slot)[slot & IN_CHUNK] as number

  return {
    size: () => size,
    slots: () => slots,
    isUsed: (slot) => tag(slot) !== 0,
    find,
    insert,
    remove,
    version: (slot) => numbersOf(slot)[(slot & IN_CHUNK) * 3] as number,
    extractedAt: (slot) => numbersOf(slot)[(slot & IN_CHUNK) * 3 + 1] as number,
    setGate(slot, version, extractedAt) {
      const base = (slot & IN_CHUNK) * 3
      const fields = numbersOf(slot)
      fields[base] = version
      fields[base + 1] = extractedAt
    },
    offset: (slot) => numbersOf(slot)[(slot & IN_CHUNK) * 3 + 2] as number,
    setOffset(slot, offset) {
      numbersOf(slot)[(slot & IN_CHUNK) * 3 + 2] = offset
    },
    hasContent(slot, hash) {
      const words = hashesOf(slot)
      const base = ((slot & IN_CHUNK) << 3) + 4
      return (
        words[base] === hash[0] &&
        words[base + 1] === hash[1] &&
        words[base + 2] === hash[2] &&
        words[base + 3] === hash[3]
      )
    },
    setContent(slot, hash) {
      const words = hashesOf(slot)
      const base = ((slot & IN_CHUNK) << 3) + 4
      for (let i = 0; i < 4; i++) words[base + i] = hash[i] as number
    },
    connection: (slot) => tag(slot) >>> 8,
    marks: (slot) => tag(slot) & 0xff,
    setMarks(slot, marks) {
      tagsOf(slot)[slot & IN_CHUNK] = (tag(slot) & 0xffffff00) | marks | USED
    },
    bytes: () => hashes.length * CHUNK * BYTES_PER_ENTRY + index.byteLength,
  }
}
