import { type Clock, systemClock } from './clock.ts'
import { RateLimitedError, RetryableError } from './errors.ts'

export interface Backoff {
  /** Ceiling of the first wait, ms. Default 250. */
  readonly baseMs?: number
  /** Ceiling of every wait, ms. Default 30 s. */
  readonly capMs?: number
  /** 0 ≤ x < 1; tests give their own. */
  readonly random?: () => number
}

/** Wait before try number `attempt` + 1 (first failure: 0): full jitter below an exponential ceiling. */
export function backoffMs(
  attempt: number,
  { baseMs = 250, capMs = 30_000, random = Math.random }: Backoff = {},
): number {
  return random() * Math.min(capMs, baseMs * 2 ** Math.min(attempt, 52))
}

export interface RetryOptions extends Backoff {
  /** Tries in all. Default 5. */
  readonly attempts?: number
  /** Longest total time spent waiting for rate limits, ms; beyond it the RateLimitedError is thrown. Default 5 min. */
  readonly maxRateLimitWaitMs?: number
  readonly signal?: AbortSignal
  readonly clock?: Clock
  /** Called before each wait, for logs and counters. */
  readonly onRetry?: (error: unknown, waitMs: number) => void
}

/**
 * Runs `run` until it succeeds: RetryableError is tried again with back-off, RateLimitedError waits as long as the
 * source asked (plus a little jitter) and uses no attempt, anything else is thrown at once. Aborting ends any wait.
 */
export async function retry<T>(run: (attempt: number) => Promise<T>, options: RetryOptions = {}): Promise<T> {
  const { attempts = 5, maxRateLimitWaitMs = 300_000, clock = systemClock, signal, random = Math.random } = options
  let failures = 0
  let limited = 0
  let waitedForLimits = 0
  for (;;) {
    signal?.throwIfAborted()
    try {
      return await run(failures)
    } catch (error) {
      let waitMs: number
      if (error instanceof RateLimitedError) {
        const asked = error.retryAfterMs > 0 ? error.retryAfterMs : backoffMs(limited, { ...options, baseMs: 1000 })
        waitMs = asked + random() * Math.min(1000, asked * 0.1)
        limited++
        waitedForLimits += waitMs
        if (waitedForLimits > maxRateLimitWaitMs) throw error
      } else if (error instanceof RetryableError) {
        failures++
        if (failures >= attempts) throw error
        waitMs = backoffMs(failures - 1, options)
      } else {
        throw error
      }
      options.onRetry?.(error, waitMs)
      await clock.sleep(waitMs, signal)
    }
  }
}
