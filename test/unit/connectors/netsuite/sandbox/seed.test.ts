import { describe, expect, test } from 'vitest'
import { createAccount } from '../../../../../connectors/netsuite/sandbox/account.ts'
import { sizeOf } from '../../../../../connectors/netsuite/sandbox/seed/size.ts'
import type { Store, StoredRow } from '../../../../../connectors/netsuite/sandbox/store.ts'
import { executeSuiteQl } from '../../../../../connectors/netsuite/sandbox/suiteql/index.ts'
import { contradictions, danglingReferences } from './consistency.ts'
import { everything, NOW, seededStore, violations } from './seeded.ts'

const DAY = 86_400_000
const store = seededStore(400)
const rows = everything(store)
const oneCompany = seededStore(120, { account: { oneWorld: false } })

describe('seed', () => {
  test('fills every table', () => {
    const tables = [...store.tables.values()].filter((table) => table.view === null && table.name !== 'dual')
    expect(tables.map((table) => table.name).filter((name) => !rows.has(name))).toEqual([])
  })

  test('writes only values that the columns allow', () => {
    expect(violations(store)).toEqual([])
    expect(violations(oneCompany)).toEqual([])
  })

  test('every reference leads to a row', () => {
    expect(danglingReferences(store)).toEqual([])
    expect(danglingReferences(oneCompany)).toEqual([])
  })

  test('status, receipts, totals and stock agree with the lines', () => {
    expect(contradictions(store)).toEqual([])
    expect(contradictions(oneCompany)).toEqual([])
  })

  test('makes the same rows for the same seed, and others for another', () => {
    expect(everything(seededStore(60))).toEqual(everything(seededStore(60)))
    expect(everything(seededStore(60))).not.toEqual(everything(seededStore(60, { seed: 2 })))
  })

  test('size 0 leaves the lists alone', () => {
    const empty = everything(seededStore(0))
    for (const table of ['transaction', 'vendor', 'item', 'location', 'employee', 'deletedrecord', 'supportcase']) {
      expect(empty.has(table)).toBe(false)
    }
    expect(empty.get('currency')).toHaveLength(4)
  })

  test('the smallest account is whole', () => {
    const none = { vendors: 0, items: 0, locations: 0, employees: 0, deletions: 0 }
    const small = seededStore({ ...none, purchaseOrders: 1, transfers: 1, workOrders: 1, assets: 1, maintenance: 1 })
    expect(violations(small)).toEqual([])
    expect(danglingReferences(small)).toEqual([])
    expect(contradictions(small)).toEqual([])
    expect(small.count('transaction', { type: 'PurchOrd' })).toBe(1)
  })

  test('makes as many objects as asked for, the rest in proportion', () => {
    const counts = seededStore({ purchaseOrders: 100, employees: 3, vendors: 17 })
    expect(counts.count('transaction', { type: 'PurchOrd' })).toBe(100)
    expect(counts.count('vendor')).toBe(17)
    expect(counts.count('employee')).toBe(3)
    expect(sizeOf(200_000)).toMatchObject({ vendors: 10_000, items: 20_000, locations: 40 })
    const lines = store.count('transactionline', { mainline: 'F', taxline: 'F' })
    const ordered = count(
      store,
      `SELECT count(*) FROM "transactionline" l JOIN "transaction" t ON t."id" = l."transaction"
      WHERE t."type" = 'PurchOrd' AND l."mainline" = 'F' AND l."taxline" = 'F'`,
    )
    expect(ordered / 400).toBeGreaterThan(2.5)
    expect(ordered).toBeLessThan(lines)
  })

  test('no change lies in the future, and changes reach from two years ago to today', () => {
    const changes = store.rows('transaction', { type: 'PurchOrd' }).map((row) => Number(row['lastmodifieddate']))
    expect(Math.max(...changes)).toBeLessThanOrEqual(NOW)
    expect(Math.max(...changes)).toBeGreaterThan(NOW - 30 * DAY)
    expect(Math.min(...changes)).toBeLessThan(NOW - 600 * DAY)
    for (const [name, list] of rows) {
      const { created, modified } = store.tables.get(name) ?? {}
      if (!created || !modified) continue
      expect(list.filter((row) => Number(row[created]) > Number(row[modified]))).toEqual([])
      expect(list.filter((row) => Number(row[modified]) > NOW)).toEqual([])
    }
  })

  test('an import has touched more records in one second than a page holds', () => {
    const many = 4000
    const none = { adjustments: 0, transfers: 0, cases: 0, tasks: 0, assets: 0, maintenance: 0, locations: 2 }
    const kinds = { purchaseOrders: many, vendors: many, items: many, workOrders: many, employees: many }
    const large = seededStore({ ...kinds, ...none })
    for (const [table, where] of [
      ['transaction', `"type" = 'PurchOrd'`],
      ['transaction', `"type" = 'WorkOrd'`],
      ['vendor', '1'],
      ['item', '1'],
      ['employee', '1'],
    ] as const) {
      const largest = `SELECT max(n) FROM (SELECT count(*) AS n FROM "${table}" WHERE ${where} GROUP BY "lastmodifieddate")`
      expect(count(large, largest)).toBeGreaterThan(1400)
    }
  }, 30_000)

  test('date columns are days in the zone of the account', () => {
    const berlin = seededStore(40, { account: { timeZone: 'Europe/Berlin' } })
    const angeles = seededStore(40)
    const day = (row: StoredRow, timeZone: string): string =>
      new Intl.DateTimeFormat('sv-SE', { timeZone }).format(Number(row['createddate']))
    for (const row of berlin.rows('transaction')) expect(row['trandate']).toBe(day(row, 'Europe/Berlin'))
    for (const row of angeles.rows('transaction')) expect(row['trandate']).toBe(day(row, 'America/Los_Angeles'))
  })

  test('the sequences go on above the seed, and above what was deleted', () => {
    const fresh = seededStore(40)
    const highest = count(fresh, 'SELECT max("id") FROM "transaction"')
    const deleted = count(fresh, 'SELECT max("recordid") FROM "deletedrecord"')
    expect(fresh.nextId('transaction')).toBe(highest + 1)
    expect(deleted).toBeLessThan(highest)
    expect(fresh.nextId('tranid:PurchOrd')).toBe(41)
    for (const row of fresh.rows('deletedrecord', { type: 'Purchase Order' })) {
      expect(fresh.get('transaction', Number(row['recordid']))).toBeNull()
    }
  })
})

