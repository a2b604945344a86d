import type { Address, Step } from './address.ts'
import { entryXml, feedXml, plainText, PROPERTY_NAMESPACES, propertyXml, XML_HEAD } from './atom.ts'
import { badRequest, SapError, segmentNotFound } from './errors.ts'
import type { PageLimit, Switches } from './faults.ts'
import { type Answer, JSON_TYPE } from './http.ts'
import { rowsJson, valueEncoder } from './json.ts'
import type { EntitySet, Property, Row, Value } from './model.ts'
import { type Fetched, fetchBelow, type Plan, planOf } from './plan.ts'
import { parseFilter } from './query/filter.ts'
import { filterSql } from './query/filter-sql.ts'
import { type QueryString, readOptions } from './query/options.ts'
import { parseOrderBy } from './query/order.ts'
import { nextQuery, windowOf } from './query/paging.ts'
import { shapeOf } from './query/shape.ts'
import type { Store, Where } from './store.ts'
import { type Cell, quote, toCell } from './table.ts'
import { type Display, etagOf } from './values.ts'

export interface ReadContext {
  readonly store: Store
  readonly switches: Switches
  readonly display: Display
  readonly json: boolean
  readonly query: QueryString
  /** Undecoded path of the request, for `__next`. */
  readonly path: string
}

type Resource = Address & { readonly kind: 'resource' }

/** Where the path ends: rows of a set, one or many. */
interface Target {
  readonly set: EntitySet
  readonly where: Where | undefined
  readonly single: boolean
  readonly segment: string
}

/** @throws SapError 400 for queries the system cannot read, 404 for what is not there */
export function readResource(address: Resource, context: ReadContext): Answer {
  const target = resolve(address, context.store)
  const { end } = address
  if (end.kind === 'property') return readProperty(target, end.property, end.raw, context)
  if (!target.single && !target.set.addressable && address.steps.length === 0) throw segmentNotFound(target.set.name)
  if (end.kind === 'count') return readCount(target, context)
  return target.single ? readEntity(target, context) : readList(target, context)
}

/** Follows the path row by row; every row on the way must exist. */
function resolve({ set, key, steps }: Resource, store: Store): Target {
  let target: Target = {
    set,
    where: key === null ? undefined : keyWhere(set, key),
    single: key !== null,
    segment: set.name,
  }
  for (const step of steps) {
    const columns = step.navigation.on.map(([own]) => own)
    const parent = store.cells(target.set, columns, { where: target.where, limit: 1 })[0]
    if (parent === undefined) throw segmentNotFound(target.segment)
    target = stepInto(step, parent)
  }
  return target
}

function stepInto({ navigation, key }: Step, parent: readonly Cell[]): Target {
  const set = navigation.target
  const conditions = navigation.on.map(([, theirs]) => `${quote(theirs)} = ?`)
  const params = [...parent]
  for (const [theirs, value] of navigation.fixed) {
    conditions.push(`${quote(theirs)} = ?`)
    params.push(cellOf(set, theirs, value))
  }
  if (key !== null) {
    const own = keyWhere(set, key)
    conditions.push(own.sql)
    params.push(...own.params)
  }
  return {
    set,
    where: { sql: conditions.length === 0 ? '0' : conditions.join(' AND '), params },
    single: key !== null || !navigation.many,
    segment: navigation.name,
  }
}

function readList(target: Target, context: ReadContext): Answer {
  const { set } = target
  const options = readOptions(context.query)
  if (options.skipToken !== null && context.switches.skiptokenExpired) {
    throw badRequest('/IWBEP/CM_MGW_RT/180', 'The $skiptoken is invalid or has expired')
  }
  const plan = planOf(shapeOf(set, options.select, options.expand))
  const where = filtered(target, options.filter, context.switches)
  const orderBy = options.orderBy === null ? [] : parseOrderBy(options.orderBy, set.type)
  const page = windowOf(options, limitOf(set, context.switches))
  const rows = context.store.cells(set, plan.columns, { where, orderBy, limit: page.limit, offset: page.offset })
  const more = rows.length > page.size
  if (more) rows.pop()
  dumpAt(rows, plan, context.switches)
  const fetched = fetchBelow(context.store, plan, rows)
  const count = options.inlineCount ? context.store.count(set, where) : null
  const here = context.display.origin + context.path
  const linked = more && (options.top === null || context.switches.nextAfterTop)
  const next = linked ? `${here}?${nextQuery(context.query, page.delivered + rows.length)}` : null
  if (!context.json) {
    return ok('application/atom+xml;type=feed; charset=utf-8', feedXml(fetched, here, context.display, count, next))
  }
  const parts = [`{"d":{`]
  if (count !== null) parts.push(`"__count":"${count}",`)
  parts.push('"results":[', json(fetched, context).join(','), ']')
  if (next !== null) parts.push(`,"__next":${JSON.stringify(next)}`)
  parts.push('}}')
  return ok(JSON_TYPE, parts.join(''))
}

