import { DatabaseSync } from 'node:sqlite'
import { localOf } from '../../../../core/zones.ts'
import { type Asked, pageBody, refusal, type Reply, UNPROCESSED, unknownColumn } from './stand-in.ts'

export interface Order {
  readonly id: number
  /** Epoch seconds. */
  readonly modified: number
  readonly memo: string
}

/**
 * Tables that answer the statements of the connector: `transaction t` with `transactionline l`, and `deletedrecord d`.
 * SQLite does the work; functions of Oracle are rewritten. Times are told in `zone`, and in UTC through SYS_EXTRACT_UTC.
 */
export function createTables(zone = 'UTC') {
  const db = new DatabaseSync(':memory:')
  db.exec(`
    CREATE TABLE transaction_ (id INTEGER PRIMARY KEY, lastmodifieddate INTEGER, memo TEXT);
    CREATE INDEX by_time ON transaction_ (lastmodifieddate, id);
    CREATE TABLE transactionline (id INTEGER, transaction_ INTEGER, memo TEXT, PRIMARY KEY (transaction_, id));
    CREATE TABLE deletedrecord (recordid INTEGER, type TEXT, scriptid TEXT, deleteddate INTEGER);
  `)
  const texts = new Map<number, string>()
  db.function('local', { deterministic: true }, (seconds) => {
    if (seconds === null) return null
    let text = texts.get(Number(seconds))
    if (text === undefined) texts.set(Number(seconds), (text = textOf(localOf(Number(seconds) * 1000, zone))))
    return text
  })
  db.function('utc', { deterministic: true }, (seconds) => (seconds === null ? null : textOf(Number(seconds) * 1000)))
  db.function('seconds', { deterministic: true }, (text) => Date.parse(`${String(text).replace(' ', 'T')}Z`) / 1000)
  const put = db.prepare('INSERT OR REPLACE INTO transaction_ VALUES (?, ?, ?)')
  const putLine = db.prepare('INSERT OR REPLACE INTO transactionline VALUES (?, ?, ?)')

  return {
    put(order: Order, lines: readonly string[] = []) {
      put.run(order.id, order.modified, order.memo)
      db.prepare('DELETE FROM transactionline WHERE transaction_ = ?').run(order.id)
      for (const [at, memo] of lines.entries()) putLine.run(at + 1, order.id, memo)
    },
    bulk(work: () => void) {
      db.exec('BEGIN')
      work()
      db.exec('COMMIT')
    },
    remove(id: number, deleted: number | null) {
      db.prepare('DELETE FROM transaction_ WHERE id = ?').run(id)
      if (deleted !== null)
        db.prepare("INSERT INTO deletedrecord VALUES (?, 'Purchase Order', NULL, ?)").run(id, deleted)
    },
    all: (): Order[] =>
      db
        .prepare('SELECT id, lastmodifieddate AS modified, memo FROM transaction_ ORDER BY id')
        .all() as unknown as Order[],
    answer: ({ q, params, limit }: Asked): Reply => {
      let found: { [alias: string]: unknown }[]
      try {
        found = db.prepare(`${rewritten(q)} LIMIT ${limit + 1}`).all(...params) as { [alias: string]: unknown }[]
      } catch (error) {
        const column = /no such column: \w+\.(\w+)/.exec((error as Error).message)?.[1]
        if (column === undefined) return refusal(400, 'INVALID_PARAMETER', `${UNPROCESSED}${(error as Error).message}`)
        return unknownColumn(column)
      }
      const items = found
        .slice(0, limit)
        .map((row) =>
          Object.fromEntries(
            Object.entries(row).flatMap(([name, value]) => (value === null ? [] : [[name, String(value)]])),
          ),
        )
      return { body: pageBody(items, found.length > limit ? limit + 1 : items.length) }
    },
  }
}

const textOf = (ms: number) => new Date(ms).toISOString().slice(0, 19).replace('T', ' ')

function rewritten(q: string): string {
  const match = /^(.*?)(?: FETCH FIRST (\d+) ROWS ONLY)?$/.exec(q)
  const head = match?.[1] ?? ''
  const fetch = match?.[2]
  const sql = head
    .replaceAll(/\btransaction\b/g, 'transaction_')
    .replaceAll(/TO_CHAR\(SYS_EXTRACT_UTC\(([\w.]+)\),'[^']*'\)/g, 'utc($1)')
    .replaceAll(/SYS_EXTRACT_UTC\(([\w.]+)\)/g, '$1')
    .replaceAll(/TO_TIMESTAMP\(\?,'[^']*'\)/g, 'seconds(?)')
    .replaceAll(/TO_CHAR\(([\w.]+),'[^']*'\)/g, 'local($1)')
    .replaceAll(/ AS transaction_/g, ' AS "transaction"')
  return fetch === undefined ? sql : `SELECT * FROM (${sql} LIMIT ${fetch})`
}
