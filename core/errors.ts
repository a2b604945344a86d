import type { IssueCode } from '../schemas/generated/commands.ts'

/**
 * The five kinds of failure a connector or a client may report. The class decides what the runtime does;
 * the message tells the operator what to do ("reading vendors page 3: the role lacks read access to party.party").
 * Anything else that is thrown is a bug of ours and is reported as one.
 *
 * | kind            | the runtime                                                                    |
 * |-----------------|--------------------------------------------------------------------------------|
 * | retryable       | tries again with exponential back-off and jitter                               |
 * | rate-limited    | waits `retryAfterMs`, slows the connection's budget; uses no attempt           |
 * | auth            | pauses the connection and says what to fix                                     |
 * | rejected        | gives up on this one record or command; the stream goes on                     |
 * | outcome-unknown | never repeats blindly: asks the system whether the write arrived               |
 */
export type FailureKind = 'retryable' | 'rate-limited' | 'auth' | 'rejected' | 'outcome-unknown'

/** Whose failure it is: one connection's, or everybody's (broker, registry, our own network). */
export type FailureScope = 'connection' | 'installation'

export interface FailureDetails {
  /** Request id of the source's answer, when it sent one. */
  readonly requestId?: string | undefined
  /** The vendor's own code, verbatim. */
  readonly vendorCode?: string | undefined
  /** HTTP status of the source's answer. */
  readonly status?: number | undefined
  readonly cause?: unknown
}

/** Common face of the five kinds; throw one of the subclasses. */
export abstract class Failure extends Error {
  abstract readonly kind: FailureKind
  readonly requestId: string | undefined
  readonly vendorCode: string | undefined
  readonly status: number | undefined

  constructor(message: string, details: FailureDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.name = new.target.name
    this.requestId = details.requestId
    this.vendorCode = details.vendorCode
    this.status = details.status
  }
}

/** A later try may succeed: time-outs, 5xx, connection resets, locked records. */
export class RetryableError extends Failure {
  readonly kind = 'retryable'
}

/** The source asked us to slow down. */
export class RateLimitedError extends Failure {
  readonly kind = 'rate-limited'
  readonly retryAfterMs: number

  /** @param retryAfterMs the source's own wait in milliseconds, or 0 when it did not say */
  constructor(message: string, retryAfterMs: number, details: FailureDetails = {}) {
    super(message, details)
    this.retryAfterMs = retryAfterMs
  }
}

/** Credentials or permissions are wrong. `stream` set = only that stream is affected, the connection goes on. */
export class AuthError extends Failure {
  readonly kind = 'auth'
  readonly streamOnly: boolean

  constructor(message: string, details: FailureDetails & { readonly streamOnly?: boolean } = {}) {
    super(message, details)
    this.streamOnly = details.streamOnly ?? false
  }
}

/** What exactly the source refused. */
export interface FieldProblem {
  /** Unified field name, or null when the source did not tell. */
  readonly field: string | null
  readonly message: string
  /** For programs; default BUSINESS_RULE. */
  readonly code?: IssueCode
  /** The source's own code, words and name of the field, verbatim. */
  readonly vendorCode?: string | null
  readonly vendorMessage?: string | null
  readonly nativeField?: string | null
}

/** The source understood and refused; repeating the same call gives the same answer. */
export class RejectedError extends Failure {
  readonly kind = 'rejected'
  readonly fields: readonly FieldProblem[]

  constructor(message: string, fields: readonly FieldProblem[] = [], details: FailureDetails = {}) {
    super(message, details)
    this.fields = fields
  }
}

/** The record is not at the version that the command expected; nothing was changed. Writes only. */
export class ConflictError extends RejectedError {
  /** The version that it has now; null = not told. */
  readonly currentVersion: string | null

  constructor(message: string, currentVersion: string | null, details: FailureDetails = {}) {
    super(message, [], details)
    this.currentVersion = currentVersion
  }
}

/** The connection broke after the request may have been applied. Writes only. */
export class OutcomeUnknownError extends Failure {
  readonly kind = 'outcome-unknown'
}

/** The cursor read from `sync-state` is not one of ours: refused, never ignored (that would skip or repeat data). */
export class CorruptCursorError extends Error {
  constructor(detail: string) {
    super(`corrupt cursor: ${detail}; run \`tributary sync resync <connection> <stream>\` to start the stream anew`)
    this.name = 'CorruptCursorError'
  }
}

/** One line for people: the message with its causes, outermost first. */
export function describeError(error: unknown): string {
  const parts: string[] = []
  let current: unknown = error
  for (let depth = 0; current !== undefined && current !== null && depth < 5; depth++) {
    const text = current instanceof Error ? current.message || current.name : String(current)
    if (text !== '' && !parts.some((part) => part.includes(text))) parts.push(text)
    current = current instanceof Error ? current.cause : undefined
  }
  return parts.join(': ')
}
