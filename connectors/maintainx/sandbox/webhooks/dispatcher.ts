import type { Switches } from '../faults.ts'
import type { PlantEvent } from '../plant.ts'
import { createDice } from '../random.ts'
import type { Doc, Store } from '../store.ts'
import { isWanted, payloadOf } from './matching.ts'
import { createPoster } from './post.ts'
import { signedHeaders } from './signature.ts'

/** One attempt to deliver. */
export interface Attempt {
  readonly subscriptionId: number
  readonly type: string
  /** `workorders/70000001` */
  readonly subject: string
  readonly body: string
  /** 1 = the first. */
  readonly attempt: number
  /** Second sending of the same. */
  readonly isDuplicate: boolean
  /** 0 = no answer. */
  readonly status: number
}

export interface Counters {
  /** Events for which there was a subscription, once for each. */
  wanted: number
  /** Attempts. */
  sent: number
  /** Answered with 2xx, duplicates too. */
  delivered: number
  failed: number
  retried: number
  givenUp: number
  lost: number
  duplicated: number
}

/** What was sent to subscribers. */
export interface Deliveries {
  readonly counters: Readonly<Counters>
  /** Events that were never sent: what only a poll can find. `type subject`. */
  readonly lost: readonly string[]
  /** The last 50,000 attempts that came to an end. */
  readonly attempts: readonly Attempt[]
  /** Deliveries that wait or are under way. */
  pending(): number
  /** Resolves when nothing waits and nothing is under way. */
  idle(): Promise<void>
  /** Approves what waits for it; default: all. */
  approve(subscriptionId?: number): void
}

export interface Dispatcher extends Deliveries {
  emit(event: PlantEvent): void
  close(): void
}

interface Job {
  readonly subscriptionId: number
  readonly type: string
  readonly subject: string
  readonly body: string
  readonly attempt: number
  readonly isDuplicate: boolean
}

const ATTEMPTS_KEPT = 50_000
const LOOK_AGAIN_MS = 20

export function createDispatcher(options: {
  readonly store: Store
  readonly switches: Switches
  readonly seed: number
  readonly now: () => number
}): Dispatcher {
  const { store, switches, now } = options
  const dice = createDice(options.seed, 'webhooks')
  const counters: Counters = {
    wanted: 0,
    sent: 0,
    delivered: 0,
    failed: 0,
    retried: 0,
    givenUp: 0,
    lost: 0,
    duplicated: 0,
  }
  const lost: string[] = []
  const attempts: Attempt[] = []
  const ready: Job[] = []
  const timers = new Set<NodeJS.Timeout>()
  const waiters: (() => void)[] = []
  const poster = createPoster()
  let isStopped = false
  let delayed = 0
  let active = 0

  function after(ms: number, work: () => void): void {
    const timer = setTimeout(() => {
      timers.delete(timer)
      work()
    }, ms)
    timers.add(timer)
  }

  function enqueue(job: Job, delayMs: number): void {
    if (delayMs <= 0) {
      ready.push(job)
      pump()
      return
    }
    delayed++
    after(delayMs, () => {
      delayed--
      ready.push(job)
      pump()
    })
  }

  let isLooking = false
  function pump(): void {
    if (isStopped) return
    if (switches.pauseDeliveries && ready.length > 0) {
      if (isLooking) return
      isLooking = true
      after(LOOK_AGAIN_MS, () => {
        isLooking = false
        pump()
      })
      return
    }
    while (active < switches.deliveryConcurrency) {
      const job = ready.shift()
      if (job === undefined) break
      active++
      void deliver(job).finally(() => {
        active--
        pump()
        if (pending() === 0) for (const waiter of waiters.splice(0)) waiter()
      })
    }
  }

  async function deliver(job: Job): Promise<void> {
    const subscription = store.get('subscriptions', job.subscriptionId)
    if (subscription === null || subscription.deletedAt != null) return
    counters.sent++
    const status = await post(subscription, job)
    if (isStopped) return
    attempts.push({ ...job, status })
    if (attempts.length > ATTEMPTS_KEPT) attempts.splice(0, ATTEMPTS_KEPT / 10)
    if (status >= 200 && status < 300) {
      counters.delivered++
      if (subscription['givenUp'] !== 0) note(subscription, 0)
      return
    }
    counters.failed++
    const delay = switches.retryDelaysMs[job.attempt - 1]
    if (delay === undefined) giveUp(subscription)
    else {
      counters.retried++
      enqueue({ ...job, attempt: job.attempt + 1 }, delay)
    }
  }

  const note = (subscription: Doc, givenUp: number): void => {
    const current = store.get('subscriptions', subscription.id)
    if (current !== null && current.deletedAt == null)
      store.update('subscriptions', subscription.id, { givenUp }, false)
  }

  function giveUp(subscription: Doc): void {
    counters.givenUp++
    const givenUp = Number(store.get('subscriptions', subscription.id)?.['givenUp'] ?? 0) + 1
    note(subscription, givenUp)
    if (switches.deleteAfterGivenUp > 0 && givenUp >= switches.deleteAfterGivenUp)
      store.remove('subscriptions', subscription.id)
  }

  function post(subscription: Doc, { body }: Job): Promise<number> {
    const url = String(subscription['url'])
    const time = now() + switches.signedClockSkewMs
    const timestamp = String(switches.timestampUnit === 's' ? Math.floor(time / 1000) : time)
    const headers = signedHeaders(String(subscription['secret']), timestamp, url, body)
    return poster.post(url, headers, body, switches.deliveryTimeoutMs)
  }

  const pending = (): number => ready.length + delayed + active

  return {
    counters,
    lost,
    attempts,
    pending,
    emit(event) {
      for (const subscription of store
        .where('subscriptions', { type: event.type })
        .filter((each) => isWanted(each, event))) {
        counters.wanted++
        if (dice.chance(switches.lostShare)) {
          counters.lost++
          lost.push(`${event.type} ${event.subject}`)
          continue
        }
        const body = JSON.stringify(payloadOf(subscription, event))
        const job = { subscriptionId: subscription.id, type: event.type, subject: event.subject, body, attempt: 1 }
        const wait = (): number => (switches.disorderMs > 0 ? Math.ceil(dice.share() * switches.disorderMs) : 0)
        enqueue({ ...job, isDuplicate: false }, wait())
        if (dice.chance(switches.duplicateShare)) {
          counters.duplicated++
          enqueue({ ...job, isDuplicate: true }, wait())
        }
      }
    },
    idle: () => (pending() === 0 ? Promise.resolve() : new Promise((resolve) => void waiters.push(resolve))),
    approve(subscriptionId) {
      for (const { id, status } of store.all('subscriptions')) {
        if (status === 'PENDING_APPROVAL' && (subscriptionId === undefined || id === subscriptionId))
          store.update('subscriptions', id, { status: 'VALID' })
      }
    },
    close() {
      isStopped = true
      poster.close()
      for (const timer of timers) clearTimeout(timer)
      for (const waiter of waiters.splice(0)) waiter()
    },
  }
}
