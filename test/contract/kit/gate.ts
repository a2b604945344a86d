import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { HttpClient } from '../../../core/index.ts'

/** Stands between a connector and its system, on the network, and can turn it away. */
export interface Gate {
  /** `open`: everything passes. `busy`: the next request is answered 429. `closed`: everything is answered 403. */
  mode: 'open' | 'busy' | 'closed'
  /** The same client, through the gate. */
  via(http: HttpClient): HttpClient
  close(): Promise<void>
}

export async function openGate(): Promise<Gate> {
  const server = createServer((incoming, outgoing) => {
    answer(incoming, outgoing, gate).catch(() => outgoing.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const gate: Gate = {
    mode: 'open',
    via: (http) => ({
      request: (request) =>
        http.request(
          gate.mode === 'open' ? request : { ...request, url: `${origin}/${encodeURIComponent(request.url)}` },
        ),
    }),
    close: () => closed(server),
  }
  return gate
}

async function answer(incoming: IncomingMessage, outgoing: ServerResponse, gate: Gate): Promise<void> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk)
  if (gate.mode === 'closed') {
    outgoing.writeHead(403, { 'content-type': 'text/html' }).end('<html><body>Forbidden by the proxy</body></html>')
    return
  }
  if (gate.mode === 'busy') {
    gate.mode = 'open'
    outgoing.writeHead(429, { 'retry-after': '1', 'content-type': 'text/html' }).end('<html>slow down</html>')
    return
  }
  const { host: _its, connection: _ours, 'content-length': _length, ...headers } = incoming.headers
  const method = incoming.method ?? 'GET'
  const response = await fetch(decodeURIComponent((incoming.url ?? '/').slice(1)), {
    method,
    headers: headers as { [name: string]: string },
    body: chunks.length === 0 ? null : Buffer.concat(chunks),
  })
  const body = Buffer.from(await response.arrayBuffer())
  for (const [name, value] of response.headers)
    if (!/^(content-encoding|content-length|transfer-encoding|connection|keep-alive|set-cookie)$/.test(name))
      outgoing.setHeader(name, value)
  for (const cookie of response.headers.getSetCookie()) outgoing.appendHeader('set-cookie', cookie)
  outgoing.writeHead(response.status).end(body)
}

const closed = (server: Server) =>
  new Promise<void>((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