describe('seed: kinds of accounts', () => {
  test('OneWorld has two companies with their own currencies', () => {
    expect(rows.get('subsidiary')?.map((row) => row['currency'])).toEqual([1, 2])
    for (const table of ['location', 'vendor', 'transaction'] as const) {
      expect(new Set(rows.get(table)?.map((row) => row['subsidiary']))).toEqual(new Set([1, 2]))
    }
  })

  test('an account of one company names none, and its queries know no subsidiary', () => {
    const named = [...everything(oneCompany)].flatMap(([name, list]) =>
      list.filter((row) => (row['subsidiary'] ?? null) !== null).map(() => name),
    )
    expect(named).toEqual([])
    expect(oneCompany.count('subsidiary')).toBe(0)
    const account = createAccount({ oneWorld: false })
    const ask = { q: 'SELECT id, subsidiary FROM vendor', params: [], limit: 10, offset: 0 }
    expect(() => executeSuiteQl(oneCompany, account, ask)).toThrow(/Unknown identifier 'subsidiary'/)
  })

  test('an account without several currencies has one', () => {
    const single = seededStore(60, { account: { features: new Set(['LOCATIONS']) } })
    expect(single.rows('currency').map((row) => row['symbol'])).toEqual(['EUR'])
    expect(danglingReferences(single)).toEqual([])
    expect(new Set(single.rows('transaction').map((row) => row['exchangerate'] ?? '1'))).toEqual(new Set(['1']))
  })

  test('the base currency comes first, and the others follow with their rates', () => {
    const [base, ...others] = seededStore(0, { account: { baseCurrency: 'USD' } }).rows('currency')
    expect(base).toMatchObject({ symbol: 'USD', exchangerate: '1', isbasecurrency: 'T' })
    expect(others).toHaveLength(3)
    expect(() => seededStore(0, { account: { baseCurrency: 'CHF' } })).toThrow(/CHF/)
  })
})

describe('seed: the cases that break careless readers', () => {
  test.each(cases())('%s', (_title, table, condition) => {
    expect(rows.get(table)?.filter(condition)).not.toEqual([])
  })

  test('orders are in every status, whatever the size', () => {
    const letters = (of: Store): Set<unknown> =>
      new Set(of.rows('transaction', { type: 'PurchOrd' }).map((row) => row['status']))
    expect(letters(store)).toEqual(new Set('ABCDEFGH'))
    expect(letters(seededStore(8))).toEqual(new Set('ABCDEFGH'))
  })

  test('locations are a tree of three levels', () => {
    const above = new Map(rows.get('location')?.map((row) => [row['id'], row['parent'] ?? null]))
    const depths = [...above.keys()].map((id) => {
      let depth = 0
      for (let at = above.get(id); at; at = above.get(at)) depth++
      return depth
    })
    expect(new Set(depths)).toEqual(new Set([0, 1, 2]))
  })
})

