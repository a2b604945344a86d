import {
  type AnyConnector,
  type Connection,
  createPositions,
  deliveryKey,
  describeError,
  type EntityName,
  type InRecord,
  type OutRecord,
  type Partition,
  type SecretBox,
  SYNC_REQUESTS,
  type SyncRequest,
  WEBHOOK_DELIVERIES,
  WEBHOOK_STATE,
  WEBHOOKS_INBOUND,
  type WebhookDelivery,
  type WebhookDeliveryRecord,
} from '../../../core/index.ts'
import type { Recent } from '../recent.ts'
import type { SchedulerOptions, Scheduler } from '../scheduler.ts'
import { createHealth, type Health, type PollWatch } from './health.ts'
import { createIntake } from './intake.ts'
import { createKnownDeliveries } from './known.ts'
import { createPublisher } from './publish.ts'
import { createRereads, type RereadLimits } from './rereads.ts'
import { createWebhookStates } from './states.ts'
import { createSubscriptions } from './subscriptions.ts'
import { createTasks, type GivenUp, type Task } from './tasks.ts'

/** What sync needs for deliveries, beside what it has. */
export interface WebhookParts {
  /** @throws Error when the bytes are no delivery */
  readonly decodeDelivery: (value: Buffer) => WebhookDelivery
  /** Public address of the receiver; null = not configured. */
  readonly webhookUrl: string | null
  /** @throws SecretError when no key is configured */
  readonly box: () => SecretBox
  readonly webhooks: RereadLimits & { readonly graceMs: number }
}

/** Everything about the webhooks of one partition's connections. */
export interface Webhooks {
  readonly scheduler: Scheduler
  /** Before anything is planned. */
  restore(): Promise<void>
  /** Once the scheduler is there and connections are known. */
  begin(): void
  take(records: readonly InRecord[]): Promise<void>
  /** Before its session may be closed. */
  connectionChanges(connectionId: string): void
  connectionChanged(connection: Connection): void
  connectionRemoved(connectionId: string, last: Connection | null): Promise<void>
  /** Puts a delivery behind the others once more. `next`: position behind the request. */
  redeliver(request: SyncRequest, next: number): Promise<void>
  /** Connections of which anything is stored. */
  ids(): string[]
  stop(): void
}

const KEPT_MS = 7 * 86_400_000
const MOST_REMINDERS = 20_000
const MOST_FAILED = 10_000

type Options = Omit<SchedulerOptions, 'reports' | 'watch' | 'remind'> & WebhookParts

