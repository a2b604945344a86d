import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { Agent, request as httpRequest } from 'node:http'
import { join } from 'node:path'
import {
  BUILT_IN_SCHEMES,
  type Codec,
  CONNECTION_DEFAULTS,
  CONNECTIONS,
  type ConnectionWebhook,
  createKafka,
  createSecretBox,
  encodeConnection,
  ensureTopics,
  newSecretKey,
  openCodec,
  readTopic,
  sealOwnWebhookSecret,
  silentLogger,
  TOPICS,
  WEBHOOK_DEFAULTS,
  type WebhookDelivery,
  WEBHOOKS_INBOUND,
} from '../../core/index.ts'
import { freePort } from '../../scripts/stack/ports.ts'
import type { StageAddresses } from './sync-service.ts'
import { signedHeaders } from './webhook-signer.ts'

const { scheme } = BUILT_IN_SCHEMES['standard-webhooks']
const SECRET = 'whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY='
const MAIN = join(import.meta.dirname, '../../services/webhook/main.ts')

export interface ReceiverProcess {
  readonly child: ChildProcess
  readonly port: number
  /** Address of /metrics and health. */
  readonly inside: string
  /** Lines that it logged so far. */
  readonly log: () => string[]
}

/** Topics of the receiver on a broker, one connection that takes signed deliveries, and receivers as processes. */
export async function openWebhookStage(addresses: StageAddresses, webhook: Partial<ConnectionWebhook> = {}) {
  const { prefix } = addresses
  const keys = newSecretKey('k1')
  const kafka = createKafka({ brokers: addresses.kafka.split(','), clientId: 'webhook-test', prefix }, silentLogger)
  await ensureTopics(kafka, TOPICS, { partitions: 2, replicationFactor: 1 })
  const codec: Codec = await openCodec({ registryUrl: addresses.registry, prefix, register: true })
  const secrets = [sealOwnWebhookSecret('plant', SECRET, createSecretBox(keys))]
  const connection = {
    ...CONNECTION_DEFAULTS,
    id: 'plant',
    system: 'tryton',
    settings: {},
    webhook: { ...WEBHOOK_DEFAULTS, deliveriesPerSecond: 100_000, secrets, ...webhook },
    updatedAt: Date.now(),
  }
  const producer = kafka.producer()
  await producer.send([{ topic: CONNECTIONS, key: 'plant', value: encodeConnection(connection) }])
  await producer.close()
  const running = new Set<ChildProcess>()

  async function start(env: Record<string, string> = {}): Promise<ReceiverProcess> {
    const [port, http] = [await freePort(), await freePort()]
    const child = spawn(process.execPath, [MAIN], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {
        PATH: process.env['PATH'],
        TRIBUTARY_KAFKA_BROKERS: addresses.kafka,
        TRIBUTARY_REGISTRY_URL: addresses.registry,
        TRIBUTARY_TOPIC_PREFIX: prefix,
        TRIBUTARY_PARTITIONS: '2',
        TRIBUTARY_SECRET_KEYS: keys,
        TRIBUTARY_HTTP_PORT: String(http),
        TRIBUTARY_WEBHOOK_PORT: String(port),
        ...env,
      },
    })
    running.add(child)
    child.once('exit', () => running.delete(child))
    let text = ''
    child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()))
    const inside = `http://127.0.0.1:${http}`
    const log = (): string[] => text.split('\n').filter((line) => line !== '')
    while (
      !(await fetch(`${inside}/readyz`)
        .then(({ ok }) => ok)
        .catch(() => false))
    ) {
      if (child.exitCode !== null) throw new Error(`the receiver ended with ${child.exitCode}:\n${text}`)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    return { child, port, inside, log }
  }

  return {
    kafka,
    start,
    async kill(receiver: ReceiverProcess, signal: NodeJS.Signals): Promise<number | null> {
      const gone = once(receiver.child, 'exit')
      receiver.child.kill(signal)
      return ((await gone) as [number | null])[0]
    },
    /** Everything in `webhooks.inbound`. */
    async stored(): Promise<WebhookDelivery[]> {
      const found: WebhookDelivery[] = []
      await readTopic(kafka, WEBHOOKS_INBOUND, {
        onRecord: ({ value }) => void found.push(codec.inboundWebhook.decode(Buffer.from(value as Buffer))),
      })
      return found
    },
    async close(): Promise<void> {
      for (const child of running) child.kill('SIGKILL')
      await kafka
        .withAdmin((admin) => admin.deleteTopics({ topics: TOPICS.map(({ name }) => kafka.topic(name)) }))
        .catch(() => undefined)
      await kafka.close()
    },
  }
}

export const bodyOf = (id: string): Buffer => Buffer.from(`{"entity":"vendor", "key":"${id}","note":"Größe 漢"}`)

/** One attempt of a sender; null = no answer. */
export function deliver(port: number, id: string, agent?: Agent): Promise<number | null> {
  const body = bodyOf(id)
  const headers = signedHeaders(scheme, SECRET, { body, id, ts: String(Math.floor(Date.now() / 1000)) })
  const all = ['Host', 'hooks', 'Content-Length', String(body.length), ...headers]
  return new Promise((resolve) => {
    const options = { port, path: '/webhooks/plant', method: 'POST', headers: all, ...(agent ? { agent } : {}) }
    const request = httpRequest(options, (response) => {
      response.resume().on('end', () => resolve(response.statusCode ?? null))
      response.on('error', () => resolve(null))
    })
    request.on('error', () => resolve(null)).end(body)
  })
}

/** Senders that go on until told to stop, each with its own deliveries, tried again until they are answered 200. */
export function sendSteadily(port: () => number, senders: number) {
  const agent = new Agent({ keepAlive: true })
  const acknowledged: string[] = []
  const statuses = new Map<number | null, number>()
  let stopped = false
  const send = async (sender: number): Promise<void> => {
    for (let n = 0; !stopped; n++) {
      const id = `s${sender}-${n}`
      for (;;) {
        const status = await deliver(port(), id, agent)
        statuses.set(status, (statuses.get(status) ?? 0) + 1)
        if (status === 200) {
          acknowledged.push(id)
          break
        }
        if (stopped) return
        await new Promise((resolve) => setTimeout(resolve, 100))
      }
    }
  }
  const done = Promise.all(Array.from({ length: senders }, (_, sender) => send(sender)))
  return {
    acknowledged,
    statuses,
    async stop(): Promise<void> {
      stopped = true
      await done
      agent.destroy()
    },
  }
}
