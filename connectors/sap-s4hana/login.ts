import { AuthError, type HttpClient, type HttpResponse, type Json } from '../../core/index.ts'
import { tokenAddress } from './addresses.ts'
import type { SapConfig } from './config.ts'
import { problemOf, wordsOf } from './problems.ts'
import { isRow } from './values.ts'

/** What a request carries to be let in. */
export interface Pass {
  readonly authorization: string
}

export interface Login {
  pass(signal: AbortSignal): Promise<Pass>
  /**
   * After a 401: another pass, asked for once however many callers found theirs dead; null = there is no other.
   * Basic logins are never tried again: a few wrong passwords lock the user.
   */
  renewed(refused: Pass, signal: AbortSignal): Promise<Pass | null>
  /** For messages. */
  readonly who: string
}

export function createLogin(config: SapConfig, http: HttpClient): Login {
  const where = config.sap_client === null ? '' : ` in client ${config.sap_client}`
  return config.auth === 'basic' ? basicLogin(config, where) : clientLogin(config, http, where)
}

function missing(config: SapConfig, fields: readonly (keyof SapConfig)[]): void {
  const absent = fields.filter((field) => config[field] === null)
  if (absent.length > 0)
    throw new AuthError(`login to SAP by ${config.auth}: set ${absent.join(' and ')} in the connection's settings`)
}

function basicLogin(config: SapConfig, where: string): Login {
  missing(config, ['username', 'password'])
  const token = Buffer.from(`${config.username}:${config.password}`).toString('base64')
  const pass = { authorization: `Basic ${token}` }
  return {
    pass: () => Promise.resolve(pass),
    renewed: () => Promise.resolve(null),
    who: `user ${config.username}${where}`,
  }
}

/** Asked for anew this long before it ends, or a tenth of its life for short ones. */
const MARGIN_MS = 60_000

interface Token extends Pass {
  /** By our monotonic clock. */
  readonly endsAt: number
}

function clientLogin(config: SapConfig, http: HttpClient, where: string): Login {
  missing(config, ['client_id', 'client_secret'])
  const who = `OAuth client ${config.client_id}${where}`
  let current: Token | null = null
  let asking: Promise<Token> | null = null

  async function ask(): Promise<Token> {
    const form = new URLSearchParams({ grant_type: 'client_credentials' })
    if (config.scope !== null) form.set('scope', config.scope)
    const began = performance.now()
    // no caller's signal: others may be waiting for the same token
    const response = await http.request({
      method: 'POST',
      url: tokenAddress(config),
      headers: {
        authorization: `Basic ${Buffer.from(`${config.client_id}:${config.client_secret}`).toString('base64')}`,
        'content-type': 'application/x-www-form-urlencoded',
        accept: 'application/json',
      },
      body: form.toString(),
      retry: true,
      timeoutMs: 30_000,
    })
    return tokenOf(response, who, began)
  }

  function fresh(): Promise<Token> {
    asking ??= ask()
      .then((token) => (current = token))
      .finally(() => {
        asking = null
      })
    return asking
  }

  return {
    who,
    pass: (signal) =>
      current !== null && performance.now() < current.endsAt ? Promise.resolve(current) : orAborted(fresh(), signal),
    renewed: (refused, signal) =>
      current !== null && current !== refused ? Promise.resolve(current) : orAborted(fresh(), signal),
  }
}

function tokenOf(response: HttpResponse, who: string, began: number): Token {
  const details = { status: response.status, requestId: response.requestId }
  const answer = parsed(response.text())
  const token = isRow(answer) ? answer['access_token'] : undefined
  if (response.status === 200 && isRow(answer) && typeof token === 'string' && token !== '') {
    const life = Number(answer['expires_in']) * 1000
    const lifeMs = Number.isFinite(life) && life > 0 ? life : 300_000
    return { authorization: `Bearer ${token}`, endsAt: began + lifeMs - Math.min(MARGIN_MS, lifeMs / 10) }
  }
  const said = isRow(answer)
    ? [answer['error'], answer['error_description']].filter((each) => typeof each === 'string')
    : []
  const words = said.length > 0 ? said.join(', ') : wordsOf(problemOf(response.text())).slice(0, 200)
  throw new AuthError(
    `asking SAP for a token as ${who}: ${response.status === 200 ? 'the answer holds none' : `HTTP ${response.status}`}${words === '' ? '' : ` (${words})`}; check client_id, client_secret, token_url and scope, and that the client may use client credentials`,
    details,
  )
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text) as Json
  } catch {
    return null
  }
}

/** The result, unless the caller gives up first; the work goes on for the others. */
export function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason as Error)
    if (signal.aborted) stop()
    signal.addEventListener('abort', stop, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop))
  })
}
