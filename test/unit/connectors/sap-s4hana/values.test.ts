import { describe, expect, test } from 'vitest'
import {
  child,
  children,
  decimal,
  entityPath,
  flag,
  literal,
  localInstant,
  sapDate,
  sapInstant,
  sapTime,
  stripZeros,
  text,
} from '../../../../connectors/sap-s4hana/values.ts'
import { isZone, orderOf } from '../../../../core/zones.ts'
import type { Json } from '../../../../core/index.ts'

const wire = (iso: string) => `/Date(${Date.parse(iso)})/`

describe('values', () => {
  test.each([
    ['12.500', '12.5'],
    ['0', '0'],
    ['0.000', '0'],
    ['-0.00', '0'],
    ['000012', '12'],
    ['12.50-', '-12.5'],
    ['.5', '0.5'],
    ['-1234567890123456789012.123456789', '-1234567890123456789012.123456789'],
    ['1.5E3', '1500'],
    ['15E-4', '0.0015'],
    ['1.23456E2', '123.456'],
    [0.1, '0.1'],
    [1e21, '1000000000000000000000'],
    [12, '12'],
  ] as const)('%s as a decimal is %s', (value, wanted) => {
    expect(decimal(value)).toBe(wanted)
  })

  test.each(['', null, undefined])('%j is no number', (value) => {
    expect(decimal(value)).toBeNull()
  })

  test.each(['abc', '1,5', '1.2.3', true, {}, '-', '.'] as Json[])('%j is refused as a number', (value) => {
    expect(() => decimal(value)).toThrow(TypeError)
  })

  test('empty text is null, blanks around it go', () => {
    expect([text(''), text('  '), text(' a b '), text(null), text(7)]).toEqual([null, null, 'a b', null, '7'])
    expect(() => text({})).toThrow(TypeError)
    expect([flag(true), flag(false), flag(null), flag('')]).toEqual([true, false, null, null])
    expect(() => flag('X')).toThrow(TypeError)
  })

  test.each([
    ['/Date(1768471200000+0000)/', 1_768_471_200_000],
    ['/Date(1768471200000)/', 1_768_471_200_000],
    ['/Date(1768471200000+0060)/', 1_768_471_200_000],
    ['/Date(-86400000)/', -86_400_000],
    ['2026-01-15T10:00:00Z', 1_768_471_200_000],
    ['2026-01-15T10:00:00', 1_768_471_200_000],
    ['2026-01-15T12:00:00+02:00', 1_768_471_200_000],
    ['', null],
    [null, null],
  ])('%s is the instant %s', (value, wanted) => {
    expect(sapInstant(value)).toBe(wanted)
  })

  test.each(['/Date(abc)/', '/Date(99999999999999999)/', '/Date(253402300800000)/', '00000000', 'soon', 5] as Json[])(
    '%j is no date',
    (value) => {
      expect(() => sapInstant(value)).toThrow(TypeError)
    },
  )

  test('dates are days; unlimited is none', () => {
    expect(sapDate('/Date(1768435200000)/')).toBe('2026-01-15')
    expect(sapDate('/Date(-1)/')).toBe('1969-12-31')
    expect(sapDate('/Date(253402214400000)/')).toBeNull()
    expect(sapDate(null)).toBeNull()
  })

  test('times are seconds', () => {
    expect([sapTime('PT17H49M05S'), sapTime('PT0S'), sapTime('PT1H'), sapTime(null)]).toEqual([64_145, 0, 3600, null])
    expect(() => sapTime('17:49')).toThrow(TypeError)
  })

  test('keys compare without the zeros before numbers', () => {
    expect(['00010', '0', '000', 'A01', '01A'].map(stripZeros)).toEqual(['10', '0', '0', 'A01', '01A'])
  })

  test('expanded rows come in several forms', () => {
    const row = { A: '1' }
    expect(children({ results: [row] })).toEqual([row])
    expect(children([row])).toEqual([row])
    expect([children({ __deferred: { uri: 'x' } }), children(null), children(undefined)]).toEqual([[], [], []])
    expect(() => children('x')).toThrow(TypeError)
    expect([child(row), child({ __deferred: { uri: 'x' } }), child(null)]).toEqual([row, null, null])
  })
})

