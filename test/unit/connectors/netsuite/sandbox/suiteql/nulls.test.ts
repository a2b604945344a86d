import { describe, expect, test } from 'vitest'
import { openBooks, UNSUPPORTED } from './books.ts'

const books = openBooks()

describe('null', () => {
  test('columns that are null are left out of the item', () => {
    expect(books.ask('SELECT id, memo, tranid FROM transaction WHERE id = 1')).toEqual([{ id: '1', tranid: 'PO1' }])
    expect(books.page('SELECT id, memo FROM transaction WHERE id = 1', {}).columns).toEqual(['id', 'memo'])
  })

  test('an empty text is null: stored, written or bound', () => {
    expect(books.column('SELECT id FROM vendor WHERE companyname IS NULL')).toEqual(['14'])
    expect(books.column("SELECT id FROM vendor WHERE companyname = ''")).toEqual([])
    expect(books.column("SELECT id FROM vendor WHERE entityid <> ''")).toEqual([])
    expect(books.column('SELECT id FROM vendor WHERE entityid <> ?', [''])).toEqual([])
    expect(books.value("NVL('', 'none')")).toBe('none')
    expect(books.value("NVL(?, 'none')", [''])).toBe('none')
    expect(books.value("NVL(TRIM('   '), 'none')")).toBe('none')
    expect(books.value("NVL(REPLACE('aa', 'a'), 'none')")).toBe('none')
  })

  test('compares as neither true nor false, also below NOT', () => {
    expect(books.column("SELECT id FROM transaction WHERE memo = 'late'")).toEqual(['4'])
    expect(books.column("SELECT id FROM transaction WHERE NOT memo = 'late'")).toEqual([])
    expect(books.column("SELECT id FROM transaction WHERE memo NOT LIKE 'x%'")).toEqual(['4'])
    expect(books.column('SELECT id FROM transaction WHERE memo = NULL')).toEqual([])
    expect(books.column('SELECT id FROM transaction WHERE id NOT IN (1, NULL)')).toEqual([])
    expect(books.column('SELECT id FROM transaction WHERE id IN (1, NULL)')).toEqual(['1'])
  })

  test('is nothing in a concatenation', () => {
    expect(books.column("SELECT tranid || memo || '!' AS t FROM transaction WHERE id IN (1, 4) ORDER BY id")).toEqual([
      'PO1!',
      'PO4late!',
    ])
    expect(books.ask('SELECT memo || otherrefnum AS t FROM transaction WHERE id = 1')).toEqual([{}])
  })

  test('sorts last, and first when descending, unless told otherwise', () => {
    const order = (by: string) => books.column(`SELECT id FROM transaction ORDER BY ${by}, id`)
    expect(order('memo')).toEqual(['4', '1', '2', '3', '5'])
    expect(order('memo DESC')).toEqual(['1', '2', '3', '5', '4'])
    expect(order('memo NULLS FIRST')).toEqual(['1', '2', '3', '5', '4'])
    expect(order('memo DESC NULLS LAST')).toEqual(['4', '1', '2', '3', '5'])
  })

  test('NVL2, NULLIF, COALESCE, DECODE and CASE', () => {
    expect(books.value("NVL2(NULL, 'some', 'none') || NVL2(1, 'some', 'none')")).toBe('nonesome')
    expect(books.value("COALESCE(NULL, '', 'c')")).toBe('c')
    expect(books.value('NVL(NULLIF(5, 5.0), -1)')).toBe('-1')
    expect(books.value("DECODE(NULL, 1, 'one', NULL, 'null found', 'other')")).toBe('null found')
    expect(
      books.column("SELECT DECODE(status, 'B', 'open', 'H', 'closed', '?') AS d FROM transaction ORDER BY id"),
    ).toEqual(['open', '?', 'open', 'closed', '?'])
    expect(books.column("SELECT CASE status WHEN 'B' THEN 1 ELSE 0 END AS c FROM transaction ORDER BY id")).toEqual([
      '1',
      '0',
      '1',
      '0',
      '0',
    ])
    expect(books.ask('SELECT CASE WHEN memo IS NULL THEN NULL END AS c FROM transaction WHERE id = 1')).toEqual([{}])
    expect(books.refusal("SELECT CASE WHEN 1 = 1 THEN 1 ELSE 'x' END AS c FROM DUAL")).toBe(UNSUPPORTED)
  })
})

