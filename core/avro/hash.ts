/**
 * 128-bit content hash: the rounds and the finish of MurmurHash3 x86_128 over three slices of one buffer, each padded
 * with zeros to 16 bytes and followed by its length. Not for secrets. Fixed for good: hashes are written down in the
 * `version` of records (test/unit/core/avro/hash.test.ts holds examples).
 */
const C1 = 0x239b961b
const C2 = 0xab0e9789 | 0
const C3 = 0x38b34ae5
const C4 = 0xa1e38b93 | 0

/** The four words of the last hash: copied by whoever keeps them. */
export const hashWords: Uint32Array = new Uint32Array(4)
const state = new Int32Array(4)
const tail = new DataView(new ArrayBuffer(16))

/** Hashes `[from, to)` of three slices into `hashWords`; positions count from the start of the view. */
export function hashSlices(
  view: DataView,
  from1: number,
  to1: number,
  from2: number,
  to2: number,
  from3: number,
  to3: number,
): void {
  state.fill(0)
  mixSlice(view, from1, to1)
  mixSlice(view, from2, to2)
  mixSlice(view, from3, to3)
  finish()
}

function mixSlice(view: DataView, from: number, to: number): void {
  const whole = from + ((to - from) & ~15)
  if (whole > from) mixBlocks(view, from, whole)
  if (to > whole) {
    tail.setInt32(0, 0)
    tail.setInt32(4, 0)
    tail.setInt32(8, 0)
    tail.setInt32(12, 0)
    for (let i = whole; i < to; i++) tail.setUint8(i - whole, view.getUint8(i))
    mixBlocks(tail, 0, 16)
  }
  state[0] = (state[0] as number) ^ (to - from)
}

function mixBlocks(view: DataView, from: number, to: number): void {
  let h1 = state[0] as number
  let h2 = state[1] as number
  let h3 = state[2] as number
  let h4 = state[3] as number
  for (let at = from; at < to; at += 16) {
    let k = Math.imul(view.getInt32(at, true), C1)
    h1 ^= Math.imul((k << 15) | (k >>> 17), C2)
    h1 = (((h1 << 19) | (h1 >>> 13)) + h2) | 0
    h1 = (Math.imul(h1, 5) + 0x561ccd1b) | 0
    k = Math.imul(view.getInt32(at + 4, true), C2)
    h2 ^= Math.imul((k << 16) | (k >>> 16), C3)
    h2 = (((h2 << 17) | (h2 >>> 15)) + h3) | 0
    h2 = (Math.imul(h2, 5) + 0x0bcaa747) | 0
    k = Math.imul(view.getInt32(at + 8, true), C3)
    h3 ^= Math.imul((k << 17) | (k >>> 15), C4)
    h3 = (((h3 << 15) | (h3 >>> 17)) + h4) | 0
    h3 = (Math.imul(h3, 5) + 0x96cd1c35) | 0
    k = Math.imul(view.getInt32(at + 12, true), C4)
    h4 ^= Math.imul((k << 18) | (k >>> 14), C1)
    h4 = (((h4 << 13) | (h4 >>> 19)) + h1) | 0
    h4 = (Math.imul(h4, 5) + 0x32ac3b17) | 0
  }
  state[0] = h1
  state[1] = h2
  state[2] = h3
  state[3] = h4
}

function finish(): void {
  let h1 = state[0] as number
  let h2 = state[1] as number
  let h3 = state[2] as number
  let h4 = state[3] as number
  h1 = (h1 + h2 + h3 + h4) | 0
  h2 = (h2 + h1) | 0
  h3 = (h3 + h1) | 0
  h4 = (h4 + h1) | 0
  h1 = avalanche(h1)
  h2 = avalanche(h2)
  h3 = avalanche(h3)
  h4 = avalanche(h4)
  h1 = (h1 + h2 + h3 + h4) | 0
  hashWords[0] = h1
  hashWords[1] = h2 + h1
  hashWords[2] = h3 + h1
  hashWords[3] = h4 + h1
}

function avalanche(word: number): number {
  let h = word
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}

const DIGITS = Buffer.from('0123456789abcdef', 'latin1')

/** Writes `hashWords` as 32 hexadecimal digits. */
export function putHashHex(bytes: Uint8Array, at: number): void {
  for (let i = 0; i < 4; i++) {
    const word = hashWords[i] as number
    for (let digit = 0; digit < 8; digit++) {
      bytes[at + i * 8 + digit] = DIGITS[(word >>> (28 - digit * 4)) & 15] as number
    }
  }
}
