/**
 * A fast 64-bit fingerprint of a payload. Sources send the same record again and again (overlaps, full scans, a webhook
 * and a poll): where the bytes are those of the published record, parsing and mapping them can only give it again.
 * Each step is a bijection of the state, so two payloads that differ in one place never get the same fingerprint.
 * Not for secrets, and kept in memory only.
 */

/** Result of the last `hashPayload`: two words, overwritten by the next call. Never both zero. */
export const payloadHash = new Uint32Array(2)

/** Two words. */
export type Seed = ArrayLike<number>

const C1 = 0x9e3779b1
const C2 = 0x85ebca77

let lastBuffer: ArrayBufferLike = new ArrayBuffer(0)
let view: DataView = new DataView(lastBuffer)

/** `seed` stands for everything besides the payload that the mapping depends on. */
export function hashPayload(payload: Buffer, seed: Seed): void {
  if (payload.buffer !== lastBuffer) {
    lastBuffer = payload.buffer
    view = new DataView(lastBuffer)
  }
  let at = payload.byteOffset
  const end = at + payload.length
  // Two states of 64 bits each, so that the processor can work on both at once.
  let a = seed[0] as number
  let b = (seed[1] as number) ^ payload.length
  let c = a ^ C2
  let d = b ^ C1
  for (const whole = end - 15; at < whole; at += 16) {
    a ^= view.getInt32(at, true)
    c ^= view.getInt32(at + 8, true)
    a = Math.imul(((a << 13) | (a >>> 19)) + b, C1)
    c = Math.imul(((c << 13) | (c >>> 19)) + d, C1)
    b ^= view.getInt32(at + 4, true)
    d ^= view.getInt32(at + 12, true)
    b = Math.imul(((b << 17) | (b >>> 15)) + a, C2)
    d = Math.imul(((d << 17) | (d >>> 15)) + c, C2)
  }
  for (; at < end; at++) {
    a = Math.imul(((a << 13) | (a >>> 19)) ^ view.getUint8(at), C1)
    b = Math.imul(((b << 17) | (b >>> 15)) + a, C2)
  }
  c = mix(c)
  d = mix(d ^ c)
  a = mix(a ^ c)
  b = mix(b ^ a ^ d)
  payloadHash[0] = a
  payloadHash[1] = (a | b) === 0 ? 1 : b
}

function mix(word: number): number {
  let h = Math.imul(word ^ (word >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}
