import {
  type AnyConnector,
  type Clock,
  type Connection,
  describeError,
  type EntityName,
  type Logger,
  type Metrics,
  openWebhookSecrets,
  type SecretBox,
  type Sessions,
  sealWebhookSecret,
  type SyncFailure,
  type WebhookState,
  type WebhookSubscription,
} from '../../../core/index.ts'
import { isNews, judge } from '../failures.ts'
import { inLane } from '../lane.ts'
import { orAborted } from '../pump.ts'
import type { Turns } from '../turns.ts'
import { newWebhookState, type WebhookStates } from './states.ts'

/** Sees to it that what a connection wants to be told is set up in its system, and is taken down when it is not wanted. */
export interface Subscriptions {
  /** After the connection's record has come or has changed. */
  changed(connection: Connection): void
  /** The connection is gone; `connection`: its last record, null = not known. */
  removed(connectionId: string, connection: Connection | null): Promise<void>
  stop(): void
}

export interface SubscriptionParts {
  readonly states: WebhookStates
  readonly sessions: Sessions
  readonly turns: Turns
  readonly connectorOf: (system: string) => AnyConnector | undefined
  readonly connectionOf: (id: string) => Connection | undefined
  readonly isRead: (connectionId: string, entity: EntityName) => boolean
  /** Public address of the receiver; null = not configured. */
  readonly webhookUrl: string | null
  /** @throws SecretError when no key is configured */
  readonly box: () => SecretBox
  readonly clock: Clock
  readonly random: () => number
  readonly log: Logger
  readonly metrics: Metrics
}

/** Deliveries under way were signed with the secret before. */
const RETIRED_FOR_MS = 86_400_000
/** A subscription that waits for somebody's approval is looked at more often. */
const PENDING_AUDIT_MS = 5 * 60_000
const REMOVE_WITHIN_MS = 30_000

interface Job {
  readonly abort: AbortController
  cancel: () => void
  failure: SyncFailure | null
  /** Status and detail of each, as last said on the log. */
  said: string
}

