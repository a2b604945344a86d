import { describeError } from '../../errors.ts'
import { pause, persist } from '../backoff.ts'
import { errorType, FatalKafkaError, FencedError, isHopeless, isRetriable, OffsetOutOfRangeError } from '../errors.ts'
import type { Link } from '../link.ts'
import { fetchRanges, type OffsetRange } from '../offsets.ts'
import { fetchOne, readSpans, spansToEnd } from '../reader.ts'
import { partitionKey } from '../records.ts'
import { createTransactor } from '../transactor.ts'
import type { CloseReason, GroupOptions, GroupTuning, Partition, PartitionWork } from './contract.ts'
import { createFeed, type Feed } from './feed.ts'

/** Lives that failed one after the other without a single success, before the process gives up. */
const MAX_FAILURES = 10
/** After a broker's restart the end of a log may be told too low for a moment. */
const END_SETTLES_MS = 10_000
const CLOSE_MS = 15_000
/** Every so many turns a topic of lower priority is served although one of higher priority has data. */
const FAIR_TURN = 8

/** One partition that the group gave us: fence, restore, work, and again after a failure. */
export interface Slot {
  readonly index: number
  readonly feeds: readonly Feed[]
  ready(): boolean
  /** Ready, and no batch in work. */
  idle(): boolean
  /** The feed to serve next, if any has data. */
  choose(): Feed | undefined
  /** Hands the next batch of the feed over. Resolves when it has been processed (or the life ended). */
  serve(feed: Feed): Promise<void>
  /** When the batch in work began, or null. */
  busySince(): number | null
  /** The feed's next offset does not exist: finds the one to go on with, or ends this life. */
  outOfRange(feed: Feed): Promise<void>
  stop(reason: 'lost' | 'stopping'): Promise<void>
}

