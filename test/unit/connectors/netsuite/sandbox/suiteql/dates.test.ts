import { describe, expect, test } from 'vitest'
import { NOW, openBooks, UNSUPPORTED, utc } from './books.ts'

const ISO = "'YYYY-MM-DD HH24:MI:SS'"
const angeles = openBooks()
const berlin = openBooks({ timeZone: 'Europe/Berlin', dateFormat: 'DD/MM/YYYY' })

describe('a bare date or time', () => {
  test('shows the date alone, as the user prefers it, in the account’s zone', () => {
    const q = 'SELECT trandate, lastmodifieddate FROM transaction WHERE id = 1'
    expect(angeles.ask(q)).toEqual([{ trandate: '1/15/2026', lastmodifieddate: '1/1/2026' }])
    expect(berlin.ask(q)).toEqual([{ trandate: '15/01/2026', lastmodifieddate: '01/01/2026' }])
  })

  test.each([
    ['DD-Mon-YYYY', '15-Jan-2026'],
    ['D.M.YYYY', '15.1.2026'],
    ['DD MONTH, YYYY', '15 January, 2026'],
    ['YYYY-MM-DD', '2026-01-15'],
    ['MM/DD/YYYY', '01/15/2026'],
  ] as const)('%s: %s', (dateFormat, shown) => {
    const books = openBooks({ dateFormat })
    expect(books.column('SELECT trandate FROM transaction WHERE id = 1')).toEqual([shown])
    expect(books.column('SELECT id FROM transaction WHERE trandate = ?', [shown])).toEqual(['1'])
    expect(books.value("TO_CHAR(TO_DATE('2026-01-15','YYYY-MM-DD'))")).toBe(shown)
  })

  test('moves to the day before where the account lies west', () => {
    const clock = { now: utc('2026-01-15T03:00:00') }
    const books = openBooks({}, clock)
    books.store.update('transaction', 1, { lastmodifieddate: utc('2026-01-15T03:00:00') })
    expect(books.column('SELECT lastmodifieddate FROM transaction WHERE id = 1')).toEqual(['1/14/2026'])
  })
})

describe('TO_CHAR', () => {
  test('of a time shows the account’s zone; SYS_EXTRACT_UTC shows UTC', () => {
    const q = `SELECT TO_CHAR(t.lastmodifieddate,${ISO}) AS here, TO_CHAR(SYS_EXTRACT_UTC(t.lastmodifieddate),${ISO}) AS utc FROM transaction t WHERE t.id = 1`
    expect(angeles.ask(q)).toEqual([{ here: '2026-01-01 00:15:00', utc: '2026-01-01 08:15:00' }])
    expect(berlin.ask(q)).toEqual([{ here: '2026-01-01 09:15:00', utc: '2026-01-01 08:15:00' }])
  })

  test('follows summer time', () => {
    const books = openBooks({ timeZone: 'Europe/Berlin' })
    const shown = (at: string) => {
      books.store.update('transaction', 1, { lastmodifieddate: utc(at) })
      return books.column(`SELECT TO_CHAR(lastmodifieddate,${ISO}) AS t FROM transaction WHERE id = 1`)[0]
    }
    expect(shown('2026-03-29T00:59:59')).toBe('2026-03-29 01:59:59')
    expect(shown('2026-03-29T01:00:00')).toBe('2026-03-29 03:00:00')
    expect(shown('2026-10-25T00:30:00')).toBe('2026-10-25 02:30:00')
    expect(shown('2026-10-25T01:30:00')).toBe('2026-10-25 02:30:00')
  })

  test.each([
    ['YYYY-MM-DD', '2026-01-05'],
    ['YYYY-MM-DD"T"HH24:MI:SS"Z"', '2026-01-05T14:03:09Z'],
    ['DD-MON-YY', '05-JAN-26'],
    ['Mon DD, YYYY', 'Jan 05, 2026'],
    ['FMMonth D', 'January 2'],
    ['Day', 'Monday   '],
    ['DY dd.mm.rrrr', 'MON 05.01.2026'],
    ['HH:MI AM', '02:03 PM'],
    ['hh12:mi p.m.', '02:03 p.m.'],
    ['SSSSS', '50589'],
    ['Q IW DDD', '1 02 005'],
    ['YYYYMMDDHH24MISS', '20260105140309'],
  ])('%s: %s', (format, shown) => {
    const at = `TO_TIMESTAMP('2026-01-05 14:03:09',${ISO})`
    expect(angeles.value(`TO_CHAR(${at}, '${format}')`)).toBe(shown)
    expect(angeles.value(`TO_CHAR(${at}, ?)`, [format])).toBe(shown)
    const books = openBooks({ timeZone: 'UTC' })
    books.store.update('transaction', 1, { lastmodifieddate: utc('2026-01-05T14:03:09') })
    expect(books.column(`SELECT TO_CHAR(lastmodifieddate, '${format}') AS t FROM transaction WHERE id = 1`)).toEqual([
      shown,
    ])
  })

  test('an unknown format is refused, with rows and without', () => {
    expect(angeles.refusal("SELECT TO_CHAR(trandate, 'YYYY-XX') FROM transaction")).toBe(UNSUPPORTED)
    expect(angeles.refusal("SELECT TO_CHAR(trandate, 'YYYY-XX') FROM transaction WHERE id = 99")).toBe(UNSUPPORTED)
    expect(angeles.refusal("SELECT TO_CHAR(5, '999') FROM DUAL")).toBe(UNSUPPORTED)
  })
})

