import type { NetSuiteSession } from '../../../../connectors/netsuite/session.ts'
import type { EntityName, MappingSettings, Page, ReadRange, ReadStream } from '../../../../core/index.ts'

/** A connection's settings as mappings see them. */
export const settings: MappingSettings = {
  connectionId: 'books',
  system: 'netsuite',
  timeZone: 'Europe/Berlin',
  currency: null,
  language: 'en',
  units: {},
  remaps: {},
  customFields: [],
  settings: { account_id: '1234567_SB1', quantities_in: 'base-unit' },
}

export const snapshot: ReadRange = {
  mode: 'snapshot',
  since: null,
  until: Date.parse('2026-12-31T00:00:00Z'),
  cursor: null,
  pageSize: 500,
}

const signal = new AbortController().signal

/** What a stream says over this session. */
export function reading<Entity extends EntityName>(
  stream: ReadStream<NetSuiteSession, Entity>,
  session: NetSuiteSession,
) {
  const pages = async (range: ReadRange = snapshot): Promise<Page[]> => {
    const all: Page[] = []
    for await (const page of stream.read(session, range, signal)) all.push(page)
    return all
  }
  return {
    pages,
    records: async () => (await pages()).flatMap((page) => page.records),
    undecodable: async () => (await pages()).flatMap((page) => page.undecodable ?? []),
    one: (key: string) => stream.readOne(session, key, signal),
    async listed() {
      const keys: (string | readonly string[])[] = []
      for await (const page of stream.listKeys?.(session, signal) ?? []) keys.push(...page)
      return keys
    },
    /** The only record, mapped. */
    async unified(own: MappingSettings = settings) {
      const [record] = (await pages()).flatMap((page) => page.records)
      if (record === undefined) throw new Error('nothing was read')
      return stream.toUnified(record.payload, own, String(record.key))
    },
  }
}
