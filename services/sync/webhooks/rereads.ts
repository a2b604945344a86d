import type { Clock, Connection, EntityName, Logger, Metrics, OutRecord, Sessions } from '../../../core/index.ts'
import { sizeOf } from '../changes.ts'
import { judge } from '../failures.ts'
import type { GroupCommit } from '../group-commit.ts'
import { remembered as rememberedOf } from '../incremental.ts'
import type { Scheduler } from '../scheduler.ts'
import type { StateStore } from '../state-store.ts'
import type { Turns } from '../turns.ts'
import type { Health } from './health.ts'
import { createParking } from './parking.ts'
import type { createPublisher } from './publish.ts'
import { type Answer, ConnectingError, createAsk } from './read-one.ts'
import type { GivenUp, Task, Tasks } from './tasks.ts'
import { type Account, createWaitingRoom, type Waiting, type WaitingRoom } from './waiting.ts'

/** Reads each record that deliveries name again, once however many name it while it waits. */
export interface Rereads {
  /** False = too much waits already: the stream's increment is cheaper than so many single reads. */
  add(task: Task, connectionId: string, entity: EntityName, key: string): boolean
  /** Before the connection's session is closed: nothing is read until `changed`. */
  interrupt(connectionId: string): void
  /** After the connection's record has changed, or it is gone. */
  changed(connectionId: string): void
  /** What an owner before us could not read. */
  restore(): void
  isWaiting(connectionId: string, entity: EntityName, key: string): boolean
  stop(): void
}

export interface RereadLimits {
  /** A burst within this is one read, ms. */
  readonly windowMs: number
  /** Records of one connection that wait; what is more is left to polls. */
  readonly mostWaiting: number
  /** Deliveries of one connection that wait. */
  readonly mostTasks: number
}

export interface RereadParts {
  readonly scheduler: Scheduler
  readonly store: StateStore
  readonly committer: GroupCommit
  readonly sessions: Sessions
  readonly turns: Turns
  readonly tasks: Tasks
  readonly publish: ReturnType<typeof createPublisher>
  readonly health: Pick<Health, 'published'>
  /** Dead letters of deliveries that are given up; of the record, when no delivery is at hand. */
  readonly lettersOf: (tasks: readonly Task[], about: GivenUp) => Promise<OutRecord[]>
  readonly limits: RereadLimits
  readonly clock: Clock
  readonly random: () => number
  readonly newRunId: () => string
  readonly log: Logger
  readonly metrics: Metrics
}

const LONGEST_WAIT_MS = 60_000
/** After so many failures in a row deliveries are no longer held: what they named is on the list of the stream. */
const PATIENCE = 5

