import { describeError } from '../errors.ts'
import { createAppender } from './appender.ts'
import { pause, persist } from './backoff.ts'
import {
  asFatal,
  errorType,
  FencedError,
  isConnectionError,
  isFencing,
  isHopeless,
  isRetriable,
  isStaleMetadata,
} from './errors.ts'
import type { Broker } from './kafkajs.ts'
import type { Link } from './link.ts'
import { packRecords } from './pack.ts'
import type { CommitResult, OutRecord } from './records.ts'
import type { CompressionName, Wire } from './wire/wire.ts'

const TRANSACTION_COORDINATOR = 1
/** The coordinator is still writing the markers of the transaction before; Java waits 20 ms, kafkajs 300. */
const CONCURRENT_WAIT_MS = [1, 2, 4, 8, 12, 20] as const

/** The transactional producer of one partition: one transaction at a time. */
export interface Transactor {
  /**
   * InitProducerId: fences every earlier holder of the transactional id and ends its open transaction.
   * Also needed after a failed `transact`. Resolves when the old transaction's markers are written.
   */
  init(signal?: AbortSignal): Promise<void>
  /**
   * Writes all records in one transaction. After a failure other than "nothing to do" its outcome is unknown:
   * call `init` and read the state topics.
   * @throws FencedError another holder called `init` since
   */
  transact(records: readonly OutRecord[]): Promise<CommitResult>
  close(): Promise<void>
}

export function createTransactor(options: {
  readonly link: Link
  readonly wire: Wire
  readonly transactionalId: string
  readonly fullName: (topic: string) => string
  readonly compression: CompressionName
  /** Full names of topics that will be written: known to the link before it is used. */
  readonly topics?: readonly string[]
  /** After this long without an end the broker aborts the transaction, ms. */
  readonly transactionTimeoutMs: number
}): Transactor {
  const { link, transactionalId } = options
  const appender = createAppender({ ...options, deliveryMs: options.transactionTimeoutMs / 2 })
  let identity: { producerId: string; producerEpoch: number } | undefined
  let coordinator: Promise<Broker> | undefined
  let queue: Promise<unknown> = Promise.resolve()

  const findCoordinator = (): Promise<Broker> => {
    coordinator ??= link
      .cluster()
      .then((cluster) =>
        cluster.findGroupCoordinator({ groupId: transactionalId, coordinatorType: TRANSACTION_COORDINATOR }),
      )
    return coordinator
  }

  /** Asks the coordinator until it answers; it treats repeats of these requests as one. */
  const ask = async <T>(
    doing: string,
    request: (broker: Broker) => Promise<T>,
    forMs: number,
    signal?: AbortSignal,
  ): Promise<T> => {
    const deadline = Date.now() + forMs
    for (let tries = 0; ; tries++) {
      try {
        return await request(await findCoordinator())
      } catch (error) {
        if (isFencing(error)) throw new FencedError(transactionalId, error)
        const busy = errorType(error) === 'CONCURRENT_TRANSACTIONS'
        if (!busy) coordinator = undefined
        if (isHopeless(error)) throw asFatal(`${doing} for ${transactionalId}`, error)
        if (!(busy || isRetriable(error)) || Date.now() >= deadline || signal?.aborted)
          throw new Error(`${doing} for ${transactionalId}: ${describeError(error)}`, { cause: error })
        if (isConnectionError(error)) link.drop()
        else if (isStaleMetadata(error)) link.forgetLeaders()
        await pause(busy ? (CONCURRENT_WAIT_MS[tries] ?? 20) : Math.min(500, 20 * 2 ** tries), signal)
      }
    }
  }

  const init = async (signal?: AbortSignal): Promise<void> => {
    identity = undefined
    if (options.topics !== undefined) {
      const topics = options.topics
      await persist(link, `starting ${transactionalId}`, () => link.learn(topics), {
        forMs: options.transactionTimeoutMs,
      })
    }
    const answer = await ask(
      'starting the producer',
      (broker) => broker.initProducerId({ transactionalId, transactionTimeout: options.transactionTimeoutMs }),
      options.transactionTimeoutMs * 2,
      signal,
    )
    identity = { producerId: answer.producerId, producerEpoch: answer.producerEpoch }
    appender.identify(identity)
  }

  const run = async (records: readonly OutRecord[]): Promise<CommitResult> => {
    if (identity === undefined) throw new Error(`transacting for ${transactionalId}: the producer has not been started`)
    const me = { transactionalId, ...identity }
    try {
      const unplaced = new Set<string>()
      for (const record of records) if (record.partition === undefined) unplaced.add(record.topic)
      const counts = new Map<string, number>()
      for (const topic of unplaced) counts.set(topic, await link.partitionsOf(options.fullName(topic)))
      const packs = packRecords(records, (topic) => counts.get(topic) as number)
      const topics = new Map<string, number[]>()
      for (const { topic, partition } of packs) {
        const list = topics.get(topic)
        if (list === undefined) topics.set(topic, [partition])
        else list.push(partition)
      }
      await ask(
        'adding partitions to the transaction',
        (broker) =>
          broker.addPartitionsToTxn({
            ...me,
            topics: [...topics].map(([topic, partitions]) => ({ topic: options.fullName(topic), partitions })),
          }),
        options.transactionTimeoutMs / 2,
      )
      const baseOffsets = await appender.append(packs)
      await ask(
        'committing the transaction',
        (broker) => broker.endTxn({ ...me, transactionResult: true }),
        options.transactionTimeoutMs,
      )
      return { baseOffsets }
    } catch (error) {
      identity = undefined
      if (isFencing(error)) throw new FencedError(transactionalId, error)
      if (!(error instanceof FencedError)) abortQuietly(me)
      throw error
    }
  }

  /** Frees read_committed readers sooner than the broker's timeout would; `init` does it for certain. */
  const abortQuietly = (me: { transactionalId: string; producerId: string; producerEpoch: number }): void => {
    void findCoordinator()
      .then((broker) => broker.endTxn({ ...me, transactionResult: false }))
      .catch(() => undefined)
  }

  return {
    init,
    transact: (records) => {
      if (records.length === 0) return Promise.resolve({ baseOffsets: new Map() })
      const mine = queue.then(() => run(records))
      queue = mine.catch(() => undefined)
      return mine
    },
    close: async () => {
      identity = undefined
      await queue
      await link.close()
    },
  }
}
