import type { EntityName } from '../../core/index.ts'

/** Business facts of one record, under the names of the unified model. */
export type Facts = { readonly [field: string]: unknown }

/** Unified id → facts. */
export type Truth = { readonly [Entity in EntityName]?: ReadonlyMap<string, Facts> }

/**
 * What differs between a system's facts and a unified record (or a row): `field: expected …, got …`.
 * Numbers are compared as numbers written out; lines one by one, in order.
 */
export function differences(expected: Facts, actual: Facts | undefined, path = ''): string[] {
  if (actual === undefined) return [`${path || 'record'}: missing`]
  return Object.entries(expected).flatMap(([field, wanted]) => {
    const got = actual[field]
    const where = `${path}${field}`
    if (!Array.isArray(wanted)) {
      return same(wanted, got) ? [] : [`${where}: expected ${JSON.stringify(wanted)}, got ${JSON.stringify(got)}`]
    }
    const list = Array.isArray(got) ? (got as Facts[]) : []
    if (list.length !== wanted.length) return [`${where}: expected ${wanted.length}, got ${list.length}`]
    return wanted.flatMap((each: Facts, at) => differences(each, list[at], `${where}[${at}].`))
  })
}

/** A level of zeros is right where the system has no figure: what was moved away, or what only a draft move names. */
export const isEmptyLevel = (facts: Facts): boolean =>
  Number(facts['quantity_on_hand'] ?? 1) === 0 && Number(facts['quantity_reserved']) === 0

function same(wanted: unknown, got: unknown): boolean {
  if (wanted === got) return true
  if (wanted === null || got === null || got === undefined) return wanted === (got ?? null)
  return canonical(String(wanted)) === canonical(String(got))
}

/** `12.500` and `12.5` are one number. */
const canonical = (text: string) =>
  /^-?\d+(\.\d+)?$/.test(text)
    ? text
        .replace(/(\.\d*?)0+$/, '$1')
        .replace(/\.$/, '')
        .replace(/^-0$/, '0')
    : text
