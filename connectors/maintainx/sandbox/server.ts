import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Access } from './access.ts'
import { type Answer, json, Refusal, refusalAnswer, type Request } from './http.ts'
import type { Interference } from './interference.ts'
import type { RateLimit } from './rate-limit.ts'
import type { Router } from './router.ts'

/** What every path starts with. */
export const ROOT = '/v1'

export interface HttpServer {
  /** `http://127.0.0.1:8493` */
  readonly origin: string
  close(): Promise<void>
}

export interface HttpServerOptions {
  readonly port: number
  readonly host: string
  readonly access: Access
  readonly rateLimit: RateLimit
  readonly router: Router
  readonly interference: Interference
  readonly now: () => number
  /** status 0 = the connection was cut. */
  readonly onAnswer: (method: string, path: string, status: number) => void
}

const LARGEST_BODY = 16 * 1024 * 1024
/** Lists that several organizations may be asked for at once. */
const OF_MANY = /^\/(assets|locations|parts)$/

/** @throws when the port is taken */
export async function startServer(options: HttpServerOptions): Promise<HttpServer> {
  const server = createServer({ keepAliveTimeout: 30_000 }, (incoming, response) => {
    serve(incoming, response, options).catch(() => response.destroy())
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, options.host, () => {
      server.off('error', reject)
      resolve()
    })
  })
  const { port } = server.address() as AddressInfo
  return {
    origin: `http://${options.host.includes(':') ? `[${options.host}]` : options.host}:${port}`,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error === undefined ? resolve() : reject(error)))
        server.closeAllConnections()
      }),
  }
}

async function serve(incoming: IncomingMessage, response: ServerResponse, options: HttpServerOptions): Promise<void> {
  const { interference, onAnswer, now } = options
  const request = await readRequest(incoming)
  const instead = interference.before(request)
  const delay = interference.delay(request)
  if (delay > 0) await sleep(delay)
  const answer = instead ?? interference.after(request, answerTo(request, options))
  onAnswer(request.method, incoming.url ?? '/', answer === 'cut' ? 0 : answer.status)
  if (answer === 'cut') {
    incoming.socket.destroy()
    return
  }
  response.sendDate = false
  response.setHeader('date', new Date(now()).toUTCString())
  for (const [name, value] of Object.entries(answer.headers)) response.setHeader(name, value)
  response.statusCode = answer.status
  if (answer.status === 204) {
    response.end()
    return
  }
  const body = Buffer.from(answer.body, 'utf8')
  response.setHeader('content-length', body.length)
  response.end(body)
}

function answerTo(request: Request, { access, rateLimit, router }: HttpServerOptions): Answer {
  if (request.path !== ROOT && !request.path.startsWith(`${ROOT}/`)) return json(404, { error: 'Not found' })
  const path = request.path.slice(ROOT.length)
  try {
    const visitor = access.visitor(request.headers, request.method === 'GET' && OF_MANY.test(path))
    const { isAllowed, headers } = rateLimit.take(visitor)
    if (!isAllowed) return json(429, { error: 'Too Many Requests' }, headers)
    const query = new URLSearchParams(request.query)
    const answer = router({ method: request.method, path, query, body: request.body, visitor })
    return { ...answer, headers: { ...answer.headers, ...headers } }
  } catch (error) {
    if (error instanceof Refusal) return refusalAnswer(error, error.status !== 400 || request.method !== 'GET')
    console.error(error)
    return json(500, { error: 'Internal server error' })
  }
}

async function readRequest(incoming: IncomingMessage): Promise<Request> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > LARGEST_BODY) throw new Error('the request body is too large')
    chunks.push(chunk)
  }
  const url = incoming.url ?? '/'
  const mark = url.indexOf('?')
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value
  }
  return {
    method: incoming.method ?? 'GET',
    origin: `http://${headers['host'] ?? 'localhost'}`,
    path: mark < 0 ? url : url.slice(0, mark),
    query: mark < 0 ? '' : url.slice(mark + 1),
    headers,
    body: Buffer.concat(chunks),
  }
}
