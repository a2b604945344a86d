import { badRequest } from '../errors.ts'

/** A query string, taken apart. */
export interface QueryString {
  /** Names as sent, values decoded; `+` is a blank. The last of equal names counts. */
  readonly values: ReadonlyMap<string, string>
  /** Undecoded `name=value` pieces in the order they came, for `__next`. */
  readonly pieces: readonly { readonly name: string; readonly raw: string }[]
}

/** The system query options of a read. */
export interface Options {
  readonly filter: string | null
  readonly orderBy: string | null
  readonly select: string | null
  readonly expand: string | null
  readonly top: number | null
  readonly skip: number
  /** Rows already delivered by earlier pages; null on the first. */
  readonly skipToken: number | null
  readonly inlineCount: boolean
}

const KNOWN = new Set([
  '$filter',
  '$orderby',
  '$select',
  '$expand',
  '$top',
  '$skip',
  '$skiptoken',
  '$inlinecount',
  '$format',
])

/** @throws SapError 400 when a value is not valid percent-encoding */
export function parseQuery(raw: string): QueryString {
  const values = new Map<string, string>()
  const pieces: { name: string; raw: string }[] = []
  for (const piece of raw.split('&')) {
    if (piece === '') continue
    const equals = piece.indexOf('=')
    const name = decodePart(equals < 0 ? piece : piece.slice(0, equals))
    pieces.push({ name, raw: piece })
    values.set(name, equals < 0 ? '' : decodePart(piece.slice(equals + 1)))
  }
  return { values, pieces }
}

export function decodePart(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    throw badRequest('/IWFND/CM_CONSUMER/400', `Malformed percent-encoding in '${text}'`)
  }
}

/** @throws SapError 400 for options that are unknown or malformed */
export function readOptions(query: QueryString): Options {
  for (const name of query.values.keys()) {
    if (name.startsWith('$') && !KNOWN.has(name)) {
      throw badRequest('/IWBEP/CM_MGW_RT/176', `The system query option '${name}' is not supported`)
    }
  }
  const text = (name: string) => query.values.get(name) ?? null
  const count = (name: string) => {
    const value = text(name)
    if (value === null) return null
    if (!/^\d{1,10}$/.test(value)) throw badRequest('/IWBEP/CM_MGW_RT/177', `Invalid value '${value}' for ${name}`)
    return Number(value)
  }
  const inline = text('$inlinecount')
  if (inline !== null && inline !== 'allpages' && inline !== 'none') {
    throw badRequest('/IWBEP/CM_MGW_RT/177', `Invalid value '${inline}' for $inlinecount`)
  }
  return {
    filter: text('$filter'),
    orderBy: text('$orderby'),
    select: text('$select'),
    expand: text('$expand'),
    top: count('$top'),
    skip: count('$skip') ?? 0,
    skipToken: count('$skiptoken'),
    inlineCount: inline === 'allpages',
  }
}
