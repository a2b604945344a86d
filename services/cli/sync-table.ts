import type {
  AnyConnector,
  Connection,
  ConnectionState,
  EntityName,
  SyncFailure,
  SyncRun,
  SyncState,
  WebhookState,
} from '../../core/index.ts'
import { type Cell, relative, shorten } from './output.ts'

/** What `sync status` shows of one stream. Times in our clock, epoch ms. */
export interface StreamStatus {
  readonly connection: string
  readonly stream: EntityName
  readonly phase: string
  /** Published since the stream began. */
  readonly records: number
  /** Of the run under way. */
  readonly ratePerSecond: number | null
  /** 0…1 of the snapshot under way, where the system tells its size. */
  readonly share: number | null
  readonly lastRead: number | null
  readonly nextRun: number | null
  /** Whether the connection's deliveries can be relied on; null = it takes none. */
  readonly webhook: WebhookState['health'] | 'not set up yet' | null
  readonly held: SyncState['held']
  readonly failure: SyncFailure | null
}

export interface StatusInput {
  readonly connections: readonly Connection[]
  readonly connectorOf: (system: string) => AnyConnector | undefined
  /** By `<connection>/<entity>`. */
  readonly streams: ReadonlyMap<string, SyncState>
  /** By connection. */
  readonly troubles: ReadonlyMap<string, ConnectionState>
  /** The latest line of history by run id. */
  readonly runs: ReadonlyMap<string, SyncRun>
  /** By connection. */
  readonly webhooks: ReadonlyMap<string, WebhookState>
}

/** One row for each stream (known or ever read) of each connection that is not removed. Pure. */
export function streamStatuses(input: StatusInput): StreamStatus[] {
  return input.connections
    .filter(({ status }) => status !== 'removed')
    .flatMap((connection) => {
      const own = Object.keys(input.connectorOf(connection.system)?.streams ?? {}) as EntityName[]
      // what another version of the connector has read is shown too
      const read = [...input.streams.values()].filter((state) => state.connectionId === connection.id)
      return [...new Set([...own, ...read.map(({ entity }) => entity)])].map((stream) =>
        statusOf(connection, stream, input),
      )
    })
}

function statusOf(connection: Connection, stream: EntityName, input: StatusInput): StreamStatus {
  const state = input.streams.get(`${connection.id}/${stream}`)
  const trouble = input.troubles.get(connection.id)
  const failure = trouble?.failure ?? Object.values(state?.failures ?? {})[0] ?? null
  const off = connection.streams[stream]?.enabled === false
  const idle = connection.status === 'paused' || off
  const running = state?.snapshot ?? state?.incremental ?? null
  const run = running === null ? undefined : input.runs.get(running.runId)
  const { snapshot = null, incrementalDone = null, snapshotDone = null, sweepDone = null } = state ?? {}
  const reads = [incrementalDone?.finishedAt, snapshotDone?.finishedAt].filter((at) => at !== undefined)
  const dues =
    trouble === undefined ? Object.values(state?.due ?? {}) : [trouble.failure.retryAt].filter((at) => at !== null)
  return {
    connection: connection.id,
    stream,
    phase: off ? 'disabled' : connection.status === 'paused' ? 'paused' : phaseOf(state, trouble, failure),
    records: state?.records ?? 0,
    ratePerSecond: idle ? null : (run?.ratePerSecond ?? null),
    share: snapshot === null || !snapshot.total ? null : Math.min(1, snapshot.records / snapshot.total),
    lastRead: reads.length === 0 ? (sweepDone?.finishedAt ?? null) : Math.max(...reads),
    nextRun: idle || dues.length === 0 ? null : Math.min(...dues),
    webhook: connection.webhook === null ? null : (input.webhooks.get(connection.id)?.health ?? 'not set up yet'),
    held: state?.held ?? null,
    failure,
  }
}

function phaseOf(
  state: SyncState | undefined,
  trouble: ConnectionState | undefined,
  failure: SyncFailure | null,
): string {
  if (trouble !== undefined) return trouble.status
  if (state === undefined) return 'not started'
  if (failure !== null && failure.retryAt === null) return 'stopped'
  if (failure !== null) return 'failing'
  if (state.resyncRequested) return 'resync asked'
  if (state.snapshot !== null) return 'snapshot'
  if (state.snapshotDone === null) return 'not started'
  if (state.sweep !== null) return `sweep, ${state.sweep.stage}`
  return state.incremental === null ? 'in step' : 'reading'
}

export const STATUS_HEADER = [
  'CONNECTION',
  'STREAM',
  'STATE',
  'RECORDS',
  'RATE',
  'DONE',
  'LAST READ',
  'NEXT RUN',
  'WEBHOOKS',
  'HELD SWEEP',
  'LAST ERROR',
]

export const statusCells = (row: StreamStatus, now: number): Cell[] => [
  row.connection,
  row.stream,
  row.phase,
  row.records,
  row.ratePerSecond === null ? null : `${Math.round(row.ratePerSecond)}/s`,
  row.share === null ? null : `${Math.floor(row.share * 100)} %`,
  row.lastRead === null ? null : relative(row.lastRead, now),
  row.nextRun === null ? null : row.nextRun <= now ? 'now' : relative(row.nextRun, now),
  row.webhook,
  row.held === null ? null : `${row.held.missing} of ${row.held.live} deletions`,
  row.failure === null ? null : shorten(`${row.failure.kind} ×${row.failure.attempts}: ${row.failure.message}`, 100),
]
