/**
 * How fast are deliveries taken, each durable in Kafka before it is answered?
 * `npm run bench webhook [-- --count 20000 --sockets 64 --bytes 1000 --runs 3 --burst 50000]`
 *
 * Receiver and load are processes of their own; so is the baseline, an Express handler that reads the body and answers
 * 200. ratio = rate / baseline rate at the same concurrency. Then a burst, with the receiver's peak memory.
 */
import { parseArgs } from 'node:util'
import {
  CONNECTIONS,
  createSecretBox,
  encodeConnection,
  newSecretKey,
  readTopic,
  sealOwnWebhookSecret,
  WEBHOOK_DEFAULTS,
  WEBHOOKS_INBOUND,
} from '../core/index.ts'
import { benchConnection } from './support/bench-connection.ts'
import { openInstallation } from './support/installation.ts'
import { jsonChild } from './support/json-child.ts'
import { median } from './support/processes.ts'

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '20000' },
    sockets: { type: 'string', default: '64' },
    bytes: { type: 'string', default: '1000' },
    runs: { type: 'string', default: '3' },
    burst: { type: 'string', default: '50000' },
  },
})
const SECRET = 'whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY='
const WARM_UP = 5_000
const sockets = Number(values.sockets)
const say = (line: string): void => console.error(line)
const round = (value: number, digits = 2): number => Number(value.toFixed(digits))

interface Load {
  readonly seconds: number
  readonly p50: number
  readonly p99: number
  readonly statuses: { readonly [status: string]: number }
}

let runs = 0
async function load(port: number, count: number): Promise<Load> {
  const order = { port, connection: benchConnection.id, secret: SECRET, sockets, bodyBytes: Number(values.bytes) }
  const result = await jsonChild('webhook-load-process.ts', {
    ...order,
    count,
    run: `r${runs++}`,
  }).next<Load>()
  if (result.statuses['200'] !== count) throw new Error(`not all were taken: ${JSON.stringify(result.statuses)}`)
  return result
}

const installation = await openInstallation(say)
const { kafka, addresses, prefix } = installation
const secretKeys = newSecretKey('bench')
const secrets = [sealOwnWebhookSecret(benchConnection.id, SECRET, createSecretBox(secretKeys))]
const webhook = { ...WEBHOOK_DEFAULTS, deliveriesPerSecond: 1_000_000, secrets }
const producer = kafka.producer()
await producer.send([
  { topic: CONNECTIONS, key: benchConnection.id, value: encodeConnection({ ...benchConnection, webhook }) },
])
await producer.close()

async function stored(): Promise<number> {
  const { records } = await readTopic(kafka, WEBHOOKS_INBOUND, { onRecord: () => undefined })
  return records
}

interface End {
  readonly peakRss: number
  readonly cpuSeconds: number
}
const bare = jsonChild('webhook-server-process.ts', { bare: true })
const start = () =>
  jsonChild('webhook-server-process.ts', { kafka: addresses.kafka, registry: addresses.registry, prefix, secretKeys })
let receiver = start()
try {
  const [barePort, port] = [(await bare.next<{ port: number }>()).port, (await receiver.next<{ port: number }>()).port]
  const count = Number(values.count)
  await load(barePort, WARM_UP)
  await load(port, WARM_UP)
  const ours: Load[] = []
  const base: Load[] = []
  for (let i = 1; i <= Number(values.runs); i++) {
    base.push(await load(barePort, count))
    ours.push(await load(port, count))
    const [a, b] = [ours.at(-1) as Load, base.at(-1) as Load]
    say(
      `run ${i}: ${round(count / a.seconds, 0)}/s, p99 ${round(a.p99)} ms; bare ${round(count / b.seconds, 0)}/s, p99 ${round(b.p99)} ms`,
    )
  }
  const sent = WARM_UP + Number(values.runs) * count
  const cpu = (await receiver.end<End>()).cpuSeconds / sent
  const bareCpu = (await bare.end<End>()).cpuSeconds / sent
  const burst = Number(values.burst)
  const before = await stored()
  receiver = start()
  const accepted = await load((await receiver.next<{ port: number }>()).port, burst)
  const { peakRss } = await receiver.end<End>()
  const inTopic = (await stored()) - before
  const rate = median(ours.map(({ seconds }) => count / seconds))
  const bareRate = median(base.map(({ seconds }) => count / seconds))
  console.log(
    JSON.stringify({
      name: 'webhook',
      ratio: round(rate / bareRate),
      per_second: round(rate, 0),
      bare_per_second: round(bareRate, 0),
      p50_ms: round(median(ours.map(({ p50 }) => p50))),
      p99_ms: round(median(ours.map(({ p99 }) => p99))),
      bare_p99_ms: round(median(base.map(({ p99 }) => p99))),
      cpu_us: round(cpu * 1e6, 0),
      bare_cpu_us: round(bareCpu * 1e6, 0),
      burst: {
        deliveries: burst,
        seconds: round(accepted.seconds),
        p99_ms: round(accepted.p99),
        peakRssMb: round(peakRss / 1e6, 0),
        inTopic,
      },
    }),
  )
} finally {
  for (const each of [bare, receiver]) each.process.kill('SIGTERM')
  await installation.close()
}
