import {
  type Clock,
  type Codec,
  DEAD_LETTERS,
  describeError,
  type InRecord,
  type Logger,
  type Metrics,
} from '../../core/index.ts'
import type { Outbox } from './outbox.ts'
import type { Lane } from './partition-state.ts'

/** Why a record was given up: the label `kind` of the metric and the field of the dead letter. */
export type DeadLetterKind = 'undecodable' | 'mapping' | 'unknown-connection' | 'unsupported' | 'foreign-key'

export interface DeadLetters {
  /** Adds the record, byte for byte, to the transaction under way. */
  readonly add: (
    record: InRecord,
    kind: DeadLetterKind,
    error: unknown,
    about?: { readonly connectionId: string; readonly entity: string; readonly runId: string },
  ) => void
  /** After the commit: counts, and logs one line, however many there were. */
  readonly settle: () => void
}

export function createDeadLetters(parts: {
  readonly codec: Codec
  readonly outbox: Outbox
  readonly clock: Clock
  readonly log: Logger
  readonly metrics: Metrics
}): DeadLetters {
  const { codec, outbox, clock, log, metrics } = parts
  const lane: Lane = { topic: DEAD_LETTERS, count: 0 }
  let counts = new Map<string, { connection: string; stream: string; kind: DeadLetterKind; records: number }>()
  let total = 0
  let first: { topic: string; partition: number; offset: number; error: string } | null = null

  return {
    add(record, kind, error, about) {
      const { topic, partition, offset } = record
      const message = describeError(error)
      const value = codec.deadLetter.encode({
        topic,
        partition,
        offset,
        key: record.key,
        value: record.value,
        error: message,
        kind,
        service: 'normalizer',
        connection_id: about?.connectionId ?? null,
        at: clock.now(),
        run_id: about?.runId ?? null,
        request_id: null,
      })
      outbox.add(lane, `${topic}/${partition}/${offset}`, value)
      const connection = about?.connectionId ?? ''
      const stream = about?.entity ?? ''
      const name = `${connection}/${stream}/${kind}`
      const count = counts.get(name)
      if (count === undefined) counts.set(name, { connection, stream, kind, records: 1 })
      else count.records++
      first ??= { topic, partition, offset, error: message }
      total++
    },
    settle() {
      if (total === 0) return
      for (const { connection, stream, kind, records } of counts.values()) {
        metrics.recordsFailed.inc({ connection, stream, kind }, records)
        metrics.deadLetters.inc({ connection, stream }, records)
      }
      log.error({ records: total, first }, 'records went to dead-letters; see `tributary dead-letters list`')
      counts = new Map()
      total = 0
      first = null
    },
  }
}
