import {
  COMMAND_RESULTS,
  CONNECTION_DEFAULTS,
  CONNECTIONS,
  type Connection,
  commandsTopic,
  encodeConnection,
  followTopic,
  unifiedTopicOf,
} from '../../core/index.ts'
import { openInstallation, PARTITIONS } from '../support/installation.ts'
import { startWorker, until } from '../support/processes.ts'
import type { BenchCommand } from './commands.ts'

/** Epoch ms, finer than a millisecond; comparable between processes. */
export const at = (): number => performance.timeOrigin + performance.now()

/** The writer (and the normalizer) as processes between a test system and real Kafka. */
export type WritingStage = Awaited<ReturnType<typeof openWritingStage>>

/** A topic that nothing here reads or writes. */
const BARE = 'sync-runs'

const ENTITIES = ['purchase_order', 'vendor', 'work_order', 'inventory_movement'] as const

export async function openWritingStage(say: (line: string) => void, options: { readonly normalizer: boolean }) {
  const installation = await openInstallation(say)
  const { kafka, codec, addresses, prefix } = installation
  const producer = kafka.producer()
  const argument = { kafka: addresses.kafka, registry: addresses.registry, prefix, partitions: PARTITIONS }
  const writer = startWorker('../writing/writer-process.ts', argument)
  const normalizer = options.normalizer ? startWorker('normalizer-process.ts', argument) : null
  /** Command → when. */
  const resultAt = new Map<string, number>()
  const unifiedAt = new Map<string, number>()
  const outcomes = new Map<string, number>()
  const bareAt = new Map<string, number>()
  const followed = [
    followTopic(kafka, BARE, ({ key }) => void bareAt.set(key?.toString() ?? '', at())),
    followTopic(kafka, COMMAND_RESULTS, ({ value }) => {
      const heard = at()
      const result = value === null ? null : codec.commandResult.decode(value)
      if (result?.is_final !== true) return
      resultAt.set(result.command_id, heard)
      outcomes.set(result.outcome, (outcomes.get(result.outcome) ?? 0) + 1)
    }),
    ...(options.normalizer ? ENTITIES : []).map((entity) =>
      followTopic(kafka, unifiedTopicOf(entity), ({ value }) => {
        const heard = at()
        if (value !== null) unifiedAt.set(codec.unified(entity).decode(value).display_name, heard)
      }),
    ),
  ]
  await Promise.all(followed.map(({ ready }) => ready))
  await until(() => writer.last()?.ready === true && normalizer?.last()?.ready !== false, 120_000)

  return {
    resultAt,
    unifiedAt,
    outcomes,
    transactions: () => writer.last()?.transactions ?? { count: 0, seconds: 0 },
    cpu: () => writer.last()?.cpu ?? 0,
    async connect(urls: ReadonlyMap<string, string>, concurrency: number): Promise<void> {
      const records = [...urls].map(([id, base_url]) => {
        const limits = { concurrency, requestsPerSecond: null }
        const about = { id, system: 'bench-system', settings: { base_url }, limits, windowDays: null, updatedAt: 1 }
        const connection: Connection = { ...CONNECTION_DEFAULTS, ...about }
        return { topic: CONNECTIONS, key: id, value: encodeConnection(connection) }
      })
      await producer.send(records)
    },
    send: (commands: readonly BenchCommand[]) =>
      producer.send(
        commands.map(({ entity, connection, value }) => ({ topic: commandsTopic(entity), key: connection, value })),
      ),
    /** Sends them at a steady rate; each command's time of sending. */
    async trickle(commands: Iterable<BenchCommand>, perSecond: number): Promise<Map<string, number>> {
      const sentAt = new Map<string, number>()
      const sends: Promise<unknown>[] = []
      const began = performance.now()
      let nth = 0
      for (const { id, entity, connection, value } of commands) {
        const wait = began + (nth++ * 1_000) / perSecond - performance.now()
        if (wait > 1) await new Promise((resolve) => setTimeout(resolve, wait))
        sentAt.set(id, at())
        sends.push(producer.send([{ topic: commandsTopic(entity), key: connection, value }]))
      }
      await Promise.all(sends)
      return sentAt
    },
    /** The same commands to a topic that is read back at once, without a transaction: what two hops cost here; ms each. */
    async bare(commands: Iterable<BenchCommand>, perSecond: number): Promise<number[]> {
      const sentAt = new Map<string, number>()
      const began = performance.now()
      for (const { id, value } of commands) {
        const wait = began + (sentAt.size * 1_000) / perSecond - performance.now()
        if (wait > 1) await new Promise((resolve) => setTimeout(resolve, wait))
        sentAt.set(id, at())
        void producer.send([{ topic: BARE, key: id, value }])
      }
      await until(() => [...sentAt.keys()].every((id) => bareAt.has(id)), 30_000)
      return [...sentAt].map(([id, sent]) => (bareAt.get(id) ?? Number.NaN) - sent)
    },
    async heard(ids: Iterable<string>, withinMs = 120_000): Promise<void> {
      const open = new Set(ids)
      await until(() => {
        for (const id of open) if (resultAt.has(id)) open.delete(id)
        return open.size === 0
      }, withinMs)
    },
    async close() {
      await Promise.all([writer.stop(), normalizer?.stop(), ...followed.map((one) => one.close())])
      await producer.close()
      await installation.close()
    },
  }
}
