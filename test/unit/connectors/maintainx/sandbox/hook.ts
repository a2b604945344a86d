import { createHmac } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Sandbox } from '../../../../../connectors/maintainx/sandbox/index.ts'

export interface Received {
  readonly headers: { readonly [name: string]: string | string[] | undefined }
  readonly raw: string
  readonly body: any
}

export interface Hook {
  readonly url: string
  readonly received: Received[]
  /** What the next deliveries are answered; default 200. */
  answers: (number | 'hang')[]
  close(): Promise<void>
}

/** Something that takes deliveries. */
export async function openHook(): Promise<Hook> {
  const received: Received[] = []
  const hook: { answers: (number | 'hang')[] } = { answers: [] }
  const server: Server = createServer((incoming, response) => {
    const chunks: Buffer[] = []
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
    incoming.on('end', () => {
      const raw = Buffer.concat(chunks).toString()
      received.push({ headers: incoming.headers, raw, body: JSON.parse(raw) })
      const answer = hook.answers.shift() ?? 200
      if (answer === 'hang') return
      response.writeHead(answer).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks?plant=1`
  return Object.assign(hook, {
    url,
    received,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  })
}

export interface Subscribed {
  readonly id: number
  readonly status: string
  readonly secret?: string
}

export const subscribe = (sandbox: Sandbox, type: string, url: string, more: object = {}): Subscribed =>
  sandbox.ask('POST', '/subscriptions', { type, url, ...more }).body as Subscribed

/** As the vendor tells its users to compute it. */
export function isSigned(header: unknown, secret: string, signed: string): boolean {
  const parts = new Map(
    String(header)
      .split(',')
      .map((part) => part.split('=') as [string, string]),
  )
  const expected = createHmac('sha256', secret)
    .update(`${parts.get('t')}.${signed}`, 'utf8')
    .digest('hex')
  return expected === parts.get('v1')
}
