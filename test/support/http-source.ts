import { once } from 'node:events'
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'

export type Answer = (request: IncomingMessage, response: ServerResponse) => void

export interface HttpSource extends AsyncDisposable {
  readonly url: string
  /** Bodies of the requests that came, in order. */
  readonly received: string[]
  /** Most requests that were ever under way together. */
  readonly peak: () => number
  readonly openSockets: () => number
  /** Resolves when `n` requests have come. */
  arrived(n: number): Promise<void>
}

/** A system on a loopback port. The n-th request gets the n-th answer, later ones the last. */
export async function httpSource(
  answers: readonly Answer[],
  create: (listener: RequestListener) => Server = (listener) => createServer(listener),
): Promise<HttpSource> {
  const received: string[] = []
  const sockets = new Set<Socket>()
  const waiting: { readonly n: number; readonly done: () => void }[] = []
  let underWay = 0
  let peak = 0
  let count = 0
  const server = create((request, response) => {
    const answer = answers[Math.min(count++, answers.length - 1)]!
    peak = Math.max(peak, ++underWay)
    response.on('close', () => underWay--)
    let body = ''
    request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk))
    request.on('end', () => {
      received.push(body)
      for (const { n, done } of waiting) if (received.length >= n) done()
      answer(request, response)
    })
  })
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket)).on('error', () => {})
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    peak: () => peak,
    openSockets: () => sockets.size,
    arrived: (n) =>
      new Promise((done) => {
        if (received.length >= n) done()
        else waiting.push({ n, done })
      }),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    },
  }
}

export const reply =
  (status: number, body = '', headers: { readonly [name: string]: string } = {}): Answer =>
  (_request, response) =>
    void response.writeHead(status, headers).end(body)