describe('numbers', () => {
  test('keep every digit', () => {
    expect(books.value('0.1 + 0.2')).toBe('0.3')
    expect(books.value('1.005 * 100')).toBe('100.5')
    expect(books.value('12345678901234567890.123456789 + 0.000000001')).toBe('12345678901234567890.12345679')
    expect(books.column('SELECT SUM(foreigntotal) AS s FROM transaction WHERE id IN (2, 3)')).toEqual(['0.3'])
    expect(books.column('SELECT foreigntotal FROM transaction WHERE id IN (1, 2) ORDER BY id')).toEqual(['114', '0.1'])
    expect(books.column('SELECT MIN(foreigntotal) AS m FROM transaction')).toEqual(['-5'])
    expect(books.column('SELECT MAX(foreigntotal) AS m FROM transaction')).toEqual(['114'])
  })

  test('compare and sort as numbers', () => {
    expect(books.column('SELECT id FROM transaction WHERE foreigntotal > 0.15 ORDER BY foreigntotal')).toEqual([
      '3',
      '1',
    ])
    expect(books.column("SELECT id FROM transaction WHERE foreigntotal = '0.100'")).toEqual(['2'])
    expect(books.column('SELECT id FROM transaction ORDER BY foreigntotal DESC')).toEqual(['5', '1', '3', '2', '4'])
  })

  test('ROUND, TRUNC, FLOOR, CEIL, ABS, MOD and SIGN', () => {
    expect(books.value("ROUND(2.345, 2) || ' ' || TRUNC(-2.99) || ' ' || FLOOR(-1.5) || ' ' || CEIL(1.2)")).toBe(
      '2.35 -2 -2 2',
    )
    expect(books.value("ABS(-4.5) || ' ' || MOD(7, 3) || ' ' || MOD(-7, 3) || ' ' || SIGN(-3)")).toBe('4.5 1 -1 -1')
  })

  test('a text that is none fails the statement, as does a division by zero', () => {
    expect(books.refusal('SELECT id FROM vendor WHERE entityid = 5')).toBe(UNSUPPORTED)
    expect(books.refusal("SELECT TO_NUMBER('1x') FROM DUAL")).toBe(UNSUPPORTED)
    expect(books.refusal('SELECT 1 / 0 FROM DUAL')).toBe(UNSUPPORTED)
    expect(books.refusal('SELECT id / (id - 1) FROM transaction')).toBe(UNSUPPORTED)
    expect(books.value("TO_NUMBER('12.50')")).toBe('12.5')
  })
})

describe('texts', () => {
  test('LIKE minds case, and takes an escape', () => {
    const named = (like: string) => books.column(`SELECT id FROM vendor WHERE entityid LIKE ${like} ORDER BY id`)
    expect(named("'N%'")).toEqual(['12'])
    expect(named("'n%'")).toEqual([])
    expect(named("'acme_1'")).toEqual(['14'])
    expect(named("'%!_%' ESCAPE '!'")).toEqual(['14'])
    expect(named("'%Söhne'")).toEqual(['13'])
    expect(books.column('SELECT id FROM vendor WHERE UPPER(entityid) LIKE ?', ['%SÖHNE'])).toEqual(['13'])
  })

  test('SUBSTR, INSTR, LENGTH, LPAD, RPAD, TRIM, REPLACE, INITCAP, CONCAT', () => {
    expect(books.value("SUBSTR('abcdef', 2, 3) || SUBSTR('abcdef', -2) || NVL(SUBSTR('abc', 9), '?')")).toBe('bcdef?')
    expect(books.value("INSTR('abcabc', 'c', 4) || LENGTH('Söhne')")).toBe('65')
    expect(books.value("LPAD('7', 3, '0') || RPAD('a', 3) || '|'")).toBe('007a  |')
    expect(books.value("LTRIM('007', '0') || RTRIM('a.. ', '. ') || TRIM('  b ')")).toBe('7ab')
    expect(books.value("REPLACE('a-b-c', '-', '$&') || INITCAP('ORDER no') || CONCAT('x', NULL)")).toBe(
      'a$&b$&cOrder Nox',
    )
  })
})
