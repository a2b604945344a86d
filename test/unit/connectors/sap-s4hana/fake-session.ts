import type { Query, RowPage, SapClient } from '../../../../connectors/sap-s4hana/client.ts'
import { type SapConfig, sapConfig } from '../../../../connectors/sap-s4hana/config.ts'
import type { SapSession } from '../../../../connectors/sap-s4hana/session.ts'
import { type JsonObject, RejectedError } from '../../../../core/index.ts'

/** Rows by `service/set`. */
export type Tables = { readonly [set: string]: readonly JsonObject[] }

export interface Asked {
  readonly set: string
  readonly query: Query
}

/** A session over rows in memory that understands the filters which the readers write. Pages are cut at `most` rows. */
export function fakeSession(tables: Tables, over: Partial<SapConfig> = {}, most = 5000) {
  const parsed = sapConfig.parse({ base_url: 'https://s4.example', username: 'u', password: 'p' })
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
  const config = { ...(parsed.value as SapConfig), ...over }
  const asked: Asked[] = []
  const rowsOf = (set: string) => tables[set] ?? []
  const unused = () => Promise.reject(new Error('not used here'))
  const client: SapClient = {
    async page(service, set, query): Promise<RowPage> {
      asked.push({ set: `${service}/${set}`, query })
      const found = sorted(rowsOf(`${service}/${set}`).filter(compile(query['$filter'])), query['$orderby'])
      const rows = found.slice(0, Math.min(Number(query['$top'] ?? most), most)).map((row) => selected(row, query))
      const cut = rows.length < found.length && rows.length < Number(query['$top'] ?? most)
      return { rows, next: cut ? `/next?$skiptoken=${rows.length}` : null, count: found.length }
    },
    async get(service, path, query) {
      asked.push({ set: `${service}/${path}`, query })
      const [, set = '', inner = ''] = /^(\w+)\((.*)\)$/.exec(decodeURIComponent(path)) ?? []
      const row = rowsOf(`${service}/${set}`).find((each) => isNamed(each, inner))
      if (row === undefined) throw new RejectedError('Resource not found', [], { status: 404 })
      return { status: 200, headers: {}, body: row, etag: null, warnings: [] }
    },
    ping: unused,
    follow: unused,
    send: unused,
    batch: unused,
    serverDate: () => null,
  }
  const session: SapSession = { config, client, timeZone: config.system_time_zone, clock: unused }
  return { session, asked }
}

/** `'a'` is compared with the row's first property. */
function isNamed(row: JsonObject, inner: string): boolean {
  const condition = inner.startsWith("'")
    ? `${Object.keys(row).find((name) => name !== '__metadata')} eq ${inner}`
    : inner
  return compile(condition.replaceAll(/(\w+)=/g, '$1 eq ').replaceAll("',", "' and "))(row)
}

function selected(row: JsonObject, query: Query): JsonObject {
  const wanted = query['$select']?.split(',')
  return wanted === undefined ? row : Object.fromEntries(Object.entries(row).filter(([name]) => wanted.includes(name)))
}

function sorted(rows: readonly JsonObject[], orderBy = ''): JsonObject[] {
  const properties = orderBy === '' ? [] : orderBy.split(',')
  return [...rows].sort((a, b) => properties.map((each) => order(a[each], b[each])).find((each) => each !== 0) ?? 0)
}

const order = (a: unknown, b: unknown): number => (a === b ? 0 : String(a) < String(b) ? -1 : 1)

type Test = (row: JsonObject) => boolean

/** `or` of `and` of comparisons and brackets. */
function compile(filter: string | undefined): Test {
  if (filter === undefined) return () => true
  const tokens = filter.match(/\(|\)|(?:datetime(?:offset)?)?'(?:[^']|'')*'|[^\s()]+/g) ?? []
  let at = 0
  const any = (): Test => {
    const parts = [all()]
    while (tokens[at] === 'or' && ++at > 0) parts.push(all())
    return (row) => parts.some((part) => part(row))
  }
  const all = (): Test => {
    const parts = [one()]
    while (tokens[at] === 'and' && ++at > 0) parts.push(one())
    return (row) => parts.every((part) => part(row))
  }
  const one = (): Test => {
    if (tokens[at] === '(') {
      at++
      const inner = any()
      at++
      return inner
    }
    const [property = '', operator = '', literal = ''] = tokens.slice(at, at + 3)
    at += 3
    const wanted = valueOf(literal)
    return (row) => compare(comparable(row[property]), operator, wanted)
  }
  const test = any()
  if (at !== tokens.length) throw new Error(`cannot read ${filter}`)
  return test
}

function compare(value: string | number | null, operator: string, wanted: string | number): boolean {
  if (operator === 'eq') return value === wanted
  if (operator === 'ne') return value !== wanted
  if (value === null) return false
  if (operator === 'gt') return value > wanted
  if (operator === 'ge') return value >= wanted
  throw new Error(`no operator ${operator}`)
}

function valueOf(literal: string): string | number {
  const [, kind, inner = ''] = /^(datetime|datetimeoffset)?'(.*)'$/s.exec(literal) ?? []
  const text = inner.replaceAll("''", "'")
  return kind === undefined ? text : Date.parse(text.endsWith('Z') ? text : `${text}Z`)
}

function comparable(value: unknown): string | number | null {
  const ms = typeof value === 'string' ? /^\/Date\((-?\d+)/.exec(value)?.[1] : undefined
  return ms === undefined ? ((value ?? null) as string | number | null) : Number(ms)
}