export function createSubscriptions(parts: SubscriptionParts): Subscriptions {
  const { states, sessions, turns, clock, log, metrics } = parts
  const jobs = new Map<string, Job>()

  const of = (connection: Connection) => parts.connectorOf(connection.system)?.webhook?.subscriptions

  function end(id: string): void {
    const job = jobs.get(id)
    job?.abort.abort(new Error('the connection has changed'))
    job?.cancel()
    jobs.delete(id)
  }

  /** With their secrets in plain text. */
  function known(state: WebhookState): WebhookSubscription[] {
    return state.subscriptions.map((each) => {
      const own = { subscriptions: [each], retired: [] }
      const [secret = null] = openWebhookSecrets({ id: state.connectionId, webhook: null }, own, parts.box, clock.now())
      return { ...each, secret }
    })
  }

  async function inTurn<T>(connection: Connection, signal: AbortSignal, work: (session: unknown) => Promise<T>) {
    const session = await orAborted(sessions.open(connection), signal)
    const release = await turns.take(connection.id, connection.limits.concurrency, 'live', signal)
    try {
      return await orAborted(
        Promise.resolve().then(() => inLane('live', () => work(session.value))),
        signal,
      )
    } finally {
      release()
    }
  }

  async function audit(id: string, job: Job): Promise<void> {
    const connection = parts.connectionOf(id)
    const subscriptions = connection === undefined ? undefined : of(connection)
    if (connection === undefined || subscriptions === undefined || parts.webhookUrl === null) return
    const entities = (Object.keys(parts.connectorOf(connection.system)?.streams ?? {}) as EntityName[]).filter(
      (entity) => parts.isRead(id, entity),
    )
    const { signal } = job.abort
    let wait = subscriptions.auditEveryMs
    try {
      const before = states.get(id) ?? newWebhookState(id)
      const wanted = { url: `${parts.webhookUrl}/webhooks/${id}`, entities }
      const stand = await inTurn(connection, signal, (session) =>
        subscriptions.ensure(session, wanted, known(before), signal),
      )
      await keep(id, stand)
      if (job.failure !== null) log.info({ connection: id, scope: 'connection' }, 'webhooks are set up again')
      job.failure = null
      say(id, job, stand)
      if (stand.some(({ status }) => status !== 'active')) wait = Math.min(wait, PENDING_AUDIT_MS)
    } catch (error) {
      if (signal.aborted) return
      const { failure } = judge(error, job.failure, clock.now(), parts.random)
      metrics.webhookFailures.inc({ connection: id, kind: failure.kind })
      if (isNews(job.failure, failure))
        log.warn(
          { connection: id, scope: 'connection', kind: failure.kind },
          `webhooks could not be set up in the system: ${failure.message}; polling goes on`,
        )
      job.failure = failure
      wait = Math.min(wait, Math.max(1_000, (failure.retryAt ?? Number.POSITIVE_INFINITY) - clock.now()))
    }
    job.cancel = clock.after(wait, () => void audit(id, job))
  }

  /** What stands now, sealed; a secret that is in use no more stays good for a day. */
  async function keep(id: string, stand: readonly WebhookSubscription[]): Promise<void> {
    const now = clock.now()
    const before = states.get(id) ?? newWebhookState(id)
    const plainBefore = known(before)
    const sealedBefore = new Map(
      plainBefore.map(({ secret }, nth) => [secret, before.subscriptions[nth]?.secret ?? null]),
    )
    const subscriptions = stand.map((each) => ({
      ...each,
      // sealed anew only when it is another one: equal states have equal text
      secret:
        each.secret === null
          ? null
          : (sealedBefore.get(each.secret) ?? sealWebhookSecret(id, each.secret, parts.box())),
    }))
    const inUse = new Set(stand.map(({ secret }) => secret))
    const replaced = [...sealedBefore].flatMap(([plain, secret]) =>
      plain === null || inUse.has(plain) || secret === null ? [] : [{ secret, until: now + RETIRED_FOR_MS }],
    )
    const retired = [...before.retired.filter(({ until }) => until > now), ...replaced]
    if (JSON.stringify([subscriptions, retired]) === JSON.stringify([before.subscriptions, before.retired])) return
    await states.set({ ...(states.get(id) ?? before), subscriptions, retired })
  }

  /** Once for each change: what is pending waits for somebody. */
  function say(id: string, job: Job, stand: readonly WebhookSubscription[]): void {
    const waiting = stand.filter(({ status }) => status !== 'active')
    const said = JSON.stringify(waiting.map(({ event, status, detail }) => [event, status, detail]))
    if (said === job.said) return
    job.said = said
    for (const { event, status, detail } of waiting)
      log.warn(
        { connection: id, scope: 'connection', event, status },
        `webhook ${event} is ${status} in the system and sends nothing${detail === null ? '' : `: ${detail}`}; polling goes on`,
      )
  }

  async function takeDown(connection: Connection): Promise<void> {
    const state = states.get(connection.id)
    const subscriptions = of(connection)
    if (state === undefined || state.subscriptions.length === 0 || subscriptions === undefined) return
    const abort = new AbortController()
    const cancel = clock.after(REMOVE_WITHIN_MS, () => abort.abort(new Error('the system does not answer')))
    try {
      await inTurn(connection, abort.signal, (session) => subscriptions.remove(session, known(state), abort.signal))
    } catch (error) {
      const ids = state.subscriptions.map(({ id, event }) => `${event} ${id}`).join(', ')
      log.warn(
        { connection: connection.id, scope: 'connection' },
        `webhooks could not be removed from the system; remove them there by hand: ${ids} (${describeError(error)})`,
      )
    } finally {
      cancel()
    }
  }

  return {
    changed(connection) {
      const { id, webhook, status } = connection
      end(id)
      if (of(connection) === undefined) return
      if (webhook === null) {
        if ((states.get(id)?.subscriptions.length ?? 0) === 0) return
        void takeDown(connection).then(() => {
          const state = states.get(id)
          if (state !== undefined && parts.connectionOf(id)?.webhook === null)
            return states.set({ ...state, subscriptions: [], retired: [] })
        })
        return
      }
      if (status !== 'active') return
      if (parts.webhookUrl === null)
        return log.warn(
          { connection: id, scope: 'installation' },
          'webhooks cannot be set up: set TRIBUTARY_WEBHOOK_URL to the public address of the receiver; polling goes on',
        )
      const job: Job = { abort: new AbortController(), cancel: () => {}, failure: null, said: '[]' }
      jobs.set(id, job)
      void audit(id, job)
    },
    async removed(id, connection) {
      end(id)
      const state = states.get(id)
      if (state === undefined) return
      if (connection !== null) {
        await takeDown(connection)
        await sessions.close(id)
      } else if (state.subscriptions.length > 0)
        log.warn(
          { connection: id, scope: 'connection' },
          `the connection is gone, and its settings with it: remove its webhooks in the system by hand (${state.subscriptions.map(({ id: subscription }) => subscription).join(', ')})`,
        )
      await states.remove(id)
    },
    stop() {
      for (const id of jobs.keys()) end(id)
    },
  }
}
