import { setImmediate } from 'node:timers/promises'
import {
  type AnyConnector,
  type Clock,
  type Connection,
  deliveryKey,
  describeError,
  type EntityName,
  type InRecord,
  type Logger,
  type Metrics,
  type OutRecord,
  ownHints,
  provesBody,
  schemeOf,
  type WebhookDelivery,
  type WebhookHint,
} from '../../../core/index.ts'
import { type ChangeEncoder, sizeOf } from '../changes.ts'
import type { GroupCommit } from '../group-commit.ts'
import type { Scheduler } from '../scheduler.ts'
import type { Draft } from '../state-store.ts'
import type { Health } from './health.ts'
import type { KnownDeliveries } from './known.ts'
import type { createPublisher } from './publish.ts'
import type { Rereads } from './rereads.ts'
import { newTask, type Settled, type Task, type Tasks } from './tasks.ts'

export interface IntakeParts {
  readonly scheduler: Scheduler
  readonly committer: GroupCommit
  readonly known: KnownDeliveries
  /** Offsets of deliveries that failed and are read once more after a restart, by `deliveryKey`. */
  readonly failedAt: ReadonlyMap<string, number>
  /** It is not known, so that it can be redriven. */
  readonly failed: (task: Task) => void
  readonly tasks: Tasks
  readonly rereads: Pick<Rereads, 'add'>
  readonly publish: ReturnType<typeof createPublisher>
  readonly health: Health
  readonly connectorOf: (system: string) => AnyConnector | undefined
  /** @throws Error when the bytes are no delivery */
  readonly decodeDelivery: (value: Buffer) => WebhookDelivery
  readonly encoder: Pick<ChangeEncoder, 'letter' | 'undecodable'>
  readonly clock: Clock
  readonly log: Logger
  readonly metrics: Metrics
}

const SLICE = 100
const LEFT = 'more was told at once than is worth reading one by one: the next poll, due at once, delivers it'

/**
 * Takes a batch of `webhooks.inbound`: drops what came before, asks what each delivery says, and hands it on. Waits for
 * Kafka only, never for a system: what waits for one is bounded, and the rest is left to the stream's increment.
 */
