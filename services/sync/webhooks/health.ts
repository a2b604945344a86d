import type { Clock, Connection, EntityName, Logger, Metrics, WebhookState } from '../../../core/index.ts'
import { createCoverage, type Coverage } from './coverage.ts'
import { newWebhookState, type WebhookStates } from './states.ts'

/**
 * WHETHER DELIVERIES CAN BE RELIED ON. Polls are the proof: what a poll finds and no delivery told, within a time of
 * grace, was missed. The rule (docs/sync.md, "Webhooks"): of the changes of a stream in its last five polls that saw
 * any, three or more, and a fifth or more, were missed → `silent`, and all streams are polled as often as without
 * webhooks. Three told and less than a tenth missed → `healthy` again, and the streams that deliveries name are polled
 * at `webhook.pollEveryMs`.
 */
export interface Health {
  /** A delivery came. `entities`: what it named. */
  delivered(connection: Connection, entities: ReadonlySet<EntityName>, at: number): void
  /** A delivery named this record; null = something of the stream. */
  told(connectionId: string, entity: EntityName, key: string | null): void
  /** The record was left to a poll, which then finds what was told. */
  left(connectionId: string, entity: EntityName, key: string): void
  /** The record was read because of it. `isNew`: nobody had published this state. */
  published(connectionId: string, entity: EntityName, key: string, version: number, isNew: boolean): void
  changed(connection: Connection): void
  forget(connectionId: string): void
  stop(): void
}

/** What polls ask and tell; for connections without a webhook it is null, and costs nothing. */
export interface PollWatch {
  /** `own`: what the stream's settings say. */
  pollEveryMs(connection: Connection, entity: EntityName, own: number): number
  of(connection: Connection, entity: EntityName): StreamWatch | null
}

export interface StreamWatch {
  began(): void
  /** It published this state of the record. */
  found(key: string, version: number): void
  ended(): void
}

export interface HealthParts {
  readonly states: WebhookStates
  /** Streams of which the connector says that every change is told; undefined = it does not say. */
  readonly coversOf: (connection: Connection) => readonly EntityName[] | undefined
  readonly connectionOf: (id: string) => Connection | undefined
  readonly isWaiting: (connectionId: string, entity: EntityName, key: string) => boolean
  /** Deliveries lie in Kafka that were not taken yet. */
  readonly isBehind: () => boolean
  /** Plans the polls of the connection at their usual interval. */
  readonly hurry: (connectionId: string) => void
  /** How long after a poll a delivery may still come, ms. */
  readonly graceMs: number
  readonly clock: Clock
  readonly log: Logger
  readonly metrics: Metrics
}

const WRITE_EVERY_MS = 30_000
const SOON_AGAIN_MS = 60_000

