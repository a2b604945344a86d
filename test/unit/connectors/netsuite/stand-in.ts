import { generateKeyPairSync } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type NetSuiteConfig, netsuiteConfig } from '../../../../connectors/netsuite/config.ts'
import { type NetSuiteSession, openSession } from '../../../../connectors/netsuite/session.ts'
import { createHttpClient, createMetrics, silentLogger } from '../../../../core/index.ts'

export interface Request {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: { readonly [name: string]: string }
  readonly body: string
}

export interface Reply {
  readonly status?: number
  readonly headers?: { readonly [name: string]: string }
  readonly body?: string | object
  /** Never answers. */
  readonly hang?: boolean
}

const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' })
export const publicKey = ec.publicKey
export const privateKey = ec.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string

/** A statement as it came. */
export interface Asked {
  readonly q: string
  readonly params: readonly string[]
  readonly limit: number
  readonly offset: number
}

export interface StandInOptions {
  /** Answers to SuiteQL; those of the self-test come from `now` and `offsetMs`. */
  readonly suiteql?: (asked: Asked) => Reply | Promise<Reply>
  /** What the test wants to answer itself; null = as usual. */
  readonly before?: (request: Request) => Reply | null | Promise<Reply | null>
  /** NetSuite's time, epoch ms. */
  readonly now?: () => number
  /** How far the user's zone is ahead of UTC, ms. */
  readonly offsetMs?: number
  /** False: the account does not know SYS_EXTRACT_UTC. */
  readonly utc?: boolean
  readonly governance?: object
}

/** What a test plays as NetSuite, written from the wire reference; every request is kept. */
export async function openStandIn(options: StandInOptions = {}) {
  const { now = () => Date.now(), offsetMs = 0, utc = true } = options
  const requests: Request[] = []
  const statements: Asked[] = []
  const inFlight = { now: 0, max: 0 }
  let tokens = 0

  async function answer(request: Request): Promise<Reply> {
    const planted = await options.before?.(request)
    if (planted != null) return planted
    if (request.path.endsWith('/oauth2/v1/token'))
      return { body: { access_token: `token-${++tokens}`, expires_in: '3600', token_type: 'Bearer' } }
    if (request.path.endsWith('/serverTime')) return { body: { serverTime: new Date(now()).toISOString() } }
    if (request.path.endsWith('/governanceLimits'))
      return options.governance === undefined
        ? refusal(403, 'INSUFFICIENT_PERMISSION', 'no')
        : { body: options.governance }
    if (!request.path.endsWith('/suiteql')) return refusal(404, 'NONEXISTENT_ID', 'Record does not exist.')
    const { q, params = [] } = JSON.parse(request.body) as { q: string; params?: string[] }
    if (request.headers['prefer'] !== 'transient') return refusal(400, 'INVALID_HEADER', 'Prefer: transient is missing')
    if (!utc && q.includes('SYS_EXTRACT_UTC'))
      return refusal(400, 'INVALID_PARAMETER', `${UNPROCESSED}Search error occurred: Invalid or unsupported search.`)
    if (q.endsWith('FROM DUAL')) {
      const at = (ms: number) => new Date(ms).toISOString().slice(0, 19).replace('T', ' ')
      const item = { ...(q.includes('SYSTIMESTAMP') ? { u: at(now()) } : {}), l: at(now() + offsetMs) }
      return { body: pageBody([item]) }
    }
    const asked = {
      q,
      params,
      limit: Number(request.query.get('limit')),
      offset: Number(request.query.get('offset')),
    }
    statements.push(asked)
    return (await options.suiteql?.(asked)) ?? { body: pageBody([]) }
  }

  const server = createServer((incoming, outgoing) => {
    void requestOf(incoming).then(async (request) => {
      requests.push(request)
      const isCounted = !request.path.endsWith('/token')
      if (isCounted) inFlight.max = Math.max(inFlight.max, ++inFlight.now)
      const reply = await answer(request)
      if (isCounted) inFlight.now--
      if (reply.hang !== true) send(outgoing, reply)
    })
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const http = createHttpClient({
    connectionId: 'test',
    system: 'netsuite',
    limits: { concurrency: 20, requestsPerSecond: null },
    log: silentLogger,
    metrics: createMetrics(),
    allowPrivateHosts: true,
    backoffBaseMs: 1,
  })
  return {
    origin,
    http,
    requests,
    statements,
    inFlight,
    seen: (ending: string) => requests.filter(({ path }) => path.endsWith(ending)),
    session: (over: Partial<NetSuiteConfig> = {}): Promise<NetSuiteSession> =>
      openSession(configOf(origin, over), http, never()),
    async close() {
      await http.close()
      server.closeAllConnections()
      await new Promise((closed) => server.close(closed))
    },
  }
}

export type StandIn = Awaited<ReturnType<typeof openStandIn>>

export function configOf(origin: string, over: Partial<NetSuiteConfig> = {}): NetSuiteConfig {
  const parsed = netsuiteConfig.parse({
    account_id: '1234567_SB1',
    base_url: origin,
    client_id: 'client-of-the-integration',
    certificate_id: 'cert-1',
    private_key: privateKey,
  })
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
  return { ...(parsed.value as NetSuiteConfig), ...over }
}

async function requestOf(incoming: IncomingMessage): Promise<Request> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk as Buffer)
  const parsed = new URL(incoming.url ?? '', 'http://stand-in')
  return {
    method: incoming.method ?? '',
    path: parsed.pathname,
    query: parsed.searchParams,
    headers: incoming.headers as { [name: string]: string },
    body: Buffer.concat(chunks).toString(),
  }
}

function send(outgoing: ServerResponse, { status = 200, headers = {}, body = '' }: Reply): void {
  const isText = typeof body === 'string'
  outgoing.writeHead(status, { 'content-type': isText ? 'text/html' : 'application/json', ...headers })
  outgoing.end(isText ? body : JSON.stringify(body))
}

export const never = (): AbortSignal => new AbortController().signal

export const UNPROCESSED = 'Invalid search query. Detailed unprocessed description follows. '

/** A body with `o:errorDetails`. */
export const refusal = (status: number, code: string, detail: string, more: object = {}): Reply => ({
  status,
  body: {
    type: 'https://www.rfc-editor.org/rfc/rfc9110.html',
    title: 'Bad Request',
    status,
    'o:errorDetails': [{ detail, 'o:errorCode': code, ...more }],
  },
})

export const unknownColumn = (name: string): Reply =>
  refusal(
    400,
    'INVALID_PARAMETER',
    `${UNPROCESSED}Search error occurred: Unknown identifier '${name}'. Available identifiers are: {transaction=transaction}.`,
  )

/** Of SuiteQL. */
export const pageBody = (items: readonly object[], total = items.length): object => ({
  links: [],
  count: items.length,
  hasMore: total > items.length,
  items: items.map((item) => ({ links: [], ...item })),
  offset: 0,
  totalResults: total,
})

export async function thrownBy(work: () => Promise<unknown>): Promise<Error & { [field: string]: unknown }> {
  try {
    await work()
  } catch (error) {
    return error as Error & { [field: string]: unknown }
  }
  throw new Error('nothing was thrown')
}
