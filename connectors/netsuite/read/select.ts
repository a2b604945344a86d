import { AuthError, RejectedError, RetryableError } from '../../../core/index.ts'
import { TooMuch, UnknownColumn, UnsupportedStatement } from '../failures.ts'
import { permissionFor } from '../permissions.ts'
import type { NetSuiteSession } from '../session.ts'
import { date, type Row } from '../values.ts'
import { type Memory, memoryOf } from './memory.ts'
import type { Columns, Condition, TableSource } from './source.ts'
import { isoOf, localClock, selected, UTC_CLOCK, type WireClock } from './wire-clock.ts'

/** One statement over a source. */
export interface Ask {
  /** Made anew for each try: the clock may change with it. */
  readonly conditions: (clock: WireClock) => readonly Condition[]
  readonly order: (clock: WireClock) => readonly string[]
  /** Rows at most. */
  readonly size: number
  /** Ask for the number of all rows as well: dearer. */
  readonly counted?: boolean
}

/** A row of an answer. */
export interface Entry {
  /** As it came. */
  readonly item: Row
  /** null = it could not be read, for the `reason`. */
  readonly row: Row | null
  readonly reason: string
}

export interface Selection {
  readonly entries: readonly Entry[]
  readonly clock: WireClock
  /** False: this was the end. */
  readonly more: boolean
  readonly total: number | null
}

type Source = Pick<TableSource, 'table' | 'from' | 'where' | 'columns'>

/**
 * Asks until the account understands: optional columns that it does not know are left out from then on, times are told
 * in the user's zone where UTC is not to be had, and a page that takes too long is asked for in halves.
 */
export async function select(
  session: NetSuiteSession,
  source: Source,
  ask: Ask,
  signal: AbortSignal,
): Promise<Selection> {
  const memory = memoryOf(session, source)
  const { size: before } = memory
  let { counted = false } = ask
  let doubt: Error | null = null
  for (;;) {
    signal.throwIfAborted()
    // what is asked for is settled here: other readings learn into the same memory meanwhile
    const size = Math.max(1, Math.min(ask.size, memory.size, session.config.page_size))
    const columns = activeColumns(source.columns, memory)
    const { local } = memory
    try {
      const clock = local ? localClock(session) : UTC_CLOCK
      const selection = await once(session, { ...source, columns }, { ...ask, size, counted }, clock, signal)
      if (memory.size < 1000 && ++memory.inTime >= IN_TIME) {
        memory.size = Math.min(1000, memory.size * 2)
        memory.inTime = 0
      }
      return selection
    } catch (error) {
      const wasCounted = counted
      counted = counted && !isTooMuch(error)
      if (wasCounted !== counted || adapt(error, { ...source, columns }, memory, size)) continue
      if (doubt === null && !local && mayBeClock(error, columns)) {
        doubt = error
        memory.local = true
      } else {
        // not even one row: it was not for the size
        if (isTooMuch(error)) memory.size = Math.max(memory.size, before)
        throw doubt === null ? error : neither(doubt, error, memory)
      }
    }
  }
}

/** Pages that came in time until twice as many rows are asked for again. */
const IN_TIME = 20

/** True = it may go better now. `source`: with the columns asked for. @throws AuthError when what is missing cannot be left out */
function adapt(error: unknown, source: Source, memory: Memory, size: number): boolean {
  if (isTooMuch(error) && size > 1) {
    const smaller = error instanceof TooMuch ? size / 2 : size / 5
    memory.size = Math.min(memory.size, Math.ceil(smaller))
    memory.inTime = 0
    return true
  }
  if (error instanceof UnknownColumn && !isUtcFunction(error.identifier)) {
    const missing = Object.values(source.columns).filter(
      ({ sql, optional }) => optional && mentions(sql, error.identifier),
    )
    for (const { sql } of missing) memory.missing.add(sql)
    if (missing.length > 0) return true
    throw new AuthError(
      `${error.message} Nothing can be read without it: the role lacks ${permissionFor(source.table)}, or a feature is off (Setup > Company > Enable Features)`,
      { streamOnly: true, cause: error },
    )
  }
  return false
}

