import { createHmac, randomBytes, randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Stored {
  readonly id: number
  readonly quantity: string
  readonly at: number
  readonly spoiled: boolean
}

/** A vendor; `token` is what its maker gave it. */
export interface Vendor {
  readonly id: number
  readonly token: string
  readonly name: string
}

/**
 * A stock book in memory: `POST /login` with the password, then `GET /stock?after=…&since=…&limit=…` (or `/empty`) with
 * the token. Vendors: `POST /vendors`, `PATCH /vendors/<id>` with JSON, `GET /vendors?token=…` or `?id=…`; one without
 * a vowel in its name is refused.
 */
export interface MemorySystem {
  readonly origin: string
  readonly table: Map<number, Stored>
  readonly vendors: Map<number, Vendor>
  password: string
  tokens: Set<string>
  /** Who is told of rows, signed as Standard Webhooks; null = nobody. */
  subscriber: { readonly url: string; readonly secret: string } | null
  /** Tells the subscriber that a row is another now. */
  push(id: string, now: number): Promise<void>
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
    vendors: new Map(),
    password: 'first-secret',
    tokens: new Set(),
    subscriber: null,
    push: (id, now) => pushed(system, id, now),
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
  if (pathname.startsWith('/vendors')) {
    const sent = incoming.method === 'GET' ? {} : (JSON.parse(Buffer.concat(chunks).toString()) as Partial<Vendor>)
    return void reply(...vendorAnswer(system, incoming.method, pathname, searchParams, sent))
  }
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

function vendorAnswer(
  { vendors }: MemorySystem,
  method: string | undefined,
  pathname: string,
  asked: URLSearchParams,
  sent: Partial<Vendor>,
): [status: number, body: string] {
  if (method === 'GET') {
    const [token, id] = [asked.get('token'), Number(asked.get('id'))]
    const found = [...vendors.values()].filter((vendor) => (token === null ? vendor.id === id : vendor.token === token))
    return [200, JSON.stringify({ rows: found })]
  }
  if (sent.name !== undefined && !/[aeiou]/.test(sent.name))
    return [400, JSON.stringify({ field: 'name', words: `Nobody can say "${sent.name}"` })]
  const id = method === 'POST' ? vendors.size + 1 : Number(pathname.split('/')[2])
  const vendor = { id, token: '', name: '', ...vendors.get(id), ...sent }
  vendors.set(id, vendor)
  return [200, JSON.stringify({ rows: [vendor] })]
}

export const newSecret = (): string => `whsec_${randomBytes(32).toString('base64')}`

async function pushed({ subscriber }: MemorySystem, id: string, now: number): Promise<void> {
  if (subscriber === null) return
  const body = JSON.stringify({ level: id, note: 'it is another one' })
  const [sendersId, time] = [randomUUID(), String(Math.floor(now / 1000))]
  const key = Buffer.from(subscriber.secret.slice('whsec_'.length), 'base64')
  const signature = createHmac('sha256', key).update(`${sendersId}.${time}.${body}`).digest('base64')
  await fetch(subscriber.url, {
    method: 'POST',
    headers: { 'webhook-id': sendersId, 'webhook-timestamp': time, 'webhook-signature': `v1,${signature}` },
    body,
  })
}

const closed = (server: Server) =>
  new Promise<void>((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
