import { setTimeout as sleep } from 'node:timers/promises'
import {
  type Connection,
  createHttpClient,
  createManualClock,
  type EntityName,
  type HttpClient,
  METRICS,
  type Metrics,
} from '../../../core/index.ts'
import { createSyncDriver, type LogLine, type SyncDriver } from '../../support/sync-driver.ts'
import { type Gate, openGate } from './gate.ts'
import type { Harness } from './harness.ts'
import { must, type Rule } from './rules.ts'

const POLL_MS = 5_000
const CONNECTION = 'works'
/** For what should happen at the next poll, in real time. */
const PATIENCE = { patienceMs: 4_000 }

/** The connector in the hands of sync: topics in memory, the real HTTP client, a gate before the system. */
interface Running {
  readonly driver: SyncDriver
  readonly gate: Gate
  readonly entities: readonly EntityName[]
  readonly until: (
    what: string,
    condition: () => boolean,
    within?: { readonly stepMs?: number; readonly patienceMs?: number },
  ) => Promise<void>
  readonly value: (metric: keyof typeof METRICS, labels: { readonly [name: string]: string }) => Promise<number>
}

async function running(harness: Harness, work: (running: Running) => Promise<void>): Promise<void> {
  const { connector } = harness
  const parsed = connector.config.parse(harness.config)
  must(parsed.ok, "the harness's settings are refused")
  const entities = Object.keys(connector.streams) as EntityName[]
  for (const entity of entities) await harness.worlds[entity]?.add(3)
  const gate = await openGate()
  const clock = createManualClock(await harness.systemTime())
  let client: (HttpClient & { close(): Promise<void> }) | null = null
  const driver = createSyncDriver({
    clock,
    systems: [
      {
        connector,
        requests: [],
        http(log, metrics) {
          client = createHttpClient({
            connectionId: CONNECTION,
            system: connector.id,
            limits: { concurrency: 4, requestsPerSecond: null },
            allowPrivateHosts: true,
            log,
            metrics,
            clock,
          })
          return gate.via(client)
        },
      },
    ],
  })
  const streams = Object.fromEntries(entities.map((entity) => [entity, { pollEveryMs: POLL_MS }]))
  try {
    await driver.start()
    await driver.connect({
      id: CONNECTION,
      system: connector.id,
      settings: parsed.value as Connection['settings'],
      streams: streams as Connection['streams'],
    })
    await work({
      driver,
      gate,
      entities,
      async until(what, condition, { stepMs = 50, patienceMs = 60_000 } = {}) {
        // the system answers in real time, sync waits in its own
        for (const end = performance.now() + patienceMs; !condition(); ) {
          must(performance.now() < end, `waited in vain until ${what}: ${textOf(troubles(driver.log))}`)
          await clock.advance(stepMs)
          await sleep(1)
        }
      },
      value: (metric, labels) => valueOf(driver.metrics, metric, labels),
    })
  } finally {
    await driver.stop()
    await (client as { close(): Promise<void> } | null)?.close()
    await gate.close()
  }
}

async function valueOf(metrics: Metrics, metric: keyof typeof METRICS, labels: { readonly [name: string]: string }) {
  const found = await metrics.registry.getSingleMetric(METRICS[metric].name)?.get()
  const values = found?.values.filter((each) =>
    Object.entries(labels).every(([name, value]) => (each.labels as { [name: string]: unknown })[name] === value),
  )
  return values === undefined || values.length === 0 ? Number.NaN : values.reduce((sum, { value }) => sum + value, 0)
}

const troubles = (log: readonly LogLine[]) => log.filter(({ level }) => level === 'warn' || level === 'error')

const textOf = (lines: readonly LogLine[]) => JSON.stringify(lines)

/** Every stream has been read whole and polled once after that. */
async function untilPolled({ driver, entities, until }: Running): Promise<void> {
  await until('every stream is polled', () =>
    entities.every((entity) => driver.state(CONNECTION, entity)?.incrementalDone != null),
  )
}

export const RUNNING_RULES: readonly Rule[] = [
  {
    id: 'T1',
    statement: 'normal operation says nothing above info, a failure is said once with connection, stream and kind',
    check: (harness) =>
      running(harness, async (run) => {
        const { driver, gate, until } = run
        await untilPolled(run)
        must(troubles(driver.log).length === 0, `all was well, and it says ${textOf(troubles(driver.log))}`)
        gate.mode = 'closed'
        await until('a failure is logged', () => troubles(driver.log).length > 0, PATIENCE)
        const before = driver.clock.now()
        await until('twenty polls would have been', () => driver.clock.now() > before + 20 * POLL_MS, { stepMs: 500 })
        const said = new Set<string>()
        for (const { fields, message } of troubles(driver.log)) {
          must(fields['kind'] !== 'bug', `a refusal is told as a bug: ${textOf(troubles(driver.log))}`)
          for (const field of ['connection', 'stream', 'kind'])
            must(typeof fields[field] === 'string', `"${message}" does not say its ${field}`)
          const about = `${String(fields['stream'])} ${String(fields['kind'])}`
          must(!said.has(about), `said twice: ${about}: ${message}`)
          said.add(about)
        }
        for (const secret of harness.connector.config.secretFields)
          if (harness.config[secret])
            must(!textOf(driver.log).includes(String(harness.config[secret])), `the log names the ${secret}`)
      }),
  },
  {
    id: 'T2',
    statement: 'received, sent, failed, lag and rate-limited are counted under the same names as everywhere',
    check: (harness) =>
      running(harness, async (run) => {
        const { driver, gate, entities, until, value } = run
        await untilPolled(run)
        gate.mode = 'busy'
        const connection = CONNECTION
        await until('the system has asked to slow down', () => gate.mode === 'open', PATIENCE)
        // the answer has left the gate, but need not have arrived
        const counted = () => value('rateLimited', { connection })
        for (let turn = 0; turn < 200 && Number.isNaN(await counted()); turn++) await sleep(5)
        must((await counted()) === 1, 'a 429 was not counted')
        for (const stream of entities) {
          const labels = { connection, stream }
          const sent = driver.changes(stream, 'backfill').length + driver.changes(stream, 'changes').length
          must(sent > 0, `${stream}: nothing was sent`)
          must((await value('recordsSent', labels)) === sent, `${stream}: ${sent} were sent, another number is counted`)
          must((await value('recordsReceived', labels)) >= sent, `${stream}: fewer received than sent`)
          must(Number.isNaN(await value('recordsFailed', labels)), `${stream}: failures are counted, there were none`)
          must((await value('streamLag', labels)) >= 0, `${stream}: no lag`)
        }
        gate.mode = 'closed'
        await until('a failure is logged', () => troubles(driver.log).length > 0, PATIENCE)
        must((await value('recordsFailed', { connection })) >= 1, 'a failure was not counted')
      }),
  },
]