/** Some statements that take too long end in an error that says nothing (unverified); each of those was tried several times. */
const isTooMuch = (error: unknown): boolean =>
  error instanceof TooMuch || (error instanceof RetryableError && error.status === 500)

/** Perhaps it is only that the table does not take SYS_EXTRACT_UTC. */
const mayBeClock = (error: unknown, columns: Columns): error is Error =>
  (error instanceof UnsupportedStatement || (error instanceof UnknownColumn && isUtcFunction(error.identifier))) &&
  Object.values(columns).some(({ kind }) => kind === 'instant')

/** What was refused with UTC did not go without it either. */
function neither(withUtc: Error, without: unknown, memory: Memory): unknown {
  if (!(without instanceof RejectedError || without instanceof AuthError)) return without
  memory.local = false
  if (without instanceof RejectedError) return withUtc
  return new AuthError(`${withUtc.message} Perhaps this table does not take SYS_EXTRACT_UTC. ${without.message}`, {
    streamOnly: true,
    cause: without,
  })
}

const isUtcFunction = (identifier: string) => /SYS_EXTRACT_UTC/i.test(identifier)

const mentions = (sql: string, identifier: string): boolean =>
  sql
    .toLowerCase()
    .split(/[^a-z0-9_$]+/)
    .includes(identifier.toLowerCase().split('.').at(-1) ?? '')

const activeColumns = (columns: Columns, { missing }: Memory): Columns =>
  missing.size === 0 ? columns : Object.fromEntries(Object.entries(columns).filter(([, { sql }]) => !missing.has(sql)))

async function once(
  session: NetSuiteSession,
  source: Source,
  ask: Ask,
  clock: WireClock,
  signal: AbortSignal,
): Promise<Selection> {
  const { columns } = source
  const conditions = [...(source.where ?? []), ...ask.conditions(clock)]
  const order = ask.order(clock)
  const q = [
    `SELECT ${Object.entries(columns)
      .map(([alias, column]) => `${selected(column, clock)} AS ${alias}`)
      .join(', ')}`,
    `FROM ${source.from}`,
    ...(conditions.length === 0
      ? []
      : [`WHERE ${conditions.map(({ sql }) => (/\bOR\b/i.test(sql) ? `(${sql})` : sql)).join(' AND ')}`]),
    ...(order.length === 0 ? [] : [`ORDER BY ${order.join(', ')}`]),
    // without it NetSuite counts all rows of every page
    ...(ask.counted === true ? [] : [`FETCH FIRST ${ask.size} ROWS ONLY`]),
  ].join(' ')
  const params = conditions.flatMap((each) => each.params ?? [])
  const what = { doing: `reading ${source.table}`, table: source.table }
  const { items, hasMore, total } = await session.client.suiteql({ q, params, limit: ask.size, ...what }, signal)
  if (items.length > ask.size) throw new RejectedError(`${what.doing}: more rows than asked for`)
  return {
    entries: items.map((item) => entryOf(item, columns, clock)),
    clock,
    more: items.length > 0 && (items.length >= ask.size || hasMore),
    total: ask.counted === true ? total : null,
  }
}

function entryOf(item: Row, columns: Columns, clock: WireClock): Entry {
  const row: { [alias: string]: Row[string] } = {}
  try {
    for (const alias in columns) {
      const value = item[alias]
      if (value === undefined || value === null) continue
      const kind = columns[alias]?.kind
      try {
        row[alias] = kind === 'instant' ? isoOf(value, clock) : kind === 'date' ? date(value) : value
      } catch (error) {
        throw new TypeError(`${alias}: ${(error as Error).message}`)
      }
    }
    return { item, row, reason: '' }
  } catch (error) {
    return { item, row: null, reason: (error as Error).message }
  }
}
