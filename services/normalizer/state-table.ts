/**
 * What the normalizer knows of every key of one entity in one partition: 60 bytes an entry in typed arrays, plus 4
 * bytes an index slot (open addressing, at most 3/4 full). Entries live in chunks, so growth copies only the index.
 *
 * | bytes | field                                                                              |
 * |-------|------------------------------------------------------------------------------------|
 * | 24    | source version, extracted at (epoch ms), offset of the last published record       |
 * | 12    | first 96 bits of the key hash                                                      |
 * | 12    | first 96 bits of the content hash of the last published record                     |
 * | 8     | fingerprint of the payload it was mapped from; zero = not known                    |
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
/** An entry in doubles and in words, and where the fields are. */
const DOUBLES = 3
const WORDS = 9
const BYTES_PER_ENTRY = DOUBLES * 8 + WORDS * 4
const VERSION = 0
const EXTRACTED_AT = 1
const OFFSET = 2
const CONTENT = 3
const PAYLOAD = 6
const TAG = 8
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
  readonly hasPayload: (slot: number, hash: Words) => boolean
  readonly setPayload: (slot: number, hash: Words) => void
  readonly connection: (slot: number) => number
  readonly marks: (slot: number) => number
  /** Replaces the marks; USED is kept. */
  readonly setMarks: (slot: number, marks: number) => void
  /** Bytes of all typed arrays. */
  readonly bytes: () => number
}

export function createStateTable(): StateTable {
  const words: Uint32Array[] = []
  const doubles: Float64Array[] = []
  let index = new Uint32Array(64)
  let mask = index.length - 1
  let size = 0
  let slots = 0
  let free: number[] = []

  function addChunk(): void {
    const buffer = new ArrayBuffer(CHUNK * BYTES_PER_ENTRY)
    doubles.push(new Float64Array(buffer, 0, CHUNK * DOUBLES))
    words.push(new Uint32Array(buffer, CHUNK * DOUBLES * 8, CHUNK * WORDS))
  }

  const wordsOf = (slot: number) => words[slot >>> CHUNK_BITS] as Uint32Array
  const doublesOf = (slot: number) => doubles[slot >>> CHUNK_BITS] as Float64Array
  /** First word of the entry within its chunk. */
  const baseOf = (slot: number) => (slot & IN_CHUNK) * WORDS
  const firstWord = (slot: number) => wordsOf(slot)[baseOf(slot)] as number
  const double = (slot: number, field: number) => doublesOf(slot)[(slot & IN_CHUNK) * DOUBLES + field] as number

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
      const chunk = wordsOf(entry - 1)
      const base = baseOf(entry - 1)
      if (chunk[base] === first && chunk[base + 1] === key[1] && chunk[base + 2] === key[2]) {
        return entry - 1
      }
    }
  }

  function insert(key: Words, connection: number): number {
    if (connection >= MAX_CONNECTIONS) throw new RangeError(`more than ${MAX_CONNECTIONS} connections in one partition`)
    if ((size + 1) * 4 > index.length * 3) growIndex()
    const slot = free.pop() ?? slots++
    if (slot >>> CHUNK_BITS === words.length) addChunk()
    const chunk = wordsOf(slot)
    const base = baseOf(slot)
    chunk.fill(0, base, base + WORDS)
    for (let i = 0; i < 3; i++) chunk[base + i] = key[i] as number
    const numbers = doublesOf(slot)
    const first = (slot & IN_CHUNK) * DOUBLES
    numbers[first + VERSION] = 0
    numbers[first + EXTRACTED_AT] = 0
    numbers[first + OFFSET] = -1
    chunk[base + TAG] = (connection << 8) | USED
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
    wordsOf(slot)[baseOf(slot) + TAG] = 0
    free.push(slot)
    size--
    if (size === 0) {
      free = []
      slots = 0
    }
  }

  const tag = (slot: number) => wordsOf(slot)[baseOf(slot) + TAG] as number

  return {
    size: () => size,
    slots: () => slots,
    isUsed: (slot) => tag(slot) !== 0,
    find,
    insert,
    remove,
    version: (slot) => double(slot, VERSION),
    extractedAt: (slot) => double(slot, EXTRACTED_AT),
    setGate(slot, version, extractedAt) {
      const base = (slot & IN_CHUNK) * DOUBLES
      const chunk = doublesOf(slot)
      chunk[base + VERSION] = version
      chunk[base + EXTRACTED_AT] = extractedAt
    },
    offset: (slot) => double(slot, OFFSET),
    setOffset(slot, offset) {
      doublesOf(slot)[(slot & IN_CHUNK) * DOUBLES + OFFSET] = offset
    },
    hasContent(slot, hash) {
      const chunk = wordsOf(slot)
      const base = baseOf(slot) + CONTENT
      return chunk[base] === hash[0] && chunk[base + 1] === hash[1] && chunk[base + 2] === hash[2]
    },
    setContent(slot, hash) {
      const chunk = wordsOf(slot)
      const base = baseOf(slot) + CONTENT
      for (let i = 0; i < 3; i++) chunk[base + i] = hash[i] as number
    },
    hasPayload(slot, hash) {
      const chunk = wordsOf(slot)
      const base = baseOf(slot) + PAYLOAD
      return chunk[base] === hash[0] && chunk[base + 1] === hash[1]
    },
    setPayload(slot, hash) {
      const chunk = wordsOf(slot)
      const base = baseOf(slot) + PAYLOAD
      chunk[base] = hash[0] as number
      chunk[base + 1] = hash[1] as number
    },
    connection: (slot) => tag(slot) >>> 8,
    marks: (slot) => tag(slot) & 0xff,
    setMarks(slot, marks) {
      wordsOf(slot)[baseOf(slot) + TAG] = (tag(slot) & 0xffffff00) | marks | USED
    },
    bytes: () => words.length * CHUNK * BYTES_PER_ENTRY + index.byteLength,
  }
}
