import { describeError } from '../errors.ts'
import { backoffMs, pause } from './backoff.ts'
import type { KafkaClient } from './client.ts'
import { asFatal, errorType, isConnectionError, isHopeless } from './errors.ts'
import { fetchRanges } from './offsets.ts'
import { allOf, readSpans, type Span, spansToEnd } from './reader.ts'
import { type InRecord, partitionKey } from './records.ts'

/**
 * Reads the committed records of a topic from the given offsets (default: the first) to its end as of now.
 * Records come in offset order within a partition. `onRecord` must not keep keys or values without copying.
 * @returns how many records were read, and the end offsets by partition
 */
export async function readTopic(
  kafka: KafkaClient,
  topic: string,
  options: {
    readonly partitions?: readonly number[]
    readonly from?: ReadonlyMap<number, number> | 'earliest'
    readonly onRecord: (record: InRecord) => void
    readonly signal?: AbortSignal
  },
): Promise<{ records: number; endOffsets: ReadonlyMap<number, number> }> {
  const link = kafka.link()
  try {
    const spans = await spansToEnd(
      link,
      kafka.topic(topic),
      options.partitions,
      options.from ?? 'earliest',
      options.signal,
    )
    const records = await readSpans(link, kafka.wire, spans, {
      nameOf: kafka.nameOf,
      onRecord: options.onRecord,
      signal: options.signal,
    })
    return { records, endOffsets: new Map(spans.map((span) => [span.partition, span.end])) }
  } finally {
    await link.close()
  }
}

export interface Following {
  /** All records that the topic held at the start have been handed over. Rejects when the topic cannot be read. */
  readonly ready: Promise<void>
  /** Why it stopped, when it did so by itself. */
  failure(): Error | null
  close(): Promise<void>
}

/** Hands over every committed record of a (small) topic, then those that come, until closed. Goes on over broker failures. */
export function followTopic(
  kafka: KafkaClient,
  topic: string,
  onRecord: (record: InRecord) => void,
  options: { readonly onFailure?: (error: Error) => void } = {},
): Following {
  const link = kafka.link()
  const full = kafka.topic(topic)
  const stop = new AbortController()
  let failed: Error | null = null

  const follow = async (spans: readonly Span[]): Promise<void> => {
    let tries = 0
    while (!stop.signal.aborted) {
      try {
        await link.learn([full])
        const leaders = Map.groupBy(spans, (span) => link.knownLeader(full, span.partition) ?? -1)
        await allOf([...leaders.values()].map((led) => poll(led, () => (tries = 0))))
      } catch (error) {
        if (stop.signal.aborted) return
        if (isHopeless(error)) throw asFatal(`following ${full}`, error)
        if (isConnectionError(error)) link.drop()
        else link.forgetLeaders()
        if (tries === 3)
          kafka.log.warn({ err: error, topic: full }, `following ${full}: ${describeError(error)}; still trying`)
        await pause(backoffMs(tries++), stop.signal)
      }
    }
  }

  const poll = async (led: readonly Span[], worked: () => void): Promise<void> => {
    const first = led[0] as Span
    const broker = await link.leaderOf(first.topic, first.partition)
    const targets = led.map(({ partition, position }) => ({
      topic: full,
      partition,
      offset: position,
      maxBytes: 1 << 20,
    }))
    const answer = await kafka.wire.fetch(broker, { targets, maxWaitMs: 500, maxBytes: 8 << 20, nameOf: kafka.nameOf })
    for (const one of answer) {
      const span = led.find((candidate) => candidate.partition === one.partition) as Span
      if (one.error !== null) {
        if (errorType(one.error) !== 'OFFSET_OUT_OF_RANGE') throw one.error
        const range = (await fetchRanges(link, [span])).get(partitionKey(full, span.partition))
        if (range !== undefined)
          span.position = span.position > range.end ? range.low : Math.max(span.position, range.low)
        continue
      }
      if (!stop.signal.aborted) for (const record of one.records) onRecord(record)
      span.position = Math.max(span.position, one.nextOffset)
    }
    worked()
  }

  const begin = async (): Promise<Span[]> => {
    const spans = await spansToEnd(link, full, undefined, 'earliest', stop.signal)
    await readSpans(link, kafka.wire, spans, { nameOf: kafka.nameOf, onRecord, signal: stop.signal })
    return spans
  }

  const begun = begin()
  const ready = begun.then(() => undefined)
  ready.catch(() => undefined)
  const done = begun.then(follow).catch((error: unknown) => {
    if (stop.signal.aborted) return
    failed = error instanceof Error ? error : new Error(String(error))
    options.onFailure?.(failed)
  })
  return {
    ready,
    failure: () => failed,
    close: async () => {
      stop.abort()
      await link.close()
      await done
    },
  }
}
