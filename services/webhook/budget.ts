/** What one connection may send: deliveries and bytes, each a bucket that fills steadily. */
export interface Budget {
  /** Takes one delivery; 0 = taken, else milliseconds until it could be. A refusal takes nothing. */
  take(bytes: number, now: number): number
  /** Milliseconds until a delivery could be taken; 0 = now. */
  wait(now: number): number
}

export interface BudgetOptions {
  readonly deliveriesPerSecond: number
  readonly burstSeconds: number
  readonly bytesPerDelivery: number
  readonly burstBytes: number
}

export function createBudget(options: BudgetOptions, now: number): Budget {
  const { deliveriesPerSecond: perSecond, burstSeconds, bytesPerDelivery, burstBytes } = options
  const deliveries = createBucket(perSecond, Math.max(1, perSecond * burstSeconds), now)
  const bytes = createBucket(perSecond * bytesPerDelivery, burstBytes, now)
  return {
    wait: (at) => Math.max(deliveries.wait(1, at), bytes.wait(1, at)),
    take(size, at) {
      const wait = Math.max(deliveries.wait(1, at), bytes.wait(size, at))
      if (wait > 0) return wait
      deliveries.take(1)
      bytes.take(size)
      return 0
    },
  }
}

interface Bucket {
  wait(amount: number, now: number): number
  take(amount: number): void
}

/** Levels are in thousandths, so that a millisecond adds a whole number of them. */
function createBucket(perSecond: number, most: number, start: number): Bucket {
  const full = most * 1000
  let level = full
  let at = start
  return {
    wait(amount, now) {
      // A clock that was set back gives nothing and takes nothing.
      level = Math.min(full, level + Math.max(0, now - at) * perSecond)
      at = now
      // What is larger than the bucket passes when it is full.
      const missing = Math.min(amount * 1000, full) - level
      return missing <= 0 ? 0 : perSecond > 0 ? Math.ceil(missing / perSecond) : Number.POSITIVE_INFINITY
    },
    take(amount) {
      level -= amount * 1000
    },
  }
}
