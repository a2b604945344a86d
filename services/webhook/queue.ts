import { type Clock, describeError, type OutRecord, type RecordProducer, WEBHOOKS_INBOUND } from '../../core/index.ts'
import type { Figures } from './figures.ts'

/** `full`: not taken. `late`: not known to be stored in time, though it may be later. `failed`: Kafka refused it. */
export type Stored = 'stored' | 'full' | 'late' | 'failed'

/** Deliveries on their way into `webhooks.inbound`: many share one produce request, acknowledged by all replicas. */
export interface Queue {
  /** Never rejects. */
  append(connectionId: string, value: Buffer, receivedAt: number): Promise<Stored>
  waiting(): { readonly records: number; readonly bytes: number }
  /** Takes no more; resolves when what is under way has been settled. */
  drain(): Promise<void>
}

export interface QueueOptions {
  readonly send: RecordProducer['send']
  readonly clock: Clock
  readonly figures: Pick<
    Figures,
    'queueBytes' | 'queueRecords' | 'batchBytes' | 'batchRecords' | 'lingerMs' | 'storeWithinMs'
  >
  /** Told when Kafka did not take a batch, and when deliveries were given up because it took too long. */
  readonly onTrouble: (what: string) => void
}

/** So many deliveries wait for no more. */
const WORTH_A_SEND = 64

interface Entry {
  readonly connectionId: string
  readonly record: OutRecord
  readonly bytes: number
  readonly due: number
  settled: boolean
  readonly settle: (how: Stored) => void
}

interface Share {
  records: number
  bytes: number
}

export function createQueue({ send, clock, figures, onTrouble }: QueueOptions): Queue {
  const total: Share = { records: 0, bytes: 0 }
  const shares = new Map<string, Share>()
  let queued: Entry[] = []
  let flying: readonly Entry[] = []
  let pumping: Promise<void> | null = null
  let cancelLateCheck: (() => void) | null = null
  let closed = false

  const count = (entry: Entry, sign: 1 | -1): void => {
    const share = shares.get(entry.connectionId) ?? { records: 0, bytes: 0 }
    for (const each of [total, share]) {
      each.records += sign
      each.bytes += sign * entry.bytes
    }
    if (share.records === 0) shares.delete(entry.connectionId)
    else shares.set(entry.connectionId, share)
  }

  const fits = (connectionId: string, bytes: number): boolean => {
    const share = shares.get(connectionId)
    const within = (of: Share, part: number): boolean =>
      of.records < figures.queueRecords * part && of.bytes + bytes <= figures.queueBytes * part
    return within(total, 1) && (share === undefined || within(share, 0.5))
  }

  const settle = (entry: Entry, how: Stored): void => {
    if (entry.settled) return
    entry.settled = true
    entry.settle(how)
  }

  /** Entries fall due in the order in which they came. */
  const checkLate = (): void => {
    cancelLateCheck = null
    const now = clock.now()
    let late = 0
    for (const entry of flying) {
      if (entry.settled || entry.due > now) continue
      settle(entry, 'late')
      late++
    }
    let given = 0
    while (given < queued.length && (queued[given] as Entry).due <= now) {
      const entry = queued[given++] as Entry
      count(entry, -1)
      settle(entry, 'late')
    }
    if (given > 0) queued = queued.slice(given)
    if (late + given > 0) onTrouble(`Kafka has not taken ${late + given} deliveries within ${figures.storeWithinMs} ms`)
    armLateCheck()
  }

  const armLateCheck = (): void => {
    const first = flying.find((entry) => !entry.settled) ?? queued[0]
    if (cancelLateCheck === null && first !== undefined)
      cancelLateCheck = clock.after(Math.max(1, first.due - clock.now()), checkLate)
  }

  const nextBatch = (): Entry[] => {
    let bytes = 0
    let to = 0
    while (to < queued.length && to < figures.batchRecords) {
      bytes += (queued[to] as Entry).bytes
      if (to > 0 && bytes > figures.batchBytes) break
      to++
    }
    const batch = queued.slice(0, to)
    queued = queued.slice(to)
    return batch
  }

  const pump = async (): Promise<void> => {
    while (queued.length > 0) {
      // They gather while a send is under way, and a little longer: each send costs both sides more than a delivery does.
      if (figures.lingerMs > 0 && queued.length < WORTH_A_SEND) await clock.sleep(figures.lingerMs)
      const batch = nextBatch()
      flying = batch
      armLateCheck()
      let how: Stored = 'stored'
      try {
        await send(batch.map((entry) => entry.record))
      } catch (error) {
        how = 'failed'
        onTrouble(`Kafka has not taken a batch of ${batch.length} deliveries: ${describeError(error)}`)
      }
      flying = []
      for (const entry of batch) {
        count(entry, -1)
        settle(entry, how)
      }
    }
    pumping = null
    cancelLateCheck?.()
    cancelLateCheck = null
  }

  return {
    append(connectionId, value, receivedAt) {
      if (closed || !fits(connectionId, value.length)) return Promise.resolve('full')
      return new Promise((resolve) => {
        const entry: Entry = {
          connectionId,
          record: { topic: WEBHOOKS_INBOUND, key: connectionId, value, timestamp: receivedAt },
          bytes: value.length,
          due: clock.now() + figures.storeWithinMs,
          settled: false,
          settle: resolve,
        }
        count(entry, 1)
        queued.push(entry)
        pumping ??= pump()
      })
    },
    waiting: () => ({ ...total }),
    async drain() {
      closed = true
      await pumping
    },
  }
}
