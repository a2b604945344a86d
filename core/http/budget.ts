import type { Clock } from '../clock.ts'

export type Lane = 'live' | 'backfill'

/** One connection's allowance: how many calls at once and how many a second, shared by everything that calls its system. */
export interface Budget {
  /** Resolves when a call may start; call the result when it ended. Rejects when the signal aborts. */
  acquire(lane: Lane, signal?: AbortSignal): Promise<() => void>
  /** The system asked to slow down: no call starts before `waitMs` have passed, and fewer run at once. */
  slowDown(waitMs: number): void
  /** How long the system's wish still holds every call back, ms. */
  heldMs(): number
  /** Calls that may run at once now. */
  limit(): number
}

export interface BudgetLimits {
  /** Calls at once, at most. */
  readonly concurrency: number
  /** Calls started a second, at most; null = no such limit. */
  readonly requestsPerSecond: number | null
}

/** Backfill gets a turn at least this often while live calls queue up: it must not starve. */
const LIVE_IN_A_ROW = 8
/** Successes after which one more call may run at once, until the cap is reached again. */
const RAISE_AFTER = 20
/** Twice as many after each raise that was refused at once, up to this: the allowance is known, asking costs a pause. */
const RAISE_AFTER_AT_MOST = 640

/** Refusals this close together, ms, are one burst: calls that were under way together lower the limit once. */
const BURST_MS = 1000

type Waiter = () => void

export function createBudget(limits: BudgetLimits, clock: Clock, onLimit: (limit: number) => void = () => {}): Budget {
  const queues: { readonly [L in Lane]: Waiter[] } = { live: [], backfill: [] }
  let limit = limits.concurrency
  let running = 0
  let successes = 0
  let raiseAfter = RAISE_AFTER
  /** The limit was raised and has not held for as many successes yet. */
  let onTrial = false
  let liveInARow = 0
  let notBefore = 0
  let burstUntil = 0
  const rate = limits.requestsPerSecond
  let tokens = rate === null ? 0 : Math.max(1, rate)
  let filledAt = clock.now()
  let cancelTimer: (() => void) | null = null

  function refill(): void {
    if (rate === null) return
    const now = clock.now()
    tokens = Math.min(Math.max(1, rate), tokens + ((now - filledAt) / 1000) * rate)
    filledAt = now
  }

  /** Ms until a call may start, apart from concurrency. */
  function wait(): number {
    const held = notBefore - clock.now()
    const empty = rate === null || tokens >= 1 ? 0 : ((1 - tokens) / rate) * 1000
    return Math.max(0, held, empty)
  }

  function next(): Waiter | undefined {
    const backfillFirst = queues.backfill.length > 0 && (queues.live.length === 0 || liveInARow >= LIVE_IN_A_ROW)
    liveInARow = backfillFirst ? 0 : liveInARow + 1
    return (backfillFirst ? queues.backfill : queues.live).shift()
  }

  function pump(): void {
    cancelTimer?.()
    cancelTimer = null
    while (running < limit && queues.live.length + queues.backfill.length > 0) {
      refill()
      const waitMs = wait()
      if (waitMs > 0) {
        cancelTimer = clock.after(Math.ceil(waitMs), pump)
        return
      }
      const waiter = next()
      if (waiter === undefined) return
      running++
      tokens -= 1
      waiter()
    }
  }

  function release(): void {
    running--
    if ((onTrial || limit < limits.concurrency) && ++successes >= raiseAfter) {
      successes = 0
      if (onTrial) raiseAfter = RAISE_AFTER
      onTrial = limit < limits.concurrency
      if (onTrial) onLimit(++limit)
    }
    pump()
  }

  return {
    limit: () => limit,
    acquire: (lane, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted === true) return reject(signal.reason as Error)
        const onAbort = () => {
          queues[lane].splice(queues[lane].indexOf(waiter), 1)
          // Without anybody waiting no timer may stay behind.
          pump()
          reject(signal?.reason as Error)
        }
        const waiter: Waiter = () => {
          signal?.removeEventListener('abort', onAbort)
          let released = false
          resolve(() => {
            if (released) return
            released = true
            release()
          })
        }
        signal?.addEventListener('abort', onAbort, { once: true })
        queues[lane].push(waiter)
        pump()
      }),
    slowDown(waitMs) {
      const now = clock.now()
      const sameBurst = now < burstUntil
      successes = 0
      notBefore = Math.max(notBefore, now + waitMs)
      burstUntil = Math.max(notBefore, now + BURST_MS)
      if (sameBurst) return
      const lowered = Math.max(1, onTrial ? limit - 1 : Math.floor(limit / 2))
      raiseAfter = onTrial ? Math.min(RAISE_AFTER_AT_MOST, raiseAfter * 2) : RAISE_AFTER
      onTrial = false
      if (lowered === limit) return
      limit = lowered
      onLimit(limit)
    },
    heldMs: () => Math.max(0, notBefore - clock.now()),
  }
}
