import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import type { Figures } from './figures.ts'
import type { Receive } from './receive.ts'

/** The address that systems reach: deliveries and nothing else (`/metrics` and health have one of their own). */
export interface WebhookServer {
  readonly port: number
  /** Takes no more connections; resolves when the last answer is out. */
  close(): Promise<void>
}

/** Senders are not told what fails here, and bodies are not parsed: the route gets the raw request. */
export async function listen(
  receive: Receive,
  options: {
    readonly host: string
    readonly port: number
    readonly figures: Pick<Figures, 'headersMs' | 'requestMs' | 'idleMs' | 'sockets' | 'bodyBytes'>
    readonly onError: (error: Error) => void
  },
): Promise<WebhookServer> {
  const { figures, onError } = options
  const app = express().disable('x-powered-by').disable('etag')
  app.set('query parser', false)
  app.all('/webhooks/:connection', (request, response) => {
    receive(request.params.connection, request, response).catch((error: unknown) => {
      onError(error instanceof Error ? error : new Error(String(error)))
      if (!response.headersSent) response.writeHead(500, { 'Content-Length': '0' })
      response.end()
    })
  })
  app.use((_request: IncomingMessage, response: ServerResponse) => {
    response.writeHead(404, { 'Content-Length': '0' }).end()
  })

  const server: Server = createServer(
    {
      headersTimeout: figures.headersMs,
      requestTimeout: figures.requestMs,
      keepAliveTimeout: figures.idleMs,
      connectionsCheckingInterval: 1_000,
      maxHeaderSize: 16_384,
    },
    app,
  )
  server.maxConnections = figures.sockets
  // A sender that asks first is not invited to send what would be refused.
  server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
    if (Number(request.headers['content-length'] ?? 0) <= figures.bodyBytes) response.writeContinue()
    app(request, response)
  })
  server.on('error', onError)
  server.listen(options.port, options.host)
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      const closed = once(server, 'close')
      server.close()
      server.closeIdleConnections()
      await closed
    },
  }
}
