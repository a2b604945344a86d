import type { Clock, Logger, Metrics } from '../../core/index.ts'

/** Why a delivery was not taken: label of `tributary_webhook_refused_total`. */
export type Reason =
  | 'unknown-connection'
  | 'method'
  | 'encoding'
  | 'too-large'
  | 'rate'
  | 'aborted'
  | 'signature'
  | 'stale'
  | 'unverifiable'
  | 'overload'
  | 'not-durable'
  | 'draining'

const SAY_AGAIN_AFTER_MS = 60_000

/** Counts refusals; says each kind once a minute for a connection, with how many there were, and nothing of the request. */
export function createRefusals(options: {
  readonly log: Logger
  readonly metrics: Metrics
  readonly clock: Clock
}): (reason: Reason, connectionId: string | null) => void {
  const { log, metrics, clock } = options
  const said = new Map<string, { at: number; since: number }>()
  return (reason, connectionId) => {
    metrics.webhookRefused.inc({ reason })
    const key = `${connectionId ?? ''}/${reason}`
    const last = said.get(key)
    const now = clock.now()
    if (last !== undefined && now - last.at < SAY_AGAIN_AFTER_MS) {
      last.since++
      return
    }
    log.warn({ connection: connectionId, reason, refused: (last?.since ?? 0) + 1 }, 'deliveries were refused')
    said.set(key, { at: now, since: 0 })
  }
}
