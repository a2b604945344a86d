import type { Clock } from '../../core/index.ts'

export type Lane = 'live' | 'backfill'

/**
 * Who may ask its source for a page now. Fair by connection: the turn goes round, and each connection has at most its
 * own concurrency in flight. Live pages go before backfill pages, but every fourth turn is backfill's when both wait.
 * Within a connection backfill leaves one place free for live pages.
 */
export interface Turns {
  /** Resolves when the page may be asked for; call the returned function once it has arrived. Rejects on abort. */
  take(connectionId: string, concurrency: number, lane: Lane, signal: AbortSignal): Promise<() => void>
  /** Pages in flight that count against the process's limit, and those that are too slow to count. */
  inFlight(): { readonly counted: number; readonly slow: number }
}

export interface TurnOptions {
  readonly clock: Clock
  /** Pages in flight in this process. */
  readonly total: number
  /** A page that takes longer no longer counts, so that slow sources never use up the places of the others. */
  readonly slowAfterMs: number
}

interface Waiter {
  readonly lane: Lane
  grant(): void
}

interface Queue {
  readonly connectionId: string
  concurrency: number
  readonly inFlight: { live: number; backfill: number }
  readonly waiting: { readonly live: Set<Waiter>; readonly backfill: Set<Waiter> }
}

interface Flight {
  readonly since: number
}

export function createTurns({ clock, total, slowAfterMs }: TurnOptions): Turns {
  const queues = new Map<string, Queue>()
  /** Connections that wait and may fly, in the order of their turn. */
  const ready = { live: new Set<Queue>(), backfill: new Set<Queue>() }
  const counted = new Set<Flight>()
  let slow = 0
  let grants = 0
  let disarm: (() => void) | null = null

  const mayFly = (queue: Queue, lane: Lane) => {
    const all = queue.inFlight.live + queue.inFlight.backfill
    if (all >= queue.concurrency) return false
    return lane === 'live' || queue.inFlight.backfill < Math.max(1, queue.concurrency - 1)
  }

  function refresh(queue: Queue): void {
    for (const lane of ['live', 'backfill'] as const) {
      if (queue.waiting[lane].size > 0 && mayFly(queue, lane)) ready[lane].add(queue)
      else ready[lane].delete(queue)
    }
    const idle = queue.waiting.live.size + queue.waiting.backfill.size + queue.inFlight.live + queue.inFlight.backfill
    if (idle === 0) queues.delete(queue.connectionId)
  }

  /** Stops counting flights that have become slow; true when that made room. */
  function makeRoom(): boolean {
    const oldest = counted.values().next().value
    if (oldest === undefined) return false
    const left = oldest.since + slowAfterMs - clock.now()
    if (left <= 0) {
      counted.delete(oldest)
      slow++
      return true
    }
    disarm ??= clock.after(left, () => {
      disarm = null
      grantTurns()
    })
    return false
  }

  function nextQueue(): { queue: Queue; lane: Lane } | null {
    const preferred: readonly Lane[] = grants % 4 === 3 ? ['backfill', 'live'] : ['live', 'backfill']
    for (const lane of preferred) {
      const queue = ready[lane].values().next().value
      if (queue !== undefined) return { queue, lane }
    }
    return null
  }

  function grantTurns(): void {
    for (;;) {
      const next = nextQueue()
      if (next === null) return
      if (counted.size >= total && !makeRoom()) return
      const { queue, lane } = next
      const waiter = queue.waiting[lane].values().next().value
      // to the end of the line, also when it stays ready
      ready[lane].delete(queue)
      if (waiter !== undefined) {
        queue.waiting[lane].delete(waiter)
        queue.inFlight[lane]++
        grants++
        waiter.grant()
      }
      refresh(queue)
    }
  }

  function start(queue: Queue, lane: Lane): () => void {
    const flight: Flight = { since: clock.now() }
    counted.add(flight)
    let landed = false
    return () => {
      if (landed) return
      landed = true
      if (!counted.delete(flight)) slow--
      queue.inFlight[lane]--
      refresh(queue)
      grantTurns()
    }
  }

  return {
    take(connectionId, concurrency, lane, signal) {
      return new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason as Error)
        let queue = queues.get(connectionId)
        if (queue === undefined) {
          queue = {
            connectionId,
            concurrency,
            inFlight: { live: 0, backfill: 0 },
            waiting: { live: new Set(), backfill: new Set() },
          }
          queues.set(connectionId, queue)
        }
        const own = queue
        own.concurrency = Math.max(1, concurrency)
        const onAbort = () => {
          own.waiting[lane].delete(waiter)
          refresh(own)
          reject(signal.reason as Error)
        }
        const waiter: Waiter = {
          lane,
          grant() {
            signal.removeEventListener('abort', onAbort)
            resolve(start(own, lane))
          },
        }
        signal.addEventListener('abort', onAbort, { once: true })
        own.waiting[lane].add(waiter)
        refresh(own)
        grantTurns()
      })
    },
    inFlight: () => ({ counted: counted.size, slow }),
  }
}
