import { describe, expect, test } from 'vitest'
import { createAccount } from '../../../../../../connectors/netsuite/sandbox/account.ts'
import { openBooks } from './books.ts'

const PREFIX = 'Invalid search query. Detailed unprocessed description follows. '
const books = openBooks()

describe('unknown columns', () => {
  test('are named with the identifiers there are', () => {
    expect(books.refusal('SELECT foo FROM transaction')).toBe(
      `${PREFIX}Search error occurred: Unknown identifier 'foo'. Available identifiers are: {transaction=transaction}.`,
    )
    expect(books.refusal('SELECT t.foo FROM transaction t JOIN TransactionLine m ON m.transaction = t.id')).toBe(
      `${PREFIX}Search error occurred: Unknown identifier 'foo'. Available identifiers are: {t=transaction, m=transactionline}.`,
    )
    expect(books.refusal('SELECT x.id FROM transaction t')).toContain("Unknown identifier 'x'")
  })

  test.each([
    'SELECT id FROM transaction WHERE foo = 1',
    'SELECT id FROM transaction ORDER BY foo',
    'SELECT id FROM transaction GROUP BY foo',
    'SELECT COUNT(foo) FROM transaction',
    'SELECT BUILTIN.DF(foo) FROM transaction',
    'SELECT id FROM transaction WHERE id IN (SELECT foo FROM vendor)',
    'SELECT id FROM transaction t JOIN vendor v ON v.foo = t.entity',
  ])('wherever they stand: %s', (q) => {
    expect(books.refusal(q)).toContain("Unknown identifier 'foo'")
  })

  test('kept for the record services only are not there, nor are those of the store itself', () => {
    expect(books.refusal('SELECT subsidiary FROM transaction')).toBe(
      `${PREFIX}Search error occurred: Unknown identifier 'subsidiary'. Available identifiers are: {transaction=transaction}.`,
    )
    for (const name of ['location', '_extra', '_visible_at', 'rowid']) {
      expect(books.refusal(`SELECT t.${name} FROM transaction t`)).toMatch(/Unknown identifier|unsupported search/)
    }
    const [row] = books.ask('SELECT * FROM transaction WHERE id = 1')
    expect(Object.keys(row ?? {})).not.toContain('_visible_at')
    expect(row).toMatchObject({ id: '1', tranid: 'PO1', trandate: '1/15/2026' })
  })
})

describe('unknown tables', () => {
  test('are reported in one of two wordings', () => {
    expect(books.refusal('SELECT id FROM foo')).toBe(`${PREFIX}Search error occurred: Record 'foo' was not found.`)
    const other = openBooks({ unknownTable: 'search-type' })
    expect(other.refusal('SELECT id FROM Foo')).toBe(`${PREFIX}Invalid search type: Foo.`)
    expect(books.refusal('SELECT id FROM vendor WHERE id IN (SELECT id FROM sqlite_master)')).toContain(
      "'sqlite_master'",
    )
    expect(books.refusal('SELECT id FROM _numbers')).toContain("Record '_numbers' was not found.")
  })

  test('include those a role may not see', () => {
    const [full, purchasing] = books.account.roles
    expect(books.page('SELECT id FROM employee', full === undefined ? {} : { role: full }).items).toHaveLength(1)
    expect(books.refusal('SELECT id FROM employee', [], purchasing)).toBe(
      `${PREFIX}Search error occurred: Record 'employee' was not found.`,
    )
    expect(books.refusal('SELECT recordid FROM deletedrecord', [], purchasing)).toContain("'deletedrecord'")
    const join = 'SELECT t.id FROM transaction t LEFT JOIN employee e ON e.id = t.employee'
    expect(books.refusal(join, [], purchasing)).toContain("Record 'employee' was not found.")
  })
})

describe('features', () => {
  const without = (...names: string[]) =>
    openBooks({ features: new Set([...createAccount().features].filter((it) => !names.includes(it))) })

  test('an account that is not OneWorld has no subsidiaries', () => {
    const single = openBooks({ oneWorld: false })
    expect(single.refusal('SELECT v.subsidiary FROM vendor v')).toContain("Unknown identifier 'subsidiary'")
    expect(single.refusal('SELECT m.subsidiary FROM transactionline m')).toContain("Unknown identifier 'subsidiary'")
    expect(single.refusal('SELECT id FROM subsidiary')).toContain("Record 'subsidiary' was not found.")
    expect(books.column('SELECT subsidiary FROM transactionline WHERE uniquekey = 100')).toEqual(['1'])
  })

  test.each([
    ['MULTICURRENCY', 'SELECT exchangerate FROM transaction'],
    ['BINMANAGEMENT', 'SELECT usebins FROM location'],
    ['APPROVALROUTING', 'SELECT approvalstatus FROM transaction'],
    ['MULTICURRENCY', 'SELECT id FROM currency'],
    ['MULTILOCINVT', 'SELECT item FROM aggregateitemlocation'],
    ['SUPPORT', 'SELECT id FROM supportcase'],
    ['CUSTOMRECORDS', 'SELECT id FROM customrecord_asset'],
  ])('without %s: %s is unknown', (feature, q) => {
    expect(books.page(q, {}).totalResults).toBeGreaterThanOrEqual(0)
    expect(without(feature).refusal(q)).toMatch(/Unknown identifier|was not found/)
  })

  test('custom fields are columns of the account that has them', () => {
    expect(books.column('SELECT custentity_rating FROM vendor WHERE id = 13')).toEqual(['4'])
    expect(books.ask('SELECT custbody_urgent FROM transaction WHERE id = 1')).toEqual([{}])
    expect(books.refusal('SELECT custbody_other FROM transaction')).toContain("Unknown identifier 'custbody_other'")
  })
})

describe('tables that are seen but not kept', () => {
  test('entities are vendors and employees; addresses and links follow their records', () => {
    expect(books.ask('SELECT id, type FROM entity ORDER BY id')).toEqual([
      { id: '12', type: 'Vendor' },
      { id: '13', type: 'Vendor' },
      { id: '14', type: 'Vendor' },
      { id: '40', type: 'Employee' },
    ])
    const { store } = books
    store.insert('entityaddress', { nkey: 900, addr1: 'Kai 7', city: 'Hamburg', country: 'DE' })
    store.insert('vendoraddressbook', { internalid: 1, entity: 12, addressbookaddress: 900, defaultbilling: true })
    const q = `SELECT a.city, a.country FROM vendor v JOIN vendoraddressbook b ON b.entity = v.id
      JOIN vendoraddressbookentityaddress a ON a.nkey = b.addressbookaddress WHERE v.id = 12 AND b.defaultbilling = 'T'`
    expect(books.ask(q)).toEqual([{ city: 'Hamburg', country: 'DE' }])
    const receipt = { transaction: 5, id: 1, uniquekey: 501, mainline: 'F', taxline: 'F', createdfrom: 1, orderline: 2 }
    store.insert('transactionline', receipt)
    expect(books.ask('SELECT previousdoc, previousline, nextdoc, nextline FROM previoustransactionlinelink')).toEqual([
      { previousdoc: '1', previousline: '2', nextdoc: '5', nextline: '1' },
    ])
  })
})
