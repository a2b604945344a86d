import type { EntityName } from '../schemas/generated/entities.ts'
import type { Cursor } from './connector.ts'

/**
 * What sync keeps on `sync-state` (compacted; every record lies in the partition of its connection id) and tells on
 * `sync-runs`. Values are UTF-8 JSON. Key space of `sync-state`:
 *
 * | key                       | value             |
 * |---------------------------|-------------------|
 * | `<connection>/<entity>`   | SyncState         |
 * | `<connection>/~connection`| ConnectionState   |
 * | `~position`               | SyncPositions     |
 */
export const POSITION_KEY = '~position'
const CONNECTION_SUFFIX = '/~connection'
export const streamStateKey = (connectionId: string, entity: EntityName): string => `${connectionId}/${entity}`
export const connectionStateKey = (connectionId: string): string => `${connectionId}${CONNECTION_SUFFIX}`

/** The three things sync does with a stream, each with its own schedule and failures. */
export const ACTIVITIES = ['snapshot', 'incremental', 'sweep'] as const
export type Activity = (typeof ACTIVITIES)[number]

/** Failure kinds of `errors.ts`, and what else can stop a stream. */
export type SyncFailureKind =
  | 'retryable'
  | 'rate-limited'
  | 'auth'
  | 'rejected'
  | 'outcome-unknown'
  | 'corrupt-cursor'
  | 'endless-source'
  | 'bug'

/** An activity that does not succeed at present. Times in our clock, epoch ms. */
export interface SyncFailure {
  readonly kind: SyncFailureKind
  /** One line that says what to do. */
  readonly message: string
  readonly requestId: string | null
  readonly since: number
  /** Failures in a row; rate limits are not counted. */
  readonly attempts: number
  /** Next try; null = only after an operator's action (resync, run, new settings). */
  readonly retryAt: number | null
}

/** A range of a stream that is being read; survives restarts. `since`, `until`: the system's clock. */
export interface RunProgress {
  readonly runId: string
  /** Our clock. */
  readonly startedAt: number
  readonly since: number | null
  readonly until: number
  readonly cursor: Cursor | null
  readonly records: number
  readonly pages: number
  /** Records in the whole range, where the system tells. */
  readonly total: number | null
}

/** The last activity that came to its end. */
export interface RunSummary {
  readonly runId: string
  readonly startedAt: number
  readonly finishedAt: number
  readonly records: number
}

export interface SyncState {
  readonly connectionId: string
  readonly entity: EntityName
  /** Null until the first snapshot begins and after it ends; `snapshotDone` tells the two apart. */
  readonly snapshot: RunProgress | null
  readonly snapshotDone: RunSummary | null
  /** An operator asked for a new snapshot that has not begun. */
  readonly resyncRequested: boolean
  /** Incrementals have delivered everything modified before this, epoch ms in the system's clock; null = no snapshot began. */
  readonly watermark: number | null
  /** The incremental range that is being read; null between ranges. `newest`: highest modifiedAt delivered in it. */
  readonly incremental: (RunProgress & { readonly newest: number | null }) | null
  readonly incrementalDone: RunSummary | null
  /** Native key and fingerprint of the newest records delivered, so that a restart does not publish an overlap twice. */
  readonly recent: readonly (readonly [string, number])[]
  readonly sweep: {
    readonly runId: string
    readonly startedAt: number
    /** `counting`: all keys are listed and the normalizer is adding up. */
    readonly stage: 'listing' | 'counting'
    readonly keys: number
    /** Deletions an operator has approved; null = the guard decides. */
    readonly approved: number | null
  } | null
  readonly sweepDone: (RunSummary & { readonly deleted: number }) | null
  /** Native keys that deliveries named and that could not be read yet: they are read as soon as it is possible. */
  readonly rereads: readonly string[]
  /** A sweep that the guard held back; `approve-deletes` runs a new one that may delete up to `missing`. */
  readonly held: {
    readonly runId: string
    readonly at: number
    readonly missing: number
    readonly live: number
    readonly reason: string
  } | null
  /** Deletions that the next sweep may do without asking; null = the guard decides. */
  readonly approvedDeletes: number | null
  /** Records published since the stream began. */
  readonly records: number
  readonly failures: { readonly [A in Activity]?: SyncFailure }
  /** When each activity is due next, our clock; missing = not planned. For display and for restarts. */
  readonly due: { readonly [A in Activity]?: number }
}

