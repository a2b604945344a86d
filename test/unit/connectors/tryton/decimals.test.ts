import { describe, expect, test } from 'vitest'
import { add, compare, multiplyDivide, plain, roundTo, subtract, sum } from '../../../../connectors/tryton/decimals.ts'

describe('decimal texts', () => {
  test('are written without exponent, plus sign and needless zeros', () => {
    expect(['1e-7', '1E+3', '12.500', '-0.0', '+7', '.5', '5.', '0012'].map(plain)).toEqual([
      '0.0000001',
      '1000',
      '12.5',
      '0',
      '7',
      '0.5',
      '5',
      '12',
    ])
  })
  test('what is not a number is refused', () => {
    for (const text of ['', '-', '1,5', 'NaN', 'Infinity', '1e999', '0x10'])
      expect(() => plain(text)).toThrow(RangeError)
  })
  test('add and subtract exactly, where floats do not', () => {
    expect(0.1 + 0.2).not.toBe(0.3)
    expect(add('0.1', '0.2')).toBe('0.3')
    expect(subtract('0.3', '0.1')).toBe('0.2')
    expect(sum(Array.from({ length: 10 }, () => '0.1'))).toBe('1')
    expect(add('99999999999999999999.000000001', '0.999999999')).toBe('100000000000000000000')
  })
  test('compare by value', () => {
    expect([compare('1.10', '1.1'), compare('-2', '1'), compare('10', '9')]).toEqual([0, -1, 1])
  })
  test('round half to even, to any step', () => {
    expect(['0.125', '0.135', '-0.125', '2.5', '3.5'].map((text) => roundTo(text, '0.01'))).toEqual([
      '0.12',
      '0.14',
      '-0.12',
      '2.5',
      '3.5',
    ])
    expect([roundTo('2.5', '1'), roundTo('3.5', '1'), roundTo('7', '5')]).toEqual(['2', '4', '5'])
  })
  test('convert units', () => {
    // 2.5 kg in g, 1000 g in lb
    expect(multiplyDivide('2.5', '1', '0.001', '0.01')).toBe('2500')
    expect(multiplyDivide('1000', '0.001', '0.45359237', '0.01')).toBe('2.2')
    expect(() => multiplyDivide('1', '1', '0', '1')).toThrow(RangeError)
  })
})
