import { AuthError, type HttpClient, type HttpResponse, type JsonObject, RetryableError } from '../../core/index.ts'
import type { MaintainXConfig } from './config.ts'
import { createRateGate } from './rate-gate.ts'
import { createServerClock, type ServerClock } from './server-clock.ts'

export interface Outgoing {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  /** Below the base address, with its query: `/workorders/7?expand=parts`. */
  readonly path: string
  readonly body?: JsonObject
  readonly signal: AbortSignal
  /** One of many: leaves some of the minute's requests to others. Default: not. */
  readonly isPatient?: boolean
  /** Told when the first byte may leave: what fails before was certainly not applied. */
  readonly onSend?: () => void
}

/**
 * One request with the key, within the limit of requests; any status below 500 is the caller's. GET is tried again by
 * the HTTP client, anything else is sent once.
 * @throws RetryableError, RateLimitedError, AuthError (no such host), the signal's reason
 */
export type Send = (request: Outgoing) => Promise<HttpResponse>

export interface Exchange {
  readonly send: Send
  readonly clock: ServerClock
}

export function createExchange(config: MaintainXConfig, http: HttpClient): Exchange {
  const clock = createServerClock()
  const gate = createRateGate()
  const base = config.base_url.replace(/\/+$/, '')
  const headers = {
    accept: 'application/json',
    authorization: `Bearer ${config.api_key.trim()}`,
    ...(config.organization_id === null ? {} : { 'x-organization-id': String(config.organization_id) }),
  }

  return {
    clock,
    async send({ method, path, body, signal, isPatient, onSend }) {
      signal.throwIfAborted()
      const leave = await gate.enter(signal, isPatient)
      try {
        onSend?.()
        const response = await http.request({
          method,
          url: `${base}${path}`,
          headers: body === undefined ? headers : { ...headers, 'content-type': 'application/json' },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
          signal,
          timeoutMs: config.timeout_seconds * 1000,
        })
        clock.observe(response.headers['date'])
        gate.observe(response.headers)
        return response
      } catch (error) {
        if (error instanceof RetryableError && codesOf(error).includes('ENOTFOUND'))
          throw new AuthError(`there is no host ${new URL(base).host}: check base_url`, { cause: error })
        throw error
      } finally {
        leave()
      }
    },
  }
}

/** Codes of the error and of what caused it. */
function codesOf(error: unknown): string[] {
  const codes: string[] = []
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 6; at = at.cause, depth++)
    if ('code' in at && typeof at.code === 'string') codes.push(at.code)
  return codes
}
