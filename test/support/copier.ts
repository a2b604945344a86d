/** The smallest consume-transform-produce work, and how its result is checked. Runs in tests and in processes of their own. */
import {
  createPartitionGroup,
  type GroupTuning,
  type InRecord,
  type KafkaClient,
  type Metrics,
  type Partition,
  type PartitionGroup,
  readTopic,
} from '../../core/index.ts'

export async function until(condition: () => boolean, what: string, timeoutMs = 60_000): Promise<void> {
  const deadline = Date.now() + timeoutMs
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`not reached: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

export interface Plain {
  readonly partition: number
  readonly offset: number
  readonly key: string
  readonly value: string | null
}

export const plain = (record: InRecord): Plain => ({
  partition: record.partition,
  offset: record.offset,
  key: String(record.key),
  value: record.value === null ? null : record.value.toString(),
})

/** Everything committed on a topic. */
export async function contents(kafka: KafkaClient, topic: string): Promise<Plain[]> {
  const records: Plain[] = []
  await readTopic(kafka, topic, { onRecord: (record) => void records.push(plain(record)) })
  return records
}

/** Short timings, so that tests of failures do not wait. */
export const QUICK: Partial<GroupTuning> = {
  sessionTimeoutMs: 6_000,
  rebalanceTimeoutMs: 6_000,
  heartbeatMs: 200,
  transactionTimeoutMs: 10_000,
}

export interface Hooks {
  /** Before the transaction of a batch; may throw. */
  readonly before?: (partition: Partition, records: readonly InRecord[]) => Promise<void> | void
  /** After it; may throw. */
  readonly after?: (partition: Partition) => Promise<void> | void
}

export interface Copier extends PartitionGroup {
  /** Partition → lives so far. */
  readonly lives: Map<number, number>
  readonly closes: string[]
  readonly owned: Map<number, Partition>
  batches(): readonly { topic: string; records: number; at: number }[]
  error(): Error | null
}

/** Copies `in` topics to `out`, positions in `state`: the smallest consume-transform-produce. */
export function copier(
  kafka: KafkaClient,
  hooks: Hooks & { topics?: readonly string[]; tuning?: Partial<GroupTuning>; metrics?: Metrics } = {},
): Copier {
  const lives = new Map<number, number>()
  const closes: string[] = []
  const owned = new Map<number, Partition>()
  const batches: { topic: string; records: number; at: number }[] = []
  let failure: Error | null = null
  const group = createPartitionGroup({
    kafka,
    groupId: 'copier',
    transactionalId: 'copier',
    topics: hooks.topics ?? ['in'],
    log: kafka.log,
    metrics: hooks.metrics,
    tuning: { ...QUICK, ...hooks.tuning },
    onFailure: (error) => {
      failure = error
    },
    onAssigned: async (partition) => {
      lives.set(partition.index, (lives.get(partition.index) ?? 0) + 1)
      owned.set(partition.index, partition)
      const positions = new Map<string, number>()
      await partition.restore('state', (record) => {
        positions.set(String(record.key), Number(record.value))
      })
      return {
        positions,
        onBatch: async ({ topic, records }) => {
          batches.push({ topic, records: records.length, at: performance.now() })
          await hooks.before?.(partition, records)
          const next = (records.at(-1) as InRecord).offset + 1
          const own = partition.index
          await partition.transact([
            ...records.map((record) => ({ topic: 'out', partition: own, key: record.key ?? '', value: record.value })),
            { topic: 'state', partition: own, key: topic, value: Buffer.from(String(next)) },
          ])
          await hooks.after?.(partition)
        },
        close: async (reason) => {
          closes.push(`${partition.index} ${reason}`)
        },
      }
    },
  })
  return { ...group, lives, closes, owned, batches: () => batches, error: () => failure }
}

/** Where `out` is not each record of `in` exactly once and in order; empty = it is. */
export async function differences(kafka: KafkaClient): Promise<string[]> {
  const byPartition = (records: readonly Plain[]) => Map.groupBy(records, (one) => one.partition)
  const wanted = byPartition(await contents(kafka, 'in'))
  const copied = byPartition(await contents(kafka, 'out'))
  const found: string[] = []
  for (const [partition, list] of wanted) {
    const copies = copied.get(partition) ?? []
    const at = list.findIndex((one, i) => one.key !== copies[i]?.key || one.value !== copies[i]?.value)
    if (at >= 0 || copies.length !== list.length)
      found.push(
        `partition ${partition}: ${list.length} in, ${copies.length} out, from ${at}: ${list[at]?.key} / ${copies[at]?.key}`,
      )
  }
  return found
}
