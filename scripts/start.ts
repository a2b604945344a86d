/**
 * `npm start`: the whole pipeline on this machine. A stack, systems with data in them, sync and normalizer, sinks into
 * PostgreSQL, a receiver for the webhooks of those that push; then the changes as they come, until Ctrl-C. Options: `npm start -- --help`.
 */
import { join } from 'node:path'
import pg from 'pg'
import { declareConnections, type Opened } from './demo/connections.ts'
import { untilInStep } from './demo/in-step.ts'
import { followUnified } from './demo/live.ts'
import { type DemoOptions, demoOptions, HELP } from './demo/options.ts'
import { shownLine } from './demo/service-lines.ts'
import { readDemoState, writeDemoState } from './demo/state.ts'
import { runCommand, serviceEnvironment, type ServiceProcess, startService } from './services.ts'
import { keepSinksRunning, putSinks, untilSinksRun } from './sinks.ts'
import type { Addresses } from './stack/addresses.ts'
import { StackError } from './stack/errors.ts'
import { findStack } from './stack/find.ts'
import { STATE_DIR } from './stack/paths.ts'
import { choosePorts } from './stack/ports.ts'

const say = (line: string): void => console.log(line)
const began = performance.now()
const seconds = (): string => `${((performance.now() - began) / 1000).toFixed(0)} s`
const PREFIX = 'demo.'

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

async function service(name: string, env: Record<string, string>): Promise<ServiceProcess> {
  const onLine = (line: string): void => {
    const shown = shownLine(name, line)
    if (shown !== null) say(shown)
  }
  const running = await startService({ name, env, onLine })
  endings.push(() => running.stop())
  await running.ready()
  void running.exited.then((code) => {
    if (ended !== null) return
    say(`${name} has ended by itself (${code}):\n${running.tail()}`)
    void end(1)
  })
  return running
}

/** Starts the systems, and fills those that are new; each is remembered once it is filled. */
async function openSystems(options: DemoOptions, addresses: Addresses): Promise<{ opened: Opened[]; keys: string }> {
  let state = readDemoState()
  writeDemoState(state)
  const opened: Opened[] = []
  for (const system of options.systems) {
    const running = await system.open({
      addresses,
      dir: join(STATE_DIR, 'stack', system.id),
      filled: state.filled.includes(system.id),
      atWork: options.atWork,
      say,
    })
    endings.push(() => running.stop())
    opened.push({ system, running })
    state = { ...state, filled: [...new Set([...state.filled, system.id])] }
    writeDemoState(state)
  }
  return { opened, keys: state.secretKeys }
}

async function main(options: DemoOptions): Promise<void> {
  const names = new Intl.ListFormat('en').format(options.systems.map(({ title }) => title))
  say(`starting the stack (Kafka, schema registry, Kafka Connect, PostgreSQL) for ${names} …`)
  const parts = options.systems.flatMap((system) => system.parts)
  const stack = await findStack({ with: parts, say: (line) => say(`  ${line}`) })
  endings.push(() => stack.stop())
  const { addresses } = stack
  const { opened, keys } = await openSystems(options, addresses)

  // the same port at each start: the systems keep the address
  const { webhook: port } = await choosePorts(join(STATE_DIR, 'stack', 'webhook', 'ports.json'), ['webhook'])
  const env = {
    ...serviceEnvironment(addresses, { prefix: PREFIX, secretKeys: keys }),
    TRIBUTARY_WEBHOOK_PORT: String(port),
    TRIBUTARY_WEBHOOK_URL: `http://127.0.0.1:${port}`,
  }
  await runCommand(['topics', 'create'], env)
  const declaration = await declareConnections(opened, env)
  say(`connection ${opened.map(({ system }) => system.connectionId).join(', ')} declared (${declaration})`)

  const receiver = await service('webhook', env)
  const normalizer = await service('normalizer', env)
  const sync = await service('sync', env)
  const writer = await service('writer', env)
  say('webhook receiver, normalizer, sync and writer are running; the snapshot has begun')
  const sinks = await putSinks(addresses, { group: 'demo', topicPrefix: PREFIX })
  await untilSinksRun(sinks)
  const watch = keepSinksRunning(sinks, say)
  endings.push(() => watch.stop())
  const live = await followUnified({ brokers: addresses.kafka, registryUrl: addresses.registry, prefix: PREFIX })
  endings.push(() => live.close())
  const client = new pg.Client({ connectionString: addresses.postgres })
  await client.connect()
  endings.push(() => client.end())

  const systems = opened.map(({ system: { title, connectionId }, running: { facts } }) => ({
    title,
    connectionId,
    facts,
  }))
  const { rows, compared } = await untilInStep({ live, client, systems, signal: stopping.signal, say })
  say(`\nin step after ${seconds()}. Rows in PostgreSQL:`)
  for (const [table, count] of rows) if (count > 0) say(`  ${table.padEnd(24)} ${count}`)
  const asked = systems.filter(({ facts }) => facts !== null).map(({ title }) => title)
  if (asked.length > 0)
    say(
      `The same was answered by ${new Intl.ListFormat('en').format(asked)}: the numbers, and ${compared} records field by field.`,
    )
  say(whereToLook(addresses, opened, [sync, normalizer, writer, receiver], env))
  if (options.untilInStep) return end(0)

  live.show(say)
  say('changes as they come (Ctrl-C ends):')
  if (!options.atWork) return await new Promise(() => {})
  await Promise.all(
    opened.map(({ system, running }) =>
      running.work(stopping.signal, (action) => say(`          … in ${system.title}: ${action}`)),
    ),
  )
}

function whereToLook(
  addresses: Addresses,
  opened: readonly Opened[],
  services: readonly ServiceProcess[],
  env: Record<string, string>,
): string {
  const shown = Object.entries(env).filter(([name]) => !name.includes('SECRET'))
  const lines = [
    ...opened.flatMap(({ running }) => running.hints),
    ['topics', `${PREFIX}unified.vendor, ${PREFIX}unified.purchase_order, … on ${addresses.kafka}`],
    ['', `(Avro; registry ${addresses.registry})`],
    ['tables', `psql ${addresses.postgres}`],
    ['a query', 'select o.system, o.order_number, o.status, v.name, l.description, l.quantity_ordered, l.unit_price'],
    ['', '  from purchase_order o join vendor v on v.id = o.vendor_id'],
    ['', '  join purchase_order_line l on l.purchase_order_id = o.id order by o.updated_at desc limit 10;'],
    ...services.map(({ name, url }, at) => [at === 0 ? 'health' : '', `${name} ${url}/readyz · ${url}/metrics`]),
    ['commands', `${shown.map(([name, value]) => `${name}=${value}`).join(' ')} \\`],
    ['', 'npm run tributary -- sync status'],
  ] as const
  return `\nwhere to look\n${lines.map(([label = '', text = '']) => `  ${label.padEnd(10)} ${text}`).join('\n')}\n`
}

try {
  const options = demoOptions(process.argv.slice(2))
  if (options.help) say(HELP)
  else await main(options)
} catch (error) {
  if (error instanceof TypeError && /^(--|Unknown option|Unexpected argument|Option)/.test(error.message)) {
    console.error(`${error.message}\n\n${HELP}`)
    process.exit(2)
  }
  if (ended === null) {
    console.error(error instanceof StackError ? error.message : error)
    await end(1)
  }
}
