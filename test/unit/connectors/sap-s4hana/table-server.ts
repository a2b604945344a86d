import type { Reply, Request } from './stand-in.ts'

export type TableRow = { [property: string]: string | number | boolean | null | object }

/** How this system behaves; may be changed while it runs. */
export interface Habits {
  /** Most rows of a page, whatever `$top` asks. */
  most: number
  /** A page that is cut says so with `__next`. */
  saysNext: boolean
  /** Comes before each page. */
  before?: (request: Request) => void
  /** Rows that SAP cannot put into an answer unless only their key is asked for. */
  dumps: (row: TableRow) => boolean
}

/**
 * One entity set, read as the wire reference says: `$filter` with and/or, `$orderby`, `$top`, `$select`,
 * `$inlinecount`. Order and comparisons are by code unit, as in a database with binary collation.
 */
export function tableServer(rows: TableRow[], habits: Habits) {
  return (request: Request): Reply => {
    habits.before?.(request)
    const { query } = request
    const test = filterOf(query.get('$filter') ?? '')
    const order = (query.get('$orderby') ?? '').split(',').filter((each) => each !== '')
    const found = rows
      .filter(test)
      .sort((a, b) => order.map((each) => compared(a[each], b[each])).find((each) => each !== 0) ?? 0)
    const top = Number(query.get('$top') ?? habits.most)
    const page = found.slice(0, Math.min(top, habits.most))
    const select = query.get('$select')?.split(',')
    if (select === undefined && page.some(habits.dumps))
      return {
        status: 500,
        body: { error: { code: '/IWFND/CM_BEC/026', message: { lang: 'en', value: 'An exception was raised' } } },
      }
    const isCut = page.length < Math.min(found.length, top)
    return {
      body: {
        d: {
          results: page.map((row) =>
            select === undefined ? row : Object.fromEntries(select.map((each) => [each, row[each]])),
          ),
          ...(query.get('$inlinecount') === 'allpages' ? { __count: String(found.length) } : {}),
          ...(isCut && habits.saysNext ? { __next: `https://internal${request.path}?$skiptoken=${page.length}` } : {}),
        },
      },
    }
  }
}

type Value = string | number | null

const compared = (a: unknown, b: unknown): number => {
  const [x, y] = [plain(a), plain(b)]
  return x === y ? 0 : x === null || (y !== null && x < y) ? -1 : 1
}

/** A row's value, or a literal's, in one form. */
function plain(value: unknown): Value {
  const ms = typeof value === 'string' ? /^\/Date\((-?\d+)/.exec(value)?.[1] : undefined
  return ms === undefined ? ((value ?? null) as Value) : Number(ms)
}

type Test = (row: TableRow) => boolean

/** Throws on what it does not know: a filter must never be understood by half. */
function filterOf(filter: string): Test {
  if (filter === '') return () => true
  let rest = filter
  const take = (pattern: RegExp): string | null => {
    const found = pattern.exec(rest)
    if (found === null) return null
    rest = rest.slice(found[0].length)
    return found[1] ?? found[0]
  }
  const either = (): Test => {
    const left = both()
    if (take(/^ or /) === null) return left
    const right = either()
    return (row) => left(row) || right(row)
  }
  const both = (): Test => {
    const left = single()
    if (take(/^ and /) === null) return left
    const right = both()
    return (row) => left(row) && right(row)
  }
  const single = (): Test => {
    if (take(/^\(/) !== null) {
      const inner = either()
      if (take(/^\)/) === null) throw new Error(`no bracket at ${rest}`)
      return inner
    }
    const property = take(/^(\w+) /)
    const operator = take(/^(eq|ne|gt|ge|lt|le) /)
    const wanted = literal()
    if (property === null || operator === null) throw new Error(`no comparison at ${rest}`)
    return (row) => {
      if (!(property in row)) throw new Error(`Property ${property} not found`)
      const value = plain(row[property])
      if (operator === 'eq') return value === wanted
      if (operator === 'ne') return value !== wanted
      if (value === null || wanted === null || typeof value !== typeof wanted) return false
      return operator === 'gt'
        ? value > wanted
        : operator === 'ge'
          ? value >= wanted
          : operator === 'lt'
            ? value < wanted
            : value <= wanted
    }
  }
  const literal = (): Value => {
    const offset = take(/^datetimeoffset'([^']*Z)'/)
    if (offset !== null) return Date.parse(offset)
    const local = take(/^datetime'([^']*)'/)
    if (local !== null) return Date.parse(`${local}Z`)
    const string = take(/^'((?:[^']|'')*)'/)
    if (string !== null) return string.replaceAll("''", "'")
    const number = take(/^(-?\d+)/)
    if (number !== null) return Number(number)
    if (take(/^null/) !== null) return null
    throw new Error(`no literal at ${rest}`)
  }
  const test = either()
  if (rest !== '') throw new Error(`cannot read ${rest}`)
  return test
}
