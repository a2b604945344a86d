import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Keeps to the limit that each answer tells (`X-Rate-Limit-Remaining`, `X-Rate-Limit-Reset`): when nothing is left of
 * this minute's requests, the next one waits for the next minute instead of being refused. The count is the user's, over
 * all that use the same key.
 */
export interface RateGate {
  /**
   * Resolves when a request may start; call the result when it ended. Rejects when the signal aborts.
   * @param isPatient it leaves a fifth of each minute's requests to those that are not: what webhooks and commands ask for
   */
  enter(signal: AbortSignal, isPatient?: boolean): Promise<() => void>
  /** @param headers of an answer, names in lower case */
  observe(headers: { readonly [name: string]: string }): void
}

/** "Add a small time buffer": the reset is told in whole seconds. */
const BUFFER_MS = 500
/** Share of the limit that patient requests leave. */
const RESERVED = 0.2
/** Longer is not believed. */
const LONGEST_MS = 5 * 60_000

interface GateOptions {
  /** ms since any moment, never set back */
  readonly monotonic?: () => number
  readonly pause?: (ms: number, signal: AbortSignal) => Promise<unknown>
}

export function createRateGate({
  monotonic = () => performance.now(),
  pause = (ms, signal) => sleep(ms, undefined, { signal }),
}: GateOptions = {}): RateGate {
  let remaining = Number.POSITIVE_INFINITY
  let reserve = 0
  let resetAt = Number.NEGATIVE_INFINITY
  let running = 0

  return {
    async enter(signal, isPatient = false) {
      for (;;) {
        signal.throwIfAborted()
        const waitMs = resetAt - monotonic()
        if (waitMs <= 0) remaining = Number.POSITIVE_INFINITY
        // those under way may not be in the count yet
        if (remaining > running + (isPatient ? reserve : 0)) break
        await pause(waitMs, signal).catch((error: unknown) => {
          signal.throwIfAborted()
          throw error
        })
      }
      running++
      let left = false
      return () => {
        if (!left) running--
        left = true
      }
    },
    observe(headers) {
      const told = Number(headers['x-rate-limit-remaining'] ?? Number.NaN)
      const seconds = Number(headers['x-rate-limit-reset'] ?? Number.NaN)
      if (!Number.isFinite(told) || !Number.isFinite(seconds)) return
      reserve = Math.floor(Number(headers['x-rate-limit-limit'] ?? 0) * RESERVED) || 0
      const until = monotonic() + Math.min(LONGEST_MS, Math.max(0, seconds) * 1000 + BUFFER_MS)
      // answers of one minute may come out of order: the least counts
      const isSameMinute = monotonic() < resetAt && until < resetAt + 2000
      remaining = isSameMinute ? Math.min(remaining, told) : told
      resetAt = isSameMinute ? Math.max(resetAt, until) : until
    },
  }
}
