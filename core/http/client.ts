import { randomUUID } from 'node:crypto'
import type { LookupFunction } from 'node:net'
import { Agent, request as send } from 'undici'
import { type Clock, systemClock } from '../clock.ts'
import { RateLimitedError, RetryableError } from '../errors.ts'
import type { Logger } from '../log.ts'
import type { Metrics } from '../metrics.ts'
import { isSensitiveName, redactUrl, scrub } from '../redact.ts'
import { retry } from '../retry.ts'
import { publicLookup, refusePrivateLiteral } from './addresses.ts'
import { type BudgetLimits, createBudget, type Lane } from './budget.ts'
import { troubleOf } from './trouble.ts'

export interface HttpRequest {
  readonly method: string
  readonly url: string
  readonly headers?: { readonly [name: string]: string }
  readonly body?: string | Buffer
  readonly signal?: AbortSignal
  /** From sending to the end of the answer, ms. Default 60 s. */
  readonly timeoutMs?: number
  /** Default `live`; backfill waits while live calls are queued. */
  readonly lane?: Lane
  /** May be sent again after a network error, time-out or 5xx. Default: GET and HEAD only. */
  readonly retry?: boolean
}

export interface HttpResponse {
  readonly status: number
  /** Lower-case names; repeated headers joined by ", ". */
  readonly headers: Record<string, string>
  readonly body: Buffer
  text(): string
  /** @throws RetryableError when the body is no JSON (truncated, an HTML page) */
  json(): unknown
  /** The system's own request id, else ours. */
  readonly requestId: string
}

/**
 * The outbound client of one connection. Honours its budget and the system's 429 / Retry-After, tries idempotent requests
 * again, and hands every other status to the caller.
 */
export interface HttpClient {
  /** @throws RetryableError (network, 5xx, after the last try), RateLimitedError (after the longest wait), the signal's reason */
  request(request: HttpRequest): Promise<HttpResponse>
}

export interface HttpClientOptions {
  readonly connectionId: string
  readonly system: string
  readonly limits: BudgetLimits
  readonly log: Logger
  readonly metrics: Metrics
  readonly clock?: Clock
  readonly allowPrivateHosts: boolean
  /** Tries in all for what may be repeated. Default 4. */
  readonly attempts?: number
  /** Longest time spent waiting for rate limits in one request, ms. Default 5 min. */
  readonly maxRateLimitWaitMs?: number
  /** Largest answer, bytes. Default 256 MiB. */
  readonly maxResponseBytes?: number
  /** Back-off ceiling of the first repeat, ms. Default 250. */
  readonly backoffBaseMs?: number
}

const TIMEOUT_MS = 60_000
/** A system that asks to slow down without saying for how long: pause of all calls of the connection. */
const UNSAID_PAUSE_MS = 1000
const REQUEST_ID_HEADERS = ['x-request-id', 'x-correlation-id', 'sap-passport', 'x-n-operationid']

function flat(headers: { readonly [name: string]: string | string[] | undefined }): Record<string, string> {
  const out: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers))
    if (value !== undefined) out[name] = Array.isArray(value) ? value.join(', ') : value
  return out
}

/** Seconds or a date; 0 = the system did not say. */
export function retryAfterMs(value: string | undefined, now: number): number {
  if (value === undefined) return 0
  if (/^\s*\d+(\.\d+)?\s*$/.test(value)) return Math.ceil(Number(value) * 1000)
  const date = Date.parse(value)
  return Number.isNaN(date) ? 0 : Math.max(0, date - now)
}

