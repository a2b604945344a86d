import { AuthError, type HttpClient, type HttpResponse, RetryableError } from '../../core/index.ts'
import { createLogin, type Login } from './auth.ts'
import type { NetSuiteConfig } from './config.ts'
import { createGate, type Gate } from './gate.ts'
import { problemOf, wordsOf } from './problems.ts'
import { createSignatureClock } from './server-clock.ts'

export interface Outgoing {
  readonly method: string
  readonly url: string
  readonly headers?: { readonly [name: string]: string }
  readonly body?: string
  readonly signal: AbortSignal
  /** Told when the first byte may leave: what fails before was certainly not applied. */
  readonly onSend?: () => void
}

/** One sending that is logged in and counted; any status but 401 is the caller's, trying again is too. */
export interface Exchange {
  /** @throws AuthError (login), RetryableError, RateLimitedError, the signal's reason */
  readonly send: (request: Outgoing) => Promise<HttpResponse>
  readonly gate: Gate
}

/** Until NetSuite or the settings say what is allowed. */
export const UNTOLD_CONCURRENCY = 2

export function createExchange(config: NetSuiteConfig, http: HttpClient): Exchange {
  const clock = createSignatureClock()
  const login = createLogin(config, http, clock)
  const gate = createGate(config.concurrency ?? UNTOLD_CONCURRENCY)
  let refusal: AuthError | null = null

  /** `retry: false`: a signature counts once, so each try needs one of its own. */
  const transmit = ({ signal, onSend, ...request }: Outgoing, authorization: string) => {
    onSend?.()
    return http.request({
      ...request,
      headers: { accept: 'application/json', ...request.headers, authorization },
      signal,
      timeoutMs: config.timeout_seconds * 1000,
      retry: false,
    })
  }

  async function admitted(request: Outgoing): Promise<HttpResponse> {
    const { method, url, signal } = request
    const pass = await login.pass(method, url, signal)
    const response = await transmit(request, pass.authorization)
    if (response.status !== 401) return response
    const another = await login.renewed(pass, response.headers['date'], method, url, signal)
    const again = await transmit(request, another.authorization)
    if (again.status !== 401) return again
    throw refusedAs(login, again)
  }

  return {
    gate,
    async send(request) {
      request.signal.throwIfAborted()
      if (refusal !== null) throw refusal
      const leave = await gate.enter(request.signal)
      try {
        return await admitted(request)
      } catch (error) {
        // refused tokens are counted against the user: this session asks no more
        if (error instanceof AuthError && config.auth === 'token') refusal = error
        throw readable(error, request)
      } finally {
        leave()
      }
    },
  }
}

function refusedAs({ who, advice }: Login, response: HttpResponse): AuthError {
  const problem = problemOf(response.text())
  const words = wordsOf(problem)
  return new AuthError(
    `logging in to NetSuite as ${who}: refused${words === '' ? '' : ` ("${words.slice(0, 200)}")`}; ${advice}`,
    { status: 401, requestId: response.requestId, vendorCode: problem.code ?? undefined },
  )
}

/** Says what a network's or a gateway's failure means here. */
function readable(error: unknown, { url }: Outgoing): unknown {
  if (!(error instanceof RetryableError)) return error
  const { host } = new URL(url)
  if (error.status === 503)
    return new RetryableError(`NetSuite is not available now, perhaps in maintenance: ${error.message}`, {
      status: 503,
      requestId: error.requestId,
      cause: error,
    })
  if (codesOf(error).includes('ENOTFOUND'))
    return new AuthError(`there is no host ${host}: check account_id, or base_url if it is set`, { cause: error })
  return error
}

/** Codes of the error and of what caused it. */
export function codesOf(error: unknown): string[] {
  const codes: string[] = []
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 6; at = at.cause, depth++)
    if ('code' in at && typeof at.code === 'string') codes.push(at.code)
  return codes
}
