import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import type { Json } from './description/index.ts'

/** A record as the system has it: more than any one answer shows. Times are ISO texts in UTC with milliseconds. */
export interface Doc {
  readonly id: number
  readonly organizationId: number
  readonly createdAt: string
  readonly updatedAt: string
  readonly deletedAt?: string | null
  readonly [field: string]: Json | undefined
}

/** What a record may be made of: `createdAt` and `updatedAt` default to now, `id` to the next. */
export type NewDoc = Partial<Doc> & { readonly organizationId: number; readonly [field: string]: Json | undefined }

/** Kinds of records; the first part of the path, and those below it. */
export type Resource =
  | 'assets'
  | 'assetcriticalities'
  | 'assetcustomstatuses'
  | 'assetstatuses'
  | 'categories'
  | 'comments'
  | 'contacts'
  | 'customfields'
  | 'locations'
  | 'organizations'
  | 'parts'
  | 'parttransferrequests'
  | 'purchaseorders'
  | 'subscriptions'
  | 'teams'
  | 'users'
  | 'vendors'
  | 'workorders'

/** A condition over the columns `id`, `organization`, `created`, `updated` and the JSON `data`. */
export interface Condition {
  readonly sql: string
  readonly params: readonly SQLInputValue[]
}

export interface Page {
  readonly conditions: readonly Condition[]
  /** SQL expressions, with direction. */
  readonly order: string
  readonly limit: number
  readonly offset: number
  readonly withDeleted?: boolean
}

export interface Store {
  readonly now: () => number
  /** Deleted ones too. */
  get(resource: Resource, id: number): Doc | null
  insert(resource: Resource, doc: NewDoc): Doc
  /** Moves `updatedAt` unless the changes say otherwise, or `touch` is false. */
  update(resource: Resource, id: number, changes: { readonly [field: string]: Json | undefined }, touch?: boolean): Doc
  /** Marks it as deleted. */
  remove(resource: Resource, id: number): Doc
  /** Takes it out for good. */
  erase(resource: Resource, id: number): void
  page(resource: Resource, page: Page): Doc[]
  /** All live ones, by id. */
  all(resource: Resource): Doc[]
  /** Live ones whose field has this value; `fields` are names in the JSON. */
  where(resource: Resource, fields: { readonly [field: string]: SQLInputValue }): Doc[]
  count(resource: Resource): number
  /** Some live record, chosen by a number from 0 to 1. */
  some(resource: Resource, share: number, condition?: Condition): Doc | null
  /** The next number of a persistent sequence. */
  nextId(sequence: string, start?: number): number
  transaction<T>(work: () => T): T
  close(): void
}

/** SQLite would not take them unasked. */
const INDEXES: Readonly<Record<string, string>> = {
  parentId: 'INDEXED BY record_parent',
  vendorId: 'INDEXED BY record_vendor',
}

/** Ids of different kinds never meet, so that one taken for the other is noticed. */
const FIRST_IDS: Partial<Record<Resource, number>> = {
  workorders: 70_000_001,
  assets: 4_000_001,
  locations: 900_001,
  parts: 2_000_001,
  vendors: 500_001,
  contacts: 610_001,
  purchaseorders: 300_001,
  users: 80_001,
  teams: 20_001,
  categories: 10_001,
  comments: 5_000_001,
  assetstatuses: 6_000_001,
  subscriptions: 40_001,
  organizations: 301,
}

