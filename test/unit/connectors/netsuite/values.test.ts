import { expect, test } from 'vitest'
import { isoOf, UTC_CLOCK } from '../../../../connectors/netsuite/read/wire-clock.ts'
import { date } from '../../../../connectors/netsuite/values.ts'

test('every day of four centuries is a date, and nothing beside them', () => {
  const first = Date.UTC(1900, 0, 1)
  for (let at = first; at < Date.UTC(2300, 0, 1); at += 86_400_000) {
    const day = new Date(at).toISOString().slice(0, 10)
    if (date(day) !== day) throw new Error(day)
  }
  for (const day of ['2026-02-29', '2100-02-29', '2026-04-31', '2026-00-10', '2026-13-01', '2026-01-00', '2026-01-32'])
    expect(() => date(day)).toThrow('expected a date')
  for (const other of ['1/15/2026', '2026-1-5', '2026-01-15 00:00:00', 20260115])
    expect(() => date(other)).toThrow('expected a date')
})

test('an instant in UTC is its text, with or without fractions; another format is refused', () => {
  expect(isoOf('2026-01-15 10:00:01', UTC_CLOCK)).toBe('2026-01-15T10:00:01Z')
  expect(isoOf('2026-01-15 10:00:01.250', UTC_CLOCK)).toBe('2026-01-15T10:00:01Z')
  for (const other of ['2026-01-15', '1/15/2026 10:00 am', '2026-01-15 25:00:00', null])
    expect(() => isoOf(other, UTC_CLOCK)).toThrow('unexpected format')
})
