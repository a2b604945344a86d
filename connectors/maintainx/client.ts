import {
  AuthError,
  type HttpResponse,
  type Json,
  type JsonObject,
  OutcomeUnknownError,
  RetryableError,
} from '../../core/index.ts'
import type { Send } from './exchange.ts'
import { type Doing, failureOf, Refusal } from './failures.ts'
import { problemsOf } from './problems.ts'
import { isRow, type Row } from './values.ts'

/** Repeated parameters are lists; null is left out. */
export type Query = { readonly [name: string]: string | number | boolean | readonly string[] | null }

/** A collection of the API: `work order` at `/workorders`, in answers `workOrders` and `workOrder`. */
export interface Collection {
  readonly path: string
  /** Property of a list's answer. */
  readonly many: string
  /** Property of a single record's answer. */
  readonly one: string
  /** For people, plural: `work orders`. */
  readonly title: string
}

export interface ListPage {
  /** As they came; what is no record is the caller's to report. */
  readonly rows: readonly Json[]
  /** For the page behind this one; null = this is the last. */
  readonly next: string | null
}

/** A request that changes something. */
export interface Change {
  readonly method: 'POST' | 'PATCH' | 'DELETE'
  /** `/vendors/12`. */
  readonly path: string
  readonly query?: Query
  readonly body?: JsonObject
  /** `creating a vendor`: begins messages. */
  readonly doing: string
  /** Nobody is told by webhook, neither we nor others (`skipWebhook`). Default: they are. */
  readonly skipWebhook?: boolean
}

export interface Changed {
  readonly status: number
  /** What the answer holds; null = nothing (204), or no JSON object. */
  readonly body: JsonObject | null
  readonly requestId: string
}

export interface MaintainXClient {
  /**
   * @param isPatient one of many requests: some of the minute's are left to others
   * @throws AuthError (for the stream: may not be read), Refusal, RetryableError, RateLimitedError
   */
  list(collection: Collection, query: Query, signal: AbortSignal, isPatient?: boolean): Promise<ListPage>
  /** One record; null = there is none, or the user may not see it (the API does not tell which). */
  one(collection: Collection, id: string, query: Query, signal: AbortSignal, isPatient?: boolean): Promise<Row | null>
  /** Any other answer, as it is: `/organizations`, `/customfields/parts`. */
  get(path: string, query: Query, what: Doing, signal: AbortSignal): Promise<Json>
  /**
   * Sent once. @throws Refusal (nothing changed; also for what is forbidden), RetryableError and RateLimitedError (not
   * applied), AuthError (not applied), OutcomeUnknownError (sent, and no answer or one that does not tell)
   */
  change(change: Change, signal: AbortSignal): Promise<Changed>
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

export function createClient(send: Send): MaintainXClient {
  async function get(path: string, query: Query, what: Doing, signal: AbortSignal, isPatient = false): Promise<Json> {
    const response = await send({ method: 'GET', path: addressed(path, query), signal, isPatient })
    if (response.status >= 300) throw failureOf(response, what)
    return parsed(response, what.doing)
  }

  return {
    get,
    async list({ path, many, title }, query, signal, isPatient) {
      const what = { doing: `reading ${title}`, what: `see ${title}` }
      const answer = await get(path, query, what, signal, isPatient)
      const rows = isRow(answer) ? answer[many] : undefined
      if (!isRow(answer) || !Array.isArray(rows)) throw new RetryableError(`${what.doing}: an answer without ${many}`)
      const next = answer['nextCursor'] ?? null
      if (next !== null && typeof next !== 'string') throw new RetryableError(`${what.doing}: nextCursor is no text`)
      return { rows: rows as readonly Json[], next: next === '' ? null : next }
    },
    async one({ path, one, title }, id, query, signal, isPatient) {
      const what = { doing: `reading ${title} ${id}`, what: `see ${title}` }
      try {
        const answer = await get(`${path}/${encodeURIComponent(id)}`, query, what, signal, isPatient)
        const record = isRow(answer) ? answer[one] : undefined
        if (!isRow(record)) throw new RetryableError(`${what.doing}: an answer without ${one}`)
        return record
      } catch (error) {
        if (error instanceof Refusal && error.status === 404) return null
        throw error
      }
    },
    async change({ method, path, query = {}, body, doing, skipWebhook = false }, signal) {
      let sent = false
      const request = {
        method,
        path: addressed(path, skipWebhook ? { ...query, skipWebhook: true } : query),
        ...(body === undefined ? {} : { body }),
        signal,
        onSend: () => {
          sent = true
        },
      }
      const response = await send(request).catch((error: unknown) => {
        if (!(error instanceof RetryableError)) throw error
        const details = { status: error.status, requestId: error.requestId, cause: error }
        // 503 is what stands before the API: nothing behind it has seen the request
        const isUnsent = !sent || error.status === 503 || isUnreachable(error)
        if (isUnsent) throw new RetryableError(`${doing}: ${error.message}`, details)
        throw new OutcomeUnknownError(`${doing}: no answer that tells whether it is done: ${error.message}`, details)
      })
      const { status, requestId } = response
      if (status >= 300) throw changeFailure(response, doing)
      return { status, body: bodyOf(response), requestId }
    },
  }
}

/** To a command, being forbidden is a refusal like any other. */
function changeFailure(response: HttpResponse, doing: string): Error {
  const failure = failureOf(response, { doing, what: 'do this' })
  if (failure instanceof AuthError && failure.streamOnly)
    return new Refusal(failure.message, problemsOf(response.text()), {
      status: failure.status,
      requestId: failure.requestId,
      cause: failure,
    })
  return failure
}

function isUnreachable(error: Error): boolean {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 6; at = at.cause, depth++)
    if ('code' in at && typeof at.code === 'string' && UNSENT.has(at.code)) return true
  return false
}

function addressed(path: string, query: Query): string {
  const params = new URLSearchParams()
  for (const [name, value] of Object.entries(query))
    if (Array.isArray(value)) for (const each of value as readonly string[]) params.append(name, each)
    else if (value !== null) params.append(name, String(value as string | number | boolean))
  return params.size === 0 ? path : `${path}?${params.toString()}`
}

function parsed(response: HttpResponse, doing: string): Json {
  try {
    return response.json() as Json
  } catch (cause) {
    throw new RetryableError(`${doing}: an answer that is no JSON (HTTP ${response.status})`, {
      status: response.status,
      requestId: response.requestId,
      cause,
    })
  }
}

function bodyOf(response: HttpResponse): JsonObject | null {
  if (response.body.length === 0) return null
  try {
    const body = response.json() as Json
    return isRow(body) ? body : null
  } catch {
    return null
  }
}
