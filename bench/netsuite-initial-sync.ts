/**
 * How much slower than its source is an initial sync of NetSuite, and does it use what the account allows?
 *
 * 1. 200,000 purchase orders with their lines from the sandbox (a process of its own, 5 requests at once, `latency` ms on
 *    top of what each answer takes: 100, a fast API; with 0 it is this machine's CPU that is measured) through sync into
 *    Kafka, beside a bare reader that issues the same statements under the same limit (a page of 1,000 headers behind the
 *    last id, then their lines by 200 orders, 5 at once), parses the answers and throws them away. In turns;
 *    ratio = median speed of sync / median speed of the reader.
 * 2. Nine streams at once from an account whose answers take 500 ms: requests in flight on average, of those allowed, from
 *    the first committed order to the last, while every stream has more to ask for; and the most at one time.
 *
 *   npm run bench netsuite-initial-sync [-- <orders> <rounds> <latency ms>]
 */
import { fileURLToPath } from 'node:url'
import { connectorOf } from '../connectors/index.ts'
import type { AnyConnector, EntityName } from '../core/index.ts'
import { readBare, statementsOf } from './source/netsuite-reader.ts'
import { openStage } from './source/stage.ts'
import { type InFlight, startNetSuite } from './support/netsuite-sandbox.ts'
import { median } from './support/processes.ts'

const [records = 200_000, rounds = 3, latencyMs = 100] = process.argv.slice(2).map(Number)
const ALLOWED = 5
const BUSY_ORDERS = 10_000
/** None of the streams has less to ask for than the orders. */
const BUSY = {
  purchaseOrders: BUSY_ORDERS,
  vendors: 10_000,
  items: 12_000,
  workOrders: 10_000,
  assets: 40_000,
  employees: 40_000,
}
/** As slow as NetSuite is with such pages: the account is what limits, not this machine. */
const ANSWERS_TAKE_MS = 500

const mb = (bytes: number) => Math.round(bytes / 1024 / 1024)
const rounded = (value: number) => Number(value.toFixed(3))
const limits = { concurrency: ALLOWED, requestsPerSecond: null }
const found = connectorOf('netsuite')
if (found === undefined) throw new Error('no connector')
const connector: AnyConnector = found

/** Orders alone, beside the bare reader. */
async function speed() {
  console.error(`the sandbox seeds ${records} orders, or opens those of the last time …`)
  const database = fileURLToPath(new URL(`../.tributary/bench/netsuite-${records}.sqlite`, import.meta.url))
  const sandbox = await startNetSuite({
    size: { purchaseOrders: records },
    database,
    concurrencyLimit: ALLOWED,
    switches: { slowMs: latencyMs },
  })
  const settings = { ...sandbox.settings, concurrency: ALLOWED }
  const statements = await statementsOf(connector, settings)
  const stage = await openStage({ connector, entities: ['purchase_order'], settings: () => settings, limits })
  const reader: number[] = []
  const sync: number[] = []
  const cpu: number[] = []
  const rss: { tenth: number; end: number }[] = []
  const inFlight: { reader: InFlight; sync: InFlight }[] = []
  try {
    for (let round = 1; round <= rounds; round++) {
      await sandbox.reset()
      reader.push(await readBare(statements, ALLOWED, records))
      const bare = await sandbox.inFlight()
      let tenth = 0
      let peak = 0
      const connection = `round-${round}`
      const timer = setInterval(async () => {
        peak = Math.max(peak, process.memoryUsage().rss)
        if (tenth === 0 && (await stage.sent(connection)) >= records / 10) tenth = peak
      }, 50)
      await sandbox.reset()
      const before = process.cpuUsage()
      sync.push(await stage.snapshot(connection, records))
      const { user, system } = process.cpuUsage(before)
      inFlight.push({ reader: bare, sync: await sandbox.inFlight() })
      clearInterval(timer)
      cpu.push((user + system) / 1e6)
      rss.push({ tenth: mb(tenth), end: mb(peak) })
      console.error(
        `round ${round}: reader ${Math.round(reader.at(-1) ?? 0)} ms, sync ${Math.round(sync.at(-1) ?? 0)} ms`,
      )
    }
  } finally {
    await stage.close()
    sandbox.stop()
  }
  return { reader, sync, cpu, rss, inFlight }
}

/** All streams at once: there is always something to ask for until the orders are all there. */
async function use(): Promise<InFlight> {
  console.error(`an account with ${BUSY_ORDERS} orders that answers in ${ANSWERS_TAKE_MS} ms …`)
  const sandbox = await startNetSuite({
    size: BUSY,
    concurrencyLimit: ALLOWED,
    switches: { slowMs: ANSWERS_TAKE_MS },
  })
  const settings = { ...sandbox.settings, concurrency: ALLOWED }
  const entities = Object.keys(connector.streams) as EntityName[]
  const stage = await openStage({ connector, entities, settings: () => settings, limits })
  try {
    const all = stage.snapshot('busy', BUSY_ORDERS, 'purchase_order')
    while ((await stage.sent('busy', 'purchase_order')) === 0) await new Promise((resolve) => setTimeout(resolve, 5))
    await sandbox.reset()
    await all
    return await sandbox.inFlight()
  } finally {
    await stage.close()
    sandbox.stop()
  }
}

const { reader, sync, cpu, rss, inFlight } = await speed()
const busy = await use()
const perSecond = (ms: number) => Math.round((records / ms) * 1000)
console.log(
  JSON.stringify({
    name: 'netsuite-initial-sync',
    ratio: rounded(median(reader) / median(sync)),
    goal: 0.9,
    records,
    latencyMs,
    readerOrdersPerSecond: perSecond(median(reader)),
    syncOrdersPerSecond: perSecond(median(sync)),
    syncCpuSecondsPerMillion: Number(((median(cpu) / records) * 1e6).toFixed(1)),
    readerMs: reader.map(Math.round),
    syncMs: sync.map(Math.round),
    peakRssMb: rss,
    concurrency: {
      allowed: ALLOWED,
      used: rounded(busy.average / ALLOWED),
      goal: 0.9,
      most: Math.max(busy.max, ...inFlight.map((round) => round.sync.max)),
      refused: busy.refused + inFlight.reduce((sum, round) => sum + round.sync.refused, 0),
      readerAverage: rounded(median(inFlight.map((round) => round.reader.average))),
      syncAverage: rounded(median(inFlight.map((round) => round.sync.average))),
    },
  }),
)
process.exit(0)
