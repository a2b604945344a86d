import { request as httpRequest } from 'node:http'
import { onTestFinished } from 'vitest'
import {
  type AnyConnector,
  type Connection,
  CONNECTION_DEFAULTS,
  type ConnectionWebhook,
  createLocalCodec,
  createManualClock,
  createMetrics,
  createSecretBox,
  encodeConnection,
  newSecretKey,
  type OutRecord,
  sealOwnWebhookSecret,
  sealWebhookSecret,
  silentLogger,
  WEBHOOK_DEFAULTS,
  type WebhookDelivery,
  type WebhookState,
} from '../../../../core/index.ts'
import { createRegister } from '../../../../services/webhook/directory.ts'
import { DEFAULT_FIGURES, type Figures } from '../../../../services/webhook/figures.ts'
import { createQueue } from '../../../../services/webhook/queue.ts'
import { createReceive } from '../../../../services/webhook/receive.ts'
import type { Reason } from '../../../../services/webhook/refusals.ts'
import { listen } from '../../../../services/webhook/server.ts'

export interface Answer {
  readonly status: number
  readonly headers: Record<string, string | string[] | undefined>
  readonly body: string
}

export const NOW = 1_768_471_200_000
export const codec = createLocalCodec()
const box = createSecretBox(newSecretKey('k1'))

/** The receiver over real HTTP, with Kafka and time in the test's hands. */
export async function openReceiver(options: { figures?: Partial<Figures>; connectors?: readonly AnyConnector[] } = {}) {
  const figures: Figures = { ...DEFAULT_FIGURES, lingerMs: 0, ...options.figures }
  const clock = createManualClock(NOW)
  const metrics = createMetrics()
  const refused: [Reason, string | null][] = []
  const stored: OutRecord[] = []
  const kafka = { send: (_: readonly OutRecord[]): Promise<unknown> => Promise.resolve(), batches: [] as number[] }
  let draining = false
  const register = createRegister({
    connectorOf: (system) => options.connectors?.find(({ id }) => id === system),
    box: () => box,
    clock,
    log: silentLogger,
    figures,
  })
  const queue = createQueue({
    async send(records) {
      kafka.batches.push(records.length)
      await kafka.send(records)
      stored.push(...records)
      return { baseOffsets: new Map() }
    },
    clock,
    figures,
    onTrouble: () => undefined,
  })
  const receive = createReceive({
    directory: register,
    queue,
    encode: codec.inboundWebhook.encode,
    refused: (reason, connection) => void refused.push([reason, connection]),
    metrics,
    clock,
    figures,
    draining: () => draining,
  })
  const errors: Error[] = []
  const server = await listen(receive, {
    host: '127.0.0.1',
    port: 0,
    figures,
    onError: (error) => void errors.push(error),
  })
  onTestFinished(() => server.close())

  return {
    clock,
    metrics,
    refused,
    errors,
    kafka,
    queue,
    server,
    stored: (): WebhookDelivery[] => stored.map((record) => codec.inboundWebhook.decode(record.value as Buffer)),
    records: stored,
    drain: () => (draining = true),
    declare(id: string, webhook: Partial<ConnectionWebhook> | null, more: Partial<Connection> = {}): void {
      const connection = { ...CONNECTION_DEFAULTS, id, system: 'erp', settings: {}, updatedAt: NOW, ...more }
      const full = webhook === null ? null : { ...WEBHOOK_DEFAULTS, ...webhook }
      register.connection(id, encodeConnection({ ...connection, webhook: full }))
    },
    forget: (id: string) => register.connection(id, null),
    state(id: string, state: Partial<WebhookState>): void {
      const none = { connectionId: id, subscriptions: [], retired: [], health: 'healthy', healthReason: null }
      register.state(id, Buffer.from(JSON.stringify({ ...none, lastDeliveryAt: null, updatedAt: NOW, ...state })))
    },
    sealed: (id: string, plain: string) => sealWebhookSecret(id, plain, box),
    secrets: (id: string, ...plain: string[]) => plain.map((each) => sealOwnWebhookSecret(id, each, box)),
    /** Headers are names and values in turn: a name may come twice. */
    send: (path: string, body: Buffer | string, headers: readonly string[] = [], method = 'POST'): Promise<Answer> =>
      new Promise((resolve, reject) => {
        const bytes = Buffer.from(body)
        const all = ['Host', 'hooks', 'Content-Length', String(bytes.length), ...headers]
        const request = httpRequest({ port: server.port, path, method, headers: all, agent: false }, (response) => {
          const chunks: Buffer[] = []
          response.on('data', (chunk: Buffer) => void chunks.push(chunk))
          response.on('end', () =>
            resolve({
              status: response.statusCode ?? 0,
              headers: response.headers,
              body: Buffer.concat(chunks).toString(),
            }),
          )
        })
        request.on('error', reject).end(bytes)
      }),
  }
}
