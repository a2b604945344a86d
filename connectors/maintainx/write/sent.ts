import type { Findings, Json, JsonObject } from '../../../core/index.ts'
import { isRow } from '../values.ts'

/** A write record, or a line of one, by field name. Absent and null are the same: not given. */
export interface Sent {
  /** `lines[2].` for a line, empty for the header: what its field names are told with. */
  readonly at: string
  value(field: string): Json
  text(field: string): string | null
  /** Named in `clear_fields`. */
  cleared(field: string): boolean
  lines(field: 'lines' | 'parts'): readonly Sent[]
  /** `custom_fields`: native property or label of a custom field → value. */
  custom(findings: Findings): JsonObject
}

export function sentOf(payload: unknown, at = ''): Sent {
  const record = (payload ?? {}) as { readonly [field: string]: Json | undefined }
  const cleared = (record['clear_fields'] ?? []) as readonly string[]
  const value = (field: string): Json => record[field] ?? null
  return {
    at,
    value,
    text(field) {
      const given = value(field)
      return given === null ? null : String(given)
    },
    cleared: (field) => cleared.includes(field),
    lines(field) {
      const given = value(field)
      return Array.isArray(given) ? given.map((line, index) => sentOf(line, `${field}[${index}].`)) : []
    },
    custom(findings) {
      const given = value('custom_fields')
      if (given === null) return {}
      const found = parsed(String(given))
      if (found === null)
        findings.add(`${at}custom_fields`, 'INVALID_VALUE', 'must be a JSON object of names and values')
      return found ?? {}
    },
  }
}

function parsed(text: string): JsonObject | null {
  try {
    const found = JSON.parse(text) as Json
    return isRow(found) ? found : null
  } catch {
    return null
  }
}
