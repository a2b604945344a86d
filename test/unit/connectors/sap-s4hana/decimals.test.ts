import { describe, expect, test } from 'vitest'
import { absolute, compare, isZero, negate, ratio, sum } from '../../../../connectors/sap-s4hana/decimals.ts'

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
