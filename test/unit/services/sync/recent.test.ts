import { expect, test } from 'vitest'
import { createRecent, fingerprintOf } from '../../../../services/sync/recent.ts'

test('a record with the same version and payload is known, one with another payload is not', () => {
  const recent = createRecent(10)
  const first = fingerprintOf(1000, Buffer.from('{"name":"A"}'))
  recent.remember('1', first, 1000)
  expect(recent.isKnown('1', fingerprintOf(1000, Buffer.from('{"name":"A"}')))).toBe(true)
  expect(recent.isKnown('1', fingerprintOf(1000, Buffer.from('{"name":"B"}')))).toBe(false)
  expect(recent.isKnown('1', fingerprintOf(1001, Buffer.from('{"name":"A"}')))).toBe(false)
  expect(recent.isKnown('2', first)).toBe(false)
})

test('memory is bounded: the oldest are forgotten first', () => {
  const recent = createRecent(1000)
  for (let i = 0; i < 50_000; i++) recent.remember(String(i), i, null)
  expect(recent.size).toBe(1000)
  expect(recent.isKnown('48999', 48_999)).toBe(false)
  expect(recent.isKnown('49000', 49_000)).toBe(true)
})

test('what no overlap reaches any more is forgotten', () => {
  const recent = createRecent(10, [['restored', 5]])
  recent.remember('old', 1, 100)
  recent.remember('new', 2, 200)
  recent.forgetBefore(200)
  expect(recent.isKnown('old', 1)).toBe(false)
  expect(recent.isKnown('new', 2)).toBe(true)
  expect(recent.isKnown('restored', 5)).toBe(true)
})

test('fingerprints are whole numbers that survive JSON, and one changed byte or version changes them', () => {
  const payload = Buffer.from(JSON.stringify({ text: 'x'.repeat(1000), n: 1 }))
  const seen = new Set<number>()
  for (let i = 0; i < 2000; i++) {
    const other = Buffer.from(payload)
    other[i % payload.length] = (other[i % payload.length] as number) ^ (1 + (i >> 10))
    const fingerprint = fingerprintOf(i, other)
    expect(Number.isSafeInteger(fingerprint)).toBe(true)
    seen.add(fingerprint)
  }
  expect(seen.size).toBe(2000)
  expect(fingerprintOf(2 ** 40 + 5, payload)).not.toBe(fingerprintOf(5, payload))
})
