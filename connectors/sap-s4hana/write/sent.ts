import type { Findings, Json, JsonObject } from '../../../core/index.ts'
import { isRow } from '../values.ts'

/** A write record, or a line of one, by field name. Absent and null are the same: not given. */
export interface Sent {
  /** `lines[2].` for a line, empty for the header: what its field names are told with. */
  readonly at: string
  text(field: string): string | null
  flag(field: string): boolean | null
  /** Epoch ms. */
  instant(field: string): number | null
  list(field: string): readonly string[] | null
  /** Named in `clear_fields`. */
  cleared(field: string): boolean
  lines(field: string): readonly Sent[]
  /** Native name → value, to be merged last; null = none. */
  custom(findings: Findings): JsonObject | null
}

export function sentOf(payload: unknown, at = ''): Sent {
  const record = (payload ?? {}) as { readonly [field: string]: Json | undefined }
  const cleared = (record['clear_fields'] ?? []) as readonly string[]
  const value = (field: string): Json => record[field] ?? null
  return {
    at,
    text(field) {
      const given = value(field)
      return given === null ? null : String(given)
    },
    flag(field) {
      const given = value(field)
      return typeof given === 'boolean' ? given : null
    },
    instant(field) {
      const given = value(field)
      return given === null ? null : Number(given)
    },
    list(field) {
      const given = value(field)
      return Array.isArray(given) ? given.map(String) : null
    },
    cleared: (field) => cleared.includes(field),
    lines(field) {
      const given = value(field)
      return Array.isArray(given) ? given.map((line, index) => sentOf(line, `${at}${field}[${index}].`)) : []
    },
    custom(findings) {
      const given = value('custom_fields')
      if (given === null) return null
      try {
        const parsed = JSON.parse(String(given)) as Json
        if (isRow(parsed)) return parsed
      } catch {
        // told below
      }
      findings.add(`${at}custom_fields`, 'INVALID_VALUE', 'must be a JSON object of native names and values')
      return null
    },
  }
}
