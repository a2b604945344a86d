import {
  AuthError,
  backoffMs,
  CorruptCursorError,
  describeError,
  Failure,
  RateLimitedError,
  SettingsError,
  type SyncFailure,
  type SyncFailureKind,
} from '../../core/index.ts'
import { EndlessSourceError } from './loop-guard.ts'

/** Whom a failure stops: one activity of a stream, the whole stream, or every stream of the connection. */
export type Reach = 'activity' | 'stream' | 'connection'

export interface Verdict {
  readonly failure: SyncFailure
  readonly reach: Reach
}

const FIRST_WAIT_MS = 1_000
const LONGEST_WAIT_MS = 5 * 60_000
const AUTH_WAIT_MS = 60 * 60_000
const RATE_LIMIT_WAIT_MS = 5_000

/**
 * What a failed read means: its kind, whom it stops and when to try again.
 * @param before the failure that this activity was already in, or null
 */
export function judge(error: unknown, before: SyncFailure | null, now: number, random: () => number): Verdict {
  const kind = kindOf(error)
  const attempts = (before?.attempts ?? 0) + (kind === 'rate-limited' ? 0 : 1)
  const failure = {
    kind,
    message: describeError(error),
    requestId: error instanceof Failure ? (error.requestId ?? null) : null,
    since: before?.since ?? now,
    attempts,
    retryAt: retryAt(error, kind, attempts, now, random),
  }
  return { failure, reach: reachOf(error, kind) }
}

function kindOf(error: unknown): SyncFailureKind {
  if (error instanceof Failure) return error.kind
  if (error instanceof CorruptCursorError) return 'corrupt-cursor'
  if (error instanceof EndlessSourceError) return 'endless-source'
  return error instanceof SettingsError ? 'rejected' : 'bug'
}

function reachOf(error: unknown, kind: SyncFailureKind): Reach {
  if (error instanceof SettingsError) return 'connection'
  if (error instanceof AuthError) return error.streamOnly ? 'stream' : 'connection'
  return kind === 'corrupt-cursor' ? 'stream' : 'activity'
}

function retryAt(error: unknown, kind: SyncFailureKind, attempts: number, now: number, random: () => number) {
  if (kind === 'corrupt-cursor' || error instanceof SettingsError) return null
  if (kind === 'auth') return now + AUTH_WAIT_MS
  if (error instanceof RateLimitedError) {
    const asked = error.retryAfterMs > 0 ? error.retryAfterMs : RATE_LIMIT_WAIT_MS
    return now + asked + random() * Math.min(1_000, asked * 0.1)
  }
  // never sooner than half the ceiling: a broken source must not be asked in a hot loop by bad luck
  const ceiling = { baseMs: FIRST_WAIT_MS / 2, capMs: LONGEST_WAIT_MS / 2 }
  const step = backoffMs(attempts - 1, { ...ceiling, random: () => 1 })
  return now + step + backoffMs(attempts - 1, { ...ceiling, random })
}

/** Said once: when the trouble begins, or changes its kind; the tries in between are no news. */
export const isNews = (before: SyncFailure | null, failure: SyncFailure): boolean => before?.kind !== failure.kind
