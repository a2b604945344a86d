import { describe, expect, test } from 'vitest'
import { NOW, openBooks, UNSUPPORTED, utc } from './books.ts'

const books = openBooks()

describe('joins', () => {
  test('inner, left, right and full', () => {
    const q = (join: string) =>
      `SELECT v.id AS vendor, t.id AS tran FROM transaction t ${join} vendor v ON v.id = t.entity AND t.id > 3 ORDER BY v.id, t.id`
    const pairs = (join: string) => books.ask(q(join)).map((it) => `${it.vendor ?? '-'}/${it.tran ?? '-'}`)
    expect(pairs('JOIN')).toEqual(['12/5', '13/4'])
    expect(pairs('LEFT JOIN')).toEqual(['12/5', '13/4', '-/1', '-/2', '-/3'])
    expect(pairs('RIGHT OUTER JOIN')).toEqual(['12/5', '13/4', '14/-'])
    expect(pairs('FULL OUTER JOIN')).toEqual(['12/5', '13/4', '14/-', '-/1', '-/2', '-/3'])
    expect(books.column('SELECT COUNT(*) AS n FROM vendor CROSS JOIN location')).toEqual(['6'])
  })

  test('several tables, by ON or by commas', () => {
    const q = `SELECT t.tranid, i.itemid, l.quantity FROM transaction t
      INNER JOIN transactionline l ON l.transaction = t.id LEFT JOIN item i ON i.id = l.item
      WHERE l.mainline = 'F' AND t.type = 'PurchOrd' ORDER BY l.uniquekey`
    expect(books.ask(q)).toEqual([
      { tranid: 'PO1', itemid: 'SEAL-40', quantity: '12' },
      { tranid: 'PO1', itemid: 'PUMP', quantity: '0.125' },
      { tranid: 'PO2', itemid: 'SEAL-40', quantity: '3.1' },
    ])
    const commas = `SELECT t.tranid FROM transaction t, transactionline l, item i
      WHERE l.transaction = t.id AND i.id = l.item AND i.itemid = 'PUMP'`
    expect(books.column(commas)).toEqual(['PO1'])
  })

  test('a name two tables have must say which', () => {
    expect(books.refusal('SELECT id FROM transaction t JOIN vendor v ON v.id = t.entity')).toBe(UNSUPPORTED)
  })
})

describe('groups', () => {
  test('COUNT, SUM, MIN, MAX, AVG, HAVING', () => {
    const q = `SELECT status, COUNT(*) AS n, SUM(foreigntotal) AS total, AVG(foreigntotal) AS mean, MIN(trandate) AS first
      FROM transaction WHERE type = 'PurchOrd' GROUP BY status HAVING COUNT(*) > 0 ORDER BY COUNT(*) DESC, status`
    expect(books.ask(q)).toEqual([
      { status: 'B', n: '2', total: '114.2', mean: '57.1', first: '1/15/2026' },
      { status: 'D', n: '1', total: '0.1', mean: '0.1', first: '1/20/2026' },
      { status: 'H', n: '1', total: '-5', mean: '-5', first: '2/28/2026' },
    ])
    expect(books.ask('SELECT COUNT(memo) AS n, COUNT(DISTINCT status) AS d, SUM(id) AS s FROM transaction')).toEqual([
      { n: '1', d: '3', s: '15' },
    ])
    expect(books.ask('SELECT COUNT(*) AS n, SUM(id) AS s, AVG(id) AS a FROM transaction WHERE id > 99')).toEqual([
      { n: '0' },
    ])
  })

  test('by an expression', () => {
    const q =
      "SELECT TO_CHAR(trandate,'YYYY-MM') AS m, COUNT(*) AS n FROM transaction WHERE trandate IS NOT NULL GROUP BY TO_CHAR(trandate,'YYYY-MM') ORDER BY 1"
    expect(books.ask(q)).toEqual([
      { m: '2026-01', n: '2' },
      { m: '2026-02', n: '2' },
    ])
  })

  test('what is neither grouped nor aggregated is refused', () => {
    for (const q of [
      'SELECT id, COUNT(*) FROM transaction',
      'SELECT status, id FROM transaction GROUP BY status',
      'SELECT status || id FROM transaction GROUP BY status',
      'SELECT status FROM transaction GROUP BY status ORDER BY id',
      'SELECT status FROM transaction GROUP BY status HAVING id > 1',
      'SELECT * FROM transaction GROUP BY id',
      'SELECT id FROM transaction WHERE COUNT(*) > 1',
      'SELECT SUM(COUNT(*)) FROM transaction',
    ]) {
      expect({ q, detail: books.refusal(q) }).toEqual({ q, detail: UNSUPPORTED })
    }
    expect(books.column('SELECT t.status FROM transaction t GROUP BY status ORDER BY status')).toHaveLength(4)
  })

  test('DISTINCT, and its order only by what it shows', () => {
    expect(books.column('SELECT DISTINCT status FROM transaction WHERE status IS NOT NULL ORDER BY status')).toEqual([
      'B',
      'D',
      'H',
    ])
    expect(books.refusal('SELECT DISTINCT status FROM transaction ORDER BY id')).toBe(UNSUPPORTED)
  })
})

