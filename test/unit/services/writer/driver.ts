import {
  type AnyConnector,
  type ChangeRecord,
  COMMAND_RESULTS,
  CONNECTION_DEFAULTS,
  CONNECTIONS,
  type CommandResult,
  type Connection,
  commandsTopic,
  createLocalCodec,
  createManualClock,
  createMetrics,
  decodeConnection,
  ENTITY_NAMES,
  type EntityName,
  encodeConnection,
  type HttpClient,
  type InRecord,
  type ManualClock,
  type OutRecord,
  type Partition,
  type PartitionWork,
  partitionFor,
  silentLogger,
  TOPICS,
  WRITER_REQUESTS,
  type WritableEntity,
  type WriterRequest,
} from '../../../../core/index.ts'
import { openPartition, type WriterParts } from '../../../../services/writer/partition-work.ts'
import { DEFAULT_POLICY, type Policy } from '../../../../services/writer/policy.ts'
import { createFakeSystem } from './fake-system.ts'

/**
 * The whole writer on topics in memory, with the real codec, a clock that stands still, and a crash at any commit or at
 * any moment.
 */
const PARTITIONS = 2
const INPUTS = [CONNECTIONS, WRITER_REQUESTS, ...ENTITY_NAMES.map(commandsTopic)]
export const codec = createLocalCodec()

interface Stored {
  readonly key: string
  readonly value: Buffer | null
}

interface DriverOptions {
  readonly policy?: Partial<Policy>
  readonly clock?: ManualClock
  /** A system to write to besides the fake one. */
  readonly real?: { readonly connector: AnyConnector; readonly http: HttpClient }
}

