/**
 * How long from a delivery to its unified record, and what does a burst cost?
 * `npm run bench webhook-latency [-- --rate 200 --seconds 15 --burst 50000]`
 *
 * Receiver, sync, normalizer, the system and the load are processes of their own. A record changes in the system, a hint
 * is delivered, the record is read again, mapped, and seen by a read_committed consumer. ratio = p50 until the receiver's
 * 200 / p50 until the record. Then a burst of hints over 5,000 records: until all are taken, and until all are worked off.
 */
import { Agent, request as httpRequest } from 'node:http'
import { parseArgs } from 'node:util'
import {
  CONNECTION_DEFAULTS,
  CONNECTIONS,
  createSecretBox,
  encodeConnection,
  followTopic,
  newSecretKey,
  sealOwnWebhookSecret,
  WEBHOOK_DELIVERIES,
  WEBHOOK_DEFAULTS,
} from '../core/index.ts'
import { openInstallation, PARTITIONS } from './support/installation.ts'
import { jsonChild } from './support/json-child.ts'
import { startWorker, until } from './support/processes.ts'
import { signedHeaders } from './support/standard-webhook.ts'
import { benchSystem } from './writing/connector.ts'
import { startSystem } from './writing/system-process.ts'

const { values } = parseArgs({
  options: {
    rate: { type: 'string', default: '200' },
    seconds: { type: 'string', default: '15' },
    burst: { type: 'string', default: '50000' },
  },
})
const SECRET = 'whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY='
const CONNECTION = 'bench-push'
const KEYS = 5_000
const rate = Number(values.rate)
const say = (line: string): void => console.error(line)
const round = (value: number, digits = 1): number => Number(value.toFixed(digits))
const agent = new Agent({ keepAlive: true, maxSockets: 64 })

function send(url: string, method: string, headers: Record<string, string>, body: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(url, {
      method,
      agent,
      headers: { ...headers, 'Content-Length': Buffer.byteLength(body) },
    })
    request.on('response', (response) => response.resume().on('end', () => resolve(response.statusCode ?? 0)))
    request.on('error', reject).end(body)
  })
}
const percentiles = (times: readonly number[]): { p50_ms: number; p99_ms: number } => {
  const sorted = times.toSorted((a, b) => a - b)
  const at = (share: number): number =>
    round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0)
  return { p50_ms: at(0.5), p99_ms: at(0.99) }
}

const installation = await openInstallation(say)
const { kafka, codec, addresses, prefix } = installation
const system = await startSystem({ latencyMs: 0 })
const secretKeys = newSecretKey('bench')
const secrets = [sealOwnWebhookSecret(CONNECTION, SECRET, createSecretBox(secretKeys))]
const connection = {
  ...CONNECTION_DEFAULTS,
  id: CONNECTION,
  system: benchSystem.id,
  settings: { base_url: `${system.url}/${CONNECTION}` },
  limits: { concurrency: 16, requestsPerSecond: null },
  webhook: { ...WEBHOOK_DEFAULTS, deliveriesPerSecond: 1_000_000, secrets },
  updatedAt: Date.now(),
}
const producer = kafka.producer()
await producer.send([{ topic: CONNECTIONS, key: CONNECTION, value: encodeConnection(connection) }])
await producer.close()

const order = { kafka: addresses.kafka, registry: addresses.registry, prefix, secretKeys, partitions: PARTITIONS }
const receiver = jsonChild('webhook-server-process.ts', order)
const sync = jsonChild('webhook-sync-process.ts', order)
const normalizer = startWorker('normalizer-process.ts', order)
/** Command → when its delivery was sent. */
const sentAt = new Map<string, number>()
const latencies: number[] = []
const unified = followTopic(kafka, 'unified.vendor', ({ value }) => {
  if (value === null) return
  const name = codec.unified('vendor').decode(value).display_name
  const sent = sentAt.get(name)
  if (sent !== undefined && sentAt.delete(name)) latencies.push(performance.now() - sent)
})
let processed = 0
const deliveries = followTopic(kafka, WEBHOOK_DELIVERIES, ({ value }) => {
  if (value !== null) processed++
})

try {
  const { port } = await receiver.next<{ port: number }>()
  await sync.next()
  await Promise.all([unified.ready, deliveries.ready])
  await until(() => normalizer.last()?.ready === true, 120_000)
  const answers: number[] = []
  let nth = 0
  const change = async (): Promise<void> => {
    const [command, key] = [`c${nth}`, String(nth % KEYS)]
    nth++
    await send(`${system.url}/${CONNECTION}/vendor/${key}`, 'PATCH', { 'x-command': command }, '{}')
    const body = JSON.stringify({ entity: 'vendor', key })
    const sent = performance.now()
    sentAt.set(command, sent)
    const headers = signedHeaders(SECRET, command, body)
    const status = await send(`http://127.0.0.1:${port}/webhooks/${CONNECTION}`, 'POST', headers, body)
    if (status !== 200) throw new Error(`a delivery was answered ${status}`)
    answers.push(performance.now() - sent)
  }
  const run = async (count: number): Promise<void> => {
    const began = performance.now()
    const sends: Promise<void>[] = []
    for (let i = 0; i < count; i++) {
      const wait = began + (i * 1000) / rate - performance.now()
      if (wait > 1) await new Promise((resolve) => setTimeout(resolve, wait))
      sends.push(change())
    }
    await Promise.all(sends)
    await until(() => sentAt.size === 0, 60_000)
  }
  await run(rate * 3)
  latencies.length = answers.length = 0
  await run(rate * Number(values.seconds))
  const told = { unified: percentiles(latencies), answered: percentiles(answers) }
  say(`delivery to record: ${JSON.stringify(told)}`)

  const burst = Number(values.burst)
  const before = processed
  const began = performance.now()
  const load = { port, connection: CONNECTION, secret: SECRET, count: burst, sockets: 64, bodyBytes: 200, run: 'burst' }
  const { statuses, seconds } = await jsonChild('webhook-load-process.ts', load).next<{
    statuses: object
    seconds: number
  }>()
  await until(() => processed - before >= burst, 300_000)
  const drained = (performance.now() - began) / 1000
  const peak = {
    receiver: (await receiver.end<{ peakRss: number }>()).peakRss,
    sync: (await sync.end<{ peakRss: number }>()).peakRss,
  }
  console.log(
    JSON.stringify({
      name: 'webhook-latency',
      ratio: round(told.answered.p50_ms / told.unified.p50_ms, 3),
      deliveries_per_second: rate,
      ...told,
      burst: {
        deliveries: burst,
        statuses,
        accepted_s: round(seconds),
        drained_s: round(drained),
        peakRssMb: { receiver: round(peak.receiver / 1e6, 0), sync: round(peak.sync / 1e6, 0) },
      },
    }),
  )
} finally {
  for (const each of [receiver, sync]) each.process.kill('SIGTERM')
  await normalizer.stop()
  await Promise.all([unified.close(), deliveries.close()])
  agent.destroy()
  system.stop()
  await installation.close()
}
