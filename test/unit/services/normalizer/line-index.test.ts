import { describe, expect, test } from 'vitest'
import { createLineIndex, packIds, unpackIds, vanishedIds } from '../../../../services/normalizer/line-index.ts'

describe('the line index', () => {
  test.each([
    [[['c:purchase_order_line:1|1', 'c:purchase_order_line:1|2']]],
    [[['only']]],
    [[[], ['a|1'], []]],
    [[['same'], ['same']]],
    [[[], []]],
  ])('gives back the ids it was given: %j', (ids) => {
    expect(unpackIds(packIds(ids))).toEqual(ids)
  })

  test('keeps ids per slot, and forgets headers without lines', () => {
    const index = createLineIndex()
    index.set(5, [['a', 'b']])
    index.set(2, [['x']])
    expect(index.get(5)).toEqual([['a', 'b']])
    expect(index.get(2)).toEqual([['x']])
    index.set(5, [[]])
    expect(index.get(5)).toBeNull()
    index.remove(2)
    expect(index.get(2)).toBeNull()
    expect(index.characters()).toBe(0)
  })

  test('stores what the ids of a header share only once', () => {
    const index = createLineIndex()
    const ids = Array.from({ length: 100 }, (_, i) => `acme-production:purchase_order_line:4500000123|${i}`)
    index.set(0, [ids])
    expect(index.characters()).toBeLessThan(100 * 4 + 60)
  })
})

test('vanished ids are those of the last version that the new one lacks, topic by topic', () => {
  expect(vanishedIds([['1', '2', '3'], ['t']], [['2'], ['t', 'u']])).toEqual([['1', '3'], []])
  expect(vanishedIds(null, [['2']])).toEqual([[]])
})
