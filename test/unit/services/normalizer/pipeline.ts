import {
  CONNECTION_DEFAULTS,
  type ChangeRecord,
  type Codec,
  type Connection,
  createLocalCodec,
  createManualClock,
  createMetrics,
  type Entities,
  type EntityName,
  type InRecord,
  LINE_TOPICS,
  type ManualClock,
  type Metrics,
  type OutRecord,
  type Partition,
  type PartitionWork,
  silentLogger,
} from '../../../../core/index.ts'
import { createConnectionTable } from '../../../../services/normalizer/connections.ts'
import { INPUT_TOPICS } from '../../../../services/normalizer/normalizer.ts'
import { createPartitionWorker } from '../../../../services/normalizer/worker.ts'
import { connectorOf } from './fake-system.ts'

/**
 * One partition of the normalizer over topics in memory, through the real codec. Transactions are atomic and leave a
 * marker behind, as Kafka's do; `crash` plans what happens at each of them. A failure assigns the partition anew, as
 * the group does.
 */
export interface Pipeline {
  readonly codec: Codec
  readonly clock: ManualClock
  readonly metrics: Metrics
  /** Appends to an input topic. */
  readonly produce: (topic: string, key: string, value: Buffer | null) => void
  readonly change: (change: Partial<ChangeRecord> & { entity: EntityName; key?: string; live?: boolean }) => void
  readonly setConnection: (connection: Partial<Connection> & { id: string }) => void
  /** Works until nothing is left to read. */
  readonly drain: () => Promise<void>
  /** Throws the worker away: the next `drain` restores from the topics. */
  readonly restart: () => Promise<void>
  readonly records: (topic: string) => StoredRecord[]
  readonly unified: <E extends EntityName>(entity: E) => { key: string; record: Entities[E] | null }[]
  /** Last value per key, tombstones left out. */
  readonly table: <E extends EntityName>(entity: E) => Map<string, Entities[E]>
  readonly lines: (name: string) => Map<string, Record<string, unknown>>
  readonly deadLetters: () => { error: string; kind: string; offset: number; value: Buffer | null }[]
  readonly reports: () => Record<string, unknown>[]
  readonly counter: (
    name: 'recordsSuppressed' | 'recordsSent' | 'recordsFailed',
    labels: Record<string, string>,
  ) => Promise<number>
  readonly assignments: () => number
  readonly close: () => Promise<void>
}

export interface StoredRecord {
  readonly offset: number
  readonly key: string
  readonly value: Buffer | null
}

/** What becomes of a transaction: it commits, it is lost, or it commits but the answer is lost. */
export type Fate = 'commit' | 'lost' | 'committed-unheard'

interface Stored extends InRecord {
  readonly committed: true
}

const PARTITION = 3

export interface PipelineOptions {
  readonly fate?: () => Fate
  readonly batchSize?: () => number
  /** Default: `createLocalCodec()`. */
  readonly codec?: Codec
}

