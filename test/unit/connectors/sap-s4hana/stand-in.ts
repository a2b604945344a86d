import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createClient, type SapClient } from '../../../../connectors/sap-s4hana/client.ts'
import { type SapConfig, sapConfig } from '../../../../connectors/sap-s4hana/config.ts'
import type { SapSession } from '../../../../connectors/sap-s4hana/session.ts'
import { createHttpClient, createMetrics, type HttpClient, silentLogger } from '../../../../core/index.ts'

export interface Request {
  readonly method: string
  /** As it came, percent-encoded, with query. */
  readonly url: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: { readonly [name: string]: string }
  readonly body: string
}

export interface Reply {
  readonly status?: number
  readonly headers?: { readonly [name: string]: string | readonly string[] }
  readonly body?: string | object
  /** Breaks the connection off instead. */
  readonly cut?: boolean
}

/** What a test plays as SAP, written from the wire reference; every request is kept. */
export async function openStandIn(answer: (request: Request) => Reply | Promise<Reply>) {
  const requests: Request[] = []
  const server = createServer((incoming, outgoing) => {
    void requestOf(incoming).then(async (request) => {
      requests.push(request)
      const reply = await answer(request)
      if (reply.cut === true) outgoing.destroy()
      else send(outgoing, reply)
    })
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const http = createHttpClient({
    connectionId: 'test',
    system: 'sap-s4hana',
    limits: { concurrency: 20, requestsPerSecond: null },
    log: silentLogger,
    metrics: createMetrics(),
    allowPrivateHosts: true,
    attempts: 2,
    backoffBaseMs: 1,
  })
  return {
    origin,
    requests,
    http,
    /** Requests with this method, or path ending so. */
    seen: (word: string) => requests.filter(({ method, path }) => method === word || path.endsWith(word)),
    client: (over: Partial<SapConfig> = {}): SapClient => createClient(configOf(origin, over), http),
    session: (over: Partial<SapConfig> = {}): SapSession => sessionOf(configOf(origin, over), http),
    async close() {
      await http.close()
      server.closeAllConnections()
      await new Promise((closed) => server.close(closed))
    },
  }
}

export type StandIn = Awaited<ReturnType<typeof openStandIn>>

export function configOf(origin: string, over: Partial<SapConfig> = {}): SapConfig {
  const parsed = sapConfig.parse({ base_url: origin, sap_client: '100', username: 'TRIBUTARY', password: 'Secret-1!' })
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
  return { ...(parsed.value as SapConfig), ...over }
}

function sessionOf(config: SapConfig, http: HttpClient): SapSession {
  const client = createClient(config, http)
  const clock = () => Promise.reject(new Error('not used here'))
  return { config, client, timeZone: config.system_time_zone, clock }
}

async function requestOf(incoming: IncomingMessage): Promise<Request> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk as Buffer)
  const url = incoming.url ?? ''
  const parsed = new URL(url, 'http://stand-in')
  return {
    method: incoming.method ?? '',
    url,
    path: decodeURIComponent(parsed.pathname),
    query: parsed.searchParams,
    headers: incoming.headers as { [name: string]: string },
    body: Buffer.concat(chunks).toString(),
  }
}

function send(outgoing: ServerResponse, { status = 200, headers = {}, body = '' }: Reply): void {
  const isText = typeof body === 'string'
  outgoing.writeHead(status, {
    'content-type': isText ? 'text/html' : 'application/json',
    ...(headers as { [name: string]: string | string[] }),
  })
  outgoing.end(isText ? body : JSON.stringify(body))
}

export const never = (): AbortSignal => new AbortController().signal

/** SAP's V2 error body. */
export const errorBody = (code: string, text: string, details: readonly object[] = []): object => ({
  error: { code, message: { lang: 'en', value: text }, innererror: { errordetails: details } },
})

export async function thrownBy(work: () => Promise<unknown>): Promise<Error & { [field: string]: unknown }> {
  try {
    await work()
  } catch (error) {
    return error as Error & { [field: string]: unknown }
  }
  throw new Error('nothing was thrown')
}
