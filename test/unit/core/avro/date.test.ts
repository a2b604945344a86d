import { expect, test } from 'vitest'
import { dateOf, daysOf } from '../../../../core/avro/date.ts'

test('every day of twelve centuries goes to days and back, as Date counts them', () => {
  const wrong: unknown[] = []
  for (let days = -250_000; days < 190_000; days++) {
    const text = new Date(days * 86_400_000).toISOString().slice(0, 10)
    if (daysOf(text) !== days || dateOf(days) !== text) wrong.push([text, daysOf(text), dateOf(days)])
  }
  expect(wrong).toEqual([])
})

test('the first and the last year', () => {
  expect(dateOf(daysOf('0001-01-01'))).toBe('0001-01-01')
  expect(dateOf(daysOf('9999-12-31'))).toBe('9999-12-31')
  expect(dateOf(daysOf('0001-01-01') - 1)).toBeNull()
  expect(dateOf(daysOf('9999-12-31') + 1)).toBeNull()
})

test('days that do not exist are refused', () => {
  for (const text of [
    '2025-02-29',
    '1900-02-29',
    '2026-13-01',
    '2026-00-10',
    '2026-04-31',
    '2026-01-00',
    '0000-01-01',
    '2026-1-1',
    '20260101',
    '2026-01-01T',
    '2026/01/01',
    '-026-01-01',
    '2026-01-1x',
    '',
  ]) {
    expect([text, daysOf(text)]).toEqual([text, Number.NaN])
  }
  expect(daysOf('2000-02-29')).toBe(11_016)
})
