import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Stored {
  readonly id: number
  readonly quantity: string
  readonly at: number
  readonly spoiled: boolean
}

/**
 * A stock book in memory: `POST /login` with the password, then `GET /stock?after=…&since=…&limit=…` (or `/empty`) with
 * the token.
 */
export interface MemorySystem {
  readonly origin: string
  readonly table: Map<number, Stored>
  password: string
  tokens: Set<string>
  close(): Promise<void>
}

export async function startMemorySystem(): Promise<MemorySystem> {
  const server = createServer((incoming, outgoing) => {
    answer(incoming, outgoing, system).catch(() => outgoing.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const system: MemorySystem = {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    table: new Map(),
    password: 'first-secret',
    tokens: new Set(),
    close: () => closed(server),
  }
  return system
}

let issued = 0

async function answer(incoming: IncomingMessage, outgoing: ServerResponse, system: MemorySystem): Promise<void> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk)
  const reply = (status: number, body: string) => outgoing.writeHead(status).end(body)
  if (incoming.url === '/login') {
    if (Buffer.concat(chunks).toString() !== `password=${system.password}`) return void reply(401, 'refused')
    const token = `token-${++issued}`
    system.tokens.add(token)
    return void reply(200, token)
  }
  if (!system.tokens.has(incoming.headers['authorization'] ?? '')) return void reply(401, 'log in')
  const { pathname, searchParams } = new URL(incoming.url ?? '/', system.origin)
  const asked = (name: string, otherwise: number) => Number(searchParams.get(name) ?? otherwise)
  const [after, since, limit] = [asked('after', 0), asked('since', 0), asked('limit', Number.POSITIVE_INFINITY)]
  const rows: Stored[] = []
  // rows are kept in the order of their ids
  for (const row of pathname === '/empty' ? [] : system.table.values()) {
    if (rows.length >= limit) break
    if (row.id > after && row.at >= since) rows.push(row)
  }
  reply(200, JSON.stringify({ rows }))
}

const closed = (server: Server) =>
  new Promise<void>((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
