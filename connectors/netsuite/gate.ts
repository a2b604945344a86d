/**
 * How many requests may be under way at once. NetSuite counts them per account, over all integrations, and refuses what
 * is above: so there are never more than allowed, and never fewer while somebody waits.
 */
export interface Gate {
  /** Resolves when a request may start; call the result when it ended. Rejects when the signal aborts. */
  enter(signal: AbortSignal): Promise<() => void>
  limit(): number
  /** What is allowed from now on, at least 1. */
  allow(limit: number): void
  /** NetSuite refused one for too many: fewer for a while, then one more each `RAISE_AFTER_MS`. */
  refused(): void
}

const RAISE_AFTER_MS = 5 * 60_000
/** Refusals this close together are of one burst. */
const BURST_MS = 2000

/** @param monotonic ms since any moment, never set back */
export function createGate(initial: number, monotonic: () => number = () => performance.now()): Gate {
  let allowed = Math.max(1, initial)
  let lowered = 0
  let loweredAt = Number.NEGATIVE_INFINITY
  let running = 0
  const waiting = new Set<() => void>()

  const limit = () => {
    while (lowered > 0 && monotonic() - loweredAt >= RAISE_AFTER_MS) {
      lowered--
      loweredAt += RAISE_AFTER_MS
    }
    return Math.max(1, allowed - lowered)
  }

  function pump(): void {
    for (const start of waiting) {
      if (running >= limit()) return
      waiting.delete(start)
      running++
      start()
    }
  }

  return {
    limit,
    enter: (signal) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason as Error)
        const onAbort = () => {
          waiting.delete(start)
          reject(signal.reason as Error)
        }
        const start = () => {
          signal.removeEventListener('abort', onAbort)
          let left = false
          resolve(() => {
            if (left) return
            left = true
            running--
            pump()
          })
        }
        signal.addEventListener('abort', onAbort, { once: true })
        waiting.add(start)
        pump()
      }),
    allow(next) {
      allowed = Math.max(1, next)
      lowered = 0
      pump()
    },
    refused() {
      const now = monotonic()
      if (now - loweredAt < BURST_MS) return
      if (limit() > 1) lowered++
      loweredAt = now
    },
  }
}
