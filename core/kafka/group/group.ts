import { setInterval } from 'node:timers'
import { describeError } from '../../errors.ts'
import { backoffMs, pause } from '../backoff.ts'
import { cleanupPolicies } from '../ensure-topics.ts'
import { asFatal, errorType, FatalKafkaError, isHopeless, TopicProblemsError } from '../errors.ts'
import { DEFAULT_TUNING, type GroupOptions, type GroupTuning, type PartitionGroup } from './contract.ts'
import { createFetchLoop } from './fetch-loop.ts'
import { createMembership } from './membership.ts'
import { createScheduler } from './scheduler.ts'
import { createSlot, type Slot } from './slot.ts'

const START_MS = 60_000
const STOP_MS = 20_000
const REPORT_MS = 5_000
/** A batch in work for longer than this is stuck. */
const STUCK_MS = 300_000

/** Co-partitioned, fenced, restored: see `contract.ts` for the story. */
export function createPartitionGroup(options: GroupOptions): PartitionGroup {
  const { kafka, log, metrics } = options
  const limits: GroupTuning = { ...DEFAULT_TUNING, ...options.tuning }
  const topics = options.topics.map(kafka.topic)
  const groupId = kafka.topic(options.groupId)
  const slots = new Map<number, Slot>()
  /** Partitions that are being given up: they must be closed before they can be taken again. */
  const leaving = new Map<number, Promise<void>>()
  let assigned = new Set<number>()
  let failure: Error | null = null
  let stopping: Promise<void> | undefined
  let parts: ReturnType<typeof assemble> | undefined

  const fail = (error: Error): void => {
    if (failure !== null) return
    failure = error
    log.error({ err: error, group: groupId }, `group ${groupId} cannot go on: ${describeError(error)}`)
    options.onFailure?.(error)
  }

  const assemble = (partitions: number, policies: ReadonlyMap<string, string>) => {
    const readers = kafka.link()
    const scheduler = createScheduler({
      slots: () => slots.values(),
      concurrency: limits.concurrency,
      onServed: () => fetching.poke(),
    })
    const fetching = createFetchLoop({
      link: kafka.link(),
      wire: kafka.wire,
      topics,
      nameOf: kafka.nameOf,
      slots: () => slots.values(),
      limits,
      onData: () => scheduler.poke(),
      onFatal: fail,
      log,
    })
    const take = async (index: number): Promise<void> => {
      await leaving.get(index)
      if (stopping !== undefined || slots.has(index) || !assigned.has(index)) return
      slots.set(
        index,
        createSlot(index, {
          ...options,
          limits,
          readers,
          policies,
          onChange: () => fetching.poke(),
          onFatal: fail,
          verifyMembership: () => membership.verify(),
        }),
      )
    }
    const giveUp = (index: number, reason: 'lost' | 'stopping'): Promise<void> => {
      const slot = slots.get(index)
      if (slot === undefined) return leaving.get(index) ?? Promise.resolve()
      slots.delete(index)
      // what was left to do here is for the next owner to tell
      for (const { topic } of slot.feeds) metrics?.lag.remove({ topic, partition: String(index) })
      const closed = slot
        .stop(reason)
        .catch((error: unknown) => log.error({ err: error, partition: index }, `closing partition ${index}`))
        .finally(() => {
          if (leaving.get(index) === closed) leaving.delete(index)
        })
      leaving.set(index, closed)
      return closed
    }
    const assign = (wanted: readonly number[]): void => {
      if (stopping !== undefined) return
      assigned = new Set(wanted)
      for (const index of slots.keys()) if (!assigned.has(index)) void giveUp(index, 'lost')
      for (const index of wanted) if (!slots.has(index)) void take(index)
      metrics?.partitions.set(assigned.size)
    }
    const membership = createMembership({
      link: kafka.link(),
      groupId,
      topics,
      partitions,
      sessionTimeoutMs: limits.sessionTimeoutMs,
      rebalanceTimeoutMs: limits.rebalanceTimeoutMs,
      heartbeatMs: limits.heartbeatMs,
      owned: () => [...assigned],
      onAssignment: assign,
      onExpelled: () => assign([]),
      onFailure: fail,
      log,
    })
    /** For lag tools and dashboards only; nobody reads these positions back. */
    const report = (): void => {
      const offsets = new Map<string, Map<number, number>>()
      for (const slot of slots.values()) {
        if (!slot.ready()) continue
        for (const feed of slot.feeds) {
          const byPartition = offsets.get(feed.full) ?? new Map<number, number>()
          offsets.set(feed.full, byPartition.set(slot.index, feed.position()))
          metrics?.lag.set(
            { topic: feed.topic, partition: String(slot.index) },
            Math.max(0, feed.highWatermark() - feed.position()),
          )
        }
      }
      void membership.commit(offsets)
    }
    const reporting = setInterval(report, REPORT_MS).unref()
    return { membership, fetching, giveUp, report, reporting, readers }
  }

  return {
    start: async () => {
      const { partitions, policies } = await inspect()
      if (stopping !== undefined) return
      parts = assemble(partitions, policies)
      await parts.membership.start()
    },
    stop: () => {
      stopping ??= (async () => {
        const running = parts
        if (running === undefined) return
        clearInterval(running.reporting)
        running.report()
        const work = (async () => {
          await Promise.all([...slots.keys()].map((index) => running.giveUp(index, 'stopping')))
          await Promise.all(leaving.values())
        })()
        await Promise.race([work, pause(STOP_MS - 5_000)])
        await running.membership.leave()
        await Promise.all([running.fetching.stop(), running.readers.close()])
        metrics?.partitions.set(0)
      })()
      return stopping
    },
    partitions: () =>
      [...slots.values()]
        .filter((slot) => slot.ready())
        .map((slot) => slot.index)
        .sort((a, b) => a - b),
    healthy: () => {
      if (failure !== null || parts === undefined || stopping !== undefined) return false
      if (Date.now() - parts.membership.lastContact() > limits.sessionTimeoutMs + limits.rebalanceTimeoutMs)
        return false
      for (const index of assigned) if (slots.get(index)?.ready() !== true) return false
      return [...slots.values()].every((slot) => Date.now() - (slot.busySince() ?? Date.now()) < STUCK_MS)
    },
    failure: () => failure,
  }

  /** The topics must exist and have one partition count. @throws TopicProblemsError naming each that does not */
  async function inspect(): Promise<{ partitions: number; policies: Map<string, string> }> {
    const deadline = Date.now() + START_MS
    for (let tries = 0; ; tries++) {
      try {
        return await kafka.withAdmin(async (admin) => {
          const existing = new Set(await admin.listTopics())
          const missing = topics.filter((topic) => !existing.has(topic))
          if (missing.length > 0)
            throw new TopicProblemsError(
              missing.map((topic) => `${topic} does not exist: set the installation up first`),
            )
          const metadata = await admin.fetchTopicMetadata({ topics })
          const counts = topics.map((name) => ({
            name,
            count: metadata.topics.find((one) => one.name === name)?.partitions.length ?? 0,
          }))
          const partitions = counts[0]?.count ?? 0
          const different = counts.filter(({ count }) => count !== partitions)
          if (different.length > 0)
            throw new TopicProblemsError(
              different.map(
                ({ name, count }) =>
                  `${name} has ${count} partitions, but ${counts[0]?.name} has ${partitions}: they must agree`,
              ),
            )
          return { partitions, policies: await cleanupPolicies(admin, topics) }
        })
      } catch (error) {
        if (isHopeless(error) || error instanceof FatalKafkaError) throw asFatal(`starting group ${groupId}`, error)
        if (Date.now() > deadline)
          throw new FatalKafkaError(`starting group ${groupId}: ${describeError(error)}`, error)
        log.debug({ err: error, type: errorType(error) ?? undefined }, `starting group ${groupId}: trying again`)
        await pause(backoffMs(tries))
      }
    }
  }
}
