import {
  AuthError,
  type HttpClient,
  type HttpResponse,
  type Json,
  RateLimitedError,
  RetryableError,
} from '../../core/index.ts'
import type { TrytonConfig } from './config.ts'
import { failureOf, failureOfWrite } from './failures.ts'
import { isRow } from './values.ts'

/** JSON-RPC over HTTP, logged in. */
export interface TrytonClient {
  /** The user's id in Tryton. */
  readonly userId: () => number
  /**
   * @param method e.g. `model.party.party.search_read`
   * @param kind a write is never repeated by itself
   * @throws AuthError, RejectedError, RetryableError, RateLimitedError; a write also OutcomeUnknownError
   */
  call(method: string, params: readonly Json[], signal: AbortSignal, kind?: CallKind): Promise<Json>
  /** `Date` header of the last answer, epoch ms (whole seconds). */
  serverDate(): number | null
  logout(): Promise<void>
}

type CallKind = 'read' | 'write'
type Connection = Pick<TrytonConfig, 'base_url' | 'database' | 'username' | 'password'>

interface Login {
  readonly userId: number
  readonly authorization: string
}

const READ_TIMEOUT_MS = 120_000

/** Logs in. @throws AuthError naming what to fix */
export async function createClient(config: Connection, http: HttpClient, signal: AbortSignal): Promise<TrytonClient> {
  const url = `${config.base_url.replace(/\/+$/, '')}/${encodeURIComponent(config.database)}/`
  let requests = 0
  let serverDate: number | null = null

  async function post(
    method: string,
    params: readonly Json[],
    authorization: string | null,
    signal: AbortSignal,
    kind: CallKind = 'read',
  ) {
    const response = await http.request({
      method: 'POST',
      url,
      headers: {
        'content-type': 'application/json',
        accept: 'application/json',
        ...(authorization === null ? {} : { authorization }),
      },
      body: JSON.stringify({ id: ++requests, method, params }),
      signal,
      timeoutMs: READ_TIMEOUT_MS,
      retry: kind === 'read',
    })
    const sent = Date.parse(response.headers['date'] ?? '')
    if (!Number.isNaN(sent)) serverDate = sent
    return response
  }

  async function logIn(): Promise<Login> {
    const { username, password } = config
    // the session's signal, not the caller's: others may be waiting for the same login
    const response = await post('common.db.login', [username, { password }], null, signal)
    const details = { status: response.status, requestId: response.requestId }
    if (response.status === 401 || response.status === 403)
      throw new AuthError(
        `logging in to Tryton as ${username}: wrong user or password, or the user is inactive`,
        details,
      )
    if (response.status === 404)
      throw new AuthError(
        `logging in to Tryton: there is no database "${config.database}" at ${config.base_url}; check address and database`,
        details,
      )
    const result = resultOf(response, 'logging in to Tryton')
    const [userId, session] = Array.isArray(result) ? (result as readonly Json[]) : []
    if (typeof userId !== 'number' || typeof session !== 'string')
      throw new AuthError(`logging in to Tryton as ${username}: unexpected answer; is this a Tryton server?`, details)
    const token = Buffer.from(`${username}:${userId}:${session}`).toString('base64')
    return { userId, authorization: `Session ${token}` }
  }

  let current = await logIn()
  let renewal: Promise<Login> | null = null

  /** One login however many callers found the session dead. */
  function renewed(stale: Login): Promise<Login> {
    if (current !== stale) return Promise.resolve(current)
    renewal ??= logIn()
      .then((login) => (current = login))
      .finally(() => {
        renewal = null
      })
    return renewal
  }

  return {
    userId: () => current.userId,
    serverDate: () => serverDate,
    async call(method, params, signal, kind = 'read') {
      signal.throwIfAborted()
      const doing = `calling ${method}`
      const used = current
      async function answered<T>(work: Promise<T>): Promise<T> {
        try {
          return await work
        } catch (error) {
          throw kind === 'read' ? error : failureOfWrite(error, doing)
        }
      }
      let response = await answered(post(method, params, used.authorization, signal, kind))
      if (response.status === 401) {
        const login = await orAborted(renewed(used), signal)
        response = await answered(post(method, params, login.authorization, signal, kind))
        if (response.status === 401)
          throw new AuthError(`${doing}: Tryton refuses the session of ${config.username} right after the login`, {
            status: 401,
            requestId: response.requestId,
          })
      }
      return answered(Promise.resolve(response).then((last) => resultOf(last, doing)))
    },
    async logout() {
      await post('common.db.logout', [], current.authorization, AbortSignal.timeout(2000)).catch(() => {})
    },
  }
}

function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason as Error)
    if (signal.aborted) stop()
    signal.addEventListener('abort', stop, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop))
  })
}

function resultOf(response: HttpResponse, doing: string): Json {
  const { status, requestId } = response
  const details = { status, requestId }
  if (status === 403) {
    const model = /^calling model\.(.+)\.[^.]+$/.exec(doing)?.[1]
    throw new AuthError(
      `${doing}: Tryton does not open this to the user${model === undefined ? '' : `; give it access to ${model}`}`,
      { ...details, streamOnly: true },
    )
  }
  if (status === 404) throw new AuthError(`${doing}: the database or the address is gone (HTTP 404)`, details)
  if (status === 429) throw new RateLimitedError(`${doing}: too many requests`, 0, details)
  if (status !== 200) throw new RetryableError(`${doing}: HTTP ${status}`, details)
  const answer = parse(response, doing)
  if (!isRow(answer) || !('result' in answer || 'error' in answer))
    throw new RetryableError(`${doing}: the answer is JSON but not of Tryton's form`, details)
  if (answer['error'] !== undefined) throw failureOf(answer['error'], doing)
  return answer['result'] as Json
}

/** A proxy's HTML page or an answer cut short is nobody's decision: it may be right the next time. */
function parse(response: HttpResponse, doing: string): Json {
  try {
    return JSON.parse(response.text()) as Json
  } catch (cause) {
    const type = response.headers['content-type'] ?? 'no content type'
    throw new RetryableError(`${doing}: the answer is not JSON (${type}, ${response.body.length} bytes)`, {
      status: response.status,
      requestId: response.requestId,
      cause,
    })
  }
}
