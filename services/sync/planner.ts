import {
  type Activity,
  type AnyConnector,
  type Connection,
  type ConnectionState,
  type EntityName,
  type ReadStream,
  STREAM_DEFAULTS,
  type StreamSettings,
  type SyncState,
} from '../../core/index.ts'

/** Time between reads where the connection does not say: full scans read everything each time, so they are rarer. */
const POLL_EVERY_MS = { incremental: STREAM_DEFAULTS.pollEveryMs, 'full-scan': 15 * 60_000 }
/** Whatever a connection asks for: no source is polled in a hot loop. */
const SHORTEST_PAUSE_MS = 20

export type Stream = ReadStream<unknown>

/** Streams of a connector, by entity. */
export function streamsOf(connector: AnyConnector): ReadonlyMap<EntityName, Stream> {
  return new Map(Object.entries(connector.streams) as [EntityName, Stream][])
}

export function settingsOf(connection: Connection, stream: Stream): StreamSettings {
  const given = connection.streams[stream.entity] ?? {}
  const every = (ms: number | null) => (ms === null ? null : Math.max(SHORTEST_PAUSE_MS, ms))
  const { sweepEveryMs = STREAM_DEFAULTS.sweepEveryMs, refreshEveryMs = STREAM_DEFAULTS.refreshEveryMs } = given
  return {
    enabled: given.enabled ?? STREAM_DEFAULTS.enabled,
    pollEveryMs: Math.max(SHORTEST_PAUSE_MS, given.pollEveryMs ?? POLL_EVERY_MS[stream.changes]),
    sweepEveryMs: every(sweepEveryMs),
    refreshEveryMs: every(refreshEveryMs),
  }
}

export interface PlanInput {
  readonly state: SyncState
  readonly connection: Connection
  readonly trouble: ConnectionState | null
  readonly stream: Stream
}

export type Plan = { readonly [A in Activity]?: number }

const NOTHING: Plan = {}

/** When each activity of a stream is due (epoch ms, may be past); missing = not at all. Pure. */
export function planStream({ state, connection, trouble, stream }: PlanInput): Plan {
  const settings = settingsOf(connection, stream)
  if (connection.status !== 'active' || !settings.enabled) return NOTHING
  const earliest = Math.max(waitOf(trouble?.failure), ...Object.values(state.failures).map(streamWait))
  if (earliest === Number.POSITIVE_INFINITY) return NOTHING
  const plan: { [A in Activity]?: number } = {}
  const add = (activity: Activity, wanted: number) => {
    const failure = state.failures[activity]
    const at = Math.max(earliest, failure === undefined ? wanted : waitOf(failure))
    if (at !== Number.POSITIVE_INFINITY) plan[activity] = at
  }
  const snapshotAt = snapshotIsOpen(state) ? 0 : refreshWanted(state, stream, settings.refreshEveryMs)
  if (snapshotAt !== null) add('snapshot', snapshotAt)
  if (mayPoll(state, stream)) add('incremental', state.due.incremental ?? 0)
  const sweepAt = sweepWanted(state, stream, settings.sweepEveryMs)
  if (sweepAt !== null) add('sweep', sweepAt)
  return plan
}

export const snapshotIsOpen = (state: SyncState): boolean =>
  state.snapshot !== null || state.snapshotDone === null || state.resyncRequested

/**
 * Increments run beside the snapshot of their own stream: live changes arrive from the first minute, and the version
 * gate sorts out what both deliver. Full scans wait for it: two of them at once would only do the work twice.
 */
function mayPoll(state: SyncState, stream: Stream): boolean {
  return stream.changes === 'incremental' ? state.watermark !== null : !snapshotIsOpen(state)
}

/**
 * A snapshot anew from time to time finds what no stamp told of: a row that vanished from a record, a stamp that did
 * not move, a row committed later than any overlap. A full scan is one each time.
 */
function refreshWanted({ snapshotDone }: SyncState, stream: Stream, everyMs: number | null): number | null {
  return stream.changes === 'full-scan' || everyMs === null || snapshotDone === null
    ? null
    : snapshotDone.finishedAt + everyMs
}

function sweepWanted(state: SyncState, stream: Stream, everyMs: number | null): number | null {
  if (stream.deletes !== 'by-absence' || stream.listKeys === undefined || state.snapshotDone === null) return null
  if (state.approvedDeletes !== null) return state.due.sweep ?? 0
  if (everyMs === null) return state.due.sweep ?? null
  return state.due.sweep ?? state.snapshotDone.finishedAt + everyMs
}

/** Brings forward what was planned under longer intervals than the connection has now. Idempotent. */
export function hurry(state: SyncState, connection: Connection, stream: Stream, now: number): SyncState {
  const { pollEveryMs, sweepEveryMs } = settingsOf(connection, stream)
  const { incremental, sweep } = state.due
  const due = {
    ...state.due,
    ...(incremental === undefined ? {} : { incremental: Math.min(incremental, now + pollEveryMs) }),
    ...(sweep === undefined || sweepEveryMs === null ? {} : { sweep: Math.min(sweep, now + sweepEveryMs) }),
  }
  return { ...state, due }
}

const waitOf = (failure: { readonly retryAt: number | null } | undefined) =>
  failure === undefined ? 0 : (failure.retryAt ?? Number.POSITIVE_INFINITY)

/** Failures of one activity that stop the whole stream. */
const streamWait = (failure: SyncState['failures'][Activity]) =>
  failure?.kind === 'auth' || failure?.kind === 'corrupt-cursor' ? waitOf(failure) : 0
