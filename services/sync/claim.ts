import type { Recent } from './recent.ts'

/**
 * Remembers what a page publishes from the moment it is prepared, so that a delivery that tells of the same state at
 * the same time does not publish it as well.
 */
export interface Claim extends Pick<Recent, 'isKnown'> {
  /** The page was not committed: what it claimed must come again. */
  release(): void
}

/** @param until end of the range, system's clock */
export function claimIn(recent: Recent, until: number): Claim {
  const claimed: (readonly [string, number])[] = []
  return {
    isKnown(key, fingerprint) {
      if (recent.isKnown(key, fingerprint)) return true
      recent.remember(key, fingerprint, until)
      claimed.push([key, fingerprint])
      return false
    },
    release() {
      for (const [key, fingerprint] of claimed) if (recent.isKnown(key, fingerprint)) recent.forget(key)
    },
  }
}
