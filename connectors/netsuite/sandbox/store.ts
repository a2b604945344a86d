import { DatabaseSync, type StatementSync } from 'node:sqlite'
import type { CustomField } from './account.ts'
import { ddlOf, quote } from './ddl.ts'
import { type Column, type Table, tablesOf } from './tables.ts'
import { type Cell, toCell } from './values.ts'

/**
 * One row by column name. As the store gives it: id, ref, integer → number; bool → 'T' or 'F'; number → decimal text
 * without trailing zeros ('9.5'); date → 'YYYY-MM-DD'; datetime → epoch ms, whole seconds; absent → null.
 * Taken too: true/false for bool, JSON numbers for number, '' (kept as null, as everywhere in this database).
 */
export type Row = { readonly [column: string]: string | number | boolean | null | undefined }
/** What the store gives: see Row. */
export type StoredRow = { readonly [column: string]: Cell }

/** One key column's value, or all in the order of `table.key`: `['transaction', 'id']` of a line. */
export type Key = number | string | readonly (number | string)[]

/** When a change can be seen: the "late commit" of a transaction that took its time stamp long before it ended. */
export interface Visibility {
  /** Epoch ms; default: at once. */
  readonly visibleAt?: number | undefined
}

export interface Store {
  readonly tables: ReadonlyMap<string, Table>
  get(table: string, key: Key): StoredRow | null
  /** The table's created and modified times default to now. @throws when the key exists, a column is unknown or a required one missing */
  insert(table: string, row: Row, options?: Visibility): void
  insertMany(table: string, rows: Iterable<Row>, options?: Visibility): void
  /** Does not stamp: give `lastmodifieddate` too. With `visibleAt` in the future the old values stay visible until then. */
  update(table: string, key: Key, changes: Row, options?: Visibility): void
  /** A transaction takes its lines with it. No `deletedrecord` row is written. @returns whether there was such a row */
  remove(table: string, key: Key): boolean
  /** Visible rows that equal `where` in all its columns, ordered by key. */
  rows(table: string, where?: Row): StoredRow[]
  /** How many rows `rows` would give. */
  count(table: string, where?: Row): number
  /** SQL over the tables (`"transaction"."id"`), rows as arrays: the query engine's way. */
  sql(text: string, params: readonly Cell[]): Cell[][]
  /** Rows are seen whose `_visible_at` is not later than this; null: all are. */
  visibleAsOf(): number | null
  readonly now: () => number
  /** A number that moves with every write. */
  version(): number
  /** Scalar functions and aggregates for `sql`. */
  readonly database: DatabaseSync
  /** All or nothing; may be nested. */
  transaction<T>(work: () => T): T
  /** The next number of a persistent sequence, counting from `start` (default 1). */
  nextId(sequence: string, start?: number): number
  close(): void
}

export interface StoreOptions {
  /** Default: in memory. */
  readonly file?: string | undefined
  readonly now: () => number
  readonly customFields?: readonly CustomField[] | undefined
}

const STATEMENTS_KEPT = 500