export function createPipeline(options: PipelineOptions = {}): Pipeline {
  const fate = options.fate ?? (() => 'commit' as const)
  const batchSize = options.batchSize ?? (() => 50)
  const codec = options.codec ?? createLocalCodec()
  const clock = createManualClock()
  const metrics = createMetrics()
  const topics = new Map<string, Stored[]>()
  const ends = new Map<string, number>()
  const connections = createConnectionTable(silentLogger)
  let connectionOffset = 0
  let assignments = 0
  let abort = new AbortController()
  let work: PartitionWork | null = null
  let cursors = new Map<string, number>()

  const log = (topic: string): Stored[] => {
    let records = topics.get(topic)
    if (records === undefined) topics.set(topic, (records = []))
    return records
  }
  function append(record: OutRecord): number {
    const offset = ends.get(record.topic) ?? 0
    ends.set(record.topic, offset + 1)
    log(record.topic).push({
      topic: record.topic,
      partition: record.partition ?? PARTITION,
      offset,
      timestamp: clock.now(),
      key: Buffer.from(record.key),
      value: record.value === null ? null : Buffer.from(record.value),
      committed: true,
    })
    return offset
  }
  function appendTransaction(records: readonly OutRecord[]): Map<string, number> {
    const bases = new Map<string, number>()
    for (const record of records) {
      const offset = append(record)
      const name = `${record.topic}/${record.partition ?? PARTITION}`
      if (!bases.has(name)) bases.set(name, offset)
    }
    for (const topic of new Set(records.map((record) => record.topic))) ends.set(topic, (ends.get(topic) ?? 0) + 1)
    return bases
  }

  function createPartition(signal: AbortSignal): Partition {
    return {
      index: PARTITION,
      signal,
      async transact(records) {
        await Promise.resolve()
        if (signal.aborted) throw new Error('transact after loss')
        const outcome = fate()
        const baseOffsets = outcome === 'lost' ? new Map<string, number>() : appendTransaction(records)
        if (outcome !== 'commit') throw new Error(`planned failure: ${outcome}`)
        return { baseOffsets }
      },
      async restore(topic, onRecord) {
        await Promise.resolve()
        const records = log(topic)
        for (const record of records) onRecord(record)
        return { records: records.length, endOffset: ends.get(topic) ?? 0 }
      },
      async fetchOne(topic, offset) {
        await Promise.resolve()
        return log(topic).find((record) => record.offset === offset) ?? null
      },
      seek: (topic, offset) => void cursors.set(topic, offset),
      lag: () => new Map(),
    }
  }

  async function assign(): Promise<PartitionWork> {
    assignments++
    abort = new AbortController()
    const parts = {
      codec,
      directory: { ...connections, refresh: async () => {}, close: async () => {} },
      connectorOf,
      clock: clock,
      log: silentLogger,
      metrics,
    }
    const made = await createPartitionWorker(parts, createPartition(abort.signal))
    cursors = new Map(made.positions)
    return made
  }

  async function drop(): Promise<void> {
    const old = work
    work = null
    abort.abort()
    await old?.close('lost')
  }

  function nextBatch(): { topic: string; records: InRecord[] } | null {
    for (const topic of INPUT_TOPICS) {
      const from = cursors.get(topic) ?? 0
      const records = log(topic).filter((record) => record.offset >= from)
      if (records.length > 0) return { topic, records: records.slice(0, Math.max(1, batchSize())) }
    }
    return null
  }

  async function drain(): Promise<void> {
    for (;;) {
      try {
        work ??= await assign()
        const batch = nextBatch()
        if (batch === null) return
        const next = (batch.records.at(-1) as InRecord).offset + 1
        cursors.set(batch.topic, next)
        await work.onBatch({ ...batch, partition: PARTITION, highWatermark: ends.get(batch.topic) ?? 0 })
      } catch (error) {
        if (!String(error).includes('planned failure')) throw error
        await drop()
      }
    }
  }

  const unifiedOf = <E extends EntityName>(entity: E) =>
    log(`unified.${entity}`).map((record) => ({
      key: record.key?.toString() ?? '',
      record: record.value === null ? null : (codec.unified(entity).decode(record.value) as Entities[E]),
    }))

  return {
    codec,
    clock,
    metrics,
    produce: (topic, key, value) => void append({ topic, partition: PARTITION, key, value }),
    change({ key, live, ...fields }) {
      const connection = fields.connection_id ?? 'acme'
      const sourceId = fields.source_id ?? '1'
      const record: ChangeRecord = {
        connection_id: connection,
        system: 'fake',
        stream: fields.entity,
        source_id: sourceId,
        operation: 'UPSERT',
        origin: 'INCREMENTAL',
        source_version: 1,
        extracted_at: clock.now(),
        run_id: 'run-1',
        payload: Buffer.from('{}'),
        ...fields,
      }
      append({
        topic: `${live === false ? 'backfill' : 'changes'}.${fields.entity}`,
        partition: PARTITION,
        key: key ?? `${connection}:${fields.entity}:${sourceId}`,
        value: codec.encodeChange(record),
      })
    },
    setConnection(connection) {
      const value = Buffer.from(JSON.stringify({ ...blankConnection, ...connection, updatedAt: clock.now() }))
      connections.accept({ key: Buffer.from(connection.id), value, offset: connectionOffset++ })
    },
    drain,
    restart: drop,
    records: (topic) => log(topic).map(({ offset, key, value }) => ({ offset, key: key?.toString() ?? '', value })),
    unified: unifiedOf,
    table<E extends EntityName>(entity: E) {
      const table = new Map<string, Entities[E]>()
      for (const { key, record } of unifiedOf(entity)) {
        if (record === null) table.delete(key)
        else table.set(key, record)
      }
      return table
    },
    lines(name) {
      const line = LINE_TOPICS.find((topic) => topic.name === name)
      if (line === undefined) throw new Error(`no line topic ${name}`)
      const table = new Map<string, Record<string, unknown>>()
      for (const { key, value } of log(`unified.${name}`)) {
        const id = key?.toString() ?? ''
        if (value === null) table.delete(id)
        else table.set(id, codec.line(line.name).decode(value) as unknown as Record<string, unknown>)
      }
      return table
    },
    deadLetters: () => log('dead-letters').map((record) => codec.deadLetter.decode(record.value as Buffer)),
    reports: () => log('sweep-reports').map((record) => JSON.parse(record.value?.toString() ?? 'null')),
    async counter(name, labels) {
      const { values } = await metrics[name].get()
      return values
        .filter((value) =>
          Object.entries(labels).every(([label, text]) => (value.labels as Record<string, unknown>)[label] === text),
        )
        .reduce((sum, value) => sum + value.value, 0)
    },
    assignments: () => assignments,
    close: drop,
  }
}

const blankConnection: Omit<Connection, 'id'> = {
  ...CONNECTION_DEFAULTS,
  system: 'fake',
  settings: {},
  windowDays: null,
  updatedAt: 0,
}
