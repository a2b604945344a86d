import { type Json, RejectedError, type UndecodableRecord } from '../../../core/index.ts'
import { ServerFault } from '../failures.ts'
import type { TrytonSession } from '../session.ts'
import { isRow, type Row, reference } from '../values.ts'

export type Domain = readonly Json[]

/** What to read of which model. Dotted fields follow relations: one request brings an order with its lines. */
export interface Query {
  readonly model: string
  readonly fields: readonly string[]
  readonly context?: Row
}

export interface Rows {
  readonly rows: readonly Row[]
  readonly undecodable: readonly UndecodableRecord[]
  /** Highest id looked at, whether it could be read or not; null = nothing there. */
  readonly lastId: number | null
  /** False: fewer than `limit` were there, so this was the end. */
  readonly more: boolean
}

const BY_ID = [['id', 'ASC']] as const

/**
 * The next `limit` records by id. When the server cannot answer because of one record (a broken formula, a refused
 * relation), that record is told apart and reported, and the others are read.
 */
export async function nextRows(
  session: TrytonSession,
  query: Query,
  domain: Domain,
  limit: number,
  signal: AbortSignal,
): Promise<Rows> {
  const { model, fields, context } = query
  try {
    const found = asRows(
      await session.call(model, 'search_read', [domain, 0, limit, BY_ID, fields], signal, context),
      `reading ${model}`,
    )
    return { rows: found, undecodable: [], lastId: lastOf(found.map(idOf)), more: found.length === limit }
  } catch (error) {
    if (!isOneRecordsFault(error)) throw error
    const ids = await nextIds(session, model, domain, limit, signal)
    // nothing to tell apart: the request itself is at fault
    if (ids.length === 0) throw error
    const { rows, undecodable } = await readApart(session, query, ids, signal)
    if (rows.length === 0 && ids.length > 1) throw error
    return { rows, undecodable, lastId: lastOf(ids), more: ids.length === limit }
  }
}

/** Ids only: cheap, for sweeps. */
export async function nextIds(
  session: TrytonSession,
  model: string,
  domain: Domain,
  limit: number,
  signal: AbortSignal,
): Promise<number[]> {
  const ids = await session.call(model, 'search', [domain, 0, limit, BY_ID], signal)
  return asIds(ids, `listing ${model}`)
}

/** Records by id; those that are gone are absent from the answer. */
export async function rowsById(
  session: TrytonSession,
  query: Query,
  ids: readonly number[],
  signal: AbortSignal,
): Promise<Rows> {
  if (ids.length === 0) return { rows: [], undecodable: [], lastId: null, more: false }
  const result = await nextRows(session, query, [['id', 'in', ids]], ids.length, signal)
  return { ...result, more: false }
}

async function readApart(
  session: TrytonSession,
  query: Query,
  ids: readonly number[],
  signal: AbortSignal,
): Promise<Pick<Rows, 'rows' | 'undecodable'>> {
  try {
    const found = await session.call(query.model, 'read', [ids, query.fields], signal, query.context)
    return { rows: asRows(found, `reading ${query.model}`), undecodable: [] }
  } catch (error) {
    if (!isOneRecordsFault(error)) throw error
    const [id] = ids
    if (id !== undefined && ids.length === 1) {
      const gone = (await nextIds(session, query.model, [['id', '=', id]], 1, signal)).length === 0
      if (gone) return { rows: [], undecodable: [] }
      return {
        rows: [],
        undecodable: [{ key: String(id), raw: `${query.model},${id}`, reason: (error as Error).message }],
      }
    }
    const half = Math.ceil(ids.length / 2)
    const left = await readApart(session, query, ids.slice(0, half), signal)
    const right = await readApart(session, query, ids.slice(half), signal)
    return { rows: [...left.rows, ...right.rows], undecodable: [...left.undecodable, ...right.undecodable] }
  }
}

const isOneRecordsFault = (error: unknown) => error instanceof ServerFault || error instanceof RejectedError

export function idOf(row: Row): number {
  const id = reference(row['id'])
  if (id === null) throw new TypeError(`a record without id: ${JSON.stringify(row).slice(0, 200)}`)
  return id
}

const lastOf = (ids: readonly number[]): number | null => (ids.length === 0 ? null : Math.max(...ids))

function asRows(value: Json, doing: string): Row[] {
  if (!Array.isArray(value) || !value.every(isRow))
    throw new ServerFault(`${doing}: the answer is not a list of records`)
  return [...value] as Row[]
}

function asIds(value: Json, doing: string): number[] {
  if (!Array.isArray(value) || !value.every(Number.isSafeInteger))
    throw new ServerFault(`${doing}: the answer is not a list of ids`)
  return [...value] as number[]
}

/**
 * When the record or anything read with it was last changed, epoch ms: the newest `_timestamp` at any depth (Tryton's
 * lock token: `write_date`, else `create_date`, as epoch seconds in text). Tryton stamps only the row that was
 * written: a changed line leaves its order's stamp alone, and a deleted one leaves none.
 */
export function newestStamp(value: Json): number {
  if (Array.isArray(value)) return value.reduce((newest: number, each: Json) => Math.max(newest, newestStamp(each)), 0)
  if (!isRow(value) || '__class__' in value) return 0
  let newest = 0
  for (const [name, field] of Object.entries(value)) {
    const stamp = name === '_timestamp' ? stampOf(field) : newestStamp(field)
    if (stamp > newest) newest = stamp
  }
  return newest
}

/** `"1795512899.452758"` → 1795512899452. */
export function stampOf(token: Json | undefined): number {
  const match = typeof token === 'string' ? /^(\d+)(?:\.(\d+))?$/.exec(token) : null
  if (match === null) throw new TypeError(`expected a timestamp, got ${JSON.stringify(token)}`)
  return Number(match[1]) * 1000 + Number((match[2] ?? '').slice(0, 3).padEnd(3, '0'))
}

/** Without the stamps of what hangs on the record: they have done their work. */
export function withoutStamps(row: Row): Row {
  return Object.fromEntries(
    Object.entries(row).flatMap(([name, value]) => (name === '_timestamp' ? [] : [[name, strip(value)]])),
  )
}

function strip(value: Json): Json {
  if (Array.isArray(value)) return value.map(strip)
  return isRow(value) && !('__class__' in value) ? withoutStamps(value) : value
}
