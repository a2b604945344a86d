import { sapS4Hana } from '../../../connectors/sap-s4hana/index.ts'
import { type ActionName, createActivity } from '../../../connectors/sap-s4hana/sandbox/activity/index.ts'
import { createSwitches, type Switches } from '../../../connectors/sap-s4hana/sandbox/faults.ts'
import { type Sandbox, type SandboxOptions, startSandbox } from '../../../connectors/sap-s4hana/sandbox/index.ts'
import {
  type Clock,
  createHttpClient,
  createMetrics,
  type EntityName,
  type HttpClient,
  type MappingSettings,
  type RawRecord,
  type ReadStream,
  silentLogger,
} from '../../../core/index.ts'
import { allKeys, type Harness, incrementRange, keyText, never, readAll, snapshotRange } from '../kit/harness.ts'
import { basicConfig } from './harness.ts'

export const ENTITIES = Object.keys(sapS4Hana.streams) as EntityName[]

/** What SAP leaves no stamp for: found when a stream is read whole again (connectors/sap-s4hana/README.md). */
export const UNSEEN: readonly ActionName[] = ['changeAddressUnseen', 'editPlantData', 'receiveGoods']
/** The same, where an item that changes does not move its order's stamp. */
export const UNSEEN_ITEMS: readonly ActionName[] = ['changeItemQuantity', 'addItem', 'deleteItem', 'addOperation']

/** As the runtime does it: late commits are what it is for. */
const OVERLAP_MS = 60_000
const PAGE = 5

export interface Cycle {
  readonly sandbox: Sandbox
  readonly activity: ReturnType<typeof createActivity>
  readonly session: unknown
  /** Reads everything, while people work between the streams. */
  snapshot(): Promise<void>
  increment(): Promise<void>
  /** Drops what the lists of keys do not name. */
  sweep(): Promise<void>
  pass(ms: number): void
  /** What is known against what is there, read afresh with every switch at its default; empty = the same. */
  differences(): Promise<string[]>
  close(): Promise<void>
}

export interface CycleOptions {
  readonly switches?: Partial<Switches>
  readonly sandbox?: Partial<SandboxOptions>
  readonly config?: (sandbox: Sandbox) => Harness['config']
  readonly mapping?: Partial<MappingSettings['settings']>
  readonly mappingTimeZone?: string
}

/** Time passes at once where somebody waits for it. */
function hastyClock(): Clock & { readonly waited: () => number } {
  let skipped = 0
  const after: Clock['after'] = (ms, run) => {
    const timer = setTimeout(() => {
      skipped += ms
      run()
    }, 0)
    return () => clearTimeout(timer)
  }
  return {
    now: () => Date.now() + skipped,
    after,
    sleep: (ms) => new Promise((resolve) => void after(ms, resolve)),
    waited: () => skipped,
  }
}

/** The real HTTP client, which waits for nothing; `waited`: for how long it would have, ms. */
export function httpClient(): HttpClient & { close(): Promise<void>; waited(): number } {
  const clock = hastyClock()
  const client = createHttpClient({
    clock,
    connectionId: 'works',
    system: 'sap-s4hana',
    limits: { concurrency: 4, requestsPerSecond: null },
    log: silentLogger,
    metrics: createMetrics(),
    allowPrivateHosts: true,
  })
  return { ...client, waited: clock.waited }
}

export async function connectTo(config: Harness['config'], http: HttpClient): Promise<unknown> {
  const parsed = sapS4Hana.config.parse(config)
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
  return sapS4Hana.connect(parsed.value, http, never())
}

export const streamNamed = (entity: EntityName) => sapS4Hana.streams[entity] as unknown as ReadStream<unknown>

