import { expect, test } from 'vitest'
import { createLoopGuard } from '../../../../services/sync/loop-guard.ts'

test('a page that leads to itself is an endless source', () => {
  const guard = createLoopGuard(null)
  guard({ page: 1 }, 100)
  expect(() => guard({ page: 1 }, 100)).toThrow(/leads to itself/)
})

test('resuming at a cursor whose page leads back to it is noticed on the first page', () => {
  expect(() => createLoopGuard({ page: 7 })({ page: 7 }, 10)).toThrow(/leads to itself/)
})

test('one empty page that repeats the last cursor is an end marker, two are an endless source', () => {
  const guard = createLoopGuard(null)
  guard({ page: 1 }, 100)
  guard({ page: 1 }, 0)
  expect(() => guard({ page: 1 }, 0)).toThrow(/empty pages repeat/)
})

test.each([2, 3, 17, 100])('pages that go in a circle of %i are noticed', (length) => {
  const guard = createLoopGuard(null)
  let pages = 0
  const walk = () => {
    for (; pages < 10 * length + 100; pages++) guard({ page: pages % length }, 1)
  }
  expect(walk).toThrow(/circle/)
  expect(pages).toBeLessThan(4 * length + 4)
})

test('empty pages for ever are an endless source even if their cursors differ', () => {
  const guard = createLoopGuard(null)
  const walk = () => {
    for (let page = 0; page < 100_000; page++) guard({ page }, 0)
  }
  expect(walk).toThrow(/empty pages in a row/)
})

test('a hundred thousand different pages pass', () => {
  const guard = createLoopGuard(null)
  for (let page = 0; page < 100_000; page++) guard({ page }, page % 3)
  expect(() => guard({ page: 100_000 }, 5)).not.toThrow()
})
