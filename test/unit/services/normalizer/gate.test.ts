import { describe, expect, test } from 'vitest'
import { isAhead, judgeDelete, judgeUpsert } from '../../../../services/normalizer/gate.ts'
import { hashKey, keyHash } from '../../../../services/normalizer/key-hash.ts'
import { createStateTable, DELETED } from '../../../../services/normalizer/state-table.ts'

function holding(version: number, extractedAt: number, marks = 0) {
  const table = createStateTable()
  hashKey(Buffer.from('acme:vendor:1'))
  const slot = table.insert(keyHash, 0)
  table.setGate(slot, version, extractedAt)
  table.setMarks(slot, marks)
  return { table, slot }
}

describe('an upsert', () => {
  test.each([
    ['a higher version, read later', 11, 200, 'pass'],
    ['a higher version, read earlier', 11, 50, 'pass'],
    ['the same version, read later', 10, 101, 'pass'],
    ['the same version and time (replay)', 10, 100, 'pass'],
    ['the same version, read earlier', 10, 99, 'stale'],
    ['a lower version, read later', 9, 500, 'stale'],
  ])('of %s: version %i at %i → %s', (_, version, extractedAt, verdict) => {
    const { table, slot } = holding(10, 100)
    expect(judgeUpsert(table, slot, version, extractedAt)).toBe(verdict)
  })

  test.each([
    ['read before the deletion', 10, 99, 'deleted'],
    ['read at the moment of the deletion', 10, 100, 'deleted'],
    ['read after the deletion', 10, 101, 'pass'],
    ['read after the deletion with an older version (restored in the source)', 3, 101, 'pass'],
    ['of a higher version', 11, 50, 'pass'],
  ])('of a deleted key, %s → %s', (_, version, extractedAt, verdict) => {
    const { table, slot } = holding(10, 100, DELETED)
    expect(judgeUpsert(table, slot, version, extractedAt)).toBe(verdict)
  })
})

describe('a reported deletion', () => {
  test.each([
    ['a higher version', 11, 50, 'pass'],
    ['the same version, read later', 10, 101, 'pass'],
    ['the same version, read earlier', 10, 99, 'stale'],
    ['a lower version', 9, 500, 'stale'],
    ['no version, read later', 0, 101, 'pass'],
    ['no version, read earlier', 0, 99, 'stale'],
  ])('of %s → %s', (_, version, extractedAt, verdict) => {
    const { table, slot } = holding(10, 100)
    expect(judgeDelete(table, slot, version, extractedAt)).toBe(verdict)
  })

  test('of a deleted key changes nothing', () => {
    const { table, slot } = holding(10, 100, DELETED)
    expect(judgeDelete(table, slot, 12, 300)).toBe('deleted')
  })
})

test('the gate moves only forward', () => {
  const { table, slot } = holding(10, 100)
  expect(isAhead(table, slot, 10, 100)).toBe(false)
  expect(isAhead(table, slot, 10, 101)).toBe(true)
  expect(isAhead(table, slot, 11, 1)).toBe(true)
  expect(isAhead(table, slot, 9, 900)).toBe(false)
})
