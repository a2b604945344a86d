import { describe, expect, test } from 'vitest'
import { openBooks, UNSUPPORTED } from './books.ts'

const books = openBooks()
const ids = (where: string) => books.column(`SELECT id FROM transaction WHERE ${where} ORDER BY id`)

describe('precedence', () => {
  test('AND binds tighter than OR', () => {
    expect(ids("id = 1 OR id = 2 AND status = 'H'")).toEqual(['1'])
    expect(ids("(id = 1 OR id = 2) AND status = 'D'")).toEqual(['2'])
  })

  test('NOT binds tighter than AND', () => {
    expect(ids("NOT id = 1 AND type = 'PurchOrd'")).toEqual(['2', '3', '4'])
    expect(ids("NOT (id = 1 AND type = 'PurchOrd')")).toEqual(['2', '3', '4', '5'])
  })

  test('* and / bind tighter than + and -, and both go from left to right', () => {
    expect(books.value('2 + 3 * 4 - 10 / 4')).toBe('11.5')
    expect(books.value('10 - 4 - 3')).toBe('3')
    expect(books.value('100 / 10 / 5')).toBe('2')
    expect(books.value('-2 * -(1 + 2)')).toBe('6')
  })

  test('BETWEEN takes its own AND', () => {
    expect(ids('id BETWEEN 2 AND 3 AND id <> 3')).toEqual(['2'])
    expect(ids('id NOT BETWEEN 2 AND 4')).toEqual(['1', '5'])
  })

  test('|| stands beside + and takes numbers as text', () => {
    expect(books.value("'PO' || 7 || '-' || 0.5")).toBe('PO7-.5')
  })
})

describe('words', () => {
  test('keywords and names are read in any case; result names are lower case', () => {
    expect(books.ask('Select ID, TranId As OrderNo From TRANSACTION T Where T.ID = 1')).toEqual([
      { id: '1', orderno: 'PO1' },
    ])
    expect(books.ask('SELECT tranid AS "Order No" FROM transaction WHERE id = 1')).toEqual([{ 'order no': 'PO1' }])
  })

  test('what has no name is numbered', () => {
    expect(books.ask("SELECT 1, id, UPPER('a') FROM transaction WHERE id = 1")).toEqual([
      { expr1: '1', id: '1', expr2: 'A' },
    ])
  })

  test('comments and line breaks are blanks', () => {
    expect(books.column('SELECT id -- the key\n FROM /* all\n of it */ transaction WHERE id=1')).toEqual(['1'])
  })

  test("a quote within a text is written twice, and other tables' texts stay what they are", () => {
    expect(books.column("SELECT id FROM vendor WHERE entityid = 'O''Brien & Söhne'")).toEqual(['13'])
    expect(books.column('SELECT id FROM vendor WHERE entityid = ?', ["O'Brien & Söhne"])).toEqual(['13'])
  })

  test('an alias hides the name of its table', () => {
    expect(books.refusal('SELECT transaction.id FROM transaction t')).toContain("Unknown identifier 'transaction'")
    expect(books.column('SELECT transaction.id FROM transaction WHERE transaction.id = 2')).toEqual(['2'])
  })
})

describe('parameters', () => {
  test('are texts, converted where a number is compared', () => {
    expect(books.column('SELECT id FROM transaction WHERE id > ? AND id <= ? ORDER BY id', ['1', '3.0'])).toEqual([
      '2',
      '3',
    ])
  })

  test('too few, too many, or no number at all are refused', () => {
    expect(books.refusal('SELECT id FROM transaction WHERE id = ?')).toBe(UNSUPPORTED)
    expect(books.refusal('SELECT id FROM transaction WHERE id = 1', ['1'])).toBe(UNSUPPORTED)
    expect(books.refusal('SELECT id FROM transaction WHERE id = ?', ['one'])).toBe(UNSUPPORTED)
  })

  test('never become part of the statement', () => {
    const evil = "x' OR '1'='1"
    expect(books.column('SELECT id FROM vendor WHERE entityid = ?', [evil])).toEqual([])
    expect(books.value('?', [evil])).toBe(evil)
    expect(books.value('?', ['⟦0⟧'])).toBe('⟦0⟧')
  })
})

describe('IN', () => {
  const list = (length: number) => Array.from({ length }, (_, at) => String(at + 1))

  test('takes 1000 values, as numbers or parameters, and not one more', () => {
    expect(ids(`id IN (${list(1000).join(', ')})`)).toHaveLength(5)
    expect(books.refusal(`SELECT id FROM transaction WHERE id IN (${list(1001).join(', ')})`)).toBe(UNSUPPORTED)
    const marks = (length: number) => list(length).map(() => '?')
    const q = `SELECT id FROM transaction WHERE id IN (${marks(1000).join(', ')})`
    expect(books.column(q, list(1000))).toHaveLength(5)
    const more = `SELECT id FROM transaction WHERE id IN (${marks(1001).join(', ')})`
    expect(books.refusal(more, list(1001))).toBe(UNSUPPORTED)
  })

  test('takes texts, subqueries and NOT', () => {
    expect(books.column("SELECT id FROM item WHERE itemtype IN ('InvtPart','Assembly') ORDER BY id")).toEqual([
      '88',
      '89',
    ])
    expect(ids('id IN (SELECT l.transaction FROM transactionline l WHERE l.item = 88)')).toEqual(['1', '2'])
    expect(ids('id NOT IN (1, 2)')).toEqual(['3', '4', '5'])
    expect(books.column('SELECT id FROM item WHERE cost IN (9.50, 7) ORDER BY id')).toEqual(['88'])
  })
})

describe('what is not spoken here', () => {
  test.each([
    ['WITH x AS (SELECT id FROM vendor) SELECT id FROM x'],
    ['SELECT id FROM vendor LIMIT 5'],
    ["SELECT id FROM transaction WHERE trandate = DATE '2026-01-15'"],
    ['SELECT v.id FROM vendor v, transaction t WHERE v.id = t.entity(+)'],
    ['SELECT id FROM vendor;'],
    ['SELECT FROM vendor'],
    ['SELECT id'],
    ['SELECT id FROM vendor WHERE'],
    ['SELECT id FROM vendor WHERE id'],
    ['SELECT id = 1 FROM vendor'],
    ['SELECT NO_SUCH_FUNCTION(id) FROM vendor'],
    ['SELECT id FROM vendor ORDER BY'],
    ['SELECT id, FROM vendor'],
    ["SELECT id FROM vendor WHERE entityid = 'open"],
    ['SELECT (id FROM vendor'],
    ['SELECT id FROM vendor WHERE id IN ()'],
    ['SELECT id FROM vendor FETCH FIRST x ROWS ONLY'],
    ['UPDATE vendor SET entityid = 1'],
    ['DROP TABLE vendor'],
    ['SELECT id FROM vendor UNION SELECT id, entityid FROM vendor'],
    ['SELECT id FROM vendor UNION SELECT entityid FROM vendor'],
    ['SELECT BUILTIN.NOPE(id) FROM vendor'],
    ['SELECT 1abc FROM DUAL'],
    ['SELECT a.id FROM vendor a JOIN vendor b'],
    ['SELECT id FROM vendor a JOIN vendor b ON a.id = b.id'],
    [''],
    ['?'],
  ])('%s', (q) => {
    expect(books.refusal(q)).toBe(UNSUPPORTED)
  })
})
