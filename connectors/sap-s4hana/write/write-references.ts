import { type EntityName, type Findings, parseUnifiedId } from '../../../core/index.ts'
import type { Sent } from './sent.ts'

/** Native key parts of the record that a field names; null = not given, or no such thing (told in the findings). */
export function partsIn(sent: Sent, field: string, entity: string, findings: Findings): readonly string[] | null {
  const id = sent.text(field)
  return id === null ? null : partsOf(id, `${sent.at}${field}`, entity, findings)
}

export function partsOf(id: string, path: string, entity: string, findings: Findings): readonly string[] | null {
  try {
    const parsed = parseUnifiedId(id)
    if (parsed.entity === entity && parsed.parts !== null) return parsed.parts
    findings.add(path, 'INVALID_REFERENCE', `"${id}" is no ${entity} that SAP can be asked for by its key`)
  } catch {
    findings.add(path, 'INVALID_REFERENCE', `"${id}" is not a unified id`)
  }
  return null
}

/** A key of one part. */
export function keyIn(sent: Sent, field: string, entity: EntityName, findings: Findings): string | null {
  return partsIn(sent, field, entity, findings)?.join('|') ?? null
}

export interface Place {
  readonly plant: string
  readonly storageLocation: string | null
}

export function placeIn(sent: Sent, field: string, findings: Findings): Place | null {
  const parts = partsIn(sent, field, 'location', findings)
  const [kind, plant, storageLocation] = parts ?? []
  if (plant === undefined) return null
  return { plant, storageLocation: kind === 'sloc' && storageLocation ? storageLocation : null }
}
