import { AuthError, type HttpClient, type HttpResponse, RetryableError, scrub } from '../../core/index.ts'
import type { SapConfig } from './config.ts'
import { createCookieJar } from './cookies.ts'
import { createLogin, type Pass } from './login.ts'
import { problemOf, wordsOf } from './problems.ts'
import { createServerClock, type ServerClock } from './server-clock.ts'

export interface Outgoing {
  readonly method: string
  readonly url: string
  readonly headers?: { readonly [name: string]: string }
  readonly body?: string | Buffer
  /** May be sent again after a network error or 5xx. */
  readonly retry: boolean
  readonly signal: AbortSignal
}

/** Requests that are logged in; any status but 401 is the caller's. */
export interface Exchange {
  /** @throws AuthError (login), RetryableError, RateLimitedError, the signal's reason */
  send(request: Outgoing): Promise<HttpResponse>
  readonly clock: ServerClock
}

const TIMEOUT_MS = 120_000

export function createExchange(config: SapConfig, http: HttpClient): Exchange {
  const login = createLogin(config, http)
  const clock = createServerClock()
  const jar = createCookieJar()
  let refusal: AuthError | null = null

  async function once(request: Outgoing, pass: Pass): Promise<HttpResponse> {
    const cookie = jar.header()
    const response = await http.request({
      method: request.method,
      url: request.url,
      headers: { accept: 'application/json', ...request.headers, ...pass, ...(cookie === null ? {} : { cookie }) },
      ...(request.body === undefined ? {} : { body: request.body }),
      signal: request.signal,
      timeoutMs: TIMEOUT_MS,
      retry: request.retry,
    })
    clock.observe(response.headers['date'])
    jar.take(response.headers['set-cookie'])
    return response
  }

  return {
    clock,
    async send(request) {
      request.signal.throwIfAborted()
      if (refusal !== null) throw refusal
      const pass = await login.pass(request.signal)
      const response = await once(request, pass)
      if (response.status !== 401) return response
      const another = await login.renewed(pass, request.signal)
      const again = another === null ? response : await once(request, another)
      if (again.status !== 401) return again
      const refused = refusedAs(login.who, again)
      // a few more wrong passwords would lock the user: this session asks no more
      if (another === null) refusal = refused
      throw refused
    },
  }
}

function refusedAs(who: string, response: HttpResponse): AuthError {
  const words = scrub(wordsOf(problemOf(response.text()))).slice(0, 200)
  const details = { status: 401, requestId: response.requestId }
  return new AuthError(
    `logging in to SAP as ${who}: refused${words === '' ? '' : ` ("${words}")`}; wrong user or password, or the user is locked, expired or does not exist in this client`,
    details,
  )
}

/** Codes of failures before anything was sent. */
const UNSENT = new Set([
  'ENOTFOUND',
  'EAI_AGAIN',
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
])

/** Error codes of a failure and its causes. */
export function codesOf(error: unknown): string[] {
  const codes: string[] = []
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 6; at = at.cause, depth++)
    if ('code' in at && typeof at.code === 'string') codes.push(at.code)
  return codes
}

/** True = the request never reached SAP, or SAP said that it did not take it. */
export const wasNotTaken = (error: RetryableError): boolean =>
  error.status === 503 ||
  codesOf(error).some((code) => UNSENT.has(code) || /CERT|ERR_TLS|SELF_SIGNED|VERIFY/.test(code))
