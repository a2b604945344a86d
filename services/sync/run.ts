import {
  type Activity,
  type Clock,
  type Connection,
  type EntityName,
  formatSyncRun,
  type Logger,
  type Metrics,
  type OutRecord,
  type Session,
  SYNC_RUNS,
  type SyncFailure,
  type SyncRun,
  type SyncState,
} from '../../core/index.ts'
import { type ChangeEncoder, sizeOf } from './changes.ts'
import type { GroupCommit } from './group-commit.ts'
import { inLane } from './lane.ts'
import type { Stream } from './planner.ts'
import { pump } from './pump.ts'
import type { Recent } from './recent.ts'
import type { StateStore } from './state-store.ts'
import type { SweepReports } from './sweep-reports.ts'
import type { Lane, Turns } from './turns.ts'
import type { StreamWatch } from './webhooks/health.ts'

/** Figures that tests and benches change; the defaults are for production. */
export interface Tuning {
  readonly pageSize: number
  /** How far back each incremental range reaches behind the watermark. */
  readonly overlapMs: number
  /** Records remembered per stream, to drop what overlaps and full scans deliver again. */
  readonly recentLimit: { readonly incremental: number; readonly 'full-scan': number }
  readonly progressEveryMs: number
  /** How long a sweep waits for the normalizer's reports. */
  readonly reportsWithinMs: number
}

/** What one run of one activity works with. */
export interface Run {
  readonly connection: Connection
  readonly entity: EntityName
  readonly activity: Activity
  readonly stream: Stream
  readonly session: Session
  readonly recent: Recent
  readonly signal: AbortSignal
  readonly clock: Clock
  readonly tuning: Tuning
  readonly encoder: ChangeEncoder
  readonly reports: SweepReports
  readonly partitions: number
  readonly log: Logger
  readonly metrics: Metrics
  /** Time between two increments, ms. */
  pollEveryMs(): number
  /** Increments of a stream whose changes deliveries tell; null = there are none. */
  readonly watch: StreamWatch | null
  newRunId(): string
  state(): SyncState
  /** Records and the change of state in one transaction. A failure the activity was in is over by then. */
  commit(records: readonly OutRecord[], update: (state: SyncState) => SyncState): Promise<void>
  /** Changes the state in memory; a restart may lose it. `update` must be idempotent. */
  amend(update: (state: SyncState) => SyncState): void
  /** Moves all pages, each with `commit`; fair among connections. */
  pump<Page>(
    pages: AsyncIterable<Page>,
    lane: Lane,
    commit: (page: Page, askedAt: number) => Promise<void>,
  ): Promise<void>
  /** Other activities of the stream may be due now. */
  replan(): void
  /** From here on the run only waits for the normalizer, and others may take its place. */
  standAside(): void
}

export interface RunParts extends Omit<Run, 'state' | 'commit' | 'amend' | 'pump'> {
  /** Aborted = pages not yet in a transaction are dropped; `signal` alone only stops asking for more. */
  readonly dropped: AbortSignal
  readonly store: StateStore
  readonly committer: GroupCommit
  readonly turns: Turns
  /** Called after the first commit since a failure of the activity or of the connection. */
  onRecovery(failure: SyncFailure): void
}

export function createRun(parts: RunParts): Run {
  const { connection, entity, activity, store, committer, turns, clock } = parts
  const { signal } = parts
  const state = () => store.stream(connection.id, entity)
  return {
    ...parts,
    state,
    async commit(records, update) {
      let over: SyncFailure | null = null
      await committer.submit({
        records,
        bytes: sizeOf(records),
        signal: parts.dropped,
        update(draft) {
          const { [activity]: failure, ...failures } = draft.stream(connection.id, entity).failures
          const trouble = draft.connection(connection.id)
          over = trouble?.failure ?? failure ?? null
          const next = update(draft.stream(connection.id, entity))
          draft.setStream(failure === undefined ? next : { ...next, failures })
          if (trouble !== null) draft.setConnection(connection.id, null)
        },
      })
      if (over !== null) parts.onRecovery(over)
    },
    amend: (update) => store.amend((draft) => draft.setStream(update(draft.stream(connection.id, entity)))),
    pump: (pages, lane, commit) => {
      const iterator = pages[Symbol.asyncIterator]()
      return pump({
        pages: {
          next: () => inLane(lane, () => iterator.next()),
          return: async () => (await iterator.return?.()) ?? { done: true, value: undefined },
        },
        turn: () => turns.take(connection.id, connection.limits.concurrency, lane, signal),
        commit,
        signal,
        clock,
      })
    },
  }
}

/** Where a run stands, for its history. */
export interface Standing {
  readonly runId: string
  readonly startedAt: number
  readonly records: number
  readonly total: number | null
  /** Records since `since`, for the rate. */
  readonly lately?: { readonly records: number; readonly since: number }
}

/** A line of the run's history, as a record for `sync-runs`. */
export function historyOf(
  run: Pick<Run, 'connection' | 'entity' | 'activity' | 'clock'>,
  event: SyncRun['event'],
  standing: Standing,
  details: Partial<Pick<SyncRun, 'deleted' | 'cause' | 'kind' | 'requestId'>> = {},
): { readonly line: SyncRun; readonly record: OutRecord } {
  const at = run.clock.now()
  const { runId, startedAt, records, total } = standing
  const lately = standing.lately ?? { records, since: startedAt }
  const seconds = (at - lately.since) / 1000
  const line: SyncRun = {
    runId,
    connectionId: run.connection.id,
    entity: run.entity,
    activity: run.activity,
    event,
    at,
    startedAt,
    records,
    ratePerSecond: seconds > 0 ? Math.round(lately.records / seconds) : null,
    total,
    share: total === null || total === 0 ? null : Math.min(1, records / total),
    deleted: null,
    cause: null,
    kind: null,
    requestId: null,
    ...details,
  }
  // its partition is the connection's: key and count are those of `connections`
  return { line, record: { topic: SYNC_RUNS, key: run.connection.id, value: formatSyncRun(line) } }
}
