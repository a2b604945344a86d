/**
 * How much slower than its source is an initial sync of S/4HANA?
 * 200,000 purchase orders with items, schedule lines, account assignments and notes from the sandbox (a process of its
 * own) through sync into Kafka, beside a bare reader that asks for the same pages with as many requests at a time (one:
 * each page begins where the one before ended), parses them and throws them away. In turns;
 * ratio = median speed of sync / median speed of the reader. The memory of sync is reported after a tenth and at the end.
 *
 *   npm run bench sap-initial-sync [-- <orders> <rounds>]
 */
import { spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { connectorOf } from '../connectors/index.ts'
import { openStage } from './source/stage.ts'
import { median } from './support/processes.ts'

const [records = 200_000, rounds = 3] = process.argv.slice(2).map(Number)
const PAGE = 500
const LOGIN = { username: 'TRIBUTARY', password: 'Welcome-1' }

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const mb = (bytes: number) => Math.round(bytes / 1024 / 1024)

/** Seeds the sandbox the first time; its data are kept for the next bench. */
async function startSandbox(): Promise<{ origin: string; stop(): void }> {
  mkdirSync(at('../.tributary/bench'), { recursive: true })
  const script = at('../connectors/sap-s4hana/sandbox/main.ts')
  const database = at(`../.tributary/bench/sap-s4hana-${records}.sqlite`)
  const args = [script, '--port', '0', '--orders', String(records), '--database', database]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  process.once('exit', () => child.kill())
  for await (const line of createInterface({ input: child.stdout })) {
    const origin = /http:\/\/[\d.:]+/.exec(line)?.[0]
    if (origin !== undefined) return { origin, stop: () => child.kill() }
  }
  throw new Error('the sandbox ended before it was ready')
}

const EXPAND = 'to_PurchaseOrderItem/to_ScheduleLine,to_PurchaseOrderItem/to_AccountAssignment,to_PurchaseOrderNote'

interface Orders {
  readonly d: { readonly results: readonly { readonly PurchaseOrder: string }[] }
}

/** Every page, parsed and dropped. */
async function bareReader(origin: string): Promise<number> {
  const authorization = `Basic ${Buffer.from(`${LOGIN.username}:${LOGIN.password}`).toString('base64')}`
  const began = performance.now()
  let seen = 0
  for (let after = ''; ; ) {
    const query = new URLSearchParams({
      $top: String(PAGE),
      $orderby: 'PurchaseOrder',
      $expand: EXPAND,
      'sap-client': '100',
    })
    if (after !== '') query.set('$filter', `PurchaseOrder gt '${after}'`)
    const url = `${origin}/sap/opu/odata/sap/API_PURCHASEORDER_PROCESS_SRV/A_PurchaseOrder?${query.toString().replaceAll('+', '%20')}`
    const response = await fetch(url, { headers: { accept: 'application/json', authorization } })
    if (!response.ok) throw new Error(`HTTP ${response.status}: ${await response.text()}`)
    const { results } = ((await response.json()) as Orders).d
    seen += results.length
    after = results.at(-1)?.PurchaseOrder ?? after
    if (results.length < PAGE) break
  }
  if (seen !== records) throw new Error(`the reader saw ${seen} of ${records} orders`)
  return performance.now() - began
}

const connector = connectorOf('sap-s4hana')
if (connector === undefined) throw new Error('no connector')
console.error(`the sandbox seeds ${records} orders, or opens those of the last time …`)
const sandbox = await startSandbox()
const stage = await openStage({
  connector,
  entities: ['purchase_order'],
  settings: () => ({ base_url: sandbox.origin, sap_client: '100', page_size: PAGE, ...LOGIN }),
})
try {
  const reader: number[] = []
  const sync: number[] = []
  const cpu: number[] = []
  const rss: { tenth: number; end: number }[] = []
  for (let round = 1; round <= rounds; round++) {
    reader.push(await bareReader(sandbox.origin))
    let tenth = 0
    let peak = 0
    const connection = `round-${round}`
    const timer = setInterval(async () => {
      peak = Math.max(peak, process.memoryUsage().rss)
      if (tenth === 0 && (await stage.sent(connection)) >= records / 10) tenth = peak
    }, 50)
    const before = process.cpuUsage()
    sync.push(await stage.snapshot(connection, records))
    const { user, system } = process.cpuUsage(before)
    clearInterval(timer)
    cpu.push((user + system) / 1e6)
    rss.push({ tenth: mb(tenth), end: mb(peak) })
    console.error(
      `round ${round}: reader ${Math.round(reader.at(-1) ?? 0)} ms, sync ${Math.round(sync.at(-1) ?? 0)} ms`,
    )
  }
  const perSecond = (ms: number) => Math.round((records / ms) * 1000)
  console.log(
    JSON.stringify({
      name: 'sap-initial-sync',
      ratio: Number((median(reader) / median(sync)).toFixed(3)),
      goal: 0.9,
      records,
      pageSize: PAGE,
      readerOrdersPerSecond: perSecond(median(reader)),
      syncOrdersPerSecond: perSecond(median(sync)),
      syncCpuSecondsPerMillion: Number(((median(cpu) / records) * 1e6).toFixed(1)),
      readerMs: reader.map(Math.round),
      syncMs: sync.map(Math.round),
      peakRssMb: rss,
    }),
  )
} finally {
  await stage.close()
  sandbox.stop()
}
process.exit(0)
