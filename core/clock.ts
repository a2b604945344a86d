/** Time as the code sees it: the real one in services, a manual one in tests. All times are milliseconds. */
export interface Clock {
  /** Epoch ms. */
  now(): number
  /** Runs `run` once after `ms`; the returned function cancels it. Long waits are allowed (beyond 2^31 ms). */
  after(ms: number, run: () => void): () => void
  /** Resolves after `ms`; rejects with the signal's reason as soon as it aborts, and leaves no timer behind. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

export interface ManualClock extends Clock {
  /** Moves time forward and runs what falls due, in order, letting promises settle in between. */
  advance(ms: number): Promise<void>
  /** Timers that are still waiting; 0 at the end of a test proves that nothing leaked. */
  pending(): number
}

const LONGEST_TIMER_MS = 2 ** 31 - 1

function realAfter(ms: number, run: () => void): () => void {
  const due = Date.now() + ms
  let timer: NodeJS.Timeout
  const arm = () => {
    const left = Math.max(0, due - Date.now())
    timer = left > LONGEST_TIMER_MS ? setTimeout(arm, LONGEST_TIMER_MS) : setTimeout(run, left)
  }
  arm()
  return () => clearTimeout(timer)
}

function sleepWith(after: Clock['after']): Clock['sleep'] {
  return (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason as Error)
      const onAbort = () => {
        cancel()
        reject(signal?.reason as Error)
      }
      const cancel = after(ms, () => {
        signal?.removeEventListener('abort', onAbort)
        resolve()
      })
      signal?.addEventListener('abort', onAbort, { once: true })
    })
}

export const systemClock: Clock = { now: () => Date.now(), after: realAfter, sleep: sleepWith(realAfter) }

/** A clock that stands still until `advance` is called. */
export function createManualClock(start = 1_750_000_000_000): ManualClock {
  let now = start
  let timers: { readonly due: number; readonly run: () => void }[] = []
  const after: Clock['after'] = (ms, run) => {
    const timer = { due: now + Math.max(0, ms), run }
    timers.push(timer)
    return () => {
      timers = timers.filter((other) => other !== timer)
    }
  }
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve))
  return {
    now: () => now,
    after,
    sleep: sleepWith(after),
    pending: () => timers.length,
    async advance(ms) {
      const end = now + ms
      await settle()
      for (;;) {
        const next = timers.filter((timer) => timer.due <= end).sort((a, b) => a.due - b.due)[0]
        if (next === undefined) break
        now = Math.max(now, next.due)
        timers = timers.filter((timer) => timer !== next)
        next.run()
        await settle()
      }
      now = end
      await settle()
    },
  }
}
