import type { Metrics } from '../../core/index.ts'

/** What happened to the records of one connection and entity since the last commit; counted in plain numbers. */
export interface Tally {
  readonly connection: string
  readonly entity: string
  received: number
  sent: number
  /** Older than what is published. */
  stale: number
  /** Read before the deletion of its key. */
  deleted: number
  /** Same content as published. */
  noop: number
  /** Deletion of a key that was never published. */
  unknownKey: number
  /** Of a connection that was removed. */
  removed: number
  /** Outside the connection that a replay is about, or a sweep record met in a replay. */
  replaySkipped: number
}

const REASONS = {
  stale: 'stale',
  deleted: 'read-before-deletion',
  noop: 'no-op',
  unknownKey: 'unknown-key',
  removed: 'connection-removed',
  replaySkipped: 'replay',
} as const

export function createTally(connection: string, entity: string): Tally {
  return {
    connection,
    entity,
    received: 0,
    sent: 0,
    stale: 0,
    deleted: 0,
    noop: 0,
    unknownKey: 0,
    removed: 0,
    replaySkipped: 0,
  }
}

/** Adds the tally to the metrics and sets it back to zero. */
export function flushTally(tally: Tally, metrics: Metrics): void {
  const labels = { connection: tally.connection, stream: tally.entity }
  if (tally.received > 0) metrics.recordsReceived.inc(labels, tally.received)
  if (tally.sent > 0) metrics.recordsSent.inc(labels, tally.sent)
  for (const field of Object.keys(REASONS) as (keyof typeof REASONS)[]) {
    if (tally[field] > 0) metrics.recordsSuppressed.inc({ ...labels, reason: REASONS[field] }, tally[field])
    tally[field] = 0
  }
  tally.received = 0
  tally.sent = 0
}
