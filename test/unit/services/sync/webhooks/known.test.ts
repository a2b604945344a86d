import { expect, test } from 'vitest'
import { createKnownDeliveries } from '../../../../../services/sync/webhooks/known.ts'

const DAY = 86_400_000

test('what was added is known with its offset, what was deleted or never came is not', () => {
  const known = createKnownDeliveries()
  for (let i = 0; i < 5_000; i++) known.add(`acme/${i}`, i * 50_000, i)
  for (let i = 0; i < 5_000; i += 2) known.delete(`acme/${i}`)
  for (let i = 0; i < 5_000; i++) expect(known.get(`acme/${i}`)).toBe(i % 2 === 0 ? undefined : i)
  expect(known.get('other/1')).toBeUndefined()
  expect(known.size).toBe(2_500)
})

test('an id that comes back and goes again and again needs no more room', () => {
  const known = createKnownDeliveries()
  for (let i = 0; i < 100_000; i++) {
    known.add('acme/same', 0, i)
    known.delete('acme/same')
  }
  known.add('acme/same', 0, 42)
  expect(known.get('acme/same')).toBe(42)
  expect(known.size).toBe(1)
})

test('days that are over are forgotten', () => {
  const known = createKnownDeliveries()
  for (let day = 0; day < 10; day++) known.add(`acme/${day}`, day * DAY + 1, day)
  known.forgetBefore(3 * DAY)
  expect(Array.from({ length: 10 }, (_, day) => known.get(`acme/${day}`) !== undefined)).toEqual(
    Array.from({ length: 10 }, (_, day) => day >= 3),
  )
})
