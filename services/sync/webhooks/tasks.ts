import {
  type Connection,
  deliveryKey,
  type EntityName,
  type Metrics,
  type OutRecord,
  type Positions,
  WEBHOOK_DELIVERIES,
  WEBHOOKS_INBOUND,
  type WebhookDelivery,
  type WebhookDeliveryHint,
  type WebhookDeliveryRecord,
} from '../../../core/index.ts'
import type { Draft } from '../state-store.ts'

/** A delivery in work. It holds the position of `webhooks.inbound` until the last thing it told is dealt with. */
export interface Task {
  readonly connectionId: string
  readonly deliveryId: string
  readonly receiptId: string
  readonly receivedAt: number
  readonly offset: number
  /** What it told that is not dealt with yet. */
  open: number
  readonly hints: WebhookDeliveryHint[]
  outcome: WebhookDeliveryRecord['outcome']
  note: string | null
}

export const newTask = (delivery: Omit<WebhookDelivery, 'body' | 'headers'>, offset: number, open: number): Task => ({
  connectionId: delivery.connectionId,
  deliveryId: delivery.deliveryId,
  receiptId: delivery.receiptId,
  receivedAt: delivery.receivedAt,
  offset,
  open,
  hints: [],
  outcome: 'processed',
  note: null,
})

/** A record that deliveries named and that cannot be had. */
export interface GivenUp {
  readonly connection: Connection
  readonly entity: EntityName
  readonly key: string
  readonly kind: 'undecodable' | 'rejected' | 'bug'
  readonly error: unknown
}

export interface Tasks {
  /** An offset of `webhooks.inbound` is in work from now on. */
  open(offset: number): void
  /** What each of the tasks told is dealt with, in part; returns the records of those that are finished by it. */
  settle(tasks: readonly Task[], hint: WebhookDeliveryHint | null): Settled
  /** An offset about which there is nothing to say. */
  drop(offset: number): Settled
  /** Deliveries in work. */
  unfinished(): number
}

export interface Settled {
  readonly records: readonly OutRecord[]
  /** Call it within the transaction that writes the records: it moves the position. */
  readonly update: (draft: Draft) => void
  /** Call it once that is committed. */
  readonly done: () => void
  /** At least one is finished: its record remembers what was published. */
  readonly recorded: boolean
}

export function createTasks(parts: {
  readonly partition: number
  readonly positions: Positions
  readonly now: () => number
  readonly metrics: Metrics
}): Tasks {
  const { positions, now, metrics } = parts

  function recordOf(task: Task): OutRecord {
    const { connectionId, deliveryId, receiptId, receivedAt, offset, outcome, hints } = task
    const value: WebhookDeliveryRecord = {
      connectionId,
      deliveryId,
      receiptId,
      receivedAt,
      offset,
      outcome,
      hints,
      error: task.note,
      processedAt: now(),
    }
    const key =
      outcome === 'duplicate' ? deliveryKey(connectionId, deliveryId, receiptId) : deliveryKey(connectionId, deliveryId)
    return { topic: WEBHOOK_DELIVERIES, partition: parts.partition, key, value: Buffer.from(JSON.stringify(value)) }
  }

  const mark = (offsets: readonly number[]) => (draft: Draft) => {
    for (const offset of offsets) positions.done(WEBHOOKS_INBOUND, offset)
    const next = positions.marks()[WEBHOOKS_INBOUND]
    if (next !== undefined) draft.setPosition(WEBHOOKS_INBOUND, next)
  }

  return {
    open: (offset) => positions.open(WEBHOOKS_INBOUND, offset),
    settle(tasks, hint) {
      const finished = tasks.filter((task) => {
        if (hint !== null) task.hints.push(hint)
        task.open--
        return task.open <= 0
      })
      return {
        records: finished.map(recordOf),
        update: mark(finished.map(({ offset }) => offset)),
        recorded: finished.length > 0,
        done() {
          const at = now()
          for (const { outcome, receivedAt } of finished)
            if (outcome === 'processed') metrics.webhookLag.observe(Math.max(0, at - receivedAt) / 1000)
        },
      }
    },
    drop: (offset) => ({ records: [], update: mark([offset]), recorded: false, done: () => {} }),
    unfinished: () => positions.unfinished(),
  }
}