export function createIntake(parts: IntakeParts): (records: readonly InRecord[]) => Promise<void> {
  const { scheduler, committer, known, tasks, rereads, health, clock, log, metrics } = parts

  function commit(settled: Settled, extra: readonly OutRecord[] = [], update: (draft: Draft) => void = () => {}) {
    const records = [...extra, ...settled.records]
    const written = committer.submit({
      records,
      bytes: sizeOf(records),
      update(draft) {
        settled.update(draft)
        update(draft)
      },
    })
    return written.then(settled.done)
  }

  const end = (task: Task, outcome: Task['outcome'], note: string | null, extra: readonly OutRecord[] = []) => {
    task.outcome = outcome
    task.note = note
    task.open = 1
    return commit(tasks.settle([task], null), extra)
  }

  function dead(record: InRecord, connectionId: string, task: Task | null, error: unknown): Promise<void> {
    const reason = describeError(error)
    const { topic, partition, offset } = record
    metrics.webhookFailures.inc({ connection: connectionId, kind: 'undecodable' })
    metrics.deadLetters.inc({ connection: connectionId, stream: '' })
    log.warn(
      { connection: connectionId, kind: 'undecodable', topic, partition, offset, reason },
      'webhook delivery sent to dead letters; see `tributary dead-letters list`',
    )
    const letter = parts.encoder.letter(record, { connectionId, kind: 'undecodable', reason, at: clock.now() })
    if (task === null) return commit(tasks.drop(offset), [letter])
    parts.failed(task)
    return end(task, 'failed', reason, [letter])
  }

  function takeOne(record: InRecord): Promise<void> {
    const { offset, value } = record
    tasks.open(offset)
    const connectionId = record.key?.toString() ?? ''
    let delivery: WebhookDelivery
    try {
      if (value === null) throw new Error('a delivery without a value')
      delivery = { ...parts.decodeDelivery(value), connectionId }
    } catch (error) {
      return dead(record, connectionId, null, error)
    }
    const key = deliveryKey(connectionId, delivery.deliveryId)
    const before = known.get(key) ?? parts.failedAt.get(key)
    const task = newTask(delivery, offset, 1)
    // after a restart what lies behind an unfinished delivery is read again
    if (before === offset) return commit(tasks.drop(offset))
    if (known.get(key) !== undefined) {
      metrics.webhookDeduplicated.inc({ connection: connectionId })
      return end(task, 'duplicate', null)
    }
    known.add(key, delivery.receivedAt, offset)
    const connection = scheduler.connection(connectionId)
    if (connection === undefined) return end(task, 'ignored', 'there is no such connection')
    let hints: readonly WebhookHint[]
    try {
      hints = distinct(hintsOf(connection, delivery))
    } catch (error) {
      return dead(record, connectionId, task, error)
    }
    const read = hints.filter(({ entity }) => scheduler.isRead(connectionId, entity))
    health.delivered(connection, new Set(read.map(({ entity }) => entity)), delivery.receivedAt)
    if (read.length === 0) {
      const names = [...new Set(hints.map(({ entity }) => entity))].join(', ')
      return end(task, 'ignored', names === '' ? 'it tells of no record' : `${names}: not read by this connection`)
    }
    task.open = read.length
    return follow(connection, task, read)
  }

  function hintsOf(connection: Connection, delivery: WebhookDelivery): readonly WebhookHint[] {
    const connector = parts.connectorOf(connection.system)
    const by = schemeOf(connection, connector)
    const hints =
      connector?.webhook === undefined || by?.isOwn !== false ? ownHints(delivery) : connector.webhook.hints(delivery)
    if (by !== null && provesBody(by.scheme)) return hints
    // anybody may have written what no signature covers: the system is asked
    return hints.map(({ entity, key }) => ({ entity, key }))
  }

  /** Resolves once what needs no system is committed. */
  async function follow(connection: Connection, task: Task, hints: readonly WebhookHint[]): Promise<void> {
    const written: Promise<void>[] = []
    for (const { entity, key, record } of hints) {
      health.told(connection.id, entity, key)
      if (key !== null && record !== undefined) {
        const now = clock.now()
        const from = { connection, entity, key, record, askedAt: task.receivedAt, until: now, runId: task.receiptId }
        const ready = parts.publish(from)
        if (ready.refusal !== null) written.push(refuse(task, connection, entity, key, ready))
        else {
          health.published(connection.id, entity, key, ready.version, ready.records.length > 0)
          written.push(commit(tasks.settle([task], ready.hint), ready.records))
        }
      } else if (key === null || !rereads.add(task, connection.id, entity, key)) {
        if (key !== null) {
          task.note = LEFT
          health.left(connection.id, entity, key)
        }
        const ask = (draft: Draft) => scheduler.askForPoll(draft, connection.id, entity)
        written.push(commit(tasks.settle([task], { entity, key }), [], ask).then(() => scheduler.plan(connection.id)))
      }
    }
    await Promise.all(written)
  }

  function refuse(
    task: Task,
    { id, system }: Connection,
    entity: EntityName,
    key: string,
    { refusal, raw }: { readonly refusal: string; readonly raw: string },
  ): Promise<void> {
    metrics.webhookFailures.inc({ connection: id, kind: 'undecodable' })
    metrics.deadLetters.inc({ connection: id, stream: entity })
    log.warn(
      { connection: id, stream: entity, kind: 'undecodable', key, reason: refusal },
      'record sent to dead letters',
    )
    task.outcome = 'failed'
    task.note = refusal
    parts.failed(task)
    const from = { connectionId: id, system, entity, runId: task.receiptId, origin: 'WEBHOOK' as const, topic: '' }
    const letter = parts.encoder.undecodable(from, { key, raw, reason: refusal }, clock.now())
    return commit(tasks.settle([task], { entity, key }), [letter])
  }

  return async (records) => {
    const written: Promise<void>[] = []
    for (const [nth, record] of records.entries()) {
      if (nth % SLICE === SLICE - 1) await setImmediate()
      const one = takeOne(record)
      // it is awaited below; a failed commit is told once
      one.catch(() => {})
      written.push(one)
    }
    await Promise.all(written)
  }
}

/** Each record once, as the last hint has it. */
function distinct(hints: readonly WebhookHint[]): WebhookHint[] {
  const byName = new Map<string, WebhookHint>()
  for (const hint of hints) byName.set(`${hint.entity}/${hint.key ?? ''}/${hint.key === null}`, hint)
  return [...byName.values()]
}