export function createWriterDriver(options: DriverOptions = {}) {
  const { clock = createManualClock(), real } = options
  const system = createFakeSystem(clock)
  const logs = new Map<string, Stored[]>()
  const known = new Set(TOPICS.map(({ name }) => name))
  let life = new AbortController()
  let works: PartitionWork[] = []
  let delivered = new Map<string, number>()
  let deliveries: Promise<void> = Promise.resolve()
  let crashIn = Number.POSITIVE_INFINITY
  let crashWhen: 'before' | 'after' = 'before'
  let transactions = 0
  let commands = 0

  const of = (topic: string, partition: number) => {
    const name = `${topic}/${partition}`
    let found = logs.get(name)
    if (found === undefined) logs.set(name, (found = []))
    return found
  }

  function append(records: readonly OutRecord[]): void {
    for (const { topic, partition, key, value } of records) {
      if (!known.has(topic)) throw new Error(`no topic ${topic}`)
      of(topic, partition ?? partitionFor(key, PARTITIONS)).push({
        key: key.toString(),
        value: value === null ? null : Buffer.from(value),
      })
    }
  }

  const inRecord = (topic: string, partition: number, { key, value }: Stored, offset: number): InRecord => ({
    topic,
    partition,
    offset,
    timestamp: 0,
    key: Buffer.from(key),
    value,
  })

  function partitionOf(index: number, mine: AbortController): Partition {
    return {
      index,
      signal: mine.signal,
      async transact(records) {
        await new Promise<void>((resolve) => setImmediate(resolve))
        if (mine.signal.aborted) throw new Error('fenced')
        const dies = --crashIn === 0
        const baseOffsets = new Map(
          records.map(({ topic, partition = index }) => [`${topic}/${partition}`, of(topic, partition).length]),
        )
        if (!dies || crashWhen === 'after') append(records)
        transactions++
        if (dies) {
          mine.abort(new Error('killed'))
          throw new Error('killed')
        }
        return { baseOffsets }
      },
      async restore(topic, onRecord) {
        const stored = of(topic, index)
        stored.forEach((record, offset) => onRecord(inRecord(topic, index, record, offset)))
        return { records: stored.length, endOffset: stored.length }
      },
      async fetchOne(topic, offset) {
        await new Promise<void>((resolve) => setImmediate(resolve))
        const record = of(topic, index)[offset]
        return record === undefined ? null : inRecord(topic, index, record, offset)
      },
      seek() {},
      lag: () => new Map(),
    }
  }

  function deliver(): void {
    const mine = life
    deliveries = deliveries.then(async () => {
      for (const topic of INPUTS)
        for (let partition = 0; partition < PARTITIONS; partition++) {
          const work = works[partition]
          const name = `${topic}/${partition}`
          const from = delivered.get(name) ?? work?.positions.get(topic) ?? 0
          const fresh = of(topic, partition).slice(from)
          if (fresh.length === 0 || work === undefined || mine.signal.aborted) continue
          delivered.set(name, from + fresh.length)
          const records = fresh.map((record, i) => inRecord(topic, partition, record, from + i))
          await work
            .onBatch({ topic, partition, records, highWatermark: from + fresh.length })
            .catch((error: unknown) => {
              if (!mine.signal.aborted) throw error
            })
        }
    })
  }

  const parts: WriterParts = {
    codec,
    partitions: PARTITIONS,
    clock,
    policy: { ...DEFAULT_POLICY, ...options.policy },
    random: () => 0.5,
    connectorOf: (name) => [system.connector, ...(real ? [real.connector] : [])].find(({ id }) => id === name),
    settingsOf: ({ settings }) => settings,
    httpFor: () => ({ http: real?.http ?? ({} as HttpClient), close: async () => {} }),
    decodeConnection,
    log: silentLogger,
    metrics: createMetrics(),
  }

  const driver = {
    clock,
    system,
    async start() {
      life = new AbortController()
      delivered = new Map()
      deliveries = Promise.resolve()
      works = []
      for (let index = 0; index < PARTITIONS; index++) works.push(await openPartition(parts, partitionOf(index, life)))
      deliver()
      await deliveries
    },
    async stop() {
      const closing = works.map((work) => work.close('stopping'))
      await driver.pass(30_000)
      await Promise.all(closing)
      life.abort(new Error('stopped'))
    },
    /** As on kill -9: what is not committed is forgotten; calls under way reach the system all the same. */
    async crash() {
      life.abort(new Error('killed'))
      await Promise.all(works.map((work) => work.close('failed')))
      works = []
    },
    /** Dies at the nth transaction from now: before it is written, or after it and before the writer hears of it. */
    crashAt(nth: number, when: 'before' | 'after') {
      crashIn = nth
      crashWhen = when
    },
    crashed: () => life.signal.aborted,
    transactions: () => transactions,
    async connect(changes: Partial<Connection> & { readonly id: string }) {
      const settings = { currency: 'EUR' }
      const connection = { ...CONNECTION_DEFAULTS, system: 'fake', settings, updatedAt: 0, ...changes }
      append([{ topic: CONNECTIONS, key: connection.id, value: encodeConnection(connection) }])
      deliver()
      await deliveries
    },
    async disconnect(id: string) {
      append([{ topic: CONNECTIONS, key: id, value: null }])
      deliver()
      await deliveries
    },
    async resolve(commandId: string, applied: boolean, targetId: string | null = null) {
      const about = { id: 'r', kind: 'resolve', connectionId: 'acme', commandId, applied, targetId } as const
      const request: WriterRequest = { ...about, requestedAt: clock.now() }
      append([{ topic: WRITER_REQUESTS, key: 'acme', value: Buffer.from(JSON.stringify(request)) }])
      deliver()
      await deliveries
    },
    /** Returns the command's id. */
    async send(
      entity: WritableEntity,
      command: { readonly [field: string]: unknown },
      given: { readonly key?: string } = {},
    ): Promise<string> {
      const id = `command-${++commands}`
      const json = { command_id: id, connection_id: 'acme', issued_at: clock.now(), ...command }
      const value = codec.command(entity).encode(codec.command(entity).fromJson(json) as never)
      return driver.sendBytes(entity, value, given.key ?? json.connection_id, json.command_id)
    },
    async sendBytes(entity: WritableEntity, value: Buffer | null, key = 'acme', id = ''): Promise<string> {
      append([{ topic: commandsTopic(entity), key, value }])
      deliver()
      await deliveries
      return id
    },
    /** Lets `ms` pass. */
    async pass(ms: number, stepMs = Math.max(50, Math.ceil(ms / 200))) {
      await settled()
      for (let left = ms; left > 0; left -= stepMs) {
        await clock.advance(Math.min(left, stepMs))
        await settled()
      }
    },
    records: (topic: string) => Array.from({ length: PARTITIONS }, (_, partition) => of(topic, partition)).flat(),
    /** In the order in which they were published. */
    results: (id: string): CommandResult[] =>
      driver
        .records(COMMAND_RESULTS)
        .filter(({ key }) => key === id)
        .map(({ value }) => codec.commandResult.decode(value as Buffer)),
    result: (id: string): CommandResult | undefined => driver.results(id).at(-1),
    outcomes: (id: string): string[] =>
      driver.results(id).map(({ outcome, is_final }) => `${outcome}${is_final ? '!' : ''}`),
    changes: (entity: EntityName): ChangeRecord[] =>
      driver.records(`changes.${entity}`).map(({ value }) => codec.decodeChange(value as Buffer)),
  }
  return driver
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await new Promise<void>((resolve) => setImmediate(resolve))
}

export const order = (fields: { readonly [field: string]: unknown } = {}) => ({
  operation: 'CREATE',
  payload: {
    vendor_id: 'acme:vendor:17300001',
    lines: [{ line_ref: 'a', description: 'bolts', quantity_ordered: '10' }],
    ...fields,
  },
})
