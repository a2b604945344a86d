import { invalidParameter } from './errors.ts'

export interface Paging {
  readonly limit: number
  readonly offset: number
}

export const LARGEST_PAGE = 1000

/** `limit` 1…1000 (default 1000), `offset` a multiple of it. @throws RestError INVALID_PARAMETER */
export function pagingOf(parameters: URLSearchParams): Paging {
  const limit = wholeNumber(parameters, 'limit', LARGEST_PAGE)
  const offset = wholeNumber(parameters, 'offset', 0)
  if (limit < 1 || limit > LARGEST_PAGE) {
    throw invalidParameter(
      'limit',
      `Invalid value '${limit}' of the limit parameter. Enter a value between 1 and 1000.`,
    )
  }
  if (offset % limit !== 0) {
    throw invalidParameter(
      'offset',
      `Invalid value '${offset}' of the offset parameter. The offset must be divisible by the limit.`,
    )
  }
  return { limit, offset }
}

function wholeNumber(parameters: URLSearchParams, name: string, otherwise: number): number {
  const text = parameters.get(name)
  if (text === null) return otherwise
  if (!/^\d{1,9}$/.test(text)) throw invalidParameter(name, `Invalid value '${text}' of the ${name} parameter.`)
  return Number(text)
}

export interface Page {
  readonly items: readonly unknown[]
  readonly totalResults: number
}

/** The envelope of lists. `address`: absolute, with the query; its limit and offset are replaced. */
export function pageOf(address: string, { limit, offset }: Paging, { items, totalResults }: Page) {
  const url = new URL(address)
  const at = (position: number) => {
    url.searchParams.set('limit', String(limit))
    url.searchParams.set('offset', String(position))
    return url.href
  }
  const links: { rel: string; href: string }[] = []
  const hasMore = offset + items.length < totalResults
  const last = Math.max(0, Math.ceil(totalResults / limit) - 1) * limit
  if (offset > 0) {
    links.push({ rel: 'previous', href: at(Math.max(0, offset - limit)) })
    links.push({ rel: 'first', href: at(0) })
  }
  if (hasMore) {
    links.push({ rel: 'next', href: at(offset + limit) })
    links.push({ rel: 'last', href: at(last) })
  }
  links.push({ rel: 'self', href: at(offset) })
  return { links, count: items.length, hasMore, items, offset, totalResults }
}