describe('local times', () => {
  const zone = 'Europe/Berlin'
  const at = (date: string, time: string) => localInstant(wire(`${date}T00:00:00Z`), time, zone)

  test('are read in the zone, in winter and summer', () => {
    expect(at('2026-01-15', 'PT10H00M00S')).toBe(Date.parse('2026-01-15T09:00:00Z'))
    expect(at('2026-07-15', 'PT00H30M00S')).toBe(Date.parse('2026-07-14T22:30:00Z'))
    expect(localInstant(wire('2026-07-15T00:00:00Z'), 'PT10H00M00S', 'UTC')).toBe(Date.parse('2026-07-15T10:00:00Z'))
    expect(localInstant(wire('2026-01-15T00:00:00Z'), null, zone)).toBe(Date.parse('2026-01-14T23:00:00Z'))
    expect(localInstant(null, 'PT10H00M00S', zone)).toBeNull()
  })

  test('that exist twice are the later one, that are skipped go on as before', () => {
    expect(at('2026-10-25', 'PT02H30M00S')).toBe(Date.parse('2026-10-25T01:30:00Z'))
    expect(at('2026-03-29', 'PT02H30M00S')).toBe(Date.parse('2026-03-29T01:30:00Z'))
  })

  test('around the hour that exists twice are ordered as they followed each other, never backwards', () => {
    const local = (text: string) => orderOf(Date.parse(`2026-10-25T${text}Z`), zone)
    const order = ['01:59:59', '02:00:00', '02:30:00', '02:59:59', '03:00:00', '03:00:01'].map(local)
    expect(order).toEqual([...order].sort((a, b) => a - b))
    // the first 02:50 came before the second 02:10
    expect(local('02:50:00')).toBe(local('02:10:00'))
    expect(local('01:59:59')).toBeLessThan(local('02:00:00'))
    expect(local('02:59:59')).toBeLessThan(local('03:00:01'))
  })

  test('west of Greenwich, at half hours, and long ago', () => {
    expect(localInstant(wire('2026-07-15T00:00:00Z'), 'PT10H00M00S', 'America/Los_Angeles')).toBe(
      Date.parse('2026-07-15T17:00:00Z'),
    )
    expect(localInstant(wire('2026-07-15T00:00:00Z'), 'PT10H00M00S', 'Asia/Kolkata')).toBe(
      Date.parse('2026-07-15T04:30:00Z'),
    )
    expect(localInstant(wire('1969-12-31T00:00:00Z'), 'PT23H00M00S', 'Asia/Tokyo')).toBe(
      Date.parse('1969-12-31T14:00:00Z'),
    )
    expect([isZone('Europe/Berlin'), isZone('Mars/Base')]).toEqual([true, false])
  })
})

describe('literals', () => {
  test('are those of OData V2', () => {
    expect(literal.string("it's")).toBe("'it''s'")
    expect(literal.datetimeoffset(1_768_471_200_999)).toBe("datetimeoffset'2026-01-15T10:00:00Z'")
    expect(literal.datetime(1_768_435_200_000)).toBe("datetime'2026-01-15T00:00:00'")
  })

  test('of key values follow the form in which SAP sent them', () => {
    expect(literal.of('PT100')).toBe("'PT100'")
    expect(literal.of('/Date(253402214400000)/')).toBe("datetime'9999-12-31T00:00:00'")
    expect(literal.of('/Date(1768471200000+0000)/')).toBe("datetimeoffset'2026-01-15T10:00:00Z'")
    expect(literal.of(10)).toBe('10')
  })

  test('make addresses of entities', () => {
    expect(entityPath('A_PurchaseOrder', { PurchaseOrder: '4500000001' })).toBe("A_PurchaseOrder('4500000001')")
    expect(entityPath('X', { A: 'a/b', B: "it's" })).toBe("X(A='a%2Fb',B='it''s')")
    expect(entityPath('Equipment', { Equipment: '1', ValidityEndDate: '/Date(253402214400000)/' })).toBe(
      "Equipment(Equipment='1',ValidityEndDate=datetime'9999-12-31T00%3A00%3A00')",
    )
  })
})
