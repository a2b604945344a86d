import { describeError } from '../../errors.ts'
import { backoffMs, pause } from '../backoff.ts'
import { errorType, isConnectionError, isHopeless } from '../errors.ts'
import type { Link } from '../link.ts'
import type { KafkaLog } from '../log.ts'
import type { Wire } from '../wire/wire.ts'
import type { GroupTuning } from './contract.ts'
import type { Feed } from './feed.ts'
import type { Slot } from './slot.ts'

const RESPONSE_BYTES = 16 * 1024 * 1024
/** Wait of a fetch that leaves out partitions with data to spare: they may need more any moment. */
const BUSY_WAIT_MS = 15

/** Keeps the feeds filled: one long poll per leader at a time, the next while batches are processed. */
export interface FetchLoop {
  /** A partition became ready, or there is room again. */
  poke(): void
  stop(): Promise<void>
}

export function createFetchLoop(options: {
  readonly link: Link
  readonly wire: Wire
  /** Full names. */
  readonly topics: readonly string[]
  readonly nameOf: (topic: string) => string
  readonly slots: () => Iterable<Slot>
  readonly limits: GroupTuning
  readonly onData: () => void
  readonly onFatal: (error: Error) => void
  readonly log: KafkaLog
}): FetchLoop {
  const { link, wire, limits, log } = options
  const stop = new AbortController()
  const loops = new Map<number, Promise<void>>()
  const sleepers = new Set<() => void>()
  let turn = 0
  /** Their position is being looked up. */
  const held = new Set<Feed>()

  /** Feeds led by this node that have room, in order of priority; `all` = none was left out. */
  const wanted = (node: number): { feeds: { slot: Slot; feed: Feed }[]; all: boolean } => {
    let buffered = 0
    let all = true
    const feeds: { slot: Slot; feed: Feed }[] = []
    for (const slot of options.slots()) {
      if (!slot.ready()) {
        all = false
        continue
      }
      for (const feed of slot.feeds) {
        buffered += feed.buffered()
        if (!held.has(feed) && link.knownLeader(feed.full, feed.partition) === node) feeds.push({ slot, feed })
      }
    }
    const room = feeds.filter(
      ({ feed }) => feed.buffered() === 0 || (feed.buffered() < limits.batchBytes / 2 && buffered < limits.bufferBytes),
    )
    // With all memory taken, only feeds of higher priority than what waits may bring more.
    const full = buffered >= limits.bufferBytes
    const firstWaiting = full
      ? Math.min(...feeds.filter(({ feed }) => feed.buffered() > 0).map(({ feed }) => feed.rank))
      : 0
    const kept = full ? room.filter(({ feed }) => feed.rank < firstWaiting) : room
    if (kept.length < feeds.length) all = false
    kept.sort((a, b) => a.feed.rank - b.feed.rank)
    return { feeds: kept, all }
  }

  const fetchOnce = async (node: number): Promise<boolean> => {
    const { feeds, all } = wanted(node)
    if (feeds.length === 0) return false
    // The broker fills its answer in our order: within a rank, begin with another partition each time.
    const ordered = rotateWithinRanks(feeds, turn++)
    const epochs = new Map(ordered.map(({ feed }) => [feed, feed.epoch()]))
    const first = (ordered[0] as { feed: Feed }).feed
    const broker = await link.leaderOf(first.full, first.partition)
    const answer = await wire.fetch(broker, {
      targets: ordered.map(({ feed }) => ({
        topic: feed.full,
        partition: feed.partition,
        offset: feed.fetchOffset(),
        maxBytes: limits.batchBytes,
      })),
      maxWaitMs: all ? limits.fetchWaitMs : BUSY_WAIT_MS,
      maxBytes: RESPONSE_BYTES,
      nameOf: options.nameOf,
    })
    if (stop.signal.aborted) return true
    const byName = new Map(ordered.map((one) => [`${one.feed.full}/${one.feed.partition}`, one]))
    let fresh = false
    const refused: { slot: Slot; feed: Feed; error: Error }[] = []
    for (const one of answer) {
      const target = byName.get(`${one.topic}/${one.partition}`)
      if (target === undefined || target.feed.epoch() !== epochs.get(target.feed)) continue
      if (one.error !== null) refused.push({ ...target, error: one.error })
      else if (target.feed.accept(epochs.get(target.feed) as number, one)) fresh = true
    }
    if (fresh) options.onData()
    for (const { slot, feed, error } of refused) refuse(slot, feed, error)
    return true
  }

  const refuse = (slot: Slot, feed: Feed, error: Error): void => {
    if (errorType(error) !== 'OFFSET_OUT_OF_RANGE') throw error
    held.add(feed)
    void slot.outOfRange(feed).finally(() => held.delete(feed))
  }

  const loop = async (node: number): Promise<void> => {
    for (let failures = 0; !stop.signal.aborted; ) {
      try {
        await link.learn(options.topics)
        const worked = await fetchOnce(node)
        failures = 0
        if (worked) continue
        if (!leaders().has(node)) return
        await nap()
      } catch (error) {
        if (stop.signal.aborted) return
        if (isHopeless(error)) return options.onFatal(error instanceof Error ? error : new Error(String(error)))
        if (isConnectionError(error)) link.drop()
        else link.forgetLeaders()
        if (failures++ === 4) log.warn({ err: error }, `fetching: ${describeError(error)}; still trying`)
        await pause(backoffMs(failures), stop.signal)
        void reconcile()
      }
    }
  }

  /** Until there is something to fetch, as far as we know. */
  const nap = (): Promise<void> =>
    new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(timer)
        sleepers.delete(wake)
        resolve()
      }
      const timer = setTimeout(wake, limits.fetchWaitMs)
      sleepers.add(wake)
    })

  const leaders = (): Set<number> => {
    const nodes = new Set<number>()
    for (const slot of options.slots())
      for (const feed of slot.feeds) {
        const node = link.knownLeader(feed.full, feed.partition)
        if (node !== undefined && node >= 0) nodes.add(node)
      }
    return nodes
  }

  const reconcile = async (): Promise<void> => {
    try {
      await link.learn(options.topics)
    } catch {
      // The loops that are running report it; the first one cannot start before the topics were learnt once.
      await pause(200, stop.signal)
      if (!stop.signal.aborted && loops.size === 0) void reconcile()
      return
    }
    for (const node of leaders())
      if (!loops.has(node) && !stop.signal.aborted)
        loops.set(
          node,
          loop(node).finally(() => loops.delete(node)),
        )
  }

  return {
    poke: () => {
      if (stop.signal.aborted) return
      for (const wake of sleepers) wake()
      void reconcile()
    },
    stop: async () => {
      stop.abort()
      for (const wake of sleepers) wake()
      await link.close()
      await Promise.race([Promise.all(loops.values()), pause(2_000)])
    },
  }
}

function rotateWithinRanks<T extends { readonly feed: Feed }>(sorted: readonly T[], turn: number): T[] {
  const result: T[] = []
  for (let from = 0; from < sorted.length; ) {
    let to = from
    while (to < sorted.length && (sorted[to] as T).feed.rank === (sorted[from] as T).feed.rank) to++
    const shift = turn % (to - from)
    for (let i = from; i < to; i++) result.push(sorted[from + ((i - from + shift) % (to - from))] as T)
    from = to
  }
  return result
}
