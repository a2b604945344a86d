import type { Json, MappingSettings } from '../../../core/index.ts'
import { isRow, type Row } from '../values.ts'

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

export interface Facts {
  /** Native key, parts joined by "|"; stands in for a missing name. */
  readonly key: string
  /** Number and name as people see them; null = there is none. */
  readonly displayName: string | null
  /** Fiori intent with its parameters, as `intent` gives it; null or absent = no page in the launchpad. */
  readonly url?: string | null
  /** Company code, where the row names one. */
  readonly organization?: string | null
  readonly createdAt: number | null
  readonly updatedAt: number | null
  /** `etagToken(row)`, `ts:…` of a stamp that moves with every change of the record, or null (content hash). */
  readonly version: string | null
  /** Rows whose extension fields belong to the record as well; the record's own come first. */
  readonly extended?: readonly Row[]
}

export function envelope(row: Row, settings: MappingSettings, facts: Facts): Envelope {
  return {
    display_name: facts.displayName ?? facts.key,
    source_url: facts.url == null ? null : deepLink(settings, facts.url),
    organization: facts.organization ?? null,
    created_at: facts.createdAt,
    updated_at: facts.updatedAt,
    version: facts.version,
    custom_fields: customFields([row, ...(facts.extended ?? [])], settings.customFields),
  }
}

/** The row's own ETag as a version token; null where the service gives none. */
export function etagToken(row: Row): string | null {
  const etag = isRow(row['__metadata']) ? row['__metadata']['etag'] : undefined
  return typeof etag === 'string' && etag !== '' ? `etag:${etag}` : null
}

/** IANA zone of the system's own date and time pairs: the connection's `system_time_zone`. */
export function systemZone(settings: MappingSettings): string {
  const zone = settings.settings['system_time_zone']
  return typeof zone === 'string' && zone !== '' ? zone : 'UTC'
}

/** Name shown to people: number and name, as far as there are any. */
export const numbered = (number: string | null, name: string | null): string | null =>
  number === null || number === name ? name : name === null ? number : `${number} ${name}`

/** `Supplier-displayFactSheet?Supplier=10300001`: what follows the `#` of a Fiori launchpad. */
export const intent = (action: string, parameters: { readonly [name: string]: string }): string =>
  `${action}?${Object.entries(parameters)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&')}`

function deepLink(settings: MappingSettings, target: string): string | null {
  const launchpad = launchpadOf(settings)
  return launchpad === null ? null : `${launchpad}#${target}`
}

/** By settings: a connection has thousands of records, and one launchpad. */
const launchpads = new WeakMap<MappingSettings, string | null>()

function launchpadOf(settings: MappingSettings): string | null {
  let launchpad = launchpads.get(settings)
  if (launchpad === undefined) {
    launchpad = launchpadAt(settings.settings['base_url'], settings.settings['sap_client'])
    launchpads.set(settings, launchpad)
  }
  return launchpad
}

/**
 * On-premise systems serve the launchpad at `/sap/bc/ui2/flp` of the same host; cloud systems at `/ui` of the host
 * without `-api`. Behind a path prefix (an API gateway) nobody knows where it is.
 */
function launchpadAt(base: Json | undefined, client: Json | undefined): string | null {
  if (typeof base !== 'string' || !URL.canParse(base)) return null
  const { protocol, hostname, host, pathname } = new URL(base)
  if (pathname !== '/') return null
  if (CLOUD.test(hostname)) return `https://${hostname.replace(CLOUD, '.$1')}/ui`
  const asked = typeof client === 'string' && client !== '' ? `?sap-client=${encodeURIComponent(client)}` : ''
  return `${protocol}//${host}/sap/bc/ui2/flp${asked}`
}

const CLOUD = /-api\.(s4hana\.(?:cloud\.sap|ondemand\.com))$/

/**
 * Extension fields (`YY1_…`) and the native fields on the connection's list, as a JSON object with sorted keys
 * (unified-model.md 1.5); decimals are text already, dates become ISO. Rows further left come first.
 */
export function customFields(rows: readonly Row[], names: readonly string[]): string | null {
  const found: { [name: string]: Json } = {}
  for (const row of rows) {
    for (const name in row) {
      if (name.startsWith('YY1_')) keep(found, name, row[name])
    }
    for (const name of names) keep(found, name, row[name])
  }
  const present = Object.keys(found).sort()
  if (present.length === 0) return null
  return JSON.stringify(Object.fromEntries(present.map((name) => [name, found[name]])))
}

function keep(found: { [name: string]: Json }, name: string, value: Json | undefined): void {
  if (value === undefined || value === null || value === '' || Object.hasOwn(found, name)) return
  const plain = readable(value)
  if (plain !== null) found[name] = plain
}

/** Without OData's own wrapping: `results`, `__metadata`; navigations that were not read are null. */
function readable(value: Json): Json {
  if (typeof value === 'string') return readableText(value)
  if (isList(value)) return value.map(readable)
  if (!isRow(value)) return value
  if ('__deferred' in value) return null
  if (isList(value['results'])) return value['results'].map(readable)
  const entries = Object.entries(value).filter(([name]) => name !== '__metadata')
  return Object.fromEntries(entries.map(([name, each]) => [name, readable(each)]))
}

/** `/Date(ms)/` → date or local date and time; `/Date(ms+0000)/` → instant. What is no valid date stays as it came. */
function readableText(value: string): string {
  const match = /^\/Date\((-?\d{1,16})([+-]\d{4})?\)\/$/.exec(value)
  const at = new Date(Number(match?.[1]))
  if (match === null || Number.isNaN(at.getTime())) return value
  const iso = at.toISOString()
  if (match[2] !== undefined) return iso
  return iso.endsWith('T00:00:00.000Z') ? iso.slice(0, -14) : iso.slice(0, -1)
}

const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value)
