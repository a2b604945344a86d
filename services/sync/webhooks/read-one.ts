import type { Clock, Connection, EntityName, RawRecord, Sessions } from '../../../core/index.ts'
import { inLane } from '../lane.ts'
import { orAborted } from '../pump.ts'
import type { Scheduler } from '../scheduler.ts'
import type { Turns } from '../turns.ts'

export interface Answer {
  /** Null = it is gone. */
  readonly record: RawRecord | null
  /** Our clock. */
  readonly askedAt: number
  /** The system's clock, after it. */
  readonly until: number
}

/** What went wrong concerns the connection, not the record. */
export class ConnectingError extends Error {}

/** Reads one record in the connection's turn, as a live page. Resolves with null when the connection has no such stream. */
export function createAsk(parts: {
  readonly scheduler: Scheduler
  readonly sessions: Sessions
  readonly turns: Turns
  readonly clock: Clock
}) {
  return async (about: {
    readonly connection: Connection
    readonly entity: EntityName
    readonly key: string
    readonly signal: AbortSignal
  }): Promise<Answer | null> => {
    const { connection, entity, key, signal } = about
    const stream = parts.scheduler.stream(connection.id, entity)
    if (stream === undefined) return null
    const session = await orAborted(parts.sessions.open(connection), signal).catch((error: unknown) => {
      throw signal.aborted ? error : new ConnectingError('connecting', { cause: error })
    })
    const release = await parts.turns.take(connection.id, connection.limits.concurrency, 'live', signal)
    try {
      const askedAt = parts.clock.now()
      // in a promise chain, so that a connector that throws at once rejects as well
      const reading = Promise.resolve().then(() => inLane('live', () => stream.readOne(session.value, key, signal)))
      const record = await orAborted(reading, signal)
      return { record, askedAt, until: await orAborted(session.estimateTime(signal), signal) }
    } finally {
      release()
    }
  }
}
