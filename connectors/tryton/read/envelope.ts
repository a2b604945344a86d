import type { Json, MappingSettings } from '../../../core/index.ts'
import { instant, type Row, text } from '../values.ts'

/** The envelope fields that every mapping gives (unified-model.md 1.4). */
export interface Envelope {
  readonly display_name: string
  readonly source_url: string | null
  readonly organization: string | null
  readonly created_at: number | null
  readonly updated_at: number | null
  readonly version: string | null
  readonly custom_fields: string | null
}

export function envelope(
  payload: Row,
  settings: MappingSettings,
  model: string,
  key: string,
  displayName: string | null,
): Envelope {
  const { company, modified, _timestamp: token } = payload
  return {
    display_name: displayName ?? key,
    source_url: deepLink(settings, model, payload['id']),
    organization: typeof company === 'number' ? String(company) : null,
    created_at: instant(payload['create_date']),
    updated_at: typeof modified === 'number' && modified > 0 ? modified : null,
    version: typeof token === 'string' ? `ts:${token}` : null,
    custom_fields: customFields(payload, settings.customFields),
  }
}

/** Tryton's web client: `<server>/#<database>/model/<model>/<id>`. */
function deepLink(settings: MappingSettings, model: string, id: Json | undefined): string | null {
  const root = rootOf(settings)
  return root === null || typeof id !== 'number' ? null : `${root}/model/${model}/${id}`
}

/** By settings: a connection has thousands of records, and one address. */
const roots = new WeakMap<MappingSettings, string | null>()

function rootOf(settings: MappingSettings): string | null {
  let root = roots.get(settings)
  if (root === undefined) {
    const { base_url: base, database } = settings.settings
    const known = typeof base === 'string' && typeof database === 'string'
    root = known ? `${base.replace(/\/+$/, '')}/#${encodeURIComponent(database)}` : null
    roots.set(settings, root)
  }
  return root
}

/** Native fields on the connection's list that the record has, as a JSON object with sorted keys; decimals as text. */
export function customFields(row: Row, names: readonly string[]): string | null {
  if (names.length === 0) return null
  const present = names.filter((name) => row[name] !== undefined && row[name] !== null).sort()
  if (present.length === 0) return null
  return JSON.stringify(Object.fromEntries(present.map((name) => [name, readable(row[name] as Json)])))
}

/** Dates and decimals as text; records of relations as they are. */
function readable(value: Json): Json {
  if (Array.isArray(value)) return value.map(readable)
  if (typeof value !== 'object' || value === null) return value
  const row = value as Row
  switch (row['__class__']) {
    case 'Decimal':
      return row['decimal'] ?? null
    case 'datetime':
      return new Date(instant(row) ?? 0).toISOString()
    case 'date':
      return [row['year'], row['month'], row['day']].map((each) => String(each).padStart(2, '0')).join('-')
    case 'timedelta':
      return row['seconds'] ?? null
    case 'bytes':
      return row['base64'] ?? null
    default:
      return Object.fromEntries(Object.entries(row).map(([name, each]) => [name, readable(each)]))
  }
}

/** Name shown to people: number and name, as far as there are any. */
export const numbered = (number: string | null, name: string | null): string | null =>
  (number === null ? name : name === null ? number : `${number} ${name}`) || null

export const textOf = (row: Row | null, field: string): string | null => (row === null ? null : text(row[field]))