describe('TO_DATE and TO_TIMESTAMP', () => {
  const read = (text: string, format: string) => angeles.value(`TO_CHAR(TO_DATE(?, ?),${ISO})`, [text, format])

  test('read by their format; what is left out at the end is midnight', () => {
    expect(read('2026-01-15 10:00:00', 'YYYY-MM-DD HH24:MI:SS')).toBe('2026-01-15 10:00:00')
    expect(read('2026-01-15', 'YYYY-MM-DD HH24:MI:SS')).toBe('2026-01-15 00:00:00')
    expect(read('15.1.26', 'DD/MM/RR')).toBe('2026-01-15 00:00:00')
    expect(read('15-january-2026 01:30 pm', 'DD-MON-YYYY HH:MI AM')).toBe('2026-01-15 13:30:00')
    expect(read('2026-01-15T10:00:00.123Z', 'YYYY-MM-DD"T"HH24:MI:SS.FF3"Z"')).toBe('2026-01-15 10:00:00')
  })

  test.each([
    ['2026-02-30', 'YYYY-MM-DD'],
    ['2026-13-01', 'YYYY-MM-DD'],
    ['2026-01-15 25:00:00', 'YYYY-MM-DD HH24:MI:SS'],
    ['2026-01-15 10:00', 'YYYY-MM-DD'],
    ['tomorrow', 'YYYY-MM-DD'],
    ['13:00 PM', 'HH:MI AM'],
  ])('%s by %s is refused', (text, format) => {
    expect(angeles.refusal('SELECT TO_CHAR(TO_DATE(?, ?)) FROM DUAL', [text, format])).toBe(UNSUPPORTED)
  })

  test('without a format they read by the user’s preference', () => {
    expect(angeles.value(`TO_CHAR(TO_DATE('1/15/2026'),${ISO})`)).toBe('2026-01-15 00:00:00')
    expect(berlin.value(`TO_CHAR(TO_DATE('15/1/26 9:30 pm'),${ISO})`)).toBe('2026-01-15 21:30:00')
  })
})

describe('a text beside a date', () => {
  test('is read by the user’s preference; what does not fit is refused in the system’s words', () => {
    expect(angeles.column("SELECT id FROM transaction WHERE trandate = '1/15/2026'")).toEqual(['1'])
    expect(berlin.column("SELECT id FROM transaction WHERE trandate = '15/01/2026'")).toEqual(['1'])
    const prefix = 'Invalid search query. Detailed unprocessed description follows. Search error occurred: '
    expect(berlin.refusal("SELECT id FROM transaction WHERE trandate >= '2026-01-15'")).toBe(
      `${prefix}Parse of date/time "2026-01-15" failed with date format "dd/MM/yy" in time zone Europe/Berlin`,
    )
    expect(angeles.refusal('SELECT id FROM transaction WHERE lastmodifieddate >= ?', ['2026-01-15'])).toBe(
      `${prefix}Parse of date/time "2026-01-15" failed with date format "M/d/yy" in time zone America/Los_Angeles`,
    )
    expect(berlin.refusal("SELECT id FROM transaction WHERE trandate = '31/02/2026'")).toContain('"31/02/2026" failed')
  })
})

