import type { EntityName, JsonObject, MappingSettings, Page, ReadRange, ReadStream } from '../../../../core/index.ts'
import type { SapSession } from '../../../../connectors/sap-s4hana/session.ts'

/** A connection's settings as mappings see them. */
export const settings: MappingSettings = {
  connectionId: 'works',
  system: 'sap-s4hana',
  timeZone: 'UTC',
  currency: null,
  language: 'en',
  units: {},
  remaps: {},
  customFields: [],
  settings: { base_url: 'https://s4.example', sap_client: '100', system_time_zone: 'UTC' },
}

/** An expanded relation. */
export const many = (...results: readonly JsonObject[]) => ({ results })

export const instant = (iso: string): string => `/Date(${Date.parse(iso)}+0000)/`

export const day = (iso: string): string => `/Date(${Date.parse(`${iso}T00:00:00Z`)})/`

export const snapshot: ReadRange = {
  mode: 'snapshot',
  since: null,
  until: Date.parse('2026-12-31T00:00:00Z'),
  cursor: null,
  pageSize: 500,
}

export const changedSince = (iso: string): ReadRange => ({ ...snapshot, mode: 'incremental', since: Date.parse(iso) })

const signal = new AbortController().signal

/** What a stream says over this session; records, with keys as text. */
export function reading<Entity extends EntityName>(stream: ReadStream<SapSession, Entity>, session: SapSession) {
  const pagesOf = async (range: ReadRange): Promise<Page[]> => {
    const pages: Page[] = []
    for await (const page of stream.read(session, range, signal)) pages.push(page)
    return pages
  }
  const keyOf = (key: string | readonly string[]) => (typeof key === 'string' ? key : key.join('|'))
  return {
    pages: pagesOf,
    records: async (range: ReadRange) => (await pagesOf(range)).flatMap((page) => page.records),
    keys: async (range: ReadRange) =>
      (await pagesOf(range)).flatMap((page) => page.records.map((record) => keyOf(record.key))),
    undecodable: async (range: ReadRange) =>
      (await pagesOf(range)).flatMap((page) => (page.undecodable ?? []).map(({ key, reason }) => ({ key, reason }))),
    one: (key: string) => stream.readOne(session, key, signal),
    async listed(): Promise<string[]> {
      const keys: string[] = []
      for await (const page of stream.listKeys?.(session, signal) ?? []) keys.push(...page.map(keyOf))
      return keys
    },
  }
}
