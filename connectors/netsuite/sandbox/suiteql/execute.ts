import type { Account, Role } from '../account.ts'
import { roleOf } from '../account.ts'
import type { Store } from '../store.ts'
import type { Cell } from '../values.ts'
import { compileCondition } from './compile-condition.ts'
import { compileCount, compileQuery } from './compile-query.ts'
import { compileValue } from './compile-value.ts'
import { type Context, createBindings } from './context.ts'
import { SuiteQlError, unsupported } from './errors.ts'
import type { OutputColumn } from './ordering.ts'
import { parse } from './parser.ts'
import { showByPreference } from './preferences.ts'
import { registerFunctions } from './sql-functions.ts'
import { wallOf } from './zones.ts'

export interface SuiteQlRequest {
  readonly q: string
  /** For the `?` of the statement, in order. */
  readonly params?: readonly string[] | undefined
  /** 1…1000, default 1000. */
  readonly limit?: number | undefined
  /** A multiple of `limit`, default 0. */
  readonly offset?: number | undefined
  /** Default: the account's first. */
  readonly role?: Role | undefined
}

export interface SuiteQlResult {
  /** Result columns in order, lower case; items leave out those that are null. */
  readonly columns: readonly string[]
  readonly items: readonly { readonly [column: string]: string }[]
  readonly totalResults: number
  readonly hasMore: boolean
}

const PAGE = 1000
/** No paging reaches beyond. */
const CEILING = 100_000
const MAX_LENGTH = 200_000

/** Runs one page of a statement. @throws SuiteQlError (HTTP 400) for whatever the system refuses */
export function executeSuiteQl(store: Store, account: Account, request: SuiteQlRequest): SuiteQlResult {
  const limit = request.limit ?? PAGE
  const offset = request.offset ?? 0
  checkPaging(limit, offset)
  registerFunctions(store.database)
  return guarded(() => {
    const plan = prepare(store, account, request)
    const { query } = plan
    const most = query.fetch === null ? limit : Math.max(0, Math.min(limit, query.fetch - offset))
    const skipped = query.offset + offset
    const rows = most === 0 ? [] : plan.rows(most, skipped)
    // a page that is not full ends the result, unless it lies behind the end
    const ended = rows.length < most && (rows.length > 0 || offset === 0)
    const total = ended ? offset + rows.length : plan.total()
    const items = itemsOf(rows, plan.columns, account)
    return {
      columns: plan.columns.map((it) => it.name),
      items,
      totalResults: total,
      hasMore: offset + rows.length < total && rows.length > 0,
    }
  })
}

/** SQLite's plan for a page of a statement, line by line: for tests of speed. */
export function explainSuiteQl(store: Store, account: Account, request: SuiteQlRequest): string[] {
  registerFunctions(store.database)
  return guarded(() => prepare(store, account, request).explain())
}

function prepare(store: Store, account: Account, request: SuiteQlRequest) {
  if (request.q.length > MAX_LENGTH) throw unsupported()
  const { query, parameters } = parse(request.q)
  if (parameters !== (request.params?.length ?? 0)) throw unsupported()
  const context = contextOf(store, account, request)
  const { columns, unlimited } = compileQuery(context, query, null)
  const run = (sql: string, params: readonly Cell[] = []) => {
    const finished = context.bindings.finish(sql)
    return store.sql(finished.sql, [...finished.params, ...params])
  }
  return {
    query,
    columns,
    rows: (limit: number, offset: number) => run(`${unlimited} LIMIT ? OFFSET ?`, [limit, offset]),
    total() {
      const counted = Number(run(compileCount(context, query))[0]?.[0])
      return Math.max(0, Math.min(counted - query.offset, query.fetch ?? Number.MAX_SAFE_INTEGER))
    },
    explain: () => run(`EXPLAIN QUERY PLAN ${unlimited} LIMIT ?`, [PAGE]).map((row) => String(row[3])),
  }
}

function contextOf(store: Store, account: Account, request: SuiteQlRequest) {
  const bindings = createBindings()
  let aliases = 0
  const context: Context & { bindings: typeof bindings } = {
    store,
    account,
    role: request.role ?? roleOf(account),
    parameters: (request.params ?? []).map(String),
    now: Math.floor(store.now() / 1000) * 1000,
    visibleAsOf: store.visibleAsOf(),
    bindings,
    bind: (cell) => bindings.bind(cell),
    alias: () => `t${aliases++}`,
    value: (node, scope) => compileValue(context, node, scope),
    condition: (node, scope, negated = false) => compileCondition(context, node, scope, negated),
    query: (query, parent) => compileQuery(context, query, parent),
  }
  return context
}

function itemsOf(
  rows: readonly (readonly Cell[])[],
  columns: readonly OutputColumn[],
  account: Account,
): { [column: string]: string }[] {
  const show = columns.map(({ type, zone }) => (cell: Cell): string => {
    switch (type) {
      case 'date':
        return showByPreference(Date.parse(`${cell}T00:00:00Z`), account)
      case 'instant':
        return showByPreference(wallOf(zone ?? account.timeZone, Number(cell)), account)
      case 'wall':
        return showByPreference(Number(cell), account)
      default:
        return String(cell)
    }
  })
  return rows.map((row) => {
    const item: { [column: string]: string } = {}
    for (let at = 0; at < columns.length; at++) {
      const cell = row[at]
      if (cell !== null && cell !== undefined) item[columns[at]?.name ?? ''] = show[at]?.(cell) ?? ''
    }
    return item
  })
}

function checkPaging(limit: number, offset: number): void {
  if (!Number.isInteger(limit) || limit < 1 || limit > PAGE) {
    throw new SuiteQlError(`Invalid value for the query parameter limit. It must be between 1 and ${PAGE}.`, 'limit')
  }
  if (!Number.isInteger(offset) || offset < 0 || offset % limit !== 0) {
    throw new SuiteQlError(
      `Invalid value for the query parameter offset. It must be a multiple of the limit ${limit}.`,
      'offset',
    )
  }
  if (offset + limit > CEILING) {
    throw new SuiteQlError(
      `Invalid value for the query parameter offset. Only the first ${CEILING} results can be retrieved.`,
      'offset',
    )
  }
}

/** What SQLite cannot run, the system cannot either. */
function guarded<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (error instanceof SuiteQlError) throw error
    const refused = error instanceof RangeError || (error as { code?: unknown }).code === 'ERR_SQLITE_ERROR'
    throw refused ? unsupported() : error
  }
}
