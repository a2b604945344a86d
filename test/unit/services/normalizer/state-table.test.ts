import { describe, expect, test } from 'vitest'
import { hashKey, keyHash } from '../../../../services/normalizer/key-hash.ts'
import { createStateTable, DELETED, UNPUBLISHED, USED } from '../../../../services/normalizer/state-table.ts'

const hashOf = (key: string): Uint32Array => {
  hashKey(Buffer.from(key))
  return keyHash.slice()
}

function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

describe('the key hash', () => {
  test('differs for keys that differ in one bit, in length, or in trailing zeros', () => {
    const seen = new Set<string>()
    const keys = ['', 'a', 'b', 'a\0', 'a\0\0', ...Array.from({ length: 50_000 }, (_, i) => `acme:vendor:${i}`)]
    for (const key of keys) seen.add(hashOf(key).join())
    expect(seen.size).toBe(keys.length)
  })

  test('spreads consecutive keys evenly over the first word', () => {
    const buckets = new Uint32Array(64)
    for (let i = 0; i < 64_000; i++) buckets[(hashOf(`acme:item:${i}`)[0] as number) & 63]!++
    expect(Math.min(...buckets)).toBeGreaterThan(800)
    expect(Math.max(...buckets)).toBeLessThan(1200)
  })
})

describe('the state table', () => {
  test('agrees with a Map through random inserts, changes and removals', () => {
    const table = createStateTable()
    const model = new Map<string, { version: number; extractedAt: number; offset: number; connection: number }>()
    const next = random(7)
    for (let step = 0; step < 60_000; step++) {
      const key = `k${Math.floor(next() * 9000)}`
      const hash = hashOf(key)
      let slot = table.find(hash)
      expect(slot >= 0).toBe(model.has(key))
      if (slot >= 0 && next() < 0.3) {
        table.remove(slot)
        model.delete(key)
        continue
      }
      const entry = { version: step, extractedAt: 1.7e12 + step, offset: 2 ** 33 + step, connection: step % 100_000 }
      if (slot < 0) slot = table.insert(hash, entry.connection)
      else entry.connection = table.connection(slot)
      table.setGate(slot, entry.version, entry.extractedAt)
      table.setOffset(slot, entry.offset)
      table.setContent(slot, hashOf(`content ${step}`))
      model.set(key, entry)
    }
    expect(table.size()).toBe(model.size)
    for (const [key, entry] of model) {
      const slot = table.find(hashOf(key))
      expect(table.version(slot)).toBe(entry.version)
      expect(table.extractedAt(slot)).toBe(entry.extractedAt)
      expect(table.offset(slot)).toBe(entry.offset)
      expect(table.connection(slot)).toBe(entry.connection)
      expect(table.hasContent(slot, hashOf(`content ${entry.version}`))).toBe(true)
      expect(table.hasContent(slot, hashOf('another'))).toBe(false)
    }
    let used = 0
    for (let slot = 0; slot < table.slots(); slot++) if (table.isUsed(slot)) used++
    expect(used).toBe(model.size)
  })

  test('starts a new entry blank, also in a slot that was used before', () => {
    const table = createStateTable()
    const first = table.insert(hashOf('a'), 5)
    table.setGate(first, 9, 9)
    table.setOffset(first, 9)
    table.setContent(first, hashOf('x'))
    table.setPayload(first, hashOf('y'))
    table.setMarks(first, DELETED)
    table.insert(hashOf('b'), 1)
    table.remove(first)
    const again = table.insert(hashOf('c'), 6)
    expect(again).toBe(first)
    expect([table.version(again), table.extractedAt(again), table.offset(again)]).toEqual([0, 0, -1])
    expect(table.hasContent(again, hashOf('x'))).toBe(false)
    expect(table.hasPayload(again, hashOf('y'))).toBe(false)
    expect(table.marks(again)).toBe(USED)
    expect(table.connection(again)).toBe(6)
  })

  test('keeps marks and connection apart', () => {
    const table = createStateTable()
    const slot = table.insert(hashOf('a'), 0xabcdef)
    table.setMarks(slot, DELETED | UNPUBLISHED)
    expect(table.connection(slot)).toBe(0xabcdef)
    expect(table.marks(slot)).toBe(USED | DELETED | UNPUBLISHED)
  })

  test('takes at most 64 bytes a key beyond the load factor of its index', () => {
    const table = createStateTable()
    const keys = 300_000
    for (let i = 0; i < keys; i++) table.insert(hashOf(`acme:vendor:${i}`), 1)
    const indexSlots = 2 ** Math.ceil(Math.log2((keys * 4) / 3))
    const slack = (indexSlots - keys) * 4
    expect((table.bytes() - slack) / keys).toBeLessThanOrEqual(64.5)
    expect(table.bytes() / keys).toBeLessThan(72)
  })
})
