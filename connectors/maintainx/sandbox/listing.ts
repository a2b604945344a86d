import type { SQLInputValue } from 'node:sqlite'
import type { Json } from './description/index.ts'
import { Refusal } from './http.ts'
import type { Condition, Doc, Resource, Store } from './store.ts'

export interface Listing {
  readonly resource: Resource
  readonly conditions: readonly Condition[]
  /** `-updatedAt`; undefined = by id. */
  readonly sort: string | undefined
  readonly limit: number
  readonly cursor: string | undefined
  /** By position: a record that moves while pages are fetched may be missed or come twice. */
  readonly byOffset: boolean
}

export interface Listed {
  readonly docs: readonly Doc[]
  readonly nextCursor: string | null
}

/** What a cursor holds: a position, or the last record and its place in the order. */
type Place =
  | { readonly offset: number }
  | { readonly sort: string; readonly value: string | number; readonly id: number }

const ENCODED = /^[A-Za-z0-9_-]+$/

export function list(store: Store, { resource, conditions, sort = 'id', limit, cursor, byOffset }: Listing): Listed {
  const descending = sort.startsWith('-')
  const name = sort.replace('-', '')
  const order = `${expressionOf(name)} ${descending ? 'DESC' : 'ASC'}, id ${descending ? 'DESC' : 'ASC'}`
  const place = cursor === undefined ? null : placeOf(cursor, byOffset, sort)
  const offset = place !== null && 'offset' in place ? place.offset : 0
  const after = place !== null && 'id' in place ? [beyond(name, descending, place)] : []
  const found = store.page(resource, { conditions: [...conditions, ...after], order, limit: limit + 1, offset })
  const docs = found.slice(0, limit)
  const last = docs.at(-1)
  if (found.length <= limit || last === undefined) return { docs, nextCursor: null }
  const next: Place = byOffset ? { offset: offset + limit } : { sort, value: valueOf(name, last), id: last.id }
  return { docs, nextCursor: Buffer.from(JSON.stringify(next)).toString('base64url') }
}

function expressionOf(name: string): string {
  if (name === 'id') return 'id'
  if (name === 'updatedAt') return 'updated'
  if (name === 'createdAt') return 'created'
  return `coalesce(data->>'$.${name}', '')`
}

const valueOf = (name: string, doc: Doc): string | number =>
  name === 'id' ? doc.id : String((doc[name] as Json) ?? '')

function beyond(
  name: string,
  descending: boolean,
  place: { readonly value: string | number; readonly id: number },
): Condition {
  const params: SQLInputValue[] = [place.value, place.id]
  return { sql: `(${expressionOf(name)}, id) ${descending ? '<' : '>'} (?, ?)`, params }
}

function placeOf(cursor: string, byOffset: boolean, sort: string): Place {
  try {
    if (!ENCODED.test(cursor)) throw new Error('not one of ours')
    const place = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as Place
    if (byOffset && 'offset' in place && Number.isInteger(place.offset)) return place
    if (!byOffset && 'id' in place && Number.isInteger(place.id) && place.sort === sort) return place
  } catch {
    // one answer for all
  }
  throw new Refusal(400, 'Invalid cursor')
}
