import type { Json } from '../../core/index.ts'

/** OData V2 literals for `$filter`, keys and function parameters; not yet percent-encoded. */

const seconds = (ms: number): string => new Date(Math.floor(ms / 1000) * 1000).toISOString().slice(0, 19)

export const literal = {
  string: (value: string): string => `'${value.replaceAll("'", "''")}'`,
  /** Date-only or local time; ms as in `/Date(ms)/`. Whole seconds. */
  datetime: (ms: number): string => `datetime'${seconds(ms)}'`,
  /** Instant, whole seconds (rounded down: fractions are not accepted everywhere). */
  datetimeoffset: (ms: number): string => `datetimeoffset'${seconds(ms)}Z'`,
  /** `PT10H00M00S` */
  time: (value: string): string => `time'${value}'`,
  guid: (value: string): string => `guid'${value}'`,
  decimal: (value: string): string => `${value}M`,
  boolean: (value: boolean): string => String(value),
  number: (value: number): string => String(value),
  /** The literal of a key's value in the form in which SAP sent it. */
  of: (value: Json): string => {
    if (typeof value === 'string') {
      const date = /^\/Date\((-?\d+)([+-]\d+)?\)\/$/.exec(value)
      if (date === null) return literal.string(value)
      const at = Number(date[1])
      return date[2] === undefined ? literal.datetime(at) : literal.datetimeoffset(at)
    }
    if (typeof value === 'number' || typeof value === 'boolean') return String(value)
    throw new TypeError(`no literal for ${JSON.stringify(value)}`)
  },
} as const

/** `A_PurchaseOrder('1')`, `X(A='1',B='2')`: relative to the service, percent-encoded. */
export function entityPath(set: string, key: { readonly [property: string]: Json }): string {
  const parts = Object.entries(key)
  const [only] = parts
  const encoded = ([property, value]: [string, Json], named: boolean) =>
    `${named ? `${property}=` : ''}${encodeURIComponent(literal.of(value))}`
  if (only === undefined) throw new TypeError(`no key for ${set}`)
  return `${set}(${parts.length === 1 ? encoded(only, false) : parts.map((part) => encoded(part, true)).join(',')})`
}
