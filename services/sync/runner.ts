import type { Activity, EntityName, Logger, Metrics, Sessions, SyncFailure } from '../../core/index.ts'
import { isNews, judge, type Verdict } from './failures.ts'
import { CommitError, type GroupCommit } from './group-commit.ts'
import { runIncremental } from './incremental.ts'
import { orAborted } from './pump.ts'
import { createRun, historyOf, type Run, type RunParts } from './run.ts'
import { runSnapshot } from './snapshot.ts'
import type { Draft, StateStore } from './state-store.ts'
import { runSweep } from './sweep.ts'

const ACTIVITIES: { readonly [A in Activity]: (run: Run) => Promise<void> } = {
  snapshot: runSnapshot,
  incremental: runIncremental,
  sweep: runSweep,
}

type RunOf = Pick<RunParts, 'connection' | 'entity' | 'activity'>

export interface RunnerOptions {
  readonly sessions: Sessions
  readonly store: StateStore
  readonly committer: GroupCommit
  readonly clock: Run['clock']
  readonly log: Logger
  readonly metrics: Metrics
  readonly random: () => number
  /** The connection cannot go on: end its other runs and its session. */
  onConnectionStopped(connectionId: string): void
}

export type Outcome = 'done' | 'failed' | 'stopped'

/** Runs one activity of one stream to its end and deals with whatever it throws; never throws itself. */
export type Runner = (parts: Omit<RunParts, 'session' | 'onRecovery'>) => Promise<Outcome>

export function createRunner(options: RunnerOptions): Runner {
  const { sessions, store, committer, clock, log, metrics, random } = options
  /** Streams that share an attempt to connect share its error: it is one failure. */
  const told = new WeakSet<object>()

  function tell(connectionId: string, entity: EntityName, failure: SyncFailure, error: unknown): void {
    const about = { connection: connectionId, stream: entity, scope: 'connection', kind: failure.kind }
    const details = { ...about, ...(failure.requestId === null ? {} : { requestId: failure.requestId }) }
    if (failure.kind === 'bug') {
      const stack = error instanceof Error ? error.stack : undefined
      log.error({ ...details, err: error, stack }, 'bug in the connector or in sync; the stream is tried again later')
    } else log.warn(details, failure.message)
  }

  async function fail(parts: RunOf, error: unknown, connecting: boolean): Promise<void> {
    const { connection, entity, activity } = parts
    const state = store.stream(connection.id, entity)
    const now = clock.now()
    let before = state.failures[activity] ?? null
    let { failure, reach } = judge(error, before, now, random)
    metrics.recordsFailed.inc({ connection: connection.id, stream: entity, kind: failure.kind })
    if (connecting || reach === 'connection') {
      if (typeof error === 'object' && error !== null) {
        if (told.has(error)) return
        told.add(error)
      }
      before = store.connection(connection.id)?.failure ?? null
      failure = judge(error, before, now, random).failure
      reach = 'connection'
    }
    const news = isNews(before, failure)
    if (news) tell(connection.id, entity, failure, error)
    const recorded = record(parts, { failure, reach }, news)
    if (reach === 'connection') options.onConnectionStopped(connection.id)
    await recorded
  }

  async function record(parts: RunOf, { failure, reach }: Verdict, news: boolean): Promise<void> {
    const { connection, entity, activity } = parts
    const { id } = connection
    const state = store.stream(id, entity)
    const progress = activity === 'sweep' ? null : state[activity]
    const standing = {
      runId: progress?.runId ?? state.sweep?.runId ?? '',
      startedAt: progress?.startedAt ?? failure.since,
      records: progress?.records ?? 0,
      total: progress?.total ?? null,
    }
    const { message: cause, kind, requestId } = failure
    const history = historyOf({ ...parts, clock }, 'failed', standing, { cause, kind, requestId }).record
    const records = news ? [history] : []
    const update = (draft: Draft) => {
      if (reach === 'connection') {
        const status = failure.kind === 'auth' ? 'auth-failed' : 'failing'
        draft.setConnection(id, { connectionId: id, status, failure })
      } else {
        const current = draft.stream(id, entity)
        const failures = { ...current.failures, [activity]: failure }
        draft.setStream({ ...current, failures, sweep: activity === 'sweep' ? null : current.sweep })
      }
    }
    // at once, so that nothing is started anew before the transaction is through
    store.amend(update)
    await committer.submit({ records, bytes: 0, update })
  }

  return async (parts) => {
    const { connection, entity, activity } = parts
    const about = { connection: connection.id, stream: entity, activity }
    let connecting = true
    try {
      const session = await orAborted(sessions.open(connection), parts.signal)
      connecting = false
      const onRecovery = (failure: SyncFailure) =>
        log.info({ ...about, kind: failure.kind, attempts: failure.attempts }, 'works again')
      const run = createRun({ ...parts, session, onRecovery })
      await ACTIVITIES[activity](run)
      const inTrouble = store.connection(connection.id) !== null || run.state().failures[activity] !== undefined
      if (inTrouble) await run.commit([], (state) => state)
      return 'done'
    } catch (error) {
      if (parts.signal.aborted || error instanceof CommitError) return 'stopped'
      const problem = await fail(parts, error, connecting).catch((reason: unknown) => reason)
      return problem instanceof CommitError ? 'stopped' : 'failed'
    }
  }
}