export function createHealth(parts: HealthParts): Health & PollWatch {
  const { states, clock, log, metrics } = parts
  const coverages = new Map<string, Map<EntityName, Coverage>>()
  const timers = new Map<string, () => void>()
  const writtenAt = new Map<string, number>()

  const stateOf = (id: string): WebhookState => states.get(id) ?? newWebhookState(id)

  function coverageOf(id: string, entity: EntityName): Coverage {
    let streams = coverages.get(id)
    if (streams === undefined) coverages.set(id, (streams = new Map()))
    let coverage = streams.get(entity)
    if (coverage === undefined)
      streams.set(
        entity,
        (coverage = createCoverage({
          now: () => clock.now(),
          graceMs: parts.graceMs,
          isWaiting: (key) => parts.isWaiting(id, entity, key),
        })),
      )
    return coverage
  }

  const isCovered = (connection: Connection, entity: EntityName) =>
    (stateOf(connection.id).told ?? []).includes(entity) && (parts.coversOf(connection)?.includes(entity) ?? true)

  function set(state: WebhookState): void {
    writtenAt.set(state.connectionId, clock.now())
    metrics.webhookHealthy.set({ connection: state.connectionId }, state.health === 'healthy' ? 1 : 0)
    void states.set(state)
  }

  /** Decides about what polls found a while ago. */
  function judge(id: string): void {
    timers.delete(id)
    const connection = parts.connectionOf(id)
    if (connection === undefined || connection.webhook === null) return
    // a delivery that was not taken yet may tell of it
    if (parts.isBehind()) return arm(id)
    for (const [entity, coverage] of coverages.get(id) ?? []) {
      const missed = coverage.judge()
      if (missed > 0) metrics.webhookMissed.inc({ connection: id }, missed)
      review(connection, entity, coverage)
      if (coverage.hasOpen()) arm(id)
    }
  }

  function arm(id: string): void {
    if (!timers.has(id))
      timers.set(
        id,
        clock.after(parts.graceMs, () => judge(id)),
      )
  }

  function review({ id }: Connection, entity: EntityName, coverage: Coverage): void {
    const state = stateOf(id)
    const { told, missed } = coverage.sums()
    if (state.health === 'healthy' && missed >= 3 && missed * 5 >= told + missed) {
      const reason = `polls of ${entity} found ${missed} changes that no delivery told, and ${told} that one did`
      log.warn(
        { connection: id, stream: entity, scope: 'connection', missed, told },
        `webhooks are silent: ${reason}; polling is back at its usual interval. Is the webhook active in the system, and does it reach Tributary? See \`tributary webhooks list ${id}\``,
      )
      set({ ...state, health: 'silent', healthReason: `${reason} (since ${new Date(clock.now()).toISOString()})` })
      for (const each of coverages.get(id)?.values() ?? []) each.forgetPast()
      parts.hurry(id)
    } else if (state.health === 'silent' && told >= 3 && missed * 10 < told + missed) {
      // each stream that fell silent must prove itself, not another one
      if (!(state.healthReason ?? '').startsWith(`polls of ${entity} `)) return
      log.info({ connection: id, stream: entity }, 'webhooks tell what changes again; polls are rarer from now on')
      set({ ...state, health: 'healthy', healthReason: null })
    }
  }

  return {
    delivered(connection, entities, at) {
      // it came before the webhook was switched off
      if (connection.webhook === null) return
      const state = stateOf(connection.id)
      const told = [...new Set([...(state.told ?? []), ...entities])]
      const first = entities.size > 0 && (state.health === 'unproven' || state.health === 'off')
      if (first)
        log.info({ connection: connection.id }, 'the first delivery of a webhook has come; polls are rarer from now on')
      const news = first || told.length > (state.told?.length ?? 0)
      if (!news && clock.now() - (writtenAt.get(connection.id) ?? 0) < WRITE_EVERY_MS) return
      const health = first ? 'healthy' : state.health
      set({ ...state, health, told, lastDeliveryAt: Math.max(at, state.lastDeliveryAt ?? 0) })
    },
    told: (id, entity, key) => coverageOf(id, entity).told(key),
    left: (id, entity, key) => coverageOf(id, entity).published(key, Number.POSITIVE_INFINITY, false),
    published(id, entity, key, version, isNew) {
      const coverage = coverageOf(id, entity)
      coverage.published(key, version, isNew)
      const connection = parts.connectionOf(id)
      if (connection !== undefined && stateOf(id).health === 'silent') review(connection, entity, coverage)
    },
    changed(connection) {
      const state = states.get(connection.id)
      if (connection.webhook === null) {
        metrics.webhookHealthy.remove({ connection: connection.id })
        if (state !== undefined && state.health !== 'off')
          void states.set({ ...state, health: 'off', healthReason: null, told: [] })
        coverages.delete(connection.id)
      } else if (state === undefined || state.health === 'off') set({ ...stateOf(connection.id), health: 'unproven' })
      else metrics.webhookHealthy.set({ connection: connection.id }, state.health === 'healthy' ? 1 : 0)
    },
    forget(id) {
      timers.get(id)?.()
      timers.delete(id)
      coverages.delete(id)
      writtenAt.delete(id)
      metrics.webhookHealthy.remove({ connection: id })
    },
    stop() {
      // whoever owns the partition now tells
      for (const connection of states.ids()) metrics.webhookHealthy.remove({ connection })
      for (const cancel of timers.values()) cancel()
      timers.clear()
    },
    pollEveryMs(connection, entity, own) {
      if (connection.webhook === null || stateOf(connection.id).health !== 'healthy') return own
      if (!isCovered(connection, entity)) return own
      // what a delivery without a key told may have come too late for the poll that it brought forward
      const soon = clock.now() - (coverages.get(connection.id)?.get(entity)?.keylessAt() ?? 0) < SOON_AGAIN_MS
      return soon ? own : Math.max(own, connection.webhook.pollEveryMs)
    },
    of(connection, entity) {
      if (connection.webhook === null || !isCovered(connection, entity)) return null
      const coverage = coverageOf(connection.id, entity)
      return {
        began: () => coverage.pollBegan(),
        found: (key, version) => coverage.found(key, version),
        ended() {
          coverage.pollEnded()
          if (coverage.hasOpen()) arm(connection.id)
          else review(connection, entity, coverage)
        },
      }
    },
  }
}
