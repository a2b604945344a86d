import { expect, test } from 'vitest'
import { claimIn } from '../../../../services/sync/claim.ts'
import { createRecent } from '../../../../services/sync/recent.ts'

test('what a page claims is known to others at once, before the page is committed', () => {
  const recent = createRecent(10)
  const claim = claimIn(recent, 1_000)
  expect(claim.isKnown('a', 1)).toBe(false)
  expect(recent.isKnown('a', 1)).toBe(true)
  expect(claim.isKnown('a', 1)).toBe(true)
})

test('a page that was not committed gives back what it claimed, and nothing else', () => {
  const recent = createRecent(10)
  recent.remember('known', 7, 0)
  const claim = claimIn(recent, 1_000)
  expect(claim.isKnown('known', 7)).toBe(true)
  expect(claim.isKnown('a', 1)).toBe(false)
  expect(claim.isKnown('b', 1)).toBe(false)
  // a delivery has published a later state meanwhile
  recent.remember('b', 2, 0)
  claim.release()
  expect(recent.isKnown('known', 7)).toBe(true)
  expect(recent.isKnown('a', 1)).toBe(false)
  expect(recent.isKnown('b', 2)).toBe(true)
})
