/**
 * `npm start`: the whole pipeline on this machine. A stack, a seeded ERP, sync and normalizer, sinks into PostgreSQL; then
 * the changes as they come, until Ctrl-C. Options: `--quiet-erp` (nobody works in the ERP), `--until-in-step` (ends when the
 * first snapshot is in PostgreSQL; for scripts).
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { openErp, workInErp } from './demo/erp.ts'
import { followUnified, type LiveChanges } from './demo/live.ts'
import { readDemoState, writeDemoState } from './demo/state.ts'
import { runCommand, serviceEnvironment, type ServiceProcess, startService } from './services.ts'
import { keepSinksRunning, putSinks, untilSinksRun } from './sinks.ts'
import { StackError } from './stack/errors.ts'
import { findStack } from './stack/find.ts'
import { STATE_DIR } from './stack/paths.ts'

const say = (line: string): void => console.log(line)
const began = performance.now()
const seconds = (): string => `${((performance.now() - began) / 1000).toFixed(0)} s`
const options = new Set(process.argv.slice(2))
const PREFIX = 'demo.'
const CONNECTION = 'plant'

const endings: (() => Promise<unknown>)[] = []
const stopping = new AbortController()
let ended: Promise<void> | null = null

/** In reverse order of starting. A second signal ends at once; the servers die with this process. */
function end(code: number): Promise<void> {
  ended ??= (async () => {
    stopping.abort()
    for (const ending of endings.toReversed()) await ending().catch((error: unknown) => console.error(error))
    process.exit(code)
  })()
  return ended
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (ended !== null) process.exit(130)
    say('\nstopping …')
    void end(0)
  })
}

/** Lines that people should see: warnings and worse, and the progress of snapshots. */
function onServiceLine(name: string): (line: string) => void {
  return (line) => {
    try {
      const { level, msg, err } = JSON.parse(line) as { level: string; msg: string; err?: { message: string } }
      const important = level === 'warn' || level === 'error' || level === 'fatal'
      if (important || /snapshot/.test(msg)) say(`  ${name}: ${msg}${err === undefined ? '' : `: ${err.message}`}`)
    } catch {
      say(`  ${name}: ${line}`)
    }
  }
}

async function service(name: string, env: Record<string, string>): Promise<ServiceProcess> {
  const running = await startService({ name, env, onLine: onServiceLine(name) })
  endings.push(() => running.stop())
  await running.ready()
  void running.exited.then((code) => {
    if (ended !== null) return
    say(`${name} has ended by itself (${code}):\n${running.tail()}`)
    void end(1)
  })
  return running
}

/** Rows by table, once every unified record is a row. */
async function untilInStep(live: LiveChanges, client: pg.Client): Promise<Map<string, number>> {
  let steady = 0
  let last = ''
  for (;;) {
    const rows = new Map<string, number>()
    for (const [entity] of live.counts()) {
      const { rows: found } = await client.query<{ n: string }>(`select count(*) as n from "${entity}"`)
      rows.set(entity, Number(found[0]?.n))
    }
    const equal = [...live.counts()].every(([entity, { live: alive, deleted }]) => rows.get(entity) === alive + deleted)
    const now = JSON.stringify([...rows])
    steady = equal && now === last && rows.get('vendor') !== 0 && rows.get('purchase_order') !== 0 ? steady + 1 : 0
    if (steady >= 5) return rows
    last = now
    await delay(1000, undefined, { signal: stopping.signal })
  }
}

async function main(): Promise<void> {
  say('starting the stack (Kafka, schema registry, Kafka Connect, PostgreSQL, Tryton) …')
  const stack = await findStack({ say: (line) => say(`  ${line}`) })
  endings.push(() => stack.stop())
  const { addresses } = stack
  const state = readDemoState()
  const erp = await openErp(addresses, state.seeded, say)
  writeDemoState({ ...state, seeded: true })

  const env = serviceEnvironment(addresses, { prefix: PREFIX, secretKeys: state.secretKeys })
  await runCommand(['topics', 'create'], env)
  const declaration = join(STATE_DIR, 'connections.yaml')
  writeFileSync(declaration, connectionFile(erp))
  await runCommand(['connection', 'apply', '-f', declaration], { ...env, TRYTON_PASSWORD: erp.password })
  say(`connection ${CONNECTION} declared (${declaration})`)

  const normalizer = await service('normalizer', env)
  const sync = await service('sync', env)
  say('sync and normalizer are running; the snapshot has begun')
  const sinks = await putSinks(addresses, { group: 'demo', topicPrefix: PREFIX })
  await untilSinksRun(sinks)
  const watch = keepSinksRunning(sinks, say)
  endings.push(() => watch.stop())
  const live = await followUnified({ brokers: addresses.kafka, registryUrl: addresses.registry, prefix: PREFIX })
  endings.push(() => live.close())
  const client = new pg.Client({ connectionString: addresses.postgres })
  await client.connect()
  endings.push(() => client.end())

  const rows = await untilInStep(live, client)
  say(`\nin step after ${seconds()}. Rows in PostgreSQL:`)
  for (const [table, count] of rows) if (count > 0) say(`  ${table.padEnd(20)} ${count}`)
  say(whereToLook(addresses, [sync, normalizer], env))
  if (options.has('--until-in-step')) return end(0)

  live.show(say)
  say('changes as they come (Ctrl-C ends):')
  if (!options.has('--quiet-erp'))
    await workInErp(erp, 0.5, stopping.signal, ({ action, refused }) => {
      if (refused === undefined) say(`          … in the ERP: ${action}`)
    })
  else await new Promise(() => {})
}

const connectionFile = (erp: { url: string; database: string; user: string }): string => `connections:
  - id: ${CONNECTION}
    system: tryton
    settings:
      base_url: ${erp.url}
      database: ${erp.database}
      username: ${erp.user}
      password: \${TRYTON_PASSWORD}
    windowDays: 90
    streams:
      vendor: { pollEveryMs: 2000, sweepEveryMs: 60000 }
      item: { pollEveryMs: 2000, sweepEveryMs: 60000 }
      purchase_order: { pollEveryMs: 2000, sweepEveryMs: 60000 }
      stock_level: { pollEveryMs: 2000 }
      inventory_movement: { pollEveryMs: 2000, sweepEveryMs: 60000 }
    mapping: { timeZone: Europe/Berlin, currency: EUR }
`

function whereToLook(
  addresses: { kafka: string; registry: string; postgres: string },
  services: readonly ServiceProcess[],
  env: Record<string, string>,
): string {
  const shown = Object.entries(env).filter(([name]) => !name.includes('SECRET'))
  return `
where to look
  topics     ${PREFIX}unified.vendor, ${PREFIX}unified.purchase_order, … on ${addresses.kafka} (Avro; registry ${addresses.registry})
  tables     psql ${addresses.postgres}
  a query    select o.order_number, o.status, v.name, l.description, l.quantity_ordered, l.unit_price
               from purchase_order o join vendor v on v.id = o.vendor_id
               join purchase_order_line l on l.purchase_order_id = o.id order by o.updated_at desc limit 10;
  health     ${services.map(({ name, url }) => `${name} ${url}/readyz · ${url}/metrics`).join('\n             ')}
  commands   ${shown.map(([name, value]) => `${name}=${value}`).join(' ')} \\
             npm run tributary -- sync status
`
}

try {
  await main()
} catch (error) {
  if (ended === null) {
    console.error(error instanceof StackError ? error.message : error)
    await end(1)
  }
}
