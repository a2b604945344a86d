import { netsuite } from '../../../connectors/netsuite/index.ts'
import type { ActionName } from '../../../connectors/netsuite/sandbox/activity/index.ts'
import { createSwitches, type Switches } from '../../../connectors/netsuite/sandbox/faults.ts'
import { type Sandbox, type SandboxOptions, startSandbox } from '../../../connectors/netsuite/sandbox/index.ts'
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
import { certificateConfig, mappingOf } from './harness.ts'

export const ENTITIES = Object.keys(netsuite.streams) as EntityName[]

/** What NetSuite may leave no stamp for: found when a stream is read whole again (connectors/netsuite/README.md). */
export const UNSEEN: readonly ActionName[] = ['receiveGoods', 'billOrder']

/** A vendor that goes takes the items' entries for it along, and no item's stamp moves. */
export const UNSEEN_VENDORS: readonly ActionName[] = ['deleteRecord', 'mergeVendors']

/** As the runtime does it: late commits are what it is for. */
const OVERLAP_MS = 60_000
const PAGE = 5

export interface Cycle {
  readonly sandbox: Sandbox
  readonly session: unknown
  /** Reads everything, while people work between the streams. */
  snapshot(): Promise<void>
  increment(): Promise<void>
  /** Drops what the lists of keys do not name. */
  sweep(): Promise<void>
  pass(ms: number): void
  /** What is known against what is there, read afresh with every switch at its default; empty = the same. */
  differences(): Promise<string[]>
  /** Everything that is there, as unified records. */
  records(entity: EntityName): Promise<{ readonly [field: string]: unknown }[]>
  close(): Promise<void>
}

export interface CycleOptions {
  readonly switches?: Partial<Switches>
  readonly sandbox?: Partial<SandboxOptions>
  readonly config?: (sandbox: Sandbox) => Harness['config']
  readonly mapping?: MappingSettings['settings']
  /** What never happens while it is read. */
  readonly without?: readonly ActionName[]
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
    system: 'netsuite',
    limits: { concurrency: 4, requestsPerSecond: null },
    log: silentLogger,
    metrics: createMetrics(),
    allowPrivateHosts: true,
  })
  return { ...client, waited: clock.waited }
}

export async function connectTo(config: Harness['config'], http: HttpClient): Promise<unknown> {
  const parsed = netsuite.config.parse(config)
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
  return netsuite.connect(parsed.value, http, never())
}

export const streamNamed = (entity: EntityName) => netsuite.streams[entity] as unknown as ReadStream<unknown>

export async function startCycle(options: CycleOptions = {}): Promise<Cycle> {
  let now = Date.UTC(2026, 2, 2, 9, 30)
  const sandbox = await startSandbox({
    size: 12,
    now: () => now,
    ...options.sandbox,
    switches: options.switches ?? {},
  })
  const { switches, activity } = sandbox
  const http = httpClient()
  const session = await connectTo({ ...certificateConfig(sandbox), ...options.config?.(sandbox) }, http)
  const plain = mappingOf(sandbox)
  const mapping: MappingSettings = { ...plain, settings: { ...plain.settings, ...options.mapping } }
  const known = new Map<EntityName, Map<string, { version: number; text: string }>>()
  const watermarks = new Map<EntityName, number>()

  const unified = (entity: EntityName, record: RawRecord) =>
    streamNamed(entity).toUnified(record.payload, mapping, keyText(record)) as { readonly [field: string]: unknown }

  function take(entity: EntityName, records: readonly RawRecord[]): void {
    const table = known.get(entity) ?? new Map()
    known.set(entity, table)
    for (const record of records) {
      const key = keyText(record)
      // the normalizer's gate: an older version never wins
      if ((table.get(key)?.version ?? 0) > record.version) continue
      if (record.deleted === true) table.delete(key)
      else table.set(key, { version: record.version, text: JSON.stringify(unified(entity, record)) })
    }
  }

  const whole = (entity: EntityName, pageSize: number) =>
    readAll(streamNamed(entity), session, snapshotRange(now, pageSize))

  return {
    sandbox,
    session,
    async snapshot() {
      for (const entity of ENTITIES) {
        const start = now
        activity.step(2, options.without)
        take(entity, await whole(entity, PAGE))
        watermarks.set(entity, start)
        now += 1000
      }
    },
    async increment() {
      for (const entity of ENTITIES) {
        const since = (watermarks.get(entity) ?? 0) - OVERLAP_MS
        take(entity, await readAll(streamNamed(entity), session, incrementRange(since, now, PAGE)))
        watermarks.set(entity, now)
      }
    },
    async sweep() {
      for (const entity of ENTITIES) {
        const keys = await allKeys(streamNamed(entity), session)
        const table = known.get(entity) ?? new Map()
        for (const key of table.keys()) if (!keys.has(key)) table.delete(key)
      }
    },
    pass(ms) {
      now += ms
    },
    async differences() {
      const kept = { ...switches }
      Object.assign(switches, createSwitches(), { role: kept.role })
      const wrong: string[] = []
      for (const entity of ENTITIES) {
        const truth = new Map<string, string>()
        for (const record of await whole(entity, 500))
          truth.set(keyText(record), JSON.stringify(unified(entity, record)))
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
    records: async (entity) => (await whole(entity, 500)).map((record) => unified(entity, record)),
    async close() {
      await http.close()
      await sandbox.close()
    },
  }
}

function firstDifference(mine: string, truth: string): string {
  let at = 0
  while (mine[at] === truth[at]) at++
  const from = Math.max(0, at - 60)
  return `…${mine.slice(from, at + 40)} instead of …${truth.slice(from, at + 40)}`
}
