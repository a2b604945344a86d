import { describe, expect, test } from 'vitest'
import { decimals } from '../../../core/index.ts'

const { absolute, add, compare, isZero, multiplyDivide, negate, plain, ratio, roundTo, signOf, subtract, sum } =
  decimals

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

describe('ratio', () => {
  test.each([
    [['9.50'], ['1'], '9.5'],
    [['12345'], ['1000'], '12.345'],
    [['12', '9.50'], ['1'], '114'],
    [['100', '3'], ['10', '7'], '4.285714286'],
    [['1'], ['3'], '0.333333333'],
    [['-1'], ['3'], '-0.333333333'],
    [['0.0000000005'], ['1'], '0'],
    [['0.0000000015'], ['1'], '0.000000002'],
    [['0'], ['7'], '0'],
    [['99999999999999999999.999'], ['0.001'], '99999999999999999999999'],
  ])('%j / %j is %s', (factors, divisors, result) => expect(ratio(factors, divisors)).toBe(result))

  test('rounds once, at the end', () => expect(ratio(['3', '1'], ['3'])).toBe('1'))
  test('nothing is divided by nothing', () => expect(ratio(['1'], ['5', '0'])).toBeNull())
  test('what is no number is refused', () => expect(() => ratio(['1e3'], ['1'])).toThrow(RangeError))
})

describe('sums and signs', () => {
  test('a sum keeps every digit', () =>
    expect(sum(['0.1', '0.2', '12345678901234567890'])).toBe('12345678901234567890.3'))
  test('a sum of nothing is 0', () => expect(sum([])).toBe('0'))
  test('minus zero is zero', () => expect([negate('0.00'), sum(['-1', '1.0'])]).toEqual(['0', '0']))
  test('comparing ignores how many zeros are written', () =>
    expect([compare('1.50', '1.5'), compare('-2', '1'), compare('10', '9.999')]).toEqual([0, -1, 1]))
  test('zero in any spelling', () =>
    expect([isZero('0.000'), isZero('-0'), isZero('0.001')]).toEqual([true, true, false]))
  test('without sign', () => expect([absolute('-3.50'), absolute('3.50')]).toEqual(['3.5', '3.5']))
})

test('sums keep every digit', () => {
  expect(sum(['0.1', '0.2'])).toBe('0.3')
  expect(sum(['12345678901234567.89', '-0.89'])).toBe('12345678901234567')
  expect(sum(['5', '-5.00'])).toBe('0')
  expect(sum([])).toBe('0')
})

test('ratios are rounded once, half-even, to nine places', () => {
  expect(ratio(['114'], ['12'])).toBe('9.5')
  expect(ratio(['1'], ['3'])).toBe('0.333333333')
  expect(ratio(['0.0000000005'], ['1'])).toBe('0')
  expect(ratio(['0.0000000015'], ['1'])).toBe('0.000000002')
  expect(ratio(['-2'], ['3'])).toBe('-0.666666667')
  expect(ratio(['2'], ['-3'])).toBe('-0.666666667')
  expect(ratio(['1.5', '2'], [])).toBe('3')
  expect(ratio(['1'], ['10000000000000'])).toBe('0')
  expect(ratio(['1'], ['0.00'])).toBeNull()
})

test('comparison and signs go by value', () => {
  expect(compare('1.10', '1.1')).toBe(0)
  expect(compare('-2', '1')).toBe(-1)
  expect(compare('10', '9.999')).toBe(1)
  expect(signOf('-0.000')).toBe(0)
  expect(absolute('-3.5')).toBe('3.5')
  expect(negate('3')).toBe('-3')
  expect(negate('-3')).toBe('3')
  expect(negate('0')).toBe('0')
})