describe('comparisons of times', () => {
  test('SYS_EXTRACT_UTC compares in UTC, a bare column in the account’s zone', () => {
    const utcTime = `SELECT id FROM transaction WHERE SYS_EXTRACT_UTC(lastmodifieddate) = TO_TIMESTAMP(?,${ISO})`
    const bare = `SELECT id FROM transaction WHERE lastmodifieddate = TO_TIMESTAMP(?,${ISO})`
    for (const books of [angeles, berlin]) expect(books.column(utcTime, ['2026-01-01 08:15:00'])).toEqual(['1'])
    expect(angeles.column(bare, ['2026-01-01 00:15:00'])).toEqual(['1'])
    expect(berlin.column(bare, ['2026-01-01 09:15:00'])).toEqual(['1'])
    expect(berlin.column(bare, ['2026-01-01 08:15:00'])).toEqual([])
  })

  test('of an hour that comes twice the later is meant, an hour that never comes is passed over', () => {
    const books = openBooks({ timeZone: 'Europe/Berlin' })
    const q = `SELECT id FROM transaction WHERE lastmodifieddate = TO_DATE(?,${ISO})`
    books.store.update('transaction', 1, { lastmodifieddate: utc('2026-10-25T00:30:00') })
    books.store.update('transaction', 2, { lastmodifieddate: utc('2026-10-25T01:30:00') })
    books.store.update('transaction', 3, { lastmodifieddate: utc('2026-03-29T01:30:00') })
    expect(books.column(q, ['2026-10-25 02:30:00'])).toEqual(['2'])
    expect(books.column(q, ['2026-03-29 02:30:00'])).toEqual(['3'])
  })

  test('a date column is a day: its midnight is what is compared', () => {
    const q = (op: string) => `SELECT id FROM transaction WHERE trandate ${op} TO_DATE(?,${ISO}) ORDER BY id`
    expect(angeles.column(q('<='), ['2026-01-20 00:00:00'])).toEqual(['1', '2'])
    expect(angeles.column(q('<'), ['2026-01-20 00:00:01'])).toEqual(['1', '2'])
    expect(angeles.column(q('='), ['2026-01-20 12:00:00'])).toEqual([])
    expect(
      angeles.column("SELECT id FROM transaction WHERE trandate BETWEEN '1/16/2026' AND '2/1/2026' ORDER BY id"),
    ).toEqual(['2', '3'])
  })

  test('a date has no zone to take UTC of', () => {
    expect(angeles.refusal('SELECT SYS_EXTRACT_UTC(trandate) FROM transaction')).toBe(UNSUPPORTED)
    expect(angeles.refusal('SELECT id FROM transaction WHERE trandate > 5')).toBe(UNSUPPORTED)
  })
})

describe('the clock', () => {
  test('the self-test of a connection: UTC and the account’s wall', () => {
    const q = `SELECT TO_CHAR(SYS_EXTRACT_UTC(SYSTIMESTAMP),${ISO}) AS u, TO_CHAR(CURRENT_DATE,${ISO}) AS l FROM DUAL`
    expect(angeles.ask(q)).toEqual([{ u: '2026-01-15 10:00:00', l: '2026-01-15 02:00:00' }])
    expect(berlin.ask(q)).toEqual([{ u: '2026-01-15 10:00:00', l: '2026-01-15 11:00:00' }])
    expect(berlin.value(`TO_CHAR(SYSDATE,${ISO})`)).toBe('2026-01-15 02:00:00')
  })

  test('is the store’s, in whole seconds', () => {
    const clock = { now: NOW }
    const books = openBooks({ timeZone: 'UTC' }, clock)
    clock.now += 1_999
    expect(books.value(`TO_CHAR(SYS_EXTRACT_UTC(SYSTIMESTAMP),${ISO})`)).toBe('2026-01-15 10:00:01')
  })
})

describe('arithmetic of dates', () => {
  test('counts days', () => {
    expect(angeles.value(`TO_CHAR(TO_DATE('2026-01-31','YYYY-MM-DD') + 1.5,${ISO})`)).toBe('2026-02-01 12:00:00')
    expect(
      angeles.column("SELECT trandate - TO_DATE('2026-01-01','YYYY-MM-DD') AS d FROM transaction WHERE id = 2"),
    ).toEqual(['19'])
    expect(
      angeles.column('SELECT id FROM transaction WHERE lastmodifieddate >= SYSDATE - 30 ORDER BY id'),
    ).toHaveLength(5)
    expect(angeles.column('SELECT id FROM transaction WHERE lastmodifieddate >= SYSDATE - 1/24')).toEqual([])
  })

  test('TRUNC, ADD_MONTHS, LAST_DAY', () => {
    const at = `TO_DATE('2026-05-20 13:14:15',${ISO})`
    expect(angeles.value(`TO_CHAR(TRUNC(${at}),${ISO})`)).toBe('2026-05-20 00:00:00')
    expect(angeles.value(`TO_CHAR(TRUNC(${at}, 'MM'),${ISO})`)).toBe('2026-05-01 00:00:00')
    expect(angeles.value(`TO_CHAR(TRUNC(${at}, 'Q'),${ISO})`)).toBe('2026-04-01 00:00:00')
    expect(angeles.value(`TO_CHAR(TRUNC(${at}, 'IW'),${ISO})`)).toBe('2026-05-18 00:00:00')
    expect(angeles.value("TO_CHAR(ADD_MONTHS(TO_DATE('2026-01-31','YYYY-MM-DD'), 1),'YYYY-MM-DD')")).toBe('2026-02-28')
    expect(angeles.value("TO_CHAR(LAST_DAY(TO_DATE('2028-02-03','YYYY-MM-DD')),'YYYY-MM-DD')")).toBe('2028-02-29')
    expect(berlin.column(`SELECT TO_CHAR(TRUNC(lastmodifieddate),${ISO}) AS t FROM transaction WHERE id = 1`)).toEqual([
      '2026-01-01 00:00:00',
    ])
    expect(
      angeles.column(
        "SELECT COUNT(*) AS n FROM transaction WHERE TRUNC(lastmodifieddate) = TO_DATE('2026-01-01','YYYY-MM-DD')",
      ),
    ).toEqual(['5'])
  })
})
