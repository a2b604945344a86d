/** MaintainX's time, told by the `Date` header of its answers and carried on by our monotonic clock. */
export interface ServerClock {
  /** @param date `Date` header of an answer that came just now */
  observe(date: string | undefined): void
  /** Epoch ms, never ahead of MaintainX's own; null = nothing heard in the last 10 minutes. */
  now(): number | null
}

const FRESH_MS = 10 * 60_000

/** @param monotonic ms since any moment, never set back */
export function createServerClock(monotonic: () => number = () => performance.now()): ServerClock {
  let ahead: number | null = null
  let observedAt = Number.NEGATIVE_INFINITY
  return {
    observe(date) {
      const told = Date.parse(date ?? '')
      if (Number.isNaN(told)) return
      const at = monotonic()
      const isFresh = ahead !== null && at - observedAt <= FRESH_MS
      // whole seconds, cut off: of several answers the one that says the latest is nearest to the truth
      if (!isFresh || told - at > (ahead as number)) {
        ahead = told - at
        observedAt = at
      }
    },
    now() {
      const at = monotonic()
      return ahead === null || at - observedAt > FRESH_MS ? null : Math.floor(at + ahead)
    },
  }
}