export async function startCycle(options: CycleOptions = {}): Promise<Cycle> {
  let now = Date.UTC(2026, 2, 2, 9, 30)
  const clock = () => now
  const sandbox = await startSandbox({
    size: 12,
    now: clock,
    users: [{ name: 'TRIBUTARY', password: 'Welcome-1-Quay' }],
    ...options.sandbox,
    switches: options.switches ?? {},
  })
  const { switches, store } = sandbox
  const timeZone = options.sandbox?.timeZone ?? 'UTC'
  const activity = createActivity(store, { seed: 3, now: clock, timeZone, switches })
  const http = httpClient()
  const config = options.config?.(sandbox) ?? basicConfig(sandbox)
  const session = await connectTo(config, http)
  const mapping: MappingSettings = {
    connectionId: 'works',
    system: 'sap-s4hana',
    timeZone: 'UTC',
    currency: 'EUR',
    language: 'en',
    units: {},
    remaps: {},
    customFields: [],
    settings: { base_url: sandbox.origin, sap_client: '100', system_time_zone: timeZone },
  }
  const known = new Map<EntityName, Map<string, { version: number; text: string }>>()
  const watermarks = new Map<EntityName, number>()

  const unified = (entity: EntityName, record: RawRecord): string =>
    plain(JSON.stringify(streamNamed(entity).toUnified(record.payload, mapping, keyText(record))))

  function take(entity: EntityName, records: readonly RawRecord[]): void {
    const table = known.get(entity) ?? new Map()
    known.set(entity, table)
    for (const record of records) {
      const key = plain(JSON.stringify(keyText(record)))
      // the normalizer's gate: an older version never wins
      if ((table.get(key)?.version ?? 0) > record.version) continue
      table.set(key, { version: record.version, text: unified(entity, record) })
    }
  }

  return {
    sandbox,
    activity,
    session,
    async snapshot() {
      for (const entity of ENTITIES) {
        const start = await sapS4Hana.clock(session as never, never())
        activity.step(2, [...UNSEEN, ...UNSEEN_ITEMS])
        take(entity, await readAll(streamNamed(entity), session, snapshotRange(start, PAGE)))
        watermarks.set(entity, start)
        now += 1000
      }
    },
    async increment() {
      for (const entity of ENTITIES) {
        const until = await sapS4Hana.clock(session as never, never())
        const since = (watermarks.get(entity) ?? 0) - OVERLAP_MS
        take(entity, await readAll(streamNamed(entity), session, incrementRange(since, until, PAGE)))
        watermarks.set(entity, until)
      }
    },
    async sweep() {
      for (const entity of ENTITIES) {
        const stream = streamNamed(entity)
        if (stream.listKeys === undefined) continue
        const keys = new Set([...(await allKeys(stream, session))].map((key) => plain(JSON.stringify(key))))
        const table = known.get(entity) ?? new Map()
        for (const key of table.keys()) if (!keys.has(key)) table.delete(key)
      }
    },
    pass(ms) {
      now += ms
    },
    async differences() {
      const kept = { ...switches }
      Object.assign(switches, createSwitches(), { zeroStockRows: switches.zeroStockRows })
      const wrong: string[] = []
      for (const entity of ENTITIES) {
        const truth = new Map<string, string>()
        for (const record of await readAll(streamNamed(entity), session, snapshotRange(now, 500)))
          truth.set(plain(JSON.stringify(keyText(record))), unified(entity, record))
        const table = known.get(entity) ?? new Map()
        for (const [key, text] of truth) {
          const mine = table.get(key)?.text
          if (mine !== text) wrong.push(`${entity} ${key}: ${firstDifference(mine ?? 'nothing', text)}`)
        }
        for (const key of table.keys()) if (!truth.has(key)) wrong.push(`${entity} ${key} is not there`)
      }
      Object.assign(switches, kept)
      return wrong
    },
    async close() {
      await http.close()
      await sandbox.close()
    },
  }
}

/** Numbers without the zeros before them, which some systems show: they name the same things. */
const plain = (json: string): string => json.replace(/(?<![\d.])0+(?=\d)/g, '')

function firstDifference(mine: string, truth: string): string {
  let at = 0
  while (mine[at] === truth[at]) at++
  const from = Math.max(0, at - 60)
  return `…${mine.slice(from, at + 40)} instead of …${truth.slice(from, at + 40)}`
}
