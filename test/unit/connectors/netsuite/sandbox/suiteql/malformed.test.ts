import { describe, expect, test } from 'vitest'
import { SuiteQlError } from '../../../../../../connectors/netsuite/sandbox/suiteql/index.ts'
import { openBooks, UNSUPPORTED } from './books.ts'
import { BINS, DELETED, lines, STOCK, WINDOWED } from './statements.ts'

const books = openBooks()

type Outcome = 'taken' | 'refused' | 'refused in other words'

const PREFIX = 'Invalid search query. Detailed unprocessed description follows. '

/** The outcome of a statement: rows, or a refusal in the system's words. Anything else is thrown on. */
function outcome(q: string): Outcome {
  const marks = q.split('?').length - 1
  try {
    books.page(q, { params: Array<string>(marks).fill('1') })
    return 'taken'
  } catch (error) {
    if (!(error instanceof SuiteQlError)) throw new Error(`${q}\n→ ${String(error)}`, { cause: error })
    return error.detail.startsWith(PREFIX) ? 'refused' : 'refused in other words'
  }
}

/** Deterministic: the same faults every time. */
function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

const GOOD = [
  ...Object.values(WINDOWED),
  lines(3),
  STOCK,
  BINS,
  DELETED,
  "SELECT CASE WHEN id IN (1, 2) THEN NVL(memo, '-') ELSE tranid END AS c, COUNT(*) FROM transaction GROUP BY memo, tranid, id HAVING COUNT(*) > 0",
  'SELECT * FROM (SELECT ROWNUM AS rn, x.* FROM (SELECT id FROM vendor ORDER BY id) x) WHERE rn <= 2',
  "SELECT SUBSTR(entityid, 1, 2) || '-' || ROUND(id / 3, 2) AS t FROM vendor v LEFT JOIN location l ON l.id = v.id UNION SELECT name FROM location",
]

describe('malformed statements', () => {
  test('every prefix of a statement is refused or taken, never fails otherwise', () => {
    const outcomes = new Set<Outcome>()
    for (const q of GOOD) for (let end = 0; end < q.length; end += 3) outcomes.add(outcome(q.slice(0, end)))
    expect([...outcomes].toSorted()).toEqual(['refused', 'taken'])
  })

  test('tokens left out, doubled, exchanged or replaced: rows or a refusal', () => {
    const next = random(7)
    const pieces = GOOD.flatMap((q) => q.match(/\w+|'[^']*'|[^\s\w]/g) ?? [])
    const odd = [
      "'",
      '"',
      '(',
      ')',
      '--',
      '/*',
      ';',
      '\\',
      '\u0000',
      '⟦0⟧',
      '𝄞',
      '99999999999999999999',
      '1e999',
      '',
      '.',
      '||',
    ]
    const seen = { taken: 0, refused: 0, 'refused in other words': 0 }
    for (let run = 0; run < 6000; run++) {
      const tokens = (GOOD[Math.floor(next() * GOOD.length)] ?? '').match(/\w+|'[^']*'|[^\s\w]/g) ?? []
      for (let change = 0; change <= next() * 3; change++) {
        const at = Math.floor(next() * tokens.length)
        const other = next() < 0.3 ? odd[Math.floor(next() * odd.length)] : pieces[Math.floor(next() * pieces.length)]
        tokens.splice(at, next() < 0.3 ? 0 : 1, ...(next() < 0.3 ? [] : [other ?? '']))
      }
      seen[outcome(tokens.join(' ').replaceAll(/ ?\. ?/g, '.'))]++
    }
    expect(seen['refused in other words']).toBe(0)
    expect(seen.refused).toBeGreaterThan(3000)
    expect(seen.taken).toBeGreaterThan(100)
  })

  test('noise is refused', () => {
    const next = random(11)
    for (let run = 0; run < 2000; run++) {
      const q = Array.from({ length: Math.floor(next() * 60) }, () =>
        String.fromCharCode(32 + Math.floor(next() * 95)),
      ).join('')
      expect(outcome(q)).toBe('refused')
    }
  })

  test('what is deep or long is refused', () => {
    for (const q of [
      `SELECT ${'('.repeat(5000)}1${')'.repeat(5000)} FROM DUAL`,
      `SELECT ${'- '.repeat(5000)}1 FROM DUAL`,
      `SELECT 1 FROM DUAL WHERE ${'NOT '.repeat(5000)}1 = 1`,
      `SELECT ${'1 + '.repeat(20_000)}1 FROM DUAL`,
      `SELECT ${'('.repeat(50)}SELECT 1 FROM DUAL${')'.repeat(50)}`,
      `SELECT ${Array(3000).fill('1').join(', ')} FROM DUAL`,
      `SELECT 1 FROM DUAL WHERE ${Array(3000).fill('1 = 2').join(' OR ')}`,
      `SELECT '${'x'.repeat(300_000)}' FROM DUAL`,
      `SELECT ${'NVL2('.repeat(40)}1${', 2, 3)'.repeat(40)} FROM DUAL WHERE ${'x'.repeat(10)} = 1`,
      `SELECT 1 FROM ${'(SELECT * FROM '.repeat(200)}DUAL${')'.repeat(200)}`,
    ]) {
      expect({ q: q.slice(0, 60), outcome: outcome(q) }).toMatchObject({ outcome: 'refused' })
    }
    let doubling = '1'
    for (let level = 0; level < 30; level++)
      doubling = `NULLIF(${doubling}, ${doubling.length > 4000 ? '2' : doubling})`
    expect(['taken', 'refused']).toContain(outcome(`SELECT ${doubling} AS x FROM DUAL`))
    let abs = 'id'
    for (let level = 0; level < 40; level++) abs = `ABS(${abs})`
    expect(books.refusal(`SELECT ${abs} AS x FROM vendor`)).toBe(UNSUPPORTED)
  })

  test('numbers beyond all measure are refused or kept whole', () => {
    expect(books.value('99999999999999999999 + 1')).toBe('100000000000000000000')
    expect(books.refusal('SELECT id FROM vendor WHERE id = 1e500')).toBe(UNSUPPORTED)
    expect(books.column('SELECT id FROM vendor WHERE id < 99999999999999999999 ORDER BY id')).toHaveLength(3)
  })
})