export function createStore(options: { readonly file?: string | undefined; readonly now: () => number }): Store {
  const database = new DatabaseSync(options.file ?? ':memory:')
  database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA temp_store = MEMORY;
    CREATE TABLE IF NOT EXISTS record (resource TEXT NOT NULL, id INTEGER NOT NULL, organization INTEGER NOT NULL,
      created TEXT NOT NULL, updated TEXT NOT NULL, deleted TEXT, data TEXT NOT NULL, PRIMARY KEY (resource, id)) WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS record_updated ON record (resource, updated, id);
    CREATE INDEX IF NOT EXISTS record_created ON record (resource, created, id);
    CREATE INDEX IF NOT EXISTS record_status ON record (resource, deleted, data->>'$.status', id);
    CREATE INDEX IF NOT EXISTS record_parent ON record (resource, data->>'$.parentId');
    CREATE INDEX IF NOT EXISTS record_vendor ON record (resource, data->>'$.vendorId');
    CREATE TABLE IF NOT EXISTS number (sequence TEXT PRIMARY KEY, last INTEGER NOT NULL)`)
  const statements = new Map<string, StatementSync>()
  const time = (): string => new Date(options.now()).toISOString()
  let depth = 0

  function prepare(sql: string): StatementSync {
    let statement = statements.get(sql)
    if (statement === undefined) {
      if (statements.size > 300) statements.clear()
      statement = database.prepare(sql)
      statements.set(sql, statement)
    }
    return statement
  }
  const docs = (sql: string, params: readonly SQLInputValue[]): Doc[] =>
    prepare(sql)
      .all(...params)
      .map((row) => JSON.parse(String(row['data'])) as Doc)

  function get(resource: Resource, id: number): Doc | null {
    return docs('SELECT data FROM record WHERE resource = ? AND id = ?', [resource, id])[0] ?? null
  }

  function nextId(sequence: string, start = 1): number {
    const sql = 'INSERT INTO number VALUES (?, ?) ON CONFLICT DO UPDATE SET last = last + 1 RETURNING last'
    return Number(prepare(sql).get(sequence, start)?.['last'])
  }

  function write(resource: Resource, doc: Doc): Doc {
    prepare('INSERT OR REPLACE INTO record VALUES (?, ?, ?, ?, ?, ?, ?)').run(
      resource,
      doc.id,
      doc.organizationId,
      doc.createdAt,
      doc.updatedAt,
      doc.deletedAt ?? null,
      JSON.stringify(doc),
    )
    return doc
  }

  function live(resource: Resource, id: number): Doc {
    const doc = get(resource, id)
    if (doc === null || doc.deletedAt != null) throw new Error(`there is no ${resource}/${id}`)
    return doc
  }

  return {
    now: options.now,
    get,
    nextId,
    insert(resource, doc) {
      const stamp = time()
      const id = doc.id ?? nextId(resource, FIRST_IDS[resource] ?? 1)
      return write(resource, { ...doc, id, createdAt: doc.createdAt ?? stamp, updatedAt: doc.updatedAt ?? stamp })
    },
    update(resource, id, changes, touch = true) {
      const before = live(resource, id)
      const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined))
      return write(resource, { ...before, ...(touch ? { updatedAt: time() } : {}), ...given })
    },
    remove(resource, id) {
      const stamp = time()
      return write(resource, { ...live(resource, id), updatedAt: stamp, deletedAt: stamp })
    },
    erase(resource, id) {
      prepare('DELETE FROM record WHERE resource = ? AND id = ?').run(resource, id)
    },
    page(resource, { conditions, order, limit, offset, withDeleted }) {
      const all = [{ sql: 'resource = ?', params: [resource] as SQLInputValue[] }, ...conditions]
      const where = [...all.map(({ sql }) => `(${sql})`), ...(withDeleted === true ? [] : ['deleted IS NULL'])]
      const sql = `SELECT data FROM record WHERE ${where.join(' AND ')} ORDER BY ${order} LIMIT ? OFFSET ?`
      return docs(sql, [...all.flatMap(({ params }) => params), limit, offset])
    },
    all: (resource) => docs('SELECT data FROM record WHERE resource = ? AND deleted IS NULL ORDER BY id', [resource]),
    where(resource, fields) {
      const names = Object.keys(fields)
      const tests = names.map((name) => ` AND data->>'$.${name}' = ?`).join('')
      const index = INDEXES[names[0] ?? ''] ?? ''
      const sql = `SELECT data FROM record ${index} WHERE resource = ? AND deleted IS NULL${tests}`
      // in order by SQL it would go through all of them by their id
      return docs(sql, [resource, ...names.map((name) => fields[name] ?? null)]).sort((a, b) => a.id - b.id)
    },
    count: (resource) =>
      Number(prepare('SELECT count(*) AS n FROM record WHERE resource = ? AND deleted IS NULL').get(resource)?.['n']),
    some(resource, share, condition = { sql: '1', params: [] }) {
      const where = `resource = ? AND deleted IS NULL AND (${condition.sql})`
      const params = [resource, ...condition.params]
      const n = Number(
        prepare(`SELECT count(*) AS n FROM record INDEXED BY record_status WHERE ${where}`).get(...params)?.['n'],
      )
      if (n === 0) return null
      const at = Math.min(n - 1, Math.floor(share * n))
      const found = prepare(`SELECT id FROM record INDEXED BY record_status WHERE ${where} LIMIT 1 OFFSET ?`).get(
        ...params,
        at,
      )
      return get(resource, Number(found?.['id']))
    },
    transaction(work) {
      if (depth > 0) return work()
      depth++
      database.exec('BEGIN')
      try {
        const result = work()
        database.exec('COMMIT')
        return result
      } catch (error) {
        database.exec('ROLLBACK')
        throw error
      } finally {
        depth--
      }
    },
    close() {
      statements.clear()
      database.close()
    },
  }
}
