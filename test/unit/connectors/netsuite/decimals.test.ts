import { expect, test } from 'vitest'
import { absolute, compare, negate, ratio, signOf, sum } from '../../../../connectors/netsuite/decimals.ts'

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
