import type { Json, MappingSettings } from '../../../core/index.ts'
import { instant, type Row, text } from '../values.ts'

/** Envelope fields that every mapping gives (unified-model.md 1.4). */
export interface Envelope {
  readonly display_name: string
  readonly source_url: string | null
  readonly organization: string | null
  readonly created_at: number | null
  readonly updated_at: number | null
  readonly version: null
  readonly custom_fields: string | null
}

export interface Facts {
  /** Native key, parts joined by "|"; stands in for a missing name. */
  readonly key: string
  /** Number and name as people see them; null = there is none. */
  readonly displayName: string | null
  /** Page of the record in NetSuite's own screens: `/app/common/entity/vendor.nl`; null = not known. */
  readonly page: string | null
}

/**
 * Of a row with the columns `created` and `lastmodified`, and `subsidiary` in OneWorld accounts. NetSuite has no version
 * token of its own (no ETag, stamps of whole seconds): the content hash is the version.
 */
export function envelope(row: Row, settings: MappingSettings, { key, displayName, page }: Facts): Envelope {
  return {
    display_name: displayName ?? key,
    source_url: page === null ? null : deepLink(settings, page, row['id']),
    organization: text(row['subsidiary']),
    created_at: instant(row['created']),
    updated_at: instant(row['lastmodified']),
    version: null,
    custom_fields: customFields(row, settings.customFields),
  }
}

/** Name shown to people: number and name, as far as there are any. */
export const numbered = (number: string | null, name: string | null): string | null =>
  number === null || number === name ? name : name === null ? number : `${number} ${name}`

function deepLink(settings: MappingSettings, page: string, id: Json | undefined): string | null {
  const account = settings.settings['account_id']
  if (typeof account !== 'string' || !/^\w+$/.test(account) || typeof id !== 'string') return null
  return `https://${account.toLowerCase().replaceAll('_', '-')}.app.netsuite.com${page}?id=${id}`
}

/** Custom fields of records, lines, entities, items, cases and custom records. */
const CUSTOM = /^cust(?:body|col|entity|item|record|event)/

/**
 * Custom fields, and the native columns on the connection's list, as a JSON object with sorted keys (unified-model.md
 * 1.5); all of them text, as SuiteQL gives them.
 */
export function customFields(row: Row, names: readonly string[]): string | null {
  const found = Object.entries(row)
    .filter(([name, value]) => value !== null && value !== '' && (CUSTOM.test(name) || names.includes(name)))
    .sort(([a], [b]) => (a < b ? -1 : 1))
  return found.length === 0 ? null : JSON.stringify(Object.fromEntries(found))
}