function count(from: Store, sql: string): number {
  return Number(from.sql(sql, [])[0]?.[0])
}

type Condition = (row: StoredRow) => boolean

function cases(): [title: string, table: string, condition: Condition][] {
  const has =
    (column: string): Condition =>
    (row) =>
      (row[column] ?? null) !== null
  const lacks =
    (column: string): Condition =>
    (row) =>
      (row[column] ?? null) === null
  const is =
    (column: string, value: unknown): Condition =>
    (row) =>
      row[column] === value
  const matches =
    (column: string, pattern: RegExp): Condition =>
    (row) =>
      pattern.test(String(row[column]))
  return [
    ['umlauts', 'vendor', matches('companyname', /[äöüß]/i)],
    ['quotes', 'vendor', matches('companyname', /['"]/)],
    ['a person', 'vendor', is('isperson', 'T')],
    ['an inactive vendor', 'vendor', is('isinactive', 'T')],
    ['a vendor without address', 'vendor', lacks('defaultbillingaddress')],
    ['a vendor without email', 'vendor', lacks('email')],
    ['a vendor without terms', 'vendor', lacks('terms')],
    ['an address without zip', 'entityaddress', lacks('zip')],
    ['an employee who left', 'employee', has('releasedate')],
    ['an employee without email', 'employee', lacks('email')],
    ...['InvtPart', 'Assembly', 'NonInvtPart', 'Kit', 'Service', 'OthCharge', 'Description', 'Group'].map(
      (type): [string, string, Condition] => [`an item of type ${type}`, 'item', is('itemtype', type)],
    ),
    ['a matrix parent', 'item', is('matrixtype', 'PARENT')],
    ['a matrix child', 'item', (row) => row['matrixtype'] === 'CHILD' && has('parent')(row)],
    ['a cost with four places', 'item', matches('cost', /\.\d{3}[1-9]$/)],
    [
      'a purchase unit of its own',
      'item',
      (row) => has('purchaseunit')(row) && row['purchaseunit'] !== row['stockunit'],
    ],
    ['a vendor that is not preferred', 'itemvendor', is('preferredvendor', 'F')],
    ['an inactive location', 'location', is('isinactive', 'T')],
    ['a location with bins', 'location', is('usebins', 'T')],
    ['stock of zero', 'aggregateitemlocation', is('quantityonhand', '0')],
    ['stock never seen', 'aggregateitemlocation', lacks('quantityonhand')],
    ['committed stock', 'aggregateitemlocation', (row) => Number(row['quantitycommitted']) > 0],
    ['a quantity with three places', 'aggregateitemlocation', matches('quantityonhand', /\.\d\d[1-9]$/)],
    ['an order in yen', 'transaction', (row) => row['type'] === 'PurchOrd' && row['currency'] === 4],
    ['an order without location', 'transaction', (row) => row['type'] === 'PurchOrd' && row['location'] === null],
    ['an order with custom fields', 'transaction', has('custbody_requested_by')],
    ['transactions of other kinds', 'transaction', is('type', 'SalesOrd')],
    ['a tax line', 'transactionline', is('taxline', 'T')],
    ['a closed line of an open order', 'transactionline', closedLineOfOpenOrder],
    ['an expense', 'transactionline', has('expenseaccount')],
    ['a line out of sequence', 'transactionline', (row) => row['linesequencenumber'] !== row['id']],
    ['a sales line', 'transactionline', (row) => Number(row['quantity']) < 0 && lacks('transferlocation')(row)],
    ['a line of a custom project', 'transactionline', has('custcol_project')],
    ['a text over two lines', 'transaction', matches('memo', /\n/)],
    ['an asset below another', 'customrecord_asset', has('custrecord_asset_parent')],
    ['a closed case', 'supportcase', is('status', '5')],
    ['a deleted custom record', 'deletedrecord', is('iscustomrecord', 'T')],
  ]

  function closedLineOfOpenOrder(row: StoredRow): boolean {
    return row['isclosed'] === 'T' && store.get('transaction', Number(row['transaction']))?.['status'] === 'B'
  }
}