function readEntity(target: Target, context: ReadContext): Answer {
  const options = readOptions(context.query)
  const plan = planOf(shapeOf(target.set, options.select, options.expand))
  const row = lastRow(target, plan.columns, context.store)
  dumpAt([row], plan, context.switches)
  const fetched = fetchBelow(context.store, plan, [row])
  const etag = etagHeader(plan, row)
  if (!context.json)
    return ok('application/atom+xml;type=entry; charset=utf-8', entryXml(fetched, context.display), etag)
  return ok(JSON_TYPE, `{"d":${json(fetched, context)[0]}}`, etag)
}

function readCount(target: Target, context: ReadContext): Answer {
  const { filter } = readOptions(context.query)
  const where = filtered(target, filter, context.switches)
  return ok('text/plain; charset=utf-8', String(context.store.count(target.set, where)))
}

function readProperty(target: Target, property: Property, raw: boolean, context: ReadContext): Answer {
  if (!target.single) throw segmentNotFound(property.name)
  const [cell = null] = lastRow(target, [property.name], context.store)
  if (raw) return ok('text/plain; charset=utf-8', plainText(property, cell, context.display))
  if (context.json) {
    const value = valueEncoder(property, context.display)(cell)
    return ok(JSON_TYPE, `{"d":{${JSON.stringify(property.name)}:${value}}}`)
  }
  return ok(
    'application/xml; charset=utf-8',
    XML_HEAD + propertyXml(property, cell, context.display, PROPERTY_NAMESPACES),
  )
}

/** A navigation to one row may find several when the metadata leaves a key open (time segments): the last is meant. */
function lastRow(target: Target, columns: readonly string[], store: Store): readonly Cell[] {
  const row = store.cells(target.set, columns, { where: target.where }).at(-1)
  if (row === undefined) throw segmentNotFound(target.segment)
  return row
}

function filtered(target: Target, filter: string | null, switches: Switches): Where | undefined {
  const parts: Where[] = target.where === undefined ? [] : [target.where]
  if (filter !== null) parts.push(filterSql(parseFilter(filter, target.set.type), target.set))
  if (target.set.name === 'A_MatlStkInAcctMod' && !switches.zeroStockRows)
    parts.push({ sql: 'CAST("MatlWrhsStkQtyInMatlBaseUnit" AS REAL) <> 0', params: [] })
  if (parts.length === 0) return undefined
  return { sql: parts.map(({ sql }) => `(${sql})`).join(' AND '), params: parts.flatMap(({ params }) => params) }
}

/** @throws SapError 500 when the row that cannot be read is among these, and more than its key is asked for */
function dumpAt(rows: readonly (readonly Cell[])[], plan: Plan, { shortDump }: Switches): void {
  if (shortDump === null || shortDump.set !== plan.set.name) return
  if (plan.shown.every(({ property }) => property.isKey)) return
  const parts = shortDump.key.split('|')
  if (rows.some((row) => parts.every((part, n) => String(row[plan.keys[n]?.at ?? -1]) === part)))
    throw new SapError({ status: 500, code: '/IWFND/CM_BEC/026', message: 'An exception was raised' })
}

function json(fetched: Fetched, { display, switches }: ReadContext): string[] {
  return rowsJson(fetched, { display, invalidDate: switches.invalidDate })
}

export function etagHeader(plan: Plan, row: readonly Cell[]): Record<string, string> {
  return plan.stamps.length === 0 ? {} : { etag: etagOf(plan.stamps.map(({ at }) => row[at] ?? null)) }
}

function limitOf(set: EntitySet, { pageLimits }: Switches): PageLimit {
  return pageLimits[set.model.service] ?? pageLimits['*'] ?? { default: 1000, max: 5000 }
}

function keyWhere(set: EntitySet, key: Row): Where {
  return {
    sql: set.type.keys.map((name) => `${quote(name)} = ?`).join(' AND '),
    params: set.type.keys.map((name) => cellOf(set, name, key[name] ?? null)),
  }
}

function cellOf(set: EntitySet, name: string, value: Value): Cell {
  const property = set.type.properties.get(name)
  if (property === undefined) throw new Error(`${set.name} has no property ${name}`)
  return toCell(property, value)
}

function ok(type: string, body: string, headers: Record<string, string> = {}): Answer {
  return { status: 200, headers: { 'content-type': type, dataserviceversion: '2.0', ...headers }, body }
}
