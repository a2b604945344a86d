import { expect, it } from 'vitest'
import {
  add,
  canonical,
  compare,
  divide,
  isDecimal,
  multiply,
  sizeOf,
  subtract,
} from '../../../../../../connectors/sap-s4hana/sandbox/writes/decimals.ts'

it('sums and products keep every digit', () => {
  expect(add('0.1', '0.2')).toBe('0.3')
  expect(add('99999999999999999999.001', '0.999')).toBe('100000000000000000000')
  expect(subtract('3', '5.25')).toBe('-2.25')
  expect(subtract('5', '5.000')).toBe('0')
  expect(multiply('-1.5', '0.25')).toBe('-0.375')
})

it('a quotient is rounded half away from zero', () => {
  expect(divide('1', '3', 3)).toBe('0.333')
  expect(divide('1', '8', 2)).toBe('0.13')
  expect(divide('-1', '8', 2)).toBe('-0.13')
  expect(divide('10', '4', 0)).toBe('3')
  expect(divide('0', '7', 3)).toBe('0')
  expect(() => divide('1', '0.0', 2)).toThrow(RangeError)
})

it('values are compared as numbers and shown in their shortest form', () => {
  expect(compare('9', '10')).toBe(-1)
  expect(compare('9.50', '9.5')).toBe(0)
  expect(compare('-1', '-2')).toBe(1)
  expect(canonical('-0.00')).toBe('0')
  expect(canonical('012.500')).toBe('12.5')
  expect(canonical('.5')).toBe('0.5')
  expect(canonical('-.5')).toBe('-0.5')
})

it('what is no decimal is told from what is', () => {
  expect(['1', '-1.5', '+3', '1.', '.5'].map(isDecimal)).toEqual([true, true, true, true, true])
  expect(['', '1,5', '1e3', 'x', '.', '- 1'].map(isDecimal)).toEqual([false, false, false, false, false, false])
  expect(sizeOf('-0120.500')).toEqual({ whole: 3, fraction: 1 })
})