export function createStore(options: StoreOptions): Store {
  const database = new DatabaseSync(options.file ?? ':memory:')
  database.exec(
    'PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA cache_size = -64000; PRAGMA temp_store = MEMORY; PRAGMA case_sensitive_like = ON',
  )
  const tables = tablesOf(options.customFields)
  for (const table of tables.values()) if (table.view === null) for (const sql of ddlOf(table)) database.exec(sql)
  for (const table of tables.values()) if (table.view !== null) for (const sql of ddlOf(table)) database.exec(sql)
  database.exec('CREATE TABLE IF NOT EXISTS "_numbers" ("sequence" TEXT PRIMARY KEY, "last" INTEGER NOT NULL)')
  database.exec('INSERT OR IGNORE INTO "dual" ("dummy") VALUES (\'X\')')

  const statements = new Map<string, StatementSync>()
  /** Nothing is hidden once this has passed. */
  let hiddenUntil = 0
  let late: { table: Table; key: Key; changes: Row; visibleAt: number }[] = []
  let depth = 0
  let version = 0
  for (const table of tables.values()) {
    if (table.view !== null) continue
    const [last] = sql(`SELECT max("_visible_at") FROM ${quote(table.name)} WHERE "_visible_at" > 0`, [])
    hiddenUntil = Math.max(hiddenUntil, Number(last?.[0] ?? 0))
  }

  function prepare(text: string): StatementSync {
    let statement = statements.get(text)
    if (statement === undefined) {
      if (statements.size >= STATEMENTS_KEPT) statements.clear()
      statement = database.prepare(text)
      statement.setReturnArrays(true)
      statements.set(text, statement)
    }
    return statement
  }

  function sql(text: string, params: readonly Cell[]): Cell[][] {
    const rows = prepare(text).all(...params) as unknown as Cell[][] | undefined
    // what an aggregate throws does not come out of node:sqlite; nothing comes out then
    if (rows === undefined) throw new RangeError('an aggregate could not be computed')
    return rows
  }

  function tableOf(name: string): Table {
    const table = tables.get(name)
    if (table === undefined) throw new Error(`there is no table ${name}`)
    return table
  }

  function visibleAsOf(): number | null {
    const now = options.now()
    settle(now)
    return now >= hiddenUntil ? null : now
  }

  /** Applies the changes whose late commit has come. */
  function settle(now: number): void {
    // within a unit of work that fails they would be rolled back with it
    if (late.length === 0 || depth > 0) return
    const due = late.filter((change) => change.visibleAt <= now)
    if (due.length === 0) return
    late = late.filter((change) => change.visibleAt > now)
    for (const change of due) write(change.table, change.key, change.changes)
  }

  function keyCondition(table: Table, key: Key): { sql: string; params: Cell[] } {
    const values = Array.isArray(key) ? (key as readonly (string | number)[]) : [key as string | number]
    if (values.length !== table.key.length) throw new Error(`the key of ${table.name} is ${table.key.join(', ')}`)
    const params = table.key.map((name, at) => toCell(columnOf(table, name), values[at] ?? null))
    return { sql: table.key.map((name) => `${quote(name)} = ?`).join(' AND '), params }
  }

  function write(table: Table, key: Key, changes: Row): void {
    const names = Object.keys(changes).filter((name) => changes[name] !== undefined)
    if (names.length === 0) return
    version++
    const where = keyCondition(table, key)
    const values = names.map((name) => toCell(columnOf(table, name), changes[name] ?? null))
    const assignments = names.map((name) => `${quote(name)} = ?`).join(', ')
    prepare(`UPDATE ${quote(table.name)} SET ${assignments} WHERE ${where.sql}`).run(...values, ...where.params)
  }

  function insert(name: string, row: Row, visibility: Visibility = {}): void {
    const table = tableOf(name)
    const visibleAt = visibility.visibleAt ?? 0
    if (visibleAt > hiddenUntil) hiddenUntil = visibleAt
    version++
    const names: string[] = []
    const cells: Cell[] = [visibleAt]
    for (const column of Object.keys(row)) {
      if (row[column] === undefined) continue
      names.push(column)
      cells.push(toCell(columnOf(table, column), row[column] ?? null))
    }
    for (const stamp of [table.created, table.modified]) {
      if (stamp === null || row[stamp] !== undefined) continue
      names.push(stamp)
      cells.push(toCell(columnOf(table, stamp), options.now()))
    }
    prepare(
      `INSERT INTO ${quote(name)} ("_visible_at"${names.map((it) => `, ${quote(it)}`).join('')}) VALUES (?${', ?'.repeat(names.length)})`,
    ).run(...cells)
  }

  function matching(table: Table, where: Row): { sql: string; params: Cell[] } {
    const params: Cell[] = []
    const conditions = Object.keys(where).map((name) => {
      params.push(toCell(columnOf(table, name), where[name] ?? null))
      return `${quote(name)} IS ?`
    })
    const seenAt = visibleAsOf()
    if (seenAt !== null) {
      conditions.push('"_visible_at" <= ?')
      params.push(seenAt)
    }
    return { sql: conditions.length === 0 ? '1' : conditions.join(' AND '), params }
  }

  function select(table: Table, condition: string, params: readonly Cell[]): StoredRow[] {
    const columns = [...table.columns.keys()]
    const order = table.key.map(quote).join(', ')
    const text = `SELECT ${columns.map(quote).join(', ')} FROM ${quote(table.name)} WHERE ${condition} ORDER BY ${order}`
    return sql(text, params).map((cells) => Object.fromEntries(columns.map((name, at) => [name, cells[at] ?? null])))
  }

  function transaction<T>(work: () => T): T {
    settle(options.now())
    const level = depth++
    const point = `"level${level}"`
    database.exec(level === 0 ? 'BEGIN' : `SAVEPOINT ${point}`)
    try {
      const result = work()
      database.exec(level === 0 ? 'COMMIT' : `RELEASE ${point}`)
      return result
    } catch (error) {
      if (database.isTransaction) database.exec(level === 0 ? 'ROLLBACK' : `ROLLBACK TO ${point}; RELEASE ${point}`)
      throw error
    } finally {
      depth--
    }
  }

  return {
    tables,
    database,
    now: options.now,
    get(name, key) {
      const table = tableOf(name)
      const where = keyCondition(table, key)
      const seenAt = visibleAsOf()
      const found = select(table, seenAt === null ? where.sql : `${where.sql} AND "_visible_at" <= ?`, [
        ...where.params,
        ...(seenAt === null ? [] : [seenAt]),
      ])
      return found[0] ?? null
    },
    insert,
    insertMany(table, rows, visibility) {
      transaction(() => {
        for (const row of rows) insert(table, row, visibility)
      })
    },
    update(name, key, changes, visibility = {}) {
      const table = tableOf(name)
      if (visibility.visibleAt !== undefined && visibility.visibleAt > options.now()) {
        late.push({ table, key, changes, visibleAt: visibility.visibleAt })
      } else {
        write(table, key, changes)
      }
    },
    remove(name, key) {
      const table = tableOf(name)
      const where = keyCondition(table, key)
      version++
      return Number(prepare(`DELETE FROM ${quote(name)} WHERE ${where.sql}`).run(...where.params).changes) > 0
    },
    rows(name, where = {}) {
      const table = tableOf(name)
      const condition = matching(table, where)
      return select(table, condition.sql, condition.params)
    },
    count(name, where = {}) {
      const condition = matching(tableOf(name), where)
      return Number(sql(`SELECT count(*) FROM ${quote(name)} WHERE ${condition.sql}`, condition.params)[0]?.[0])
    },
    sql,
    visibleAsOf,
    version: () => version,
    transaction,
    nextId(sequence, start = 1) {
      version++
      const text = 'INSERT INTO "_numbers" VALUES (?, ?) ON CONFLICT DO UPDATE SET "last" = "last" + 1 RETURNING "last"'
      return Number(sql(text, [sequence, start])[0]?.[0])
    },
    close() {
      statements.clear()
      database.close()
    },
  }
}

function columnOf(table: Table, name: string): Column {
  const column = table.columns.get(name)
  if (column === undefined) throw new Error(`${table.name} has no column ${name}`)
  return column
}
