import { describeError } from '../errors.ts'
import { backoffMs, pause, persist } from './backoff.ts'
import { asFatal, errorType, isConnectionError, isHopeless, isRetriable } from './errors.ts'
import type { Link } from './link.ts'
import { fetchRanges } from './offsets.ts'
import { type InRecord, partitionKey } from './records.ts'
import type { FetchedPartition, Wire } from './wire/wire.ts'

const PARTITION_BYTES = 4 * 1024 * 1024
const RESPONSE_BYTES = 16 * 1024 * 1024
const NO_PROGRESS_MS = 60_000

/** What is still to be read of one topic-partition. */
export interface Span {
  /** Full name. */
  readonly topic: string
  readonly partition: number
  position: number
  readonly end: number
}

export interface ReadOptions {
  readonly nameOf: (topic: string) => string
  readonly onRecord: (record: InRecord) => void
  readonly signal?: AbortSignal | undefined
}

/**
 * Reads committed records of all spans until every position is at or behind its end (never by counting records:
 * markers and compacted holes hold offsets too). The next fetch is under way while records are handled.
 * @throws Error when nothing moved for a minute, or the signal aborts
 */
export async function readSpans(link: Link, wire: Wire, spans: readonly Span[], options: ReadOptions): Promise<number> {
  let records = 0
  let lastProgress = Date.now()
  let failures = 0
  const open = () => spans.filter((span) => span.position < span.end)
  while (open().length > 0) {
    options.signal?.throwIfAborted()
    try {
      await link.learn([...new Set(open().map((span) => span.topic))])
      const leaders = Map.groupBy(open(), (span) => link.knownLeader(span.topic, span.partition) ?? -1)
      await allOf([...leaders.values()].map((led) => drain(led)))
      failures = 0
    } catch (error) {
      if (options.signal?.aborted) throw error
      const doing = `reading ${[...new Set(open().map((span) => span.topic))].join(', ')}`
      if (isHopeless(error)) throw asFatal(doing, error)
      if (!isRetriable(error) || Date.now() - lastProgress > NO_PROGRESS_MS)
        throw new Error(`${doing}: ${describeError(error)}`, { cause: error })
      if (isConnectionError(error)) link.drop()
      else link.forgetLeaders()
      await pause(backoffMs(failures++), options.signal)
    }
  }
  return records

  /** One leader's spans, to their ends. */
  async function drain(led: readonly Span[]): Promise<void> {
    const first = led[0] as Span
    const broker = await link.leaderOf(first.topic, first.partition)
    let turn = 0
    const ask = (): Promise<FetchedPartition[]> | undefined => {
      const left = led.filter((span) => span.position < span.end)
      if (left.length === 0) return undefined
      // The broker fills its answer in our order: begin with another partition each time.
      const start = turn++ % left.length
      const targets = [...left.slice(start), ...left.slice(0, start)].map((span) => ({
        topic: span.topic,
        partition: span.partition,
        offset: span.position,
        maxBytes: PARTITION_BYTES,
      }))
      const asked = wire.fetch(broker, { targets, maxWaitMs: 100, maxBytes: RESPONSE_BYTES, nameOf: options.nameOf })
      asked.catch(() => undefined)
      return asked
    }
    const find = new Map(led.map((span) => [partitionKey(span.topic, span.partition), span]))
    let pending = ask()
    while (pending !== undefined) {
      const answer = await pending
      const refused: { span: Span; error: Error }[] = []
      for (const one of answer) {
        const span = find.get(partitionKey(one.topic, one.partition)) as Span
        if (one.error !== null) refused.push({ span, error: one.error })
        else if (one.nextOffset > span.position) {
          span.position = one.nextOffset
          lastProgress = Date.now()
        }
      }
      if (Date.now() - lastProgress > NO_PROGRESS_MS)
        throw Object.assign(new Error(`no progress for ${NO_PROGRESS_MS / 1_000} s`), { type: 'REQUEST_TIMED_OUT' })
      pending = options.signal?.aborted || refused.length > 0 ? undefined : ask()
      // Positions have moved: these records must be handed over before anything may throw.
      for (const one of answer) {
        const end = (find.get(partitionKey(one.topic, one.partition)) as Span).end
        for (const record of one.records) {
          if (record.offset >= end) break
          records++
          options.onRecord(record)
        }
      }
      for (const { span, error } of refused) await recover(span, error)
      if (refused.length > 0 && !options.signal?.aborted) pending = ask()
    }
    options.signal?.throwIfAborted()
  }

  /** Retention moved the start of the log while it was being read: go on where it begins now. */
  async function recover(span: Span, error: Error): Promise<void> {
    if (errorType(error) !== 'OFFSET_OUT_OF_RANGE') throw error
    const range = (await fetchRanges(link, [span])).get(partitionKey(span.topic, span.partition))
    if (range === undefined || range.low <= span.position)
      throw new Error(`reading ${span.topic}/${span.partition}: offset ${span.position} does not exist`, {
        cause: error,
      })
    span.position = range.low
  }
}

/** Waits for all before it fails: a loop that was left behind would hand records over twice. */
export async function allOf(work: readonly Promise<void>[]): Promise<void> {
  for (const result of await Promise.allSettled(work)) if (result.status === 'rejected') throw result.reason
}

/** Spans from the given or the first offsets to the ends as of now. */
export async function spansToEnd(
  link: Link,
  topic: string,
  partitions: readonly number[] | undefined,
  from: ReadonlyMap<number, number> | 'earliest',
  signal?: AbortSignal,
): Promise<Span[]> {
  return persist(
    link,
    `looking up the offsets of ${topic}`,
    async () => {
      const wanted = partitions ?? [...Array(await link.partitionsOf(topic)).keys()]
      const ranges = await fetchRanges(
        link,
        wanted.map((partition) => ({ topic, partition })),
      )
      return wanted.map((partition) => {
        const { low, end } = ranges.get(partitionKey(topic, partition)) as { low: number; end: number }
        const start = from === 'earliest' ? low : (from.get(partition) ?? low)
        return { topic, partition, position: Math.max(low, start), end }
      })
    },
    { forMs: NO_PROGRESS_MS, ...(signal === undefined ? {} : { signal }) },
  )
}

/** The record at exactly this offset (a copy), or null when compaction, retention or an abort removed it. */
export async function fetchOne(
  link: Link,
  wire: Wire,
  topic: string,
  partition: number,
  offset: number,
  nameOf: (topic: string) => string,
): Promise<InRecord | null> {
  return persist(
    link,
    `reading ${topic}/${partition} at ${offset}`,
    async () => {
      const broker = await link.leaderOf(topic, partition)
      // The broker always sends the first batch whole, however small the limit.
      const targets = [{ topic, partition, offset, maxBytes: 1 }]
      const [answer] = await wire.fetch(broker, { targets, maxWaitMs: 0, maxBytes: 1, nameOf })
      if (answer === undefined) return null
      if (answer.error !== null) {
        if (errorType(answer.error) === 'OFFSET_OUT_OF_RANGE') return null
        throw answer.error
      }
      const found = answer.records.find((record) => record.offset === offset)
      if (found === undefined) return null
      return {
        topic: found.topic,
        partition,
        offset,
        timestamp: found.timestamp,
        key: found.key === null ? null : Buffer.from(found.key),
        value: found.value === null ? null : Buffer.from(found.value),
      }
    },
    { forMs: NO_PROGRESS_MS },
  )
}