export function createRereads(parts: RereadParts): Rereads {
  const { scheduler, store, committer, tasks, limits, clock, log, metrics } = parts
  const accounts = new Map<string, Account>()
  const parking = createParking(parts)
  const ask = createAsk(parts)
  let stopped = false

  function accountOf(id: string): Account {
    let account = accounts.get(id)
    if (account === undefined) {
      const own: Account = {
        id,
        room: createWaitingRoom(clock, () => pump(own)),
        reading: 0,
        abort: new AbortController(),
        interrupted: false,
        blockedUntil: 0,
        failures: 0,
        wake: () => {},
      }
      account = own
      accounts.set(id, own)
    }
    return account
  }

  const held = (room: WaitingRoom) => room.all().reduce((sum, entry) => sum + entry.tasks.length, 0)

  /** Why nothing can be read now; null = it can. */
  function hindrance(account: Account): string | null {
    if (scheduler.connection(account.id)?.status !== 'active') return 'the connection is paused'
    const retryAt = store.connection(account.id)?.failure.retryAt
    if (retryAt !== undefined && (retryAt === null || retryAt > clock.now())) return 'the connection is in trouble'
    return account.failures >= PATIENCE ? 'the system does not answer' : null
  }

  function pump(account: Account): void {
    if (stopped || account.interrupted || committer.isOver()) return
    const connection = scheduler.connection(account.id)
    if (connection === undefined) return
    const why = hindrance(account)
    if (why !== null) parking.park(account, why)
    if (connection.status !== 'active') return
    const now = clock.now()
    if (why === 'the connection is in trouble') account.blockedUntil = Math.max(account.blockedUntil, now + 30_000)
    if (account.blockedUntil > now) {
      account.wake()
      account.wake = clock.after(account.blockedUntil - now, () => pump(account))
      return
    }
    // one place is left to polls
    const places = Math.max(1, connection.limits.concurrency - 1)
    while (account.reading < places) {
      const entry = account.room.take()
      if (entry === undefined) return
      void read(account, connection, entry)
    }
  }

  async function read(account: Account, connection: Connection, entry: Waiting): Promise<void> {
    const { signal } = account.abort
    account.reading++
    const own = entry.tasks
    entry.tasks = []
    entry.again = false
    try {
      const answer = await ask({ connection, entity: entry.entity, key: entry.key, signal })
      account.failures = 0
      entry.failure = null
      await publish(account, connection, entry, own, answer)
    } catch (error) {
      entry.tasks = [...own, ...entry.tasks]
      if (stopped || committer.isOver()) return
      if (accounts.get(account.id) !== account) return parking.drop(entry)
      if (signal.aborted) account.room.putOff(entry, limits.windowMs)
      else await fail(account, connection, entry, error)
    } finally {
      account.reading--
      pump(account)
    }
  }

  async function publish(
    account: Account,
    connection: Connection,
    entry: Waiting,
    own: readonly Task[],
    answer: Answer | null,
  ) {
    const { entity, key } = entry
    if (answer === null) return finish(account, entry, [], tasks.settle(own, { entity, key }))
    const runId = own.at(-1)?.receiptId ?? parts.newRunId()
    const ready = parts.publish({ connection, entity, key, ...answer, runId })
    if (ready.refusal !== null) return giveUp(account, connection, entry, own, 'undecodable', new Error(ready.refusal))
    parts.health.published(connection.id, entity, key, ready.version, ready.records.length > 0)
    finish(account, entry, ready.records, tasks.settle(own, ready.hint), ready.hint)
  }

  /** The transaction is not waited for: the next read may begin, and its own comes behind this one. */
  function finish(
    account: Account,
    entry: Waiting,
    changes: readonly OutRecord[],
    settled: ReturnType<Tasks['settle']>,
    hint?: { readonly key: string | null; readonly published?: { readonly fingerprint: number } },
  ): void {
    const { entity, key } = entry
    const wasParked = entry.parked
    const fingerprint = hint?.published?.fingerprint
    const records = [...changes, ...settled.records]
    const written = committer.submit({
      records,
      bytes: sizeOf(records),
      update(draft) {
        settled.update(draft)
        if (!wasParked && (settled.recorded || changes.length === 0)) return
        const state = draft.stream(account.id, entity)
        const remembered =
          fingerprint === undefined
            ? state.recent
            : rememberedOf(state.recent, [{ key: hint?.key ?? key, fingerprint }])
        draft.setStream({ ...state, recent: remembered, rereads: state.rereads.filter((each) => each !== key) })
      },
    })
    written.then(settled.done, () => {})
    entry.parked = false
    if (entry.again || entry.tasks.length > 0) account.room.putOff(entry, limits.windowMs)
    else account.room.remove(entry)
  }

  async function giveUp(
    account: Account,
    connection: Connection,
    entry: Waiting,
    own: readonly Task[],
    kind: GivenUp['kind'],
    error: unknown,
  ): Promise<void> {
    const { entity, key } = entry
    const letters = await parts.lettersOf(own, { connection, entity, key, kind, error })
    finish(account, entry, letters, tasks.settle(own, { entity, key }))
  }

  async function fail(account: Account, connection: Connection, entry: Waiting, thrown: unknown): Promise<void> {
    const connecting = thrown instanceof ConnectingError
    const error = connecting ? thrown.cause : thrown
    const { failure, reach } = judge(error, entry.failure, clock.now(), parts.random)
    const { kind } = failure
    const about = { connection: connection.id, stream: entry.entity, key: entry.key, kind }
    metrics.webhookFailures.inc({ connection: connection.id, kind })
    const lasting = kind !== 'retryable' && kind !== 'rate-limited' && kind !== 'auth' && kind !== 'outcome-unknown'
    if (lasting && !connecting) {
      const own = entry.tasks
      entry.tasks = []
      return giveUp(account, connection, entry, own, kind === 'rejected' ? 'rejected' : 'bug', error)
    }
    if (entry.failure?.kind !== kind)
      log.warn({ ...about, err: error }, `reading what a webhook told: ${failure.message}`)
    entry.failure = failure
    const now = clock.now()
    const wait = Math.min(LONGEST_WAIT_MS, Math.max(0, (failure.retryAt ?? Number.POSITIVE_INFINITY) - now))
    account.room.putOff(entry, kind === 'rate-limited' ? 0 : wait)
    if (connecting || kind === 'rate-limited' || kind === 'auth' || reach === 'connection') {
      account.blockedUntil = Math.max(account.blockedUntil, now + wait)
      if (kind !== 'rate-limited') account.failures++
    }
    // the poll meets the same refusal, and deals with it as with any other
    if (kind === 'auth' || reach === 'connection') parking.park(account, failure.message, [entry.entity])
    else if (failure.attempts >= PATIENCE) parking.park(account, failure.message, [], [entry])
    if (entry.parked && entry.tasks.length > 0) parking.settle(entry)
  }

  return {
    add(task, connectionId, entity, key) {
      const account = accountOf(connectionId)
      const { room } = account
      const before = room.get(entity, key)
      if (before === undefined && room.size >= limits.mostWaiting) return false
      if (room.size > 0 && held(room) >= limits.mostTasks) return false
      if (before !== undefined) {
        metrics.webhookCoalesced.inc({ connection: connectionId })
        before.tasks.push(task)
        if (before.phase === 'reading') before.again = true
        else if (before.parked) parking.settle(before)
        return true
      }
      room.add(entity, key, limits.windowMs)?.tasks.push(task)
      const why = hindrance(account)
      if (why !== null) parking.park(account, why)
      return true
    },
    interrupt(connectionId) {
      const account = accounts.get(connectionId)
      if (account === undefined) return
      account.interrupted = true
      account.abort.abort(new Error('the connection has changed'))
    },
    changed(connectionId) {
      const account = accounts.get(connectionId)
      if (account === undefined) return
      account.abort.abort(new Error('the connection has changed'))
      account.abort = new AbortController()
      account.interrupted = false
      account.blockedUntil = 0
      account.failures = 0
      if (scheduler.connection(connectionId) !== undefined) return pump(account)
      accounts.delete(connectionId)
      account.wake()
      parking.dropAll(account)
    },
    restore() {
      for (const { connectionId, entity, rereads } of store.streams())
        for (const key of rereads) {
          const entry = accountOf(connectionId).room.add(entity, key, limits.windowMs)
          if (entry !== null) entry.parked = true
        }
    },
    isWaiting: (connectionId, entity, key) => accounts.get(connectionId)?.room.get(entity, key) !== undefined,
    stop() {
      stopped = true
      for (const account of accounts.values()) {
        account.abort.abort(new Error('sync is stopping'))
        account.wake()
        account.room.close()
      }
    },
  }
}
