import type { Visitor } from './access.ts'
import type { Switches } from './faults.ts'

export interface Allowance {
  readonly isAllowed: boolean
  /** Of the limit that is nearest to its end. */
  readonly headers: Readonly<Record<string, string>>
}

export interface RateLimit {
  /** Counts a request. */
  take(visitor: Visitor): Allowance
  /** As if new windows had begun. */
  reset(): void
  /** Requests refused since the start. */
  readonly refused: number
}

/** Fixed windows: a user's on all organizations, a user's on one, and an organization's. */
export function createRateLimit(switches: Switches, now: () => number): RateLimit {
  const windows = new Map<string, { startedAt: number; used: number }>()
  let refused = 0

  function windowOf(key: string): { startedAt: number; used: number } {
    const found = windows.get(key)
    if (found !== undefined && now() - found.startedAt < switches.rateWindowMs) return found
    const fresh = { startedAt: now(), used: 0 }
    windows.set(key, fresh)
    return fresh
  }

  return {
    get refused() {
      return refused
    },
    reset: () => windows.clear(),
    take({ userId, organizationId }) {
      const limits = [
        { key: `user ${userId}`, limit: switches.rateLimit },
        { key: `user ${userId} in ${organizationId}`, limit: switches.rateLimit },
        { key: `organization ${organizationId}`, limit: switches.organizationRateLimit },
      ]
        .filter(({ limit }) => limit > 0)
        .map(({ key, limit }) => ({ limit, window: windowOf(key) }))
      if (limits.length === 0) return { isAllowed: true, headers: {} }
      const isAllowed = limits.every(({ limit, window }) => window.used < limit)
      if (isAllowed) for (const { window } of limits) window.used++
      else refused++
      const [nearest] = limits.sort((a, b) => a.limit - a.window.used - (b.limit - b.window.used))
      const { limit = 0, window = { startedAt: 0, used: 0 } } = nearest ?? {}
      return {
        isAllowed,
        headers: {
          'x-rate-limit-limit': String(limit),
          'x-rate-limit-remaining': String(Math.max(0, limit - window.used)),
          'x-rate-limit-reset': String(
            Math.max(0, Math.ceil((window.startedAt + switches.rateWindowMs - now()) / 1000)),
          ),
        },
      }
    },
  }
}
