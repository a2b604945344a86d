import { beforeAll, describe, expect, test } from 'vitest'
import { explainSuiteQl } from '../../../../../../connectors/netsuite/sandbox/suiteql/index.ts'
import { type Books, openBooks, utc } from './books.ts'
import { BINS, DELETED, lines, PREFERRED_VENDORS, STOCK, WINDOWED } from './statements.ts'

const START = ['2026-02-01 00:00:00', '1970-01-01 00:00:00', '1970-01-01 00:00:00', '0']

describe('statements of the reference', () => {
  const books = openBooks()
  books.store.insertMany('itemvendor', [
    { item: 88, vendor: 12, preferredvendor: 'T' },
    { item: 89, vendor: 13, preferredvendor: 'F' },
  ])
  books.store.insertMany('aggregateitemlocation', [
    { item: 88, location: 3, quantityonhand: '7.5' },
    { item: 88, location: 4, quantityonhand: '0' },
    { item: 89, location: 3, quantityonhand: '-1' },
  ])
  books.store.insert('inventorybalance', { item: 88, location: 3, binnumber: 1, inventorystatus: 1, quantityonhand: 5 })
  books.store.insertMany('deletedrecord', [
    { recordid: 7, type: 'Purchase Order', name: 'PO7', deleteddate: utc('2026-01-10T00:00:00') },
    { recordid: 6, type: 'Vendor', name: 'gone', deleteddate: utc('2026-01-12T00:00:00') },
  ])

  test('headers of purchase orders, in the order of their change', () => {
    const found = books.ask(WINDOWED.orders, START)
    expect(found.map((it) => it.id)).toEqual(['1', '2', '3', '4'])
    expect(found[0]).toEqual({
      id: '1',
      tranid: 'PO1',
      status: 'B',
      statusname: 'Purchase Order : Pending Receipt',
      vendor: '12',
      trandate: '2026-01-15',
      foreigntotal: '114',
      employee: '40',
      voided: 'F',
      subsidiary: '1',
      location: '3',
      created: '2026-01-01 08:15:00',
      ts: '2026-01-01 08:15:00',
    })
  })

  test('the window goes on within a cluster of equal times', () => {
    const at = '2026-01-01 08:15:01'
    expect(books.column(WINDOWED.orders, [START[0] ?? '', at, at, '2'])).toEqual(['3', '4'])
    expect(books.column(WINDOWED.orders, ['2026-01-01 08:15:01', at, at, '3'])).toEqual([])
    expect(books.column(WINDOWED.orders, ['2026-01-01 08:15:01', at, at, '0'])).toEqual(['2', '3'])
  })

  test('lines of the headers just read', () => {
    const found = books.ask(lines(2), ['2', '1'])
    expect(found.map((it) => `${it.transaction}/${it.lineid}/${it.uniquekey}`)).toEqual([
      '1/1/101',
      '1/2/102',
      '2/1/201',
    ])
    expect(found[1]).toEqual({
      transaction: '1',
      uniquekey: '102',
      lineid: '2',
      linesequencenumber: '2',
      item: '89',
      quantity: '0.125',
      foreignamount: '1.005',
    })
  })

  test('vendors, items, locations, employees', () => {
    const now = ['2026-01-15 10:00:00', ...START.slice(1)]
    expect(books.column(WINDOWED.vendors, now)).toEqual(['12', '13', '14'])
    expect(books.column(WINDOWED.items, now)).toEqual(['88', '89'])
    expect(books.column(WINDOWED.locations, now)).toEqual(['3', '4'])
    expect(books.ask(WINDOWED.employees, now)).toEqual([
      {
        id: '40',
        entityid: 'Kim Roe',
        firstname: 'Kim',
        lastname: 'Roe',
        hired: '2024-02-29',
        ts: '2026-01-15 10:00:00',
      },
    ])
  })

  test('preferred vendors, stock by key, bins, deletions', () => {
    expect(books.ask(PREFERRED_VENDORS, ['88', '89'])).toHaveLength(2)
    expect(books.ask(STOCK, ['0', '0', '0']).map((it) => it.quantityonhand)).toEqual(['7.5', '0', '-1'])
    expect(books.ask(STOCK, ['88', '88', '3']).map((it) => `${it.item}/${it.location}`)).toEqual(['88/4', '89/3'])
    expect(books.ask(BINS, ['88'])).toEqual([
      { item: '88', location: '3', binnumber: '1', inventorystatus: '1', quantityonhand: '5' },
    ])
    expect(books.column(DELETED, ['2026-01-10 00:00:00', '2026-01-11 00:00:00'])).toEqual(['7'])
    expect(books.column(DELETED, ['2026-01-01 00:00:00', '2026-02-01 00:00:00'])).toEqual(['7', '6'])
  })

  test('a status is found by its letter and by its full code; results show it as the account does', () => {
    const of = (books: Books, where: string) => books.column(`SELECT id FROM transaction t WHERE ${where} ORDER BY id`)
    const other = openBooks({ statusForm: 'prefixed' })
    for (const it of [books, other]) {
      expect(of(it, "t.status = 'B'")).toEqual(['1', '3'])
      expect(of(it, "t.status = 'PurchOrd:B'")).toEqual(['1', '3'])
      expect(of(it, "t.status IN ('PurchOrd:D', 'H')")).toEqual(['2', '4'])
      expect(of(it, "t.status <> 'PurchOrd:B'")).toEqual(['2', '4'])
      expect(of(it, "t.status LIKE 'PurchOrd:%' AND t.id < 3")).toEqual(['1', '2'])
    }
    expect(other.column('SELECT status FROM transaction WHERE id = 1')).toEqual(['PurchOrd:B'])
  })

  test('BUILTIN.DF shows names, choices and dates as pages do', () => {
    const q = `SELECT BUILTIN.DF(entity) AS v, BUILTIN.DF(employee) AS e, BUILTIN.DF(type) AS t, BUILTIN.DF(trandate) AS d,
      BUILTIN.DF(memo) AS m FROM transaction WHERE id = 4`
    expect(books.ask(q)).toEqual([
      { v: "O'Brien & Söhne", e: 'Kim Roe', t: 'Purchase Order', d: '2/28/2026', m: 'late' },
    ])
    expect(books.column('SELECT BUILTIN.DF(l.transaction) AS t FROM transactionline l WHERE uniquekey = 101')).toEqual([
      'Purchase Order #PO1',
    ])
    expect(books.column('SELECT BUILTIN.DF(parent) AS p FROM location WHERE id = 4')).toEqual(['Main store'])
  })
})

