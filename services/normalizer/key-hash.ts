/**
 * 128-bit hash of a record key (MurmurHash3 x86 128). The state table knows keys by its first 96 bits alone: among
 * 10^9 keys the chance of any collision is below 10^-11.
 */

/** Result of the last `hashKey`: four words, overwritten by the next call. */
export const keyHash = new Uint32Array(4)

const C1 = 0x239b961b
const C2 = 0xab0e9789
const C3 = 0x38b34ae5
const C4 = 0xa1e38b93

const rotl = (x: number, r: number): number => (x << r) | (x >>> (32 - r))

function finish(h: number): number {
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}

/** Hashes `key` into `keyHash`. Bytes beyond the end read as zero; the length is mixed in. */
export function hashKey(key: Uint8Array): void {
  const length = key.length
  let h1 = 0x5bd1e995
  let h2 = 0x1b873593
  let h3 = 0x0e2f8a11
  let h4 = 0x7ed55d16
  for (let i = 0; i < length; i += 16) {
    const k1 = word(key, i, length)
    h1 ^= Math.imul(rotl(Math.imul(k1, C1), 15), C2)
    h1 = (Math.imul(rotl(h1, 19) + h2, 5) + 0x561ccd1b) | 0
    const k2 = word(key, i + 4, length)
    h2 ^= Math.imul(rotl(Math.imul(k2, C2), 16), C3)
    h2 = (Math.imul(rotl(h2, 17) + h3, 5) + 0x0bcaa747) | 0
    const k3 = word(key, i + 8, length)
    h3 ^= Math.imul(rotl(Math.imul(k3, C3), 17), C4)
    h3 = (Math.imul(rotl(h3, 15) + h4, 5) + 0x96cd1c35) | 0
    const k4 = word(key, i + 12, length)
    h4 ^= Math.imul(rotl(Math.imul(k4, C4), 18), C1)
    h4 = (Math.imul(rotl(h4, 13) + h1, 5) + 0x32ac3b17) | 0
  }
  h1 ^= length
  h2 ^= length
  h3 ^= length
  h4 ^= length
  h1 = (h1 + h2 + h3 + h4) | 0
  h2 = (h2 + h1) | 0
  h3 = (h3 + h1) | 0
  h4 = (h4 + h1) | 0
  h1 = finish(h1)
  h2 = finish(h2)
  h3 = finish(h3)
  h4 = finish(h4)
  h1 = (h1 + h2 + h3 + h4) | 0
  keyHash[0] = h1
  keyHash[1] = h2 + h1
  keyHash[2] = h3 + h1
  keyHash[3] = h4 + h1
}

function word(key: Uint8Array, i: number, length: number): number {
  if (i + 4 <= length) {
    return (
      (key[i] as number) |
      ((key[i + 1] as number) << 8) |
      ((key[i + 2] as number) << 16) |
      ((key[i + 3] as number) << 24)
    )
  }
  let value = 0
  for (let j = i; j < length; j++) value |= (key[j] as number) << ((j - i) * 8)
  return value
}