export function createSlot(
  index: number,
  options: GroupOptions & {
    readonly limits: GroupTuning
    /** Fetches of restores and single records. */
    readonly readers: Link
    /** `cleanup.policy` by full topic name. */
    readonly policies: ReadonlyMap<string, string>
    /** Has become ready, or has finished a batch. */
    readonly onChange: () => void
    readonly onFatal: (error: Error) => void
    readonly verifyMembership: () => void
  },
): Slot {
  const { kafka, log, limits, readers, metrics } = options
  const transactionalId = kafka.topic(`${options.transactionalId}-${index}`)
  const transactor = createTransactor({
    link: kafka.link(),
    wire: kafka.wire,
    transactionalId,
    fullName: kafka.topic,
    compression: kafka.compression,
    topics: options.topics.map(kafka.topic),
    transactionTimeoutMs: limits.transactionTimeoutMs,
  })
  const feeds = options.topics.map((topic, rank) => createFeed(topic, kafka.topic(topic), index, rank))
  const feedOf = new Map(feeds.map((feed) => [feed.topic, feed]))
  const closing = new AbortController()
  let closeReason: 'lost' | 'stopping' = 'stopping'
  let ready = false
  let work: PartitionWork | undefined
  let batch: Promise<void> | undefined
  let batchSince: number | null = null
  let breakLife: (error: Error | null) => void = () => undefined
  let succeeded = false
  let passedOver = 0
  let turn = 0
  const served = new Map<Feed, number>()

  const transact = async (alive: () => boolean, records: Parameters<Partition['transact']>[0]) => {
    if (!alive()) throw new FencedError(transactionalId)
    const started = performance.now()
    try {
      const result = await transactor.transact(records)
      succeeded = true
      metrics?.transactions.inc({ outcome: 'committed' })
      metrics?.transactionSeconds.observe((performance.now() - started) / 1_000)
      return result
    } catch (error) {
      metrics?.transactions.inc({ outcome: error instanceof FencedError ? 'fenced' : 'failed' })
      breakLife(error instanceof Error ? error : new Error(String(error)))
      throw error
    }
  }

  const partitionOf = (signal: AbortSignal, alive: () => boolean): Partition => ({
    index,
    signal,
    transact: (records) => transact(alive, records),
    restore: async (topic, onRecord) => {
      const spans = await spansToEnd(readers, kafka.topic(topic), [index], 'earliest', signal)
      const records = await readSpans(readers, kafka.wire, spans, { nameOf: kafka.nameOf, onRecord, signal })
      metrics?.restoredRecords.inc({ topic }, records)
      return { records, endOffset: spans[0]?.end ?? 0 }
    },
    fetchOne: (topic, offset) => fetchOne(readers, kafka.wire, kafka.topic(topic), index, offset, kafka.nameOf),
    seek: (topic, offset) => {
      const feed = feedOf.get(topic)
      if (feed === undefined) throw new Error(`seeking in ${topic}: it is not an input topic of this group`)
      if (alive()) feed.jump(offset)
    },
    lag: () => new Map(feeds.map((feed) => [feed.topic, Math.max(0, feed.highWatermark() - feed.position())])),
  })

  /** Where to begin; see OffsetOutOfRangeError for what is refused. Records that expired unread are reported. */
  const start = (feed: Feed, position: number | undefined, range: OffsetRange): number => {
    if (position === undefined || (position === 0 && range.low > 0)) return range.low
    if (position >= range.low && position <= range.end) return position
    if (position < range.low && (options.policies.get(feed.full) ?? '').includes('delete')) {
      log.warn(
        { topic: feed.full, partition: index, position, low: range.low },
        `${range.low - position} offsets of ${feed.full}/${index} expired before they were read`,
      )
      return range.low
    }
    throw new OffsetOutOfRangeError(feed.full, index, position, range.low, range.end)
  }

  const place = async (some: readonly Feed[], positions: ReadonlyMap<string, number>): Promise<void> => {
    const deadline = Date.now() + END_SETTLES_MS
    for (;;) {
      const ranges = await persist(
        readers,
        `looking up the offsets of partition ${index}`,
        () =>
          fetchRanges(
            readers,
            some.map(({ full, partition }) => ({ topic: full, partition })),
          ),
        { forMs: 60_000, signal: closing.signal },
      )
      try {
        const places = some.map((feed) => {
          const range = ranges.get(partitionKey(feed.full, index)) as OffsetRange
          return { feed, at: start(feed, positions.get(feed.topic), range), end: range.end }
        })
        for (const { feed, at, end } of places) feed.jump(at, end)
        return
      } catch (error) {
        const early = error instanceof OffsetOutOfRangeError && error.beyondEnd
        if (!early || Date.now() >= deadline || closing.signal.aborted) throw error
        await pause(200, closing.signal)
      }
    }
  }

  /** From the fence to the end of one life; returns why it ended (null = stopped). */
  const live = async (): Promise<Error | null> => {
    const life = new AbortController()
    const end = () => life.abort()
    closing.signal.addEventListener('abort', end)
    let alive = true
    let reason: CloseReason = 'failed'
    const broken = new Promise<Error | null>((resolve) => {
      breakLife = (error) => {
        resolve(error)
        life.abort()
      }
    })
    try {
      await transactor.init(closing.signal)
      work = await options.onAssigned(partitionOf(life.signal, () => alive))
      await place(feeds, work.positions)
      if (closing.signal.aborted) breakLife(null)
      ready = true
      options.onChange()
      const error = await broken
      if (error === null) reason = closeReason
      return error
    } catch (error) {
      if (closing.signal.aborted) reason = closeReason
      return closing.signal.aborted ? null : error instanceof Error ? error : new Error(String(error))
    } finally {
      ready = false
      life.abort()
      closing.signal.removeEventListener('abort', end)
      await Promise.race([batch, pause(CLOSE_MS)])
      if (reason === 'failed') alive = false
      for (const feed of feeds) feed.jump(0)
      await Promise.race([work?.close(reason), pause(CLOSE_MS)]).catch((error: unknown) =>
        log.error({ err: error, partition: index }, `closing partition ${index}`),
      )
      alive = false
      work = undefined
    }
  }

  const run = async (): Promise<void> => {
    for (let failures = 0; !closing.signal.aborted; ) {
      succeeded = false
      const error = await live()
      if (error === null || closing.signal.aborted) return
      if (isHopeless(error) || error instanceof FatalKafkaError) return options.onFatal(error)
      if (succeeded) failures = 0
      if (error instanceof FencedError) {
        log.warn({ partition: index, transactionalId }, `partition ${index}: ${error.message}`)
        options.verifyMembership()
        await pause(1_000, closing.signal)
        continue
      }
      if (!isRetriable(error)) failures++
      if (failures >= MAX_FAILURES)
        return options.onFatal(
          new FatalKafkaError(`partition ${index} failed ${failures} times in a row: ${describeError(error)}`, error),
        )
      const waitMs = Math.min(15_000, 200 * 2 ** Math.max(0, failures - 1))
      log.error(
        { err: error, partition: index, failures, type: errorType(error) ?? undefined },
        `working on partition ${index}: ${describeError(error)}; starting it over`,
      )
      await pause(waitMs, closing.signal)
    }
  }

  const running = run().catch((error: unknown) =>
    options.onFatal(error instanceof Error ? error : new Error(String(error))),
  )

  return {
    index,
    feeds,
    ready: () => ready,
    idle: () => ready && batch === undefined,
    choose: () => {
      const first = feeds.find((feed) => feed.waiting())
      if (passedOver < FAIR_TURN) return first
      const others = feeds.filter((feed) => feed !== first && feed.waiting())
      return others.sort((a, b) => (served.get(a) ?? 0) - (served.get(b) ?? 0))[0] ?? first
    },
    serve: (feed) => {
      const first = feeds.find((one) => one.waiting())
      const held = feeds.some((one) => one !== first && one.waiting())
      passedOver = feed === first && held ? passedOver + 1 : 0
      served.set(feed, ++turn)
      const taken = feed.take(limits.batchRecords, limits.batchBytes)
      const current = work
      if (taken === undefined || current === undefined) return Promise.resolve()
      batchSince = Date.now()
      const mine = (async () => {
        await Promise.resolve()
        try {
          await current.onBatch(taken.batch)
          taken.done()
          succeeded = true
        } catch (error) {
          breakLife(error instanceof Error ? error : new Error(String(error)))
        } finally {
          batch = undefined
          batchSince = null
        }
      })()
      batch = mine
      return mine
    },
    busySince: () => batchSince,
    outOfRange: (feed) =>
      place([feed], new Map([[feed.topic, feed.fetchOffset()]])).catch((error: unknown) => breakLife(error as Error)),
    stop: async (reason) => {
      closeReason = reason
      closing.abort()
      breakLife(null)
      await running
      await Promise.race([transactor.close(), pause(2_000)])
    },
  }
}
