/** NetSuite's time, told by `serverTime` and carried on by our monotonic clock. */
export interface ServerClock {
  /** @param at epoch ms that NetSuite said just now */
  observe(at: number): void
  /** Epoch ms, never ahead of NetSuite's own; null = not asked in the last 10 minutes. */
  now(): number | null
}

const FRESH_MS = 10 * 60_000

/** @param monotonic ms since any moment, never set back */
export function createServerClock(monotonic: () => number = () => performance.now()): ServerClock {
  let ahead: number | null = null
  let observedAt = Number.NEGATIVE_INFINITY
  return {
    observe(at) {
      observedAt = monotonic()
      ahead = at - observedAt
    },
    now() {
      const at = monotonic()
      return ahead === null || at - observedAt > FRESH_MS ? null : Math.floor(at + ahead)
    },
  }
}

/** How far our own clock is off, for what we sign: corrected by the `Date` header of an answer that refuses it. */
export interface SignatureClock {
  /** Epoch ms as the other side has it, as far as known. */
  now(): number
  /** True = our clock is off by more than `toleranceMs`, and corrected now. */
  correct(date: string | undefined, toleranceMs: number): boolean
}

export function createSignatureClock(now: () => number = () => Date.now()): SignatureClock {
  let offset = 0
  return {
    now: () => now() + offset,
    correct(date, toleranceMs) {
      const sent = Date.parse(date ?? '')
      if (Number.isNaN(sent)) return false
      const off = sent - (now() + offset)
      if (Math.abs(off) <= toleranceMs) return false
      offset += off
      return true
    },
  }
}
