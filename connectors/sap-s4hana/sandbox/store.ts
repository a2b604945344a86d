import { DatabaseSync, type StatementSync } from 'node:sqlite'
import type { EntitySet, Model, Navigation, Property, Row } from './model.ts'
import { type Cell, compareKeys, joinColumns, orderSql, quote, type Table, tableOf, toCell, toRow } from './table.ts'

export interface Query {
  /** SQL over the property columns (`"Plant" = ?`); values as SQLite holds them (booleans 1/0, numbers without leading zeros). */
  readonly where?: Where | undefined
  /** Default: by key. */
  readonly orderBy?: readonly { readonly property: string; readonly descending: boolean }[] | undefined
  readonly limit?: number | undefined
  readonly offset?: number | undefined
}

export interface Where {
  readonly sql: string
  readonly params: readonly (string | number | null)[]
}

/** When a change can be seen: the "late commit" of a transaction that took its time stamp long before it ended. */
export interface Visibility {
  /** Epoch ms; default: at once. */
  readonly visibleAt?: number | undefined
}

export interface Store {
  /** @throws when the service or the set does not exist */
  set(service: string, name: string): EntitySet
  get(set: EntitySet, key: Row): Row | null
  /** Missing properties get the system's initial values: '' for text, '0', false, null for dates. @throws when the key exists */
  insert(set: EntitySet, row: Row, options?: Visibility): void
  insertMany(set: EntitySet, rows: Iterable<Row>, options?: Visibility): void
  /** With `visibleAt` in the future the old values stay visible until then. */
  update(set: EntitySet, key: Row, changes: Row, options?: Visibility): void
  remove(set: EntitySet, key: Row): void
  select(set: EntitySet, query?: Query): Row[]
  count(set: EntitySet, where?: Where): number
  /** The rows a navigation leads to from one row of `set`. */
  children(set: EntitySet, navigation: Navigation | string, parent: Row): Row[]
  /** Rows as cells in the order of `columns`: the read engine's way, without an object per row. */
  cells(set: EntitySet, columns: readonly string[], query: Query): Cell[][]
  /** For every parent (its values of the navigation's own columns) the target's rows as cells, ordered by key. One query. */
  childCells(navigation: Navigation, columns: readonly string[], parents: readonly (readonly Cell[])[]): Cell[][][]
  /** All or nothing; may be nested. */
  transaction<T>(work: () => T): T
  /** The next number of a persistent range, counting from `start`. */
  nextNumber(range: string, start: number): number
  close(): void
}

export interface StoreOptions {
  /** Default: in memory. */
  readonly file?: string | undefined
  readonly models: readonly Model[]
  readonly now: () => number
}

const STATEMENTS_KEPT = 1000

