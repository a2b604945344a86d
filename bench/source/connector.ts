import {
  AuthError,
  CorruptCursorError,
  defineConfig,
  defineConnector,
  defineStream,
  type HttpClient,
  type JsonObject,
  RateLimitedError,
  type RawRecord,
  type ReadRange,
  RetryableError,
} from '../../core/index.ts'
import type { SourceRecord } from './server.ts'

interface Session {
  readonly http: HttpClient
  readonly url: string
}

interface Body {
  readonly records: readonly SourceRecord[]
  readonly next: number | null
  readonly after: number
  readonly total: number
}

/** One page of the source. Statuses become the failure kinds, as in any connector. */
async function fetchPage(session: Session, query: string, signal: AbortSignal): Promise<Body> {
  const { status, headers, ...response } = await session.http.request({
    method: 'GET',
    url: `${session.url}/records?${query}`,
    signal,
  })
  const doing = `reading records ?${query}: HTTP ${status}`
  if (status === 401) throw new AuthError(`${doing}: the source refuses the credentials`, { status })
  if (status === 429) throw new RateLimitedError(doing, 1000 * Number(headers['retry-after'] ?? 0), { status })
  if (status !== 200) throw new RetryableError(doing, { status })
  return response.json() as Body
}

async function* read(session: Session, range: ReadRange, signal: AbortSignal) {
  let after = 0
  if (range.cursor !== null) {
    if (typeof range.cursor.after !== 'number') throw new CorruptCursorError(JSON.stringify(range.cursor))
    after = range.cursor.after
  }
  for (;;) {
    const body = await fetchPage(session, `after=${after}&limit=${range.pageSize}&since=${range.since ?? 0}`, signal)
    after = body.after
    yield { records: body.records.map(rawOf), cursor: { after }, total: body.total }
    if (body.next === null) return
  }
}

const rawOf = (record: SourceRecord): RawRecord => ({
  key: record.id,
  version: record.modified,
  modifiedAt: record.modified,
  payload: record as unknown as JsonObject,
})

/** Connector for `server.ts`. */
export const pageSource = defineConnector<{ readonly base_url: string }, Session>({
  id: 'page-source',
  title: 'A paged HTTP source for benches and tests',
  config: defineConfig({
    fields: { base_url: { kind: 'url', title: 'Address', help: 'Where the source listens', required: true } },
  }),
  connect: async (config, http) => ({ http, url: config.base_url }),
  clock: async () => Date.now(),
  streams: {
    vendor: defineStream<Session, 'vendor'>({
      entity: 'vendor',
      changes: 'incremental',
      deletes: 'invisible',
      mappingVersion: 1,
      ignoresWindow: true,
      read,
      readOne: async () => null,
      toUnified: () => {
        throw new Error('this source has no mapping')
      },
    }),
  },
})