/** Trouble of a whole connection; the record is removed once it works again. */
export interface ConnectionState {
  readonly connectionId: string
  /** `auth-failed`: paused until the connection changes or `sync run` is asked; tried once an hour in between. */
  readonly status: 'failing' | 'auth-failed'
  readonly failure: SyncFailure
}

/** Next offsets to read, by topic without prefix. */
export interface SyncPositions {
  readonly [topic: string]: number
}

/** One line of a run's history, value of `sync-runs`, keyed by connection id. */
export interface SyncRun {
  readonly runId: string
  readonly connectionId: string
  readonly entity: EntityName
  readonly activity: Activity
  readonly event: 'started' | 'progress' | 'finished' | 'failed' | 'held'
  readonly at: number
  readonly startedAt: number
  /** Records published (sweep: keys listed) so far. */
  readonly records: number
  readonly ratePerSecond: number | null
  readonly total: number | null
  /** 0…1, where the total is known. */
  readonly share: number | null
  /** Sweeps: records marked deleted. */
  readonly deleted: number | null
  /** Why it failed or was held. */
  readonly cause: string | null
  readonly kind: SyncFailureKind | null
  readonly requestId: string | null
}

/** State of a stream that was never read. */
export function newSyncState(connectionId: string, entity: EntityName): SyncState {
  return {
    connectionId,
    entity,
    snapshot: null,
    snapshotDone: null,
    resyncRequested: false,
    watermark: null,
    incremental: null,
    incrementalDone: null,
    recent: [],
    sweep: null,
    sweepDone: null,
    rereads: [],
    held: null,
    approvedDeletes: null,
    records: 0,
    failures: {},
    due: {},
  }
}

export type SyncStateRecord =
  | { readonly kind: 'stream'; readonly state: SyncState }
  | { readonly kind: 'connection'; readonly state: ConnectionState }
  | { readonly kind: 'position'; readonly positions: SyncPositions }

/** @throws Error when the value is not JSON or the key is not one of ours: state is never guessed. */
export function parseSyncState(key: string, value: Buffer): SyncStateRecord {
  const parsed: unknown = parseJson(`sync-state record ${key}`, value)
  if (key === POSITION_KEY) return { kind: 'position', positions: parsed as SyncPositions }
  if (key.endsWith(CONNECTION_SUFFIX)) return { kind: 'connection', state: parsed as ConnectionState }
  const state = parsed as SyncState
  if (key !== `${state.connectionId}/${state.entity}`) throw new Error(`sync-state record ${key}: not a stream's state`)
  // fields added since the record was written take their first values
  return { kind: 'stream', state: { ...newSyncState(state.connectionId, state.entity), ...state } }
}

export const formatSyncState = (value: SyncState | ConnectionState | SyncPositions): Buffer =>
  Buffer.from(JSON.stringify(value))

/** @throws Error when the value is not JSON. */
export const parseSyncRun = (value: Buffer): SyncRun => parseJson('sync-runs record', value) as SyncRun

export const formatSyncRun = (run: SyncRun): Buffer => Buffer.from(JSON.stringify(run))

function parseJson(what: string, value: Buffer): object {
  try {
    const parsed: unknown = JSON.parse(value.toString())
    if (typeof parsed === 'object' && parsed !== null) return parsed
  } catch (error) {
    throw new Error(`${what}: not JSON`, { cause: error })
  }
  throw new Error(`${what}: not an object`)
}