/** @param schedule makes the scheduler, which asks webhooks how often to poll, and is asked by them */
export function openWebhooks(
  parts: Options,
  partition: Partition,
  schedule: (asks: Pick<SchedulerOptions, 'watch' | 'remind'>) => Scheduler,
): Webhooks {
  const { store, committer, clock, log, metrics, encoder } = parts
  const known = createKnownDeliveries()
  const failedAt = new Map<string, number>()
  const reminders = new Map<string, Map<string, Reminder>>()
  const positions = createPositions({})
  const tasks = createTasks({ partition: partition.index, positions, now: () => clock.now(), metrics })
  const states = createWebhookStates({ partition: partition.index, committer, now: () => clock.now() })
  const connectionOf = (id: string): Connection | undefined => scheduler.connection(id)
  const connectorOf = (system: string): AnyConnector | undefined => parts.connectorOf(system)
  const health: Health & PollWatch = createHealth({
    ...parts,
    states,
    connectionOf,
    coversOf: ({ system }) => connectorOf(system)?.webhook?.covers,
    isWaiting: (...record) => rereads.isWaiting(...record),
    isBehind: () => (partition.lag().get(WEBHOOKS_INBOUND) ?? 0) > 0,
    hurry: (id) => scheduler.hurry(id),
    graceMs: parts.webhooks.graceMs,
  })
  const scheduler = schedule({ watch: health, remind })
  const publish = createPublisher({ encoder, metrics, recentOf: (id, entity) => scheduler.recent(id, entity) })
  const rereads = createRereads({ ...parts, scheduler, tasks, publish, health, lettersOf, limits: parts.webhooks })
  const intake = createIntake({ ...parts, scheduler, known, failedAt, failed, tasks, rereads, publish, health })
  const subscriptions = createSubscriptions({
    ...parts,
    states,
    connectionOf,
    isRead: (id, entity) => scheduler.isRead(id, entity),
  })

  function failed(task: Task): void {
    const key = deliveryKey(task.connectionId, task.deliveryId)
    known.delete(key)
    failedAt.set(key, task.offset)
    if (failedAt.size > MOST_FAILED) for (const oldest of failedAt.keys()) return void failedAt.delete(oldest)
  }

  /** Deliveries that are given up go to dead letters byte for byte, so that they can be redriven. */
  async function lettersOf(given: readonly Task[], about: GivenUp): Promise<OutRecord[]> {
    const { connection, entity, key, kind, error } = about
    const reason = `${entity} ${key}: ${describeError(error)}`
    const at = clock.now()
    metrics.deadLetters.inc({ connection: connection.id, stream: entity }, Math.max(1, given.length))
    log.warn(
      { connection: connection.id, stream: entity, kind, key, reason },
      'what a webhook told was given up; see `tributary dead-letters list`',
    )
    if (given.length === 0) {
      const from = {
        connectionId: connection.id,
        system: connection.system,
        entity,
        runId: 'webhook',
        origin: 'WEBHOOK' as const,
        topic: '',
      }
      return [encoder.undecodable(from, { key, raw: '', reason }, at)]
    }
    const letters: OutRecord[] = []
    for (const task of given) {
      task.outcome = 'failed'
      task.note = reason
      failed(task)
      const record = await partition.fetchOne(WEBHOOKS_INBOUND, task.offset)
      if (record !== null) letters.push(encoder.letter(record, { connectionId: connection.id, kind, reason, at }))
    }
    return letters
  }

  function load({ key, value }: InRecord): void {
    if (key === null) return
    if (value === null) return known.delete(key.toString())
    const record = JSON.parse(value.toString()) as WebhookDeliveryRecord
    const name = deliveryKey(record.connectionId, record.deliveryId)
    if (record.outcome === 'duplicate' || record.receivedAt < clock.now() - KEPT_MS) return
    if (record.outcome === 'failed') {
      known.delete(name)
      failedAt.set(name, record.offset)
      return
    }
    known.add(name, record.receivedAt, record.offset)
    for (const { entity, key: recordKey, published } of record.hints)
      if (published !== undefined && recordKey !== null) note(record.connectionId, entity, recordKey, published)
  }

  function note(connectionId: string, entity: EntityName, key: string, published: Reminder): void {
    const { watermark } = store.stream(connectionId, entity)
    if (published.until !== null && watermark !== null && published.until < watermark - parts.tuning.overlapMs) return
    const name = `${connectionId}/${entity}`
    let own = reminders.get(name)
    if (own === undefined) reminders.set(name, (own = new Map()))
    own.delete(key)
    own.set(key, published)
    if (own.size > MOST_REMINDERS) for (const oldest of own.keys()) return void own.delete(oldest)
  }

  function remind(connectionId: string, entity: EntityName, recent: Recent): void {
    const name = `${connectionId}/${entity}`
    for (const [key, { fingerprint, until }] of reminders.get(name) ?? []) recent.remember(key, fingerprint, until)
    reminders.delete(name)
  }

  return {
    scheduler,
    async restore() {
      await partition.restore(WEBHOOK_STATE, (record) => states.load(record))
      await partition.restore(WEBHOOK_DELIVERIES, load)
    },
    begin() {
      states.reseal(parts.box, log)
      rereads.restore()
    },
    async take(records) {
      known.forgetBefore(clock.now() - KEPT_MS)
      await intake(records)
    },
    connectionChanges: (connectionId) => rereads.interrupt(connectionId),
    connectionChanged(connection) {
      if (connection.webhook === null && states.get(connection.id) === undefined) {
        // hints that came before it was switched off may still wait
        rereads.changed(connection.id)
        return
      }
      health.changed(connection)
      rereads.changed(connection.id)
      subscriptions.changed(connection)
    },
    async connectionRemoved(connectionId, last) {
      rereads.changed(connectionId)
      health.forget(connectionId)
      await subscriptions.removed(connectionId, last)
    },
    async redeliver({ connectionId, deliveryId = '' }, next) {
      const key = deliveryKey(connectionId, deliveryId)
      const offset = known.get(key) ?? failedAt.get(key)
      const about = { connection: connectionId, request: 'redeliver', delivery: deliveryId }
      const record = offset === undefined ? null : await partition.fetchOne(WEBHOOKS_INBOUND, offset)
      if (record === null || record.value === null)
        return log.warn(about, 'delivery that is to be processed again is not there (any more); ignored')
      const again: OutRecord = {
        topic: WEBHOOKS_INBOUND,
        partition: partition.index,
        key: connectionId,
        value: record.value,
      }
      const forgotten: OutRecord = { topic: WEBHOOK_DELIVERIES, partition: partition.index, key, value: null }
      // from here on it is not known, so that its copy is processed like a first one
      known.delete(key)
      failedAt.delete(key)
      await committer.submit({
        records: [again, forgotten],
        bytes: record.value.length,
        update: (draft) => draft.setPosition(SYNC_REQUESTS, next),
      })
    },
    ids: () => states.ids(),
    stop() {
      rereads.stop()
      health.stop()
      subscriptions.stop()
    },
  }
}

interface Reminder {
  readonly fingerprint: number
  readonly until: number | null
}