describe('speed', () => {
  const COUNT = 100_000
  const books = openBooks()
  const cluster = Date.UTC(2025, 0, 1)
  beforeAll(() => {
    const { store } = books
    store.transaction(() => {
      for (let id = 1001; id <= 1000 + COUNT; id++) {
        // 2,500 orders share a second
        const at = cluster + Math.floor(id / 2500) * 1000
        store.insert('transaction', {
          id,
          type: id % 20 === 0 ? 'ItemRcpt' : 'PurchOrd',
          tranid: `PO${id}`,
          status: 'B',
          entity: 12,
          trandate: '2025-01-01',
          foreigntotal: '12.5',
          createddate: at,
          lastmodifieddate: at,
        })
        store.insert('transactionline', { transaction: id, id: 0, uniquekey: id * 10, mainline: 'T', taxline: 'F' })
        store.insert('transactionline', { transaction: id, id: 1, uniquekey: id * 10 + 1, mainline: 'F', taxline: 'F' })
      }
    })
  }, 60_000)

  const plan = (q: string, params: readonly string[]) => explainSuiteQl(books.store, books.account, { q, params })

  test('windows are searched and ordered by an index, whatever the table', () => {
    const searched = Object.entries(WINDOWED).map(([name, q]) => {
      const steps = plan(q, START)
      const byIndex = /^SEARCH t\d USING INDEX \S+ \(.*lastmodifieddate>\? AND lastmodifieddate<\?\)$/.test(
        steps[0] ?? '',
      )
      return { name, steps, good: byIndex && !/SCAN|TEMP B-TREE|MULTI-INDEX/.test(steps.join('\n')) }
    })
    expect(searched.filter((it) => !it.good)).toEqual([])
    expect(plan(WINDOWED.orders, START)[0]).toContain('(type=? AND lastmodifieddate>?')
    expect(plan(STOCK, ['1', '1', '1'])).toEqual([expect.stringMatching(/^SEARCH t\d USING PRIMARY KEY \(item>\?\)$/)])
    expect(plan(lines(200), Array(200).fill('7'))[0]).toMatch(/^SEARCH t\d USING PRIMARY KEY \(transaction=\?\)$/)
    expect(plan(DELETED, [START[1] ?? '', START[0] ?? ''])[0]).toMatch(/^SEARCH .*deleteddate>\? AND deleteddate<\?/)
  })

  test('rows that are named by key are searched by key, also where a type is asked for', () => {
    const keys = Array(200).fill('7') as string[]
    const marks = keys.map(() => '?').join(',')
    const statements = [
      `SELECT l.id FROM transactionline l JOIN transaction p ON p.id = l.createdfrom
       WHERE p.type = 'PurchOrd' AND l.mainline = 'F' AND l.transaction IN (${marks}) ORDER BY l.transaction, l.id`,
      `SELECT k.nextline FROM previoustransactionlinelink k JOIN transaction p ON p.id = k.previousdoc
       WHERE p.type = 'PurchOrd' AND k.nextdoc IN (${marks}) ORDER BY k.nextdoc, k.nextline`,
    ]
    for (const q of statements) expect(plan(q, keys)[0]).toMatch(/^SEARCH \w+ USING PRIMARY KEY \(transaction=\?\)$/)
  })

  test('pages by key go by an index, whether one type is asked for or several', () => {
    for (const types of ["= 'PurchOrd'", "IN ('ItemRcpt', 'InvAdjst', 'InvTrnfr')"]) {
      const steps = plan(`SELECT t.id, t.memo FROM transaction t WHERE t.type ${types} AND t.id > ? ORDER BY t.id`, [
        '5',
      ])
      expect(steps).toEqual([expect.stringMatching(/^SEARCH t\d USING (INDEX|INTEGER PRIMARY KEY) .*id>\?\)$/)])
    }
  })

  test('pages by key reach every order once', () => {
    const seen = new Set<string>()
    let from = { ts: '1970-01-01 00:00:00', id: '0' }
    for (;;) {
      const params = [START[0] ?? '', from.ts, from.ts, from.id]
      const { items, totalResults } = books.page(WINDOWED.orders, { params })
      expect(totalResults).toBe(COUNT * 0.95 + 4 - seen.size)
      for (const item of items) seen.add(item.id ?? '')
      const last = items.at(-1)
      if (items.length < 1000 || last === undefined) break
      from = { ts: last.ts ?? '', id: last.id ?? '' }
    }
    expect(seen.size).toBe(COUNT * 0.95 + 4)
  }, 30_000)

  test('the number of results stays right when a main line is missing or rows are still to come', () => {
    const total = () => books.page(WINDOWED.orders, { params: START, limit: 1 }).totalResults
    const all = COUNT * 0.95 + 4
    expect(total()).toBe(all)
    books.store.remove('transactionline', [1001, 0])
    expect(total()).toBe(all - 1)
    books.store.insert('transactionline', { transaction: 1001, id: 0, uniquekey: 10010, mainline: 'T', taxline: 'F' })
    expect(total()).toBe(all)
    books.store.transaction(() => {
      const late = { visibleAt: books.store.now() + 1000 }
      const times = { createddate: cluster, lastmodifieddate: cluster }
      books.store.insert('transaction', { id: 999_999, type: 'PurchOrd', ...times }, late)
      books.store.insert(
        'transactionline',
        { transaction: 999_999, id: 0, uniquekey: 1, mainline: 'T', taxline: 'F' },
        late,
      )
    })
    expect(total()).toBe(all)
  })
})
