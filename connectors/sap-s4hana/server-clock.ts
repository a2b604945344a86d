/** SAP's time, told by the `Date` headers of its answers and carried on by our monotonic clock. */
export interface ServerClock {
  /** @param date the header of an answer that came just now */
  observe(date: string | undefined): void
  /** Epoch ms, never ahead of SAP's own; null = no answer in the last 10 minutes. */
  now(): number | null
}

const FRESH_MS = 10 * 60_000
/** A header that is this far behind what the others say: the clock was set back. */
const SET_BACK_MS = 2500

/** @param monotonic ms since any moment, never set back */
export function createServerClock(monotonic: () => number = () => performance.now()): ServerClock {
  let ahead: number | null = null
  let observedAt = Number.NEGATIVE_INFINITY
  return {
    observe(date) {
      const sent = Date.parse(date ?? '')
      if (Number.isNaN(sent)) return
      const at = monotonic()
      const its = sent - at
      // headers are cut to seconds and arrive late: the largest difference is nearest to the truth
      if (ahead === null || its > ahead || its < ahead - SET_BACK_MS || at - observedAt > FRESH_MS) ahead = its
      observedAt = at
    },
    now() {
      const at = monotonic()
      return ahead === null || at - observedAt > FRESH_MS ? null : Math.floor(at + ahead)
    },
  }
}