describe('order', () => {
  test('by position, alias and expression', () => {
    expect(books.column('SELECT id FROM transaction ORDER BY 1 DESC')).toEqual(['5', '4', '3', '2', '1'])
    expect(books.column('SELECT 0 - id AS n FROM transaction ORDER BY n')).toEqual(['-5', '-4', '-3', '-2', '-1'])
    expect(books.column('SELECT id FROM transaction ORDER BY MOD(id, 2), id DESC')).toEqual(['4', '2', '5', '3', '1'])
    expect(books.refusal('SELECT id FROM transaction ORDER BY 2')).toBe(UNSUPPORTED)
  })
})

describe('ROWNUM', () => {
  test('counts before ORDER BY', () => {
    expect(books.column('SELECT id FROM transaction WHERE ROWNUM <= 3 ORDER BY id DESC')).toEqual(['3', '2', '1'])
    expect(books.column('SELECT id FROM (SELECT id FROM transaction ORDER BY id DESC) WHERE ROWNUM <= 3')).toEqual([
      '5',
      '4',
      '3',
    ])
  })

  test('numbers only rows that pass the other conditions', () => {
    expect(books.ask("SELECT ROWNUM AS r, id FROM transaction WHERE status = 'B' AND ROWNUM < 3 ORDER BY id")).toEqual([
      { r: '1', id: '1' },
      { r: '2', id: '3' },
    ])
    expect(books.column('SELECT COUNT(*) AS n FROM transaction WHERE ROWNUM <= 2')).toEqual(['2'])
  })

  test('never reaches a number it has not passed', () => {
    expect(books.column('SELECT id FROM transaction WHERE ROWNUM > 1')).toEqual([])
    expect(books.column('SELECT id FROM transaction WHERE ROWNUM = 2')).toEqual([])
    expect(books.column('SELECT id FROM transaction WHERE ROWNUM = 1')).toHaveLength(1)
    expect(books.column('SELECT id FROM transaction WHERE ROWNUM >= 1')).toHaveLength(5)
    expect(books.column('SELECT id FROM transaction WHERE ? >= ROWNUM', ['2'])).toHaveLength(2)
    expect(books.column('SELECT id FROM transaction WHERE ROWNUM BETWEEN 2 AND 4')).toEqual([])
    expect(books.column('SELECT id FROM transaction WHERE ROWNUM <> 3')).toHaveLength(2)
    expect(books.refusal('SELECT id FROM transaction WHERE ROWNUM = 1 OR id = 3')).toBe(UNSUPPORTED)
  })

  test('pages through an ordered query from without', () => {
    const q = `SELECT * FROM (SELECT ROWNUM AS rn, x.* FROM (SELECT id, tranid FROM transaction ORDER BY id DESC) x)
      WHERE rn BETWEEN 2 AND 3 ORDER BY rn`
    expect(books.ask(q)).toEqual([
      { rn: '2', id: '4', tranid: 'PO4' },
      { rn: '3', id: '3', tranid: 'PO3' },
    ])
  })
})

describe('queries within queries', () => {
  test('EXISTS, scalar and in FROM', () => {
    expect(
      books.column(
        'SELECT v.id FROM vendor v WHERE EXISTS (SELECT 1 FROM transaction t WHERE t.entity = v.id) ORDER BY v.id',
      ),
    ).toEqual(['12', '13'])
    expect(
      books.column('SELECT v.id FROM vendor v WHERE NOT EXISTS (SELECT 1 FROM transaction t WHERE t.entity = v.id)'),
    ).toEqual(['14'])
    expect(
      books.ask(
        'SELECT v.id, (SELECT COUNT(*) FROM transaction t WHERE t.entity = v.id) AS n FROM vendor v ORDER BY n DESC, id',
      ),
    ).toEqual([
      { id: '12', n: '4' },
      { id: '13', n: '1' },
      { id: '14', n: '0' },
    ])
    expect(books.column('SELECT x.n FROM (SELECT COUNT(*) AS n FROM vendor) x')).toEqual(['3'])
    expect(
      books.column('SELECT TO_CHAR(x.at) AS t FROM (SELECT MAX(lastmodifieddate) AS at FROM transaction) x'),
    ).toEqual(['1/1/2026'])
  })

  test('a scalar one with two rows is refused', () => {
    expect(books.refusal('SELECT (SELECT id FROM vendor) AS v FROM DUAL')).toBe(UNSUPPORTED)
    expect(books.ask('SELECT 1 AS one, (SELECT id FROM vendor WHERE id = 99) AS v FROM DUAL')).toEqual([{ one: '1' }])
  })

  test('UNION, UNION ALL, MINUS, INTERSECT', () => {
    expect(
      books.column('SELECT id FROM vendor UNION ALL SELECT entity FROM transaction WHERE id < 3 ORDER BY 1'),
    ).toEqual(['12', '12', '12', '13', '14'])
    expect(books.column('SELECT id FROM vendor UNION SELECT entity FROM transaction ORDER BY id DESC')).toEqual([
      '14',
      '13',
      '12',
    ])
    expect(books.column('SELECT id FROM vendor MINUS SELECT entity FROM transaction')).toEqual(['14'])
    expect(books.column('SELECT id FROM vendor INTERSECT SELECT entity FROM transaction ORDER BY id')).toEqual([
      '12',
      '13',
    ])
  })
})

