import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createStore } from '../../../../../connectors/netsuite/sandbox/store.ts'
import { tablesOf } from '../../../../../connectors/netsuite/sandbox/tables.ts'
import { decimalText } from '../../../../../connectors/netsuite/sandbox/values.ts'

const NOW = Date.UTC(2026, 0, 15, 10, 0, 0, 789)
const SECOND = Date.UTC(2026, 0, 15, 10, 0, 0)

function open(clock = { now: NOW }, file?: string) {
  return createStore({ now: () => clock.now, file })
}

describe('rows', () => {
  test('come back in one form, whatever form they were given in', () => {
    const store = open()
    store.insert('vendor', { id: 12, entityid: 'V', isperson: true, isinactive: 'F', creditlimit: 12.5, comments: '' })
    store.insert('transaction', {
      id: 1,
      type: 'PurchOrd',
      trandate: '2026-01-15',
      foreigntotal: '0012.500',
      memo: null,
    })
    expect(store.get('vendor', 12)).toMatchObject({
      id: 12,
      isperson: 'T',
      isinactive: 'F',
      creditlimit: '12.5',
      comments: null,
      datecreated: SECOND,
      lastmodifieddate: SECOND,
    })
    expect(store.get('transaction', 1)).toMatchObject({ trandate: '2026-01-15', foreigntotal: '12.5', memo: null })
    expect(store.get('transaction', 2)).toBeNull()
  })

  test('values that do not fit their column are refused', () => {
    const store = open()
    expect(() => store.insert('vendor', { id: 1, isinactive: 'yes' })).toThrow('no bool')
    expect(() => store.insert('vendor', { id: 1, currency: 'EUR' })).toThrow('no ref')
    expect(() => store.insert('transaction', { id: 1, type: 'PurchOrd', trandate: '15/01/2026' })).toThrow('no date')
    expect(() => store.insert('vendor', { id: 1, nope: 1 })).toThrow('no column nope')
    expect(() => store.insert('nope', { id: 1 })).toThrow('no table nope')
    expect(() => store.insert('transaction', { id: 1 })).toThrow(/NOT NULL/)
  })

  test('are found by what they equal, in the order of their key', () => {
    const store = open()
    store.insertMany('location', [
      { id: 4, name: 'Yard', parent: 3 },
      { id: 3, name: 'Main' },
    ])
    expect(store.rows('location').map((it) => it.id)).toEqual([3, 4])
    expect(store.rows('location', { parent: null }).map((it) => it.id)).toEqual([3])
    expect(store.count('location', { name: 'Yard' })).toBe(1)
  })
})

describe('lines', () => {
  test('need their transaction at the end of a unit of work, and go with it', () => {
    const store = open()
    const line = { transaction: 1, id: 0, uniquekey: 10, mainline: 'T', taxline: 'F' }
    expect(() => store.insert('transactionline', line)).toThrow(/FOREIGN KEY/)
    store.transaction(() => {
      store.insert('transactionline', line)
      store.insert('transaction', { id: 1, type: 'PurchOrd' })
    })
    expect(() => store.insert('transactionline', { ...line, id: 1 })).toThrow(/UNIQUE/)
    expect(store.get('transactionline', [1, 0])).toMatchObject({ uniquekey: 10 })
    expect(store.remove('transaction', 1)).toBe(true)
    expect(store.remove('transaction', 1)).toBe(false)
    expect(store.rows('transactionline')).toEqual([])
  })
})

describe('units of work', () => {
  test('leave nothing behind when they fail, also within others', () => {
    const store = open()
    store.transaction(() => {
      store.insert('location', { id: 1 })
      expect(() =>
        store.transaction(() => {
          store.insert('location', { id: 2 })
          throw new Error('no')
        }),
      ).toThrow('no')
    })
    expect(store.rows('location').map((it) => it.id)).toEqual([1])
  })
})

describe('late commits', () => {
  test('rows and changes stay hidden until their time', () => {
    const clock = { now: NOW }
    const store = open(clock)
    store.insert('location', { id: 1, name: 'old' })
    store.insert('location', { id: 2 }, { visibleAt: NOW + 10 })
    store.update('location', 1, { name: 'new' }, { visibleAt: NOW + 10 })
    expect(store.get('location', 2)).toBeNull()
    expect(store.rows('location').map((it) => it.name)).toEqual(['old'])
    clock.now += 10
    expect(store.count('location')).toBe(2)
    expect(store.get('location', 1)?.name).toBe('new')
  })
})

describe('a file', () => {
  test('keeps rows and sequences', () => {
    const folder = mkdtempSync(join(tmpdir(), 'store-'))
    const file = join(folder, 'account.db')
    const first = open({ now: NOW }, file)
    first.insert('location', { id: 1, name: 'Main' })
    expect([first.nextId('entity', 12), first.nextId('entity', 12)]).toEqual([12, 13])
    first.close()
    const second = open({ now: NOW }, file)
    expect(second.get('location', 1)?.name).toBe('Main')
    expect(second.nextId('entity', 12)).toBe(14)
    second.close()
    rmSync(folder, { recursive: true })
  })
})

describe('tables', () => {
  test('refer only to tables there are, and show a column there is', () => {
    const tables = tablesOf()
    const wrong: string[] = []
    for (const table of tables.values()) {
      for (const key of [...table.key, ...(table.display === null ? [] : [table.display])]) {
        if (!table.columns.has(key)) wrong.push(`${table.name}: ${key}`)
      }
      for (const column of table.columns.values()) {
        if (column.type === 'ref' && !tables.has(column.ref ?? '')) wrong.push(`${table.name}.${column.name}`)
      }
    }
    expect(wrong).toEqual([])
  })
})

test.each([
  ['12.50', '12.5'],
  ['-0.00', '0'],
  ['1e3', '1000'],
  ['1.5e-3', '0.0015'],
  [1e21, '1000000000000000000000'],
  ['.5', '0.5'],
  ['+7.', '7'],
  ['12a', null],
  ['', null],
  ['-', null],
])('the decimal text of %s is %s', (value, text) => {
  expect(decimalText(value)).toBe(text)
})
