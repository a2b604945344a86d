import { describe, expect, test } from 'vitest'
import {
  date,
  days,
  decimal,
  instant,
  reference,
  text,
  toDate,
  toDatetime,
  truth,
} from '../../../../connectors/tryton/values.ts'

const at = { year: 2026, month: 3, day: 29, hour: 1, minute: 2, second: 3, microsecond: 456_789 }

describe("Tryton's values", () => {
  test('a Decimal is its own text, a float its shortest decimal text', () => {
    expect(decimal({ __class__: 'Decimal', decimal: '12.7500' })).toBe('12.75')
    expect(decimal({ __class__: 'Decimal', decimal: '1E+3' })).toBe('1000')
    expect([decimal(0.1), decimal(23.66), decimal(1e-7), decimal(5)]).toEqual(['0.1', '23.66', '0.0000001', '5'])
  })
  test('a Decimal keeps every digit', () => {
    const digits = '12345678901234567890.123456789'
    expect(decimal({ __class__: 'Decimal', decimal: digits })).toBe(digits)
  })
  test('a datetime is UTC, whatever zone this process is in', () => {
    expect(instant({ __class__: 'datetime', ...at })).toBe(Date.UTC(2026, 2, 29, 1, 2, 3, 456))
  })
  test('milliseconds survive the way to Tryton and back', () => {
    const ms = Date.UTC(1999, 11, 31, 23, 59, 59, 999)
    expect(instant(toDatetime(ms))).toBe(ms)
  })
  test('a date stays a calendar date', () => {
    expect(date({ __class__: 'date', year: 2026, month: 1, day: 9 })).toBe('2026-01-09')
    expect(date(toDate('2026-12-31'))).toBe('2026-12-31')
  })
  test('booleans may come as 0 and 1', () => {
    expect([truth(0), truth(1), truth(true), truth(null)]).toEqual([false, true, true, null])
  })
  test('a lead time counts begun days', () => {
    expect([
      days({ __class__: 'timedelta', seconds: 86_400 }),
      days({ __class__: 'timedelta', seconds: 86_401 }),
    ]).toEqual([1, 2])
  })
  test('empty text is null', () => expect([text('  '), text(' a '), text(null)]).toEqual([null, 'a', null]))
  test('null and a missing field are null', () => {
    for (const read of [text, decimal, date, instant, truth, days, reference])
      expect([read(null), read(undefined)]).toEqual([null, null])
  })
  test('what a field cannot be is refused, not guessed', () => {
    expect(() => decimal('12')).toThrow(TypeError)
    expect(() => decimal({ __class__: 'date', year: 1, month: 1, day: 1 })).toThrow(TypeError)
    expect(() => date('2026-01-01')).toThrow(TypeError)
    expect(() => instant({ __class__: 'datetime' })).toThrow(TypeError)
    expect(() => truth(2)).toThrow(TypeError)
    expect(() => reference('party.party,3')).toThrow(TypeError)
    expect(() => text(5)).toThrow(TypeError)
  })
})
