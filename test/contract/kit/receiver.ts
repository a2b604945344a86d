import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { WebhookRequest } from '../../../core/index.ts'

/** Takes deliveries as they come over the network, and answers 200. */
export interface Receiver {
  readonly url: string
  /** Oldest first. */
  readonly received: WebhookRequest[]
  /** The first delivery from the nth on that fits; waits for it. */
  first(from: number, fits: (request: WebhookRequest) => boolean): Promise<WebhookRequest | null>
  close(): Promise<void>
}

const PATIENCE_MS = 4_000

export async function openReceiver(): Promise<Receiver> {
  const received: WebhookRequest[] = []
  const server = createServer((incoming, outgoing) => {
    take(incoming, outgoing).then(
      (request) => received.push(request),
      () => outgoing.destroy(),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/webhooks/kit`,
    received,
    async first(from, fits) {
      for (const end = performance.now() + PATIENCE_MS; ; ) {
        const found = received.slice(from).find(fits)
        if (found !== undefined || performance.now() > end) return found ?? null
        await sleep(2)
      }
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function take(incoming: IncomingMessage, outgoing: ServerResponse): Promise<WebhookRequest> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk)
  outgoing.writeHead(200).end()
  const url = incoming.url ?? '/'
  const mark = url.indexOf('?')
  return {
    rawHeaders: incoming.rawHeaders,
    query: mark < 0 ? '' : url.slice(mark + 1),
    body: Buffer.concat(chunks),
  }
}
