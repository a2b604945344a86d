import { expect, test } from 'vitest'
import { count, relative, shorten, table } from '../../../../services/cli/output.ts'

test('a table lines its columns up, without trailing blanks', () => {
  expect(
    table(
      ['A', 'LONG'],
      [
        ['wide', null],
        ['x', 'two\nlines'],
      ],
    ),
  ).toBe('A     LONG\nwide  -\nx     two lines')
})

test('times are told in one unit, before and after now', () => {
  expect(relative(0, 30_000)).toBe('30 s ago')
  expect(relative(300_000, 0)).toBe('in 5 min')
  expect(relative(0, 10 * 3_600_000)).toBe('10 h ago')
  expect(relative(0, 3 * 86_400_000)).toBe('3 d ago')
})

test('long texts are cut, counts agree with their noun', () => {
  expect(shorten('abcdef', 4)).toBe('abc…')
  expect(shorten('abcd', 4)).toBe('abcd')
  expect(count(1, 'record')).toBe('1 record')
  expect(count(0, 'record')).toBe('0 records')
})
