import type { Account } from './account.ts'
import type { Switches } from './faults.ts'

/** Requests in flight, against the limit of the account: a real counter, not requests per minute. */
export interface Concurrency {
  /** In flight at the moment. */
  readonly now: number
  /** The most at one time since the start or `reset()`, refused ones left out. */
  readonly max: number
  /** In flight on average since the start or `reset()`. */
  readonly average: number
  /** Requests refused since the start or `reset()`. */
  readonly refused: number
  /** Takes a place; call what it gives when the answer leaves. null = over the limit. */
  enter(): (() => void) | null
  reset(): void
}

export function createConcurrency(account: Account, switches: Switches): Concurrency {
  let now = 0
  let max = 0
  let refused = 0
  let since = performance.now()
  let changed = since
  /** In flight × ms up to `changed`. */
  let area = 0

  function count(step: 1 | -1 | 0): number {
    const time = performance.now()
    area += now * (time - changed)
    changed = time
    now += step
    return time
  }

  return {
    get now() {
      return now
    },
    get max() {
      return max
    },
    get average() {
      const elapsed = count(0) - since
      return elapsed > 0 ? area / elapsed : now
    },
    get refused() {
      return refused
    },
    enter() {
      if (now + switches.heldRequests >= account.concurrencyLimit) {
        refused++
        return null
      }
      count(1)
      max = Math.max(max, now)
      let left = false
      return () => {
        if (left) return
        left = true
        count(-1)
      }
    },
    reset() {
      since = count(0)
      area = 0
      max = now
      refused = 0
    },
  }
}

/** `GET /system/v1/governanceLimits`: nothing of the account is set aside for one integration. */
export function governanceLimits(account: Account): Readonly<Record<string, number | string>> {
  return {
    accountConcurrencyLimit: account.concurrencyLimit,
    accountUnallocatedConcurrencyLimit: account.concurrencyLimit,
    integrationConcurrencyLimit: account.concurrencyLimit,
    integrationLimitType: 'accountLimit',
  }
}
