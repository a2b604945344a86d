import type { Json } from '../../../core/index.ts'
import { literal, type Row } from '../values.ts'

/** Values of a row's key properties, in their order. */
export type Key = readonly (string | number)[]

export const allOf = (conditions: readonly string[]): string =>
  conditions.length === 1 ? (conditions[0] as string) : conditions.map((each) => `(${each})`).join(' and ')

/** Rows behind this one in the order of the key: `A gt 'a' or (A eq 'a' and B gt 'b')`. */
export function behind(properties: readonly string[], key: Key): string {
  const alternatives = properties.map((property, at) => {
    const equal = properties.slice(0, at).map((each, i) => `${each} eq ${literal.of(key[i] as Json)}`)
    const all = [...equal, `${property} gt ${literal.of(key[at] as Json)}`].join(' and ')
    return at === 0 ? all : `(${all})`
  })
  return alternatives.join(' or ')
}

export const isOneOf = (properties: readonly string[], keys: readonly Key[]): string =>
  keys
    .map((key) => {
      const equal = properties.map((property, at) => `${property} eq ${literal.of(key[at] as Json)}`)
      return equal.length === 1 ? (equal[0] as string) : `(${equal.join(' and ')})`
    })
    .join(' or ')

/** null = the row lacks a part of its key. Parts may be empty: SAP has such keys. */
export function keyOf(properties: readonly string[], row: Row): Key | null {
  const key = properties.map((property) => row[property])
  return key.every((part): part is string | number => typeof part === 'string' || typeof part === 'number') ? key : null
}

/** Longest condition made of keys, in characters before encoding: addresses beyond 8 kB are refused on the way. */
const LONGEST_CONDITION = 2500

/** The keys in their order, in groups of at most `most` that one request can ask for. */
export function inGroups(properties: readonly string[], keys: readonly Key[], most: number): Key[][] {
  const groups: Key[][] = []
  let length = 0
  for (const key of keys) {
    const own = isOneOf(properties, [key]).length + 4
    const last = groups.at(-1)
    if (last === undefined || last.length >= most || length + own > LONGEST_CONDITION) {
      groups.push([key])
      length = own
    } else {
      last.push(key)
      length += own
    }
  }
  return groups
}