describe('paging', () => {
  const q = 'SELECT id FROM transaction ORDER BY id'

  test('offset and limit, with the total and whether there is more', () => {
    expect(books.page(q, { limit: 2, offset: 2 })).toMatchObject({
      totalResults: 5,
      hasMore: true,
      items: [{ id: '3' }, { id: '4' }],
    })
    expect(books.page(q, { limit: 2, offset: 4 })).toMatchObject({
      totalResults: 5,
      hasMore: false,
      items: [{ id: '5' }],
    })
    expect(books.page(q, { limit: 5, offset: 0 })).toMatchObject({ totalResults: 5, hasMore: false })
    expect(books.page(q, { limit: 5, offset: 10 })).toMatchObject({ totalResults: 5, hasMore: false, items: [] })
    expect(books.page('SELECT id FROM transaction WHERE id > 99', {})).toMatchObject({
      totalResults: 0,
      hasMore: false,
    })
  })

  test('FETCH FIRST, OFFSET and TOP limit the result itself', () => {
    expect(books.page(`${q} FETCH FIRST 3 ROWS ONLY`, { limit: 2 })).toMatchObject({ totalResults: 3, hasMore: true })
    expect(books.page(`${q} FETCH NEXT 3 ROWS ONLY`, { limit: 2, offset: 2 })).toMatchObject({
      totalResults: 3,
      hasMore: false,
      items: [{ id: '3' }],
    })
    expect(books.column(`${q} OFFSET 1 ROWS FETCH NEXT 2 ROWS ONLY`)).toEqual(['2', '3'])
    expect(books.column('SELECT TOP 2 id FROM transaction ORDER BY id DESC')).toEqual(['5', '4'])
    expect(books.page(`${q} FETCH FIRST 1 ROWS ONLY`, {})).toMatchObject({
      totalResults: 1,
      hasMore: false,
      items: [{ id: '1' }],
    })
    expect(books.page(`${q} OFFSET 9 ROWS`, {})).toMatchObject({ totalResults: 0, items: [] })
  })

  test('limits and offsets the system does not take', () => {
    const refused = (paging: { limit?: number; offset?: number }) => {
      try {
        books.page(q, paging)
      } catch (error) {
        return (error as { parameter?: string }).parameter
      }
      return 'taken'
    }
    expect(refused({ limit: 0 })).toBe('limit')
    expect(refused({ limit: 1001 })).toBe('limit')
    expect(refused({ limit: 2.5 })).toBe('limit')
    expect(refused({ limit: 10, offset: 5 })).toBe('offset')
    expect(refused({ limit: 10, offset: -10 })).toBe('offset')
    expect(refused({ limit: 1000, offset: 99_000 })).toBe('taken')
    expect(refused({ limit: 1000, offset: 100_000 })).toBe('offset')
  })
})

describe('a late commit', () => {
  test('shows neither rows nor changes before their time, in no kind of join', () => {
    const clock = { now: NOW }
    const late = openBooks({}, clock)
    const at = utc('2026-01-15T09:59:00')
    late.store.insert('vendor', { id: 15, entityid: 'New', lastmodifieddate: at }, { visibleAt: NOW + 5000 })
    late.store.update('vendor', 12, { entityid: 'Renamed', lastmodifieddate: at }, { visibleAt: NOW + 5000 })
    const joins = ['JOIN vendor v ON v.id = 15', 'LEFT JOIN vendor v ON v.id = 15', 'FULL JOIN vendor v ON v.id = 15']
    const counts = () => joins.map((join) => late.column(`SELECT COUNT(v.id) AS n FROM location l ${join}`)[0])
    expect(late.column('SELECT entityid FROM vendor WHERE id IN (12, 15)')).toEqual(['Nordhafen'])
    expect(counts()).toEqual(['0', '0', '3'])
    expect(late.page('SELECT id FROM vendor', { limit: 1 }).totalResults).toBe(3)
    clock.now += 5000
    expect(late.column('SELECT entityid FROM vendor WHERE id IN (12, 15) ORDER BY id')).toEqual(['Renamed', 'New'])
    expect(counts()).toEqual(['2', '2', '5'])
    expect(late.page('SELECT id FROM vendor', { limit: 1 }).totalResults).toBe(4)
  })
})
