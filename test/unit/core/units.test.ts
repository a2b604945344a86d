import { describe, expect, test } from 'vitest'
import { fromVocabulary, unitCode } from '../../../core/index.ts'

describe('unitCode', () => {
  test('knows common units in any case', () => {
    expect([unitCode('kg'), unitCode('PCE'), unitCode('Units'), unitCode(' m '), unitCode('m²')]).toEqual([
      'KGM',
      'H87',
      'H87',
      'MTR',
      'MTK',
    ])
  })
  test('an unknown unit has no code', () => {
    expect([unitCode('pallet'), unitCode(''), unitCode(null), unitCode('constructor')]).toEqual([
      null,
      null,
      null,
      null,
    ])
  })
  test("the connection's map wins over the connector's, and that over the built-in one", () => {
    expect(unitCode('KG', { KG: 'XXX' }, { KG: 'YYY' })).toBe('XXX')
    expect(unitCode('KG', {}, { KG: 'YYY' })).toBe('YYY')
  })
})

describe('fromVocabulary', () => {
  const known = { open: 'OPEN' } as const
  const symbols = ['UNKNOWN', 'OPEN', 'CLOSED'] as const
  const ask = (native: string | null, remap: { [native: string]: string } = {}) =>
    fromVocabulary<'OPEN' | 'CLOSED' | 'UNKNOWN'>({ remaps: { 'x.status': remap } }, 'x.status', native, known, symbols)

  test('translates what it knows', () => expect(ask('open')).toBe('OPEN'))
  test('a value nobody knows is UNKNOWN', () =>
    expect([ask('new'), ask(null), ask('toString')]).toEqual(['UNKNOWN', 'UNKNOWN', 'UNKNOWN']))
  test("the connection's remap wins", () => expect(ask('open', { open: 'CLOSED' })).toBe('CLOSED'))
  test('a remap to no symbol of the vocabulary is UNKNOWN', () => expect(ask('open', { open: 'TYPO' })).toBe('UNKNOWN'))
})