/** @returns the client, and how to close its sockets */
export function createHttpClient(options: HttpClientOptions): HttpClient & { close(): Promise<void> } {
  const { connectionId, metrics } = options
  const clock = options.clock ?? systemClock
  const labels = { connection: connectionId }
  const maxRateLimitWaitMs = options.maxRateLimitWaitMs ?? 300_000
  const budget = createBudget(options.limits, clock, (limit) => metrics.httpConcurrency.set(labels, limit))
  const agent = new Agent({
    connections: options.limits.concurrency,
    keepAliveTimeout: 10_000,
    headersTimeout: 0,
    bodyTimeout: 0,
    maxResponseSize: options.maxResponseBytes ?? 256 * 1024 * 1024,
    connect: { timeout: 10_000, ...(options.allowPrivateHosts ? {} : { lookup: publicLookup as LookupFunction }) },
  })

  async function once(wanted: HttpRequest, doing: string, requestId: string): Promise<HttpResponse> {
    const { signal } = wanted
    const release = await budget.acquire(wanted.lane ?? 'live', signal)
    const began = performance.now()
    try {
      const deadline = AbortSignal.timeout(wanted.timeoutMs ?? TIMEOUT_MS)
      const answer = await send(wanted.url, {
        dispatcher: agent,
        method: wanted.method,
        headers: { 'x-request-id': requestId, ...wanted.headers },
        body: wanted.body ?? null,
        signal: signal === undefined ? deadline : AbortSignal.any([signal, deadline]),
      })
      const body = Buffer.from(await answer.body.arrayBuffer())
      metrics.httpSeconds.observe({ system: options.system }, (performance.now() - began) / 1000)
      metrics.httpRequests.inc({ connection: connectionId, outcome: `${Math.floor(answer.statusCode / 100)}xx` })
      return response(answer.statusCode, flat(answer.headers), body, requestId, doing)
    } catch (error) {
      if (signal?.aborted === true) {
        metrics.httpRequests.inc({ connection: connectionId, outcome: 'aborted' })
        throw signal.reason
      }
      const trouble = troubleOf(error, doing, requestId)
      metrics.httpRequests.inc({ connection: connectionId, outcome: trouble.outcome })
      throw trouble.error
    } finally {
      release()
    }
  }

  /** 429, 503 with Retry-After and other 5xx become failures; the rest is the caller's. */
  function judge(answer: HttpResponse, wanted: HttpRequest, doing: string): HttpResponse {
    const { status, requestId } = answer
    const asked = answer.headers['retry-after']
    if (status === 429 || (status === 503 && asked !== undefined)) {
      const waitMs = retryAfterMs(asked, clock.now())
      metrics.rateLimited.inc(labels)
      budget.slowDown(waitMs > 0 ? waitMs : UNSAID_PAUSE_MS)
      throw new RateLimitedError(`${doing}: the system asks to slow down (HTTP ${status})`, waitMs, {
        status,
        requestId,
      })
    }
    if (status >= 500)
      throw new RetryableError(`${doing}: HTTP ${status}${excerpt(answer, wanted)}`, { status, requestId })
    return answer
  }

  return {
    async request(wanted) {
      const url = new URL(wanted.url)
      const doing = `${wanted.method} ${redactUrl(url)}`
      if (!options.allowPrivateHosts) {
        try {
          refusePrivateLiteral(url)
        } catch (error) {
          throw troubleOf(error, doing, '').error
        }
      }
      const repeatable = wanted.retry ?? (wanted.method === 'GET' || wanted.method === 'HEAD')
      return retry(
        async () => {
          const requestId = randomUUID()
          const heldMs = budget.heldMs()
          if (heldMs > maxRateLimitWaitMs)
            throw new RateLimitedError(`${doing}: the system asked to wait`, heldMs, { requestId })
          return judge(await once(wanted, doing, requestId), wanted, doing)
        },
        {
          attempts: repeatable ? (options.attempts ?? 4) : 1,
          maxRateLimitWaitMs,
          clock,
          ...(options.backoffBaseMs === undefined ? {} : { baseMs: options.backoffBaseMs }),
          ...(wanted.signal === undefined ? {} : { signal: wanted.signal }),
          onRetry: (error, waitMs) => options.log.debug({ err: error, ...labels, waitMs }, 'trying again'),
        },
      )
    },
    close: () => agent.destroy(),
  }
}

/** Credentials that a request carries, as they are on the wire. */
function credentialsOf({ url, headers = {} }: HttpRequest): string[] {
  const values = Object.entries(headers).flatMap(([name, value]) =>
    isSensitiveName(name) ? value.split(/[\s,;]+/) : [],
  )
  for (const [name, value] of new URL(url).searchParams) if (isSensitiveName(name)) values.push(value)
  // Shorter ones are words like "Basic".
  return values.filter((value) => value.length >= 8)
}

/** Start of an answer's text. Error pages like to repeat the request: its credentials are taken out. */
function excerpt(answer: HttpResponse, wanted: HttpRequest): string {
  let text = scrub(answer.body.subarray(0, 64 * 1024).toString('utf8'))
  for (const credential of credentialsOf(wanted)) text = text.replaceAll(credential, '[hidden]')
  text = text
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 200)
  return text === '' ? '' : `: ${text}`
}

function response(
  status: number,
  headers: Record<string, string>,
  body: Buffer,
  ours: string,
  doing: string,
): HttpResponse {
  const requestId = REQUEST_ID_HEADERS.map((name) => headers[name]).find((value) => value !== undefined) ?? ours
  return {
    status,
    headers,
    body,
    requestId,
    text: () => body.toString('utf8'),
    json() {
      try {
        return JSON.parse(body.toString('utf8')) as unknown
      } catch {
        // The parser's own message quotes the body, secrets included.
        const what = /^\s*</.test(body.subarray(0, 100).toString('utf8')) ? 'an HTML page' : 'truncated or no JSON'
        throw new RetryableError(`${doing}: expected JSON, got ${what} (HTTP ${status})`, { status, requestId })
      }
    },
  }
}
