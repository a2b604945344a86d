import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Switches } from './faults.ts'
import type { Gateway } from './gateway.ts'
import type { Answer, Request } from './http.ts'
import type { Interference } from './interference.ts'

export interface HttpServer {
  /** `http://127.0.0.1:8480` */
  readonly origin: string
  close(): Promise<void>
}

export interface HttpServerOptions {
  readonly port: number
  readonly host: string
  readonly gateway: Gateway
  readonly interference: Interference
  readonly switches: Switches
  readonly now: () => number
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
  const started = performance.now()
  const request = await readRequest(incoming)
  if (options.switches.slowMs > 0) await sleep(options.switches.slowMs)
  const answer = answerTo(request, options)
  const path = request.query === '' ? request.path : `${request.path}?${request.query}`
  options.onAnswer(request.method, path, answer === 'cut' ? 0 : answer.status)
  if (answer === 'cut') {
    incoming.socket.destroy()
    return
  }
  send(request, response, answer, options.now(), performance.now() - started)
}

function answerTo(request: Request, { interference, gateway }: HttpServerOptions): Answer | 'cut' {
  return interference.before(request) ?? interference.after(request, gateway(request))
}

function send(request: Request, response: ServerResponse, answer: Answer, now: number, tookMs: number): void {
  response.sendDate = false
  response.statusCode = answer.status
  response.setHeader('date', new Date(now).toUTCString())
  response.setHeader('sap-server', 'true')
  response.setHeader('sap-processing-info', 'ODataBEP=,crp=,RAL=,st=,MedCacheHub=SHM,codeployed=X,softstate=')
  response.setHeader('sap-perf-fesrec', String(Math.round(tookMs * 1000)))
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
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join('; ') : value
  }
  return {
    method: incoming.method ?? 'GET',
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
