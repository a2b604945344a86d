import {
  AuthError,
  type JsonObject,
  OutcomeUnknownError,
  RateLimitedError,
  RejectedError,
  RetryableError,
} from '../../core/index.ts'
import { restAddress } from './addresses.ts'
import type { NetSuiteConfig } from './config.ts'
import { codesOf, type Exchange } from './exchange.ts'
import { failureOf, TooMuch } from './failures.ts'
import { type Problem, problemOf } from './problems.ts'

/** A request to Record REST that changes something. */
export interface Change {
  readonly method: 'POST' | 'PATCH' | 'DELETE'
  /** Below `/record/v1`: `/vendor/647`, `/purchaseOrder/647/!transform/itemReceipt`. */
  readonly path: string
  readonly body?: JsonObject
  /** `creating a vendor`: begins messages. */
  readonly doing: string
}

export interface Changed {
  readonly status: number
  /** Internal id at the end of `Location`; null = NetSuite did not say. */
  readonly id: string | null
  readonly requestId: string
}

/** NetSuite refused; nothing was changed. */
export class Refusal extends RejectedError {
  readonly problem: Problem

  constructor(message: string, problem: Problem, details: ConstructorParameters<typeof RejectedError>[2]) {
    super(message, [], details)
    this.problem = problem
  }
}

/** No connection: no byte of the request left. */
const UNSENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
])

/**
 * Sends changes, each exactly once: repeating one whose answer was lost is the business of who can look.
 * What it throws: Refusal (nothing changed; also for permissions), RetryableError and RateLimitedError (not applied),
 * AuthError (not applied), OutcomeUnknownError (sent, and no answer or one that does not tell).
 */
export function createChanges(config: NetSuiteConfig, { send, gate }: Exchange) {
  return async ({ method, path, body, doing }: Change, signal: AbortSignal): Promise<Changed> => {
    let sent = false
    const request = {
      method,
      url: restAddress(config, `/record/v1${path}`),
      // without it NetSuite ignores what it does not know
      headers: {
        'x-netsuite-propertynamevalidation': 'error',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal,
      onSend: () => {
        sent = true
      },
    }
    const response = await send(request).catch((error: unknown) => {
      if (error instanceof RateLimitedError) gate.refused()
      if (!(error instanceof RetryableError)) throw error
      const details = { status: error.status, requestId: error.requestId, cause: error }
      // 503 is NetSuite's front: nothing behind it has seen the request
      const isUnsent = !sent || error.status === 503 || codesOf(error).some((code) => UNSENT.has(code))
      if (isUnsent) throw new RetryableError(`${doing}: ${error.message}`, details)
      throw new OutcomeUnknownError(`${doing}: no answer that tells whether it is done: ${error.message}`, details)
    })
    const { status, requestId } = response
    if (status < 300) return { status, id: idIn(response.headers['location']), requestId }
    const failure = failureOf(response, { doing, table: path.split('/')[1] ?? null })
    const details = { status, requestId, vendorCode: failure.vendorCode, cause: failure }
    if (failure instanceof TooMuch) throw new OutcomeUnknownError(failure.message, details)
    const problem = problemOf(response.text())
    if (failure instanceof RateLimitedError) gate.refused()
    const isForbidden = failure instanceof AuthError && failure.streamOnly
    if (failure instanceof RejectedError || isForbidden) throw new Refusal(failure.message, problem, details)
    throw failure
  }
}

const idIn = (location: string | undefined): string | null =>
  /\/(-?\d{1,18})\/?(?:\?.*)?$/.exec(location ?? '')?.[1] ?? null
