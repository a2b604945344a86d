import { type EntityName, type Json, type MappingSettings, unifiedId } from '../../../core/index.ts'
import { instant, isRow, ref, type Row, text } from '../values.ts'

/** Envelope fields that every mapping gives (unified-model.md 1.4). */
export interface Envelope {
  readonly display_name: string
  readonly source_url: string | null
  readonly organization: string | null
  readonly created_at: number | null
  readonly updated_at: number | null
  readonly version: string | null
  readonly custom_fields: string | null
}

/** @param displayName null = the key stands in for it */
export function envelope(row: Row, settings: MappingSettings, key: string, displayName: string | null): Envelope {
  const updated = text(row['updatedAt'])
  return {
    display_name: displayName ?? key,
    source_url: null,
    organization: ref(row['organizationId']),
    created_at: instant(row['createdAt']),
    updated_at: instant(updated),
    // vendors and users have no time of change: the hash of what they say is their version
    version: updated === null ? null : `ts:${updated}`,
    custom_fields: customFields(row['extraFields'], row, settings.customFields),
  }
}

/**
 * Custom fields by their label, and the native properties on the connection's list, as a JSON object with sorted keys
 * (unified-model.md 1.5). MaintainX gives the values as text.
 */
export function customFields(extra: Json | undefined, row: Row, names: readonly string[]): string | null {
  const own = isRow(extra) ? Object.entries(extra) : []
  const native = names.filter((name) => Object.hasOwn(row, name)).map((name) => [name, row[name]] as const)
  const found = [...native, ...own]
    .filter(([, value]) => value !== null && value !== undefined && value !== '')
    .map(([name, value]) => [name, typeof value === 'number' ? String(value) : value] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
  return found.length === 0 ? null : JSON.stringify(Object.fromEntries(found))
}

/** Unified id of another record; null = there is none. */
export function reference(settings: MappingSettings, entity: EntityName, id: Json | undefined): string | null {
  const native = ref(id)
  return native === null ? null : unifiedId(settings.connectionId, entity, native)
}

/** Of the organization, else the connection's. */
export function currencyOf(row: Row, settings: MappingSettings): string | null {
  return text(row['organizationCurrency']) ?? settings.currency
}
