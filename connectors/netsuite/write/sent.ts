import type { Findings, Json, JsonObject } from '../../../core/index.ts'
import { isRow } from '../values.ts'

/** A write record, or a line of one, by field name. Absent and null are the same: not given. */
export interface Sent {
  /** `lines[2].` for a line, empty for the header: what its field names are told with. */
  readonly at: string
  text(field: string): string | null
  flag(field: string): boolean | null
  /** Named in `clear_fields`. */
  cleared(field: string): boolean
  lines(): readonly Sent[]
  /** Native name → value, to be merged last. */
  custom(findings: Findings): JsonObject
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
    cleared: (field) => cleared.includes(field),
    lines() {
      const given = value('lines')
      return Array.isArray(given) ? given.map((line, index) => sentOf(line, `lines[${index}].`)) : []
    },
    custom(findings) {
      const given = value('custom_fields')
      if (given === null) return {}
      const found = parsed(String(given))
      if (found === null)
        findings.add(`${at}custom_fields`, 'INVALID_VALUE', 'must be a JSON object of native names and values')
      else if ('externalId' in found)
        findings.add(`${at}custom_fields`, 'INVALID_VALUE', 'externalId holds the mark of the command')
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
