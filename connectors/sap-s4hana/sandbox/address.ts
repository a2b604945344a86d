import { badRequest, segmentNotFound } from './errors.ts'
import type { EntitySet, FunctionImport, Model, Navigation, Property, Row } from './model.ts'
import { parseLiteral, valueFor } from './query/literals.ts'
import { decodePart, type QueryString } from './query/options.ts'

/** What a path below the service root names. */
export type Address =
  | { readonly kind: 'service' }
  | { readonly kind: 'metadata' }
  | { readonly kind: 'batch' }
  | { readonly kind: 'function'; readonly function: FunctionImport; readonly parameters: Row }
  | {
      readonly kind: 'resource'
      readonly set: EntitySet
      readonly key: Row | null
      readonly steps: readonly Step[]
      readonly end: End
    }

/** One navigation, with the key that picks a row of its target. */
export interface Step {
  readonly navigation: Navigation
  readonly key: Row | null
}

/** `rows`: the entity or the list itself. */
export type End =
  | { readonly kind: 'rows' }
  | { readonly kind: 'count' }
  | { readonly kind: 'property'; readonly property: Property; readonly raw: boolean }

/**
 * @param path undecoded, without leading slash
 * @throws SapError 404 for segments that name nothing, 400 for keys that do not fit
 */
export function parseAddress(path: string, model: Model, query: QueryString): Address {
  const segments = splitOutsideQuotes(path, '/').filter((segment) => segment !== '')
  const [head, ...rest] = segments
  if (head === undefined) return { kind: 'service' }
  if (rest.length === 0 && head === '$metadata') return { kind: 'metadata' }
  if (rest.length === 0 && head === '$batch') return { kind: 'batch' }

  const first = segmentOf(head)
  const called = model.functions.get(first.name)
  if (called !== undefined && first.predicate === null && rest.length === 0) {
    return { kind: 'function', function: called, parameters: parametersOf(called, query) }
  }
  const set = model.sets.get(first.name)
  if (set === undefined) throw segmentNotFound(first.name)

  let at: { set: EntitySet; single: boolean } = { set, single: first.predicate !== null }
  const key = first.predicate === null ? null : keyOf(set, first.predicate)
  const steps: Step[] = []
  let end: End = { kind: 'rows' }
  for (let n = 0; n < rest.length; n++) {
    const { name, predicate } = segmentOf(rest[n] as string)
    const isLast = n === rest.length - 1
    if (name === '$count' && isLast && !at.single) {
      end = { kind: 'count' }
      continue
    }
    if (!at.single) throw segmentNotFound(name)
    const navigation = at.set.type.navigations.get(name)
    if (navigation !== undefined) {
      if (predicate !== null && !navigation.many) throw badKey(navigation.target)
      const stepKey = predicate === null ? null : keyOf(navigation.target, predicate)
      steps.push({ navigation, key: stepKey })
      at = { set: navigation.target, single: !navigation.many || stepKey !== null }
      continue
    }
    const property = predicate === null ? at.set.type.properties.get(name) : undefined
    const raw = rest[n + 1] === '$value'
    if (property === undefined || rest.length > n + (raw ? 2 : 1)) throw segmentNotFound(name)
    end = { kind: 'property', property, raw }
    break
  }
  return { kind: 'resource', set, key, steps, end }
}

function segmentOf(segment: string): { name: string; predicate: string | null } {
  const open = segment.indexOf('(')
  if (open < 0) return { name: decodePath(segment), predicate: null }
  const name = decodePath(segment.slice(0, open))
  if (!segment.endsWith(')'))
    throw badRequest('/IWCOR/CX_DS_EXPR_SYNTAX_ERROR', `Invalid key predicate in '${segment}'`)
  const predicate = segment.slice(open + 1, -1)
  return { name, predicate: predicate === '' ? null : predicate }
}

/** `'4500000001'` or `A='1',B='2'`. Exactly the keys of the type, each of its type. */
function keyOf(set: EntitySet, predicate: string): Row {
  const keys = set.type.keys
  const key: Row = {}
  for (const part of splitOutsideQuotes(decodePath(predicate), ',')) {
    const equals = part.startsWith("'") ? -1 : indexOutsideQuotes(part, '=')
    const name = equals < 0 ? (keys.length === 1 ? (keys[0] as string) : '') : part.slice(0, equals).trim()
    const property = set.type.properties.get(name)
    if (property?.isKey !== true || name in key) throw badKey(set)
    key[name] = valueFor(property, parseLiteral(part.slice(equals + 1).trim()))
  }
  if (keys.some((name) => key[name] === undefined || key[name] === null)) throw badKey(set)
  return key
}

function badKey(set: EntitySet): Error {
  return badRequest('/IWBEP/CM_MGW_RT/175', `Invalid key predicate for type ${set.type.name}`)
}

function parametersOf(called: FunctionImport, query: QueryString): Row {
  const parameters: Row = {}
  for (const parameter of called.parameters) {
    const text = query.values.get(parameter.name)
    if (text !== undefined) {
      parameters[parameter.name] = valueFor(parameter, parseLiteral(text))
    } else if (!parameter.nullable) {
      throw badRequest('/IWBEP/CM_MGW_RT/170', `Parameter '${parameter.name}' of function ${called.name} is missing`)
    }
  }
  return parameters
}

/** In a path `+` is a plus sign. */
function decodePath(text: string): string {
  return decodePart(text.replaceAll('+', '%2B'))
}

/** Splits at a character that stands outside `'…'`; the quote may be percent-encoded. */
export function splitOutsideQuotes(text: string, separator: string): string[] {
  const parts: string[] = []
  let rest = text
  for (;;) {
    const at = indexOutsideQuotes(rest, separator)
    if (at < 0) break
    parts.push(rest.slice(0, at))
    rest = rest.slice(at + 1)
  }
  parts.push(rest)
  return parts
}

function indexOutsideQuotes(text: string, wanted: string): number {
  let quoted = false
  for (let at = 0; at < text.length; at++) {
    if (text[at] === "'" || text.startsWith('%27', at)) quoted = !quoted
    else if (!quoted && text[at] === wanted) return at
  }
  return -1
}
