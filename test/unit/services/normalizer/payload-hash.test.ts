import { describe, expect, test } from 'vitest'
import { hashPayload, payloadHash } from '../../../../services/normalizer/payload-hash.ts'

const hashOf = (payload: Buffer, seed: readonly number[] = [1, 2]) => {
  hashPayload(payload, seed)
  return payloadHash.join()
}

describe('the fingerprint of a payload', () => {
  test('differs when any one bit, the length, or the seed differs', () => {
    const payload = Buffer.from(JSON.stringify({ name: 'Stahlbau Köster', lines: [1, 2, 3], note: 'x'.repeat(40) }))
    const seen = new Set([hashOf(payload), hashOf(payload, [77, 2]), hashOf(payload, [1, 99])])
    for (let i = 0; i < payload.length; i++) {
      seen.add(hashOf(payload.subarray(0, i)))
      for (let bit = 0; bit < 8; bit++) {
        const other = Buffer.from(payload)
        other[i] = (other[i] as number) ^ (1 << bit)
        seen.add(hashOf(other))
      }
    }
    expect(seen.size).toBe(3 + payload.length * 9)
  })

  test('depends on the bytes alone, not on where they lie', () => {
    const payload = Buffer.from('{"name":"A"}')
    const elsewhere = Buffer.concat([Buffer.alloc(13), payload, Buffer.alloc(5)]).subarray(13, 13 + payload.length)
    expect(hashOf(elsewhere)).toBe(hashOf(Buffer.from(payload)))
  })
})
