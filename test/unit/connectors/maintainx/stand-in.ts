import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type MaintainXConfig, maintainxConfig } from '../../../../connectors/maintainx/config.ts'
import { type MaintainXSession, openSession } from '../../../../connectors/maintainx/session.ts'
import {
  createHttpClient,
  createMetrics,
  type MappingSettings,
  type ReadRange,
  silentLogger,
} from '../../../../core/index.ts'

export interface Request {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: { readonly [name: string]: string | undefined }
  readonly body: string
}

export interface Reply {
  readonly status?: number
  readonly headers?: { readonly [name: string]: string }
  readonly body?: string | object
}

export type Doc = { [field: string]: unknown }
type Script = (request: Request) => Reply | null | Promise<Reply | null>

/** What a test plays as MaintainX, written from its API description; every request is kept. */
export async function openStandIn(script: Script = () => null) {
  const requests: Request[] = []
  /** Records by path: `/assets`. Lists show them as they are, but for what `lists` leaves out. */
  const records = new Map<string, Doc[]>()
  const lists = new Map<string, (doc: Doc) => Doc>()
  let play = script
  const server = createServer((incoming, outgoing) => void serve(incoming, outgoing))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`

  async function serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk)
    const { pathname, searchParams } = new URL(incoming.url ?? '', url)
    const request: Request = {
      method: incoming.method ?? '',
      path: pathname.replace('/v1', ''),
      query: searchParams,
      headers: incoming.headers as Request['headers'],
      body: Buffer.concat(chunks).toString(),
    }
    requests.push(request)
    const reply = (await play(request)) ?? usual(request)
    const body = typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body ?? {})
    outgoing.writeHead(reply.status ?? 200, { 'content-type': 'application/json', ...reply.headers })
    outgoing.end(reply.status === 204 ? undefined : body)
  }

  function usual({ path, query }: Request): Reply {
    const [, collection = '', id] = path.split('/')
    const all = records.get(`/${collection}`)
    const names = NAMES[collection]
    if (all === undefined || names === undefined) return { status: 404, body: { error: 'Not Found.' } }
    if (id === undefined) return listed(all, names[0], query, lists.get(`/${collection}`))
    const found = all.find((each) => String(each['id']) === id)
    return found === undefined ? { status: 404, body: { error: 'Not Found.' } } : { body: { [names[1]]: found } }
  }

  const http = createHttpClient({
    connectionId: 'plant',
    system: 'maintainx',
    limits: { concurrency: 8, requestsPerSecond: null },
    log: silentLogger,
    metrics: createMetrics(),
    allowPrivateHosts: true,
    backoffBaseMs: 1,
  })
  records.set('/organizations', [{ id: 301, name: 'Plant', currency: 'USD', timeZone: 'America/New_York' }])

  return {
    url,
    requests,
    records,
    lists,
    play(next: Script) {
      play = next
    },
    session(settings: Doc = {}): Promise<MaintainXSession> {
      const parsed = maintainxConfig.parse({ api_key: 'key-1', base_url: url, ...settings })
      if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
      return openSession(parsed.value as MaintainXConfig, http, never())
    },
    async close() {
      await http.close()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

export type StandIn = Awaited<ReturnType<typeof openStandIn>>

const NAMES: { readonly [collection: string]: readonly [many: string, one: string] } = {
  organizations: ['organizations', 'organization'],
  workorders: ['workOrders', 'workOrder'],
  assets: ['assets', 'asset'],
  locations: ['locations', 'location'],
  parts: ['parts', 'part'],
  vendors: ['vendors', 'vendor'],
  purchaseorders: ['purchaseOrders', 'purchaseOrder'],
  users: ['users', 'user'],
  teams: ['teams', 'team'],
  assetcriticalities: ['assetCriticalities', 'assetCriticality'],
}

/** Sorted and narrowed as asked; cursors are offsets, as the description says of most. */
function listed(all: readonly Doc[], many: string, query: URLSearchParams, shown = (doc: Doc) => doc): Reply {
  const sort = query.get('sort') ?? 'id'
  const types = query.getAll('parentSubWorkOrderTypes')
  const found = all
    .filter((doc) =>
      ['updatedAt', 'createdAt'].every((name) => {
        const since = query.get(`${name}[gte]`)
        return since === null || Date.parse(String(doc[name])) >= Date.parse(since)
      }),
    )
    .filter((doc) => types.length === 0 || types.includes(typeOf(doc)))
    .toSorted((a, b) => order(a[sort], b[sort]) || order(a['id'], b['id']))
  const offset = Number(query.get('cursor') ?? 0)
  const limit = Number(query.get('limit') ?? 100)
  const page = found.slice(offset, offset + limit)
  return {
    body: { [many]: page.map(shown), nextCursor: offset + limit < found.length ? String(offset + limit) : null },
  }
}

const typeOf = (doc: Doc) =>
  doc['parentId'] == null ? (doc['isParent'] === true ? 'PARENT' : 'STANDALONE') : 'SUB_WORK_ORDER'

const order = (a: unknown, b: unknown) => ((a as string) < (b as string) ? -1 : (a as string) > (b as string) ? 1 : 0)

export const never = (): AbortSignal => new AbortController().signal

export const SETTINGS: MappingSettings = {
  connectionId: 'plant',
  system: 'maintainx',
  timeZone: 'UTC',
  currency: 'EUR',
  language: 'en',
  units: {},
  remaps: {},
  customFields: [],
  settings: {},
}

export const snapshot = (pageSize: number, more: Partial<ReadRange> = {}): ReadRange => ({
  mode: 'snapshot',
  since: null,
  until: Date.parse('2027-01-01T00:00:00Z'),
  cursor: null,
  pageSize,
  ...more,
})

export const increment = (since: string, pageSize: number, more: Partial<ReadRange> = {}): ReadRange =>
  snapshot(pageSize, { mode: 'incremental', since: Date.parse(since), ...more })

export async function thrownBy(work: () => unknown): Promise<Error & { [field: string]: unknown }> {
  try {
    await work()
  } catch (error) {
    return error as Error & { [field: string]: unknown }
  }
  throw new Error('nothing was thrown')
}
