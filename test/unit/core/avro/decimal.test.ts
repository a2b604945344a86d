import { describe, expect, test } from 'vitest'
import { isDecimal, isRounded, putDecimal, readDecimal, takeRoundings } from '../../../../core/avro/decimal.ts'
import { decimalBytes, numbers } from './samples.ts'

const buffer = Buffer.alloc(64)

function bytesOf(text: string): Buffer | null {
  const end = putDecimal(buffer, 0, text)
  return end < 0 ? null : Buffer.from(buffer.subarray(1, end))
}
const roundTrip = (text: string): string | null => {
  const bytes = bytesOf(text)
  return bytes === null ? null : readDecimal(bytes, 0, bytes.length)
}

describe('decimals', () => {
  test('keep every digit, whatever their size', () => {
    const next = numbers(3)
    for (let i = 0; i < 20_000; i++) {
      const whole = Array.from({ length: 1 + Math.floor(next() * 29) }, () => Math.floor(next() * 10)).join('')
      const fraction = Array.from({ length: Math.floor(next() * 10) }, () => Math.floor(next() * 10)).join('')
      const sign = next() < 0.5 ? '-' : ''
      const text = sign + whole + (fraction === '' ? '' : `.${fraction}`)
      expect([text, bytesOf(text)]).toEqual([text, decimalBytes(text)])
      const plain = whole.replace(/^0+(?=\d)/, '')
      const rest = fraction.replace(/0+$/, '')
      const zero = /^[0.]*$/.test(plain + rest)
      expect(roundTrip(text)).toBe((zero ? '' : sign) + plain + (rest === '' ? '' : `.${rest}`))
    }
  })

  test('are as short as two’s complement allows, at every boundary', () => {
    for (let bits = 1n; bits <= 125n; bits++) {
      for (const delta of [-2n, -1n, 0n, 1n]) {
        for (const sign of [1n, -1n]) {
          const unscaled = sign * ((1n << bits) + delta)
          const digits = (unscaled < 0n ? -unscaled : unscaled).toString().padStart(10, '0')
          const text = `${unscaled < 0n ? '-' : ''}${digits.slice(0, -9)}.${digits.slice(-9)}`
          expect([text, bytesOf(text)]).toEqual([text, decimalBytes(text)])
        }
      }
    }
  })

  test('have one spelling: 10, 10.00, +10 and 1e1 are the same bytes', () => {
    for (const text of ['10', '10.00', '+10', '1e1', '010', '10.', '1000000E-5']) expect(roundTrip(text)).toBe('10')
    for (const text of ['0', '-0', '0.0', '.0', '0e99', '-0.000']) expect([text, roundTrip(text)]).toEqual([text, '0'])
    expect(roundTrip('.5')).toBe('0.5')
    expect(roundTrip('1e-7')).toBe('0.0000001')
  })

  test('beyond nine fractional digits are rounded half to even, and that is counted', () => {
    takeRoundings()
    for (const [text, rounded] of [
      ['0.0000000005', '0'],
      ['0.0000000015', '0.000000002'],
      ['0.0000000025', '0.000000002'],
      ['0.00000000250000001', '0.000000003'],
      ['-0.0000000015', '-0.000000002'],
      ['1.9999999999', '2'],
      ['0.12345678949', '0.123456789'],
    ] as const) {
      expect([text, roundTrip(text)]).toEqual([text, rounded])
      expect(isRounded(text)).toBe(true)
    }
    expect(takeRoundings()).toBe(7)
    expect(roundTrip('0.1234567890000')).toBe('0.123456789')
    expect(takeRoundings()).toBe(0)
    expect(isRounded('0.1234567890000')).toBe(false)
  })

  test('refuse what is no decimal or has more than 29 digits before the point', () => {
    for (const text of [
      '',
      '-',
      '.',
      '1.2.3',
      '1,5',
      ' 1',
      '1 ',
      'NaN',
      'Infinity',
      '0x10',
      '1e',
      '--1',
      '1-',
      '1e999',
      `1${'0'.repeat(29)}`,
      '１',
    ]) {
      expect([text, bytesOf(text), isDecimal(text)]).toEqual([text, null, false])
    }
    expect(isDecimal('9'.repeat(29))).toBe(true)
    // Rounds up to thirty digits.
    expect(isDecimal(`${'9'.repeat(29)}.9999999999`)).toBe(false)
  })

  test('of other writers may be longer than needed', () => {
    expect(readDecimal(Buffer.from('000000000000000001', 'hex'), 0, 9)).toBe('0.000000001')
    expect(readDecimal(Buffer.from('ffffffffffffffffff', 'hex'), 0, 9)).toBe('-0.000000001')
    expect(readDecimal(Buffer.alloc(0), 0, 0)).toBe('0')
    expect(readDecimal(Buffer.alloc(16, 0x7f), 0, 16)).toBeNull()
  })
})
