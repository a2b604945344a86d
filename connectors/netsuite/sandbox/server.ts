import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { TOKEN_PATH } from './auth/tokens.ts'
import type { Concurrency } from './concurrency.ts'
import { tooManyRequests } from './errors.ts'
import type { Switches } from './faults.ts'
import type { Answer, Request } from './http.ts'
import { type Interference, maintenancePage } from './interference.ts'
import type { Router } from './router.ts'

export interface HttpServer {
  /** `http://127.0.0.1:8490` */
  readonly origin: string
  close(): Promise<void>
}

export interface HttpServerOptions {
  readonly port: number
  readonly host: string
  readonly router: Router
  readonly interference: Interference
  readonly concurrency: Concurrency
  readonly switches: Switches
  readonly now: () => number
  /** status 0 = the connection was cut, or no answer came. */
  readonly onAnswer: (method: string, path: string, status: number) => void
}

/** Bodies beyond this are refused. */
const LARGEST_BODY = 64 * 1024 * 1024

/** @throws when the port is taken */
export async function startServer(options: HttpServerOptions): Promise<HttpServer> {
  const server = createServer({ keepAliveTimeout: 30_000 }, (incoming, response) => {
    serve(incoming, response, options).catch(() => response.destroy())
  })
  await listen(server, options)
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
  const { concurrency, onAnswer } = options
  const url = incoming.url ?? '/'
  const isToken = url.startsWith(TOKEN_PATH)
  // A request counts from its first byte until its answer leaves; the token endpoint stands apart.
  const leave = isToken ? () => {} : concurrency.enter()
  try {
    const request = await readRequest(incoming)
    const answer = await answerTo(request, options, leave !== null, isToken)
    onAnswer(request.method, url, typeof answer === 'string' ? 0 : answer.status)
    if (answer === 'cut') {
      incoming.socket.destroy()
      return
    }
    if (answer === 'hang') {
      await new Promise((resolve) => response.once('close', resolve))
      return
    }
    // Left before the last byte is out: a caller that has its answer may ask the next thing.
    leave?.()
    send(request, response, answer, options.now())
  } finally {
    leave?.()
  }
}

async function answerTo(
  request: Request,
  { router, interference, switches }: HttpServerOptions,
  hasPlace: boolean,
  isToken: boolean,
): Promise<Answer | 'cut' | 'hang'> {
  if (isToken) return switches.maintenance ? maintenancePage() : router(request)
  if (!hasPlace) return tooManyRequests(switches.tooManyForm, switches.errorLinks)
  const instead = interference.before(request)
  const delay = interference.delay(request)
  if (delay > 0) await sleep(delay)
  return instead ?? interference.after(request, router(request))
}

function send(request: Request, response: ServerResponse, answer: Answer, now: number): void {
  response.sendDate = false
  response.statusCode = answer.status
  response.setHeader('date', new Date(now).toUTCString())
  for (const [name, value] of Object.entries(answer.headers)) response.setHeader(name, value)
  if (answer.status === 204) {
    response.end()
    return
  }
  const body = Buffer.from(answer.body, 'utf8')
  response.setHeader('content-length', body.length)
  response.end(request.method === 'HEAD' ? undefined : body)
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

async function listen(server: Server, { port, host }: { port: number; host: string }): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
}
