import { AuthError, backoffMs, RateLimitedError, RetryableError, SettingsError } from '../../core/index.ts'
import type { Policy } from './policy.ts'

/**
 * How a connection gets on, over all its commands: one that is down is asked by one command at a time, more and more
 * rarely, instead of by each of the thousands that wait.
 */
export interface Trouble {
  /** Takes note of what was thrown. Returns whether it is news: the first of its kind. */
  failed(error: unknown): boolean
  /** The system answered, if only with a refusal. */
  answered(): void
  /** New settings deserve a new try. */
  forget(): void
  /** Nothing is started before, epoch ms. */
  pausedUntil(): number
  /** Commands at a time, of `limit`. */
  slots(limit: number): number
}

const FAILURES_IN_A_ROW = 3
const HOUR = 3_600_000

export function createTrouble(now: () => number, policy: Policy, random: () => number): Trouble {
  let failures = 0
  let refusals = 0
  let until = 0
  let kind: string | null = null
  const pause = (ms: number) => {
    until = Math.max(until, now() + ms)
  }
  const backoff = (step: number) => {
    const ceiling = { baseMs: policy.retryBaseMs / 2, capMs: policy.retryCapMs / 2 }
    return backoffMs(step, { ...ceiling, random: () => 1 }) + backoffMs(step, { ...ceiling, random })
  }
  function forget(): void {
    failures = 0
    refusals = 0
    until = 0
    kind = null
  }
  return {
    failed(error) {
      const before = kind
      if (error instanceof SettingsError) pause(HOUR)
      else if (error instanceof AuthError) pause(Math.min(HOUR, policy.authWaitMs * 2 ** Math.min(20, refusals++)))
      else if (error instanceof RateLimitedError)
        pause(error.retryAfterMs > 0 ? error.retryAfterMs : policy.retryBaseMs)
      else if (error instanceof RetryableError) {
        if (++failures >= FAILURES_IN_A_ROW) pause(backoff(failures - FAILURES_IN_A_ROW))
      }
      kind = error instanceof Error ? error.name : 'unknown'
      return kind !== before
    },
    answered: forget,
    forget,
    pausedUntil: () => until,
    slots: (limit) => (failures >= FAILURES_IN_A_ROW || refusals > 0 ? 1 : Math.max(1, limit)),
  }
}