export function createStore(options: StoreOptions): Store {
  const database = new DatabaseSync(options.file ?? ':memory:')
  database.exec(
    'PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA cache_size = -64000; PRAGMA temp_store = MEMORY',
  )
  database.exec('CREATE TABLE IF NOT EXISTS "_numbers" ("range" TEXT PRIMARY KEY, "last" INTEGER NOT NULL)')

  const models = new Map(options.models.map((model) => [model.service, model]))
  const joins = joinColumns(options.models)
  const tables = new Map<EntitySet, Table>()
  const statements = new Map<string, StatementSync>()
  /** Nothing is hidden once this has passed. */
  let hiddenUntil = 0
  let late: { set: EntitySet; key: Row; changes: Row; visibleAt: number }[] = []
  let depth = 0

  function prepare(sql: string): StatementSync {
    let statement = statements.get(sql)
    if (statement === undefined) {
      if (statements.size >= STATEMENTS_KEPT) statements.clear()
      statement = database.prepare(sql)
      statement.setReturnArrays(true)
      statements.set(sql, statement)
    }
    return statement
  }

  /** Tables come into being on first use: most sets of the metadata stay empty. */
  function table(set: EntitySet): Table {
    let found = tables.get(set)
    if (found === undefined) {
      found = tableOf(set, joins.get(set) ?? [])
      for (const sql of found.ddl) database.exec(sql)
      tables.set(set, found)
    }
    return found
  }

  function visible(params: Cell[], alias = ''): string {
    const now = options.now()
    settle(now)
    if (now >= hiddenUntil) return '1'
    params.push(now)
    return `${alias}"_visible_at" <= ?`
  }

  /** Applies the changes whose late commit has come. */
  function settle(now: number): void {
    if (late.length === 0) return
    const due = late.filter((change) => change.visibleAt <= now)
    if (due.length === 0) return
    late = late.filter((change) => change.visibleAt > now)
    for (const change of due) write(change.set, change.key, change.changes)
  }

  function keyCondition(set: EntitySet, key: Row): Where {
    const params = set.type.keys.map((name) => {
      const value = key[name]
      if (value === undefined) throw new Error(`the key of ${set.name} needs ${name}`)
      return toCell(propertyOf(set, name), value)
    })
    return { sql: set.type.keys.map((name) => `${quote(name)} = ?`).join(' AND '), params }
  }

  function write(set: EntitySet, key: Row, changes: Row): void {
    const names = Object.keys(changes)
    if (names.length === 0) return
    const where = keyCondition(set, key)
    const values = names.map((name) => toCell(propertyOf(set, name), changes[name] ?? null))
    const assignments = names.map((name) => `${quote(name)} = ?`).join(', ')
    prepare(`UPDATE ${table(set).name} SET ${assignments} WHERE ${where.sql}`).run(...values, ...where.params)
  }

  /** The statement for rows with these properties; rows of one kind mostly have the same ones. */
  let lastInsert: { set: EntitySet; names: string[]; properties: Property[]; statement: StatementSync } | null = null

  function insertion(set: EntitySet, names: string[]) {
    const into = table(set)
    if (lastInsert?.set === set && sameNames(lastInsert.names, names)) return lastInsert
    const sql = `INSERT INTO ${into.name} ("_visible_at"${names.map((name) => `, ${quote(name)}`).join('')}) VALUES (?${', ?'.repeat(names.length)})`
    lastInsert = { set, names, properties: names.map((name) => propertyOf(set, name)), statement: prepare(sql) }
    return lastInsert
  }

  function insert(set: EntitySet, row: Row, visibility: Visibility = {}): void {
    const { properties, statement } = insertion(set, Object.keys(row))
    const visibleAt = visibility.visibleAt ?? 0
    if (visibleAt > hiddenUntil) hiddenUntil = visibleAt
    const cells: Cell[] = [visibleAt]
    for (const property of properties) cells.push(toCell(property, row[property.name] ?? null))
    statement.run(...cells)
  }

  function cells(set: EntitySet, columns: readonly string[], query: Query): Cell[][] {
    const params: Cell[] = [...(query.where?.params ?? [])]
    const condition = query.where === undefined ? '' : `(${query.where.sql}) AND `
    const orderBy = orderSql(set, query.orderBy ?? [])
    let sql = `SELECT ${columns.map(quote).join(', ')} FROM ${table(set).name} WHERE ${condition}${visible(params)} ORDER BY ${orderBy}`
    if (query.limit !== undefined || query.offset !== undefined) {
      sql += ' LIMIT ? OFFSET ?'
      params.push(query.limit ?? -1, query.offset ?? 0)
    }
    return prepare(sql).all(...params) as unknown as Cell[][]
  }

  function childCells(
    navigation: Navigation,
    columns: readonly string[],
    parents: readonly (readonly Cell[])[],
  ): Cell[][][] {
    const { target, on, fixed } = navigation
    const groups: Cell[][][] = parents.map(() => [])
    if (on.length === 0 || parents.length === 0) return groups
    const params: Cell[] = [JSON.stringify(on.length === 1 ? parents.map((parent) => parent[0]) : parents)]
    const conditions = on.map(([, theirs], at) =>
      on.length === 1 ? `t.${quote(theirs)} = p.value` : `t.${quote(theirs)} = json_extract(p.value, '$[${at}]')`,
    )
    for (const [theirs, value] of fixed) {
      conditions.push(`t.${quote(theirs)} = ?`)
      params.push(toCell(propertyOf(target, theirs), value))
    }
    conditions.push(visible(params, 't.'))
    const picked = columns.map((column) => `t.${quote(column)}`).join(', ')
    const sql = `SELECT ${picked}, p.key FROM json_each(?) AS p CROSS JOIN ${table(target).name} AS t WHERE ${conditions.join(' AND ')}`
    for (const row of prepare(sql).all(...params) as unknown as Cell[][]) {
      groups[row.pop() as number]?.push(row)
    }
    const keys = target.type.keys.map((key) => propertyOf(target, key))
    const at = target.type.keys.map((key) => columns.indexOf(key))
    if (!at.includes(-1))
      for (const group of groups) if (group.length > 1) group.sort((a, b) => compareKeys(keys, at, a, b))
    return groups
  }

  function transaction<T>(work: () => T): T {
    const level = depth++
    const point = `"level${level}"`
    database.exec(level === 0 ? 'BEGIN' : `SAVEPOINT ${point}`)
    try {
      const result = work()
      database.exec(level === 0 ? 'COMMIT' : `RELEASE ${point}`)
      return result
    } catch (error) {
      if (database.isTransaction) database.exec(level === 0 ? 'ROLLBACK' : `ROLLBACK TO ${point}; RELEASE ${point}`)
      // tables that came into being within are gone again
      tables.clear()
      throw error
    } finally {
      depth--
    }
  }

  return {
    set(service, name) {
      const found = models.get(service)?.sets.get(name)
      if (found === undefined) throw new Error(`there is no entity set ${service}/${name}`)
      return found
    },
    get(set, key) {
      const found = cells(set, [...set.type.properties.keys()], { where: keyCondition(set, key), limit: 1 })[0]
      return found === undefined ? null : toRow(propertiesOf(set), found)
    },
    insert,
    insertMany(set, rows, visibility) {
      transaction(() => {
        for (const row of rows) insert(set, row, visibility)
      })
    },
    update(set, key, changes, visibility = {}) {
      if (visibility.visibleAt !== undefined && visibility.visibleAt > options.now()) {
        late.push({ set, key, changes, visibleAt: visibility.visibleAt })
      } else {
        write(set, key, changes)
      }
    },
    remove(set, key) {
      const where = keyCondition(set, key)
      prepare(`DELETE FROM ${table(set).name} WHERE ${where.sql}`).run(...where.params)
    },
    select(set, query = {}) {
      const properties = propertiesOf(set)
      return cells(set, [...set.type.properties.keys()], query).map((found) => toRow(properties, found))
    },
    count(set, where) {
      const params: Cell[] = [...(where?.params ?? [])]
      const condition = where === undefined ? '' : `(${where.sql}) AND `
      const sql = `SELECT count(*) FROM ${table(set).name} WHERE ${condition}${visible(params)}`
      return (prepare(sql).get(...params) as unknown as [number])[0]
    },
    children(set, navigation, parent) {
      const link = typeof navigation === 'string' ? set.type.navigations.get(navigation) : navigation
      if (link === undefined) throw new Error(`${set.name} has no navigation ${String(navigation)}`)
      const own = link.on.map(([name]) => toCell(propertyOf(set, name), parent[name] ?? null))
      const properties = propertiesOf(link.target)
      const [found = []] = childCells(link, [...link.target.type.properties.keys()], [own])
      return found.map((child) => toRow(properties, child))
    },
    cells,
    childCells,
    transaction,
    nextNumber(range, start) {
      const sql = 'INSERT INTO "_numbers" VALUES (?, ?) ON CONFLICT DO UPDATE SET "last" = "last" + 1 RETURNING "last"'
      return (prepare(sql).get(range, start) as unknown as [number])[0]
    },
    close() {
      statements.clear()
      database.close()
    },
  }
}

function sameNames(one: readonly string[], other: readonly string[]): boolean {
  if (one.length !== other.length) return false
  for (let at = 0; at < one.length; at++) if (one[at] !== other[at]) return false
  return true
}

function propertyOf(set: EntitySet, name: string): Property {
  const found = set.type.properties.get(name)
  if (found === undefined) throw new Error(`${set.model.service}/${set.name} has no property ${name}`)
  return found
}

function propertiesOf(set: EntitySet): Property[] {
  return [...set.type.properties.values()]
}
