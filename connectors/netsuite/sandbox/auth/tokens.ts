import { randomBytes } from 'node:crypto'
import { type Account, roleOf } from '../account.ts'
import type { Switches } from '../faults.ts'
import type { Answer, Request } from '../http.ts'
import type { Certificates, Credentials } from './credentials.ts'
import { TokenError, verifyAssertion } from './jwt.ts'

export const TOKEN_PATH = '/services/rest/auth/oauth2/v1/token'
const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

export interface Tokens {
  /** `POST /auth/oauth2/v1/token` */
  grant(request: Request): Answer
  /** True when the access token is good; counts as one use. */
  isGood(token: string): boolean
  /** Every access token is void from now on. */
  expire(): void
}

export interface TokensOptions {
  readonly account: Account
  readonly credentials: Credentials
  readonly certificates: Certificates
  readonly switches: Switches
  readonly now: () => number
}

interface Token {
  readonly expiresAt: number
  readonly scopes: readonly string[]
  uses: number
}

export function createTokens({ account, credentials, certificates, switches, now }: TokensOptions): Tokens {
  const tokens = new Map<string, Token>()

  function scopesFor(request: Request): readonly string[] {
    if (!(request.headers['content-type'] ?? '').toLowerCase().startsWith('application/x-www-form-urlencoded')) {
      throw new TokenError('invalid_request', 'a form is expected')
    }
    const form = new URLSearchParams(request.body.toString('utf8'))
    const type = form.get('grant_type')
    if (type === null) throw new TokenError('invalid_request', 'grant_type is missing')
    if (type !== 'client_credentials') throw new TokenError('unsupported_grant_type', type)
    const assertion = form.get('client_assertion')
    if (form.get('client_assertion_type') !== ASSERTION_TYPE || assertion === null) {
      throw new TokenError('invalid_request', 'an assertion is expected')
    }
    const scopes = verifyAssertion(assertion, {
      clientId: credentials.clientId,
      keyOf: (id) => certificates.get(id)?.() ?? null,
      audiences: [`${request.origin}${TOKEN_PATH}`],
      now: now(),
      skewMs: switches.clockSkewMs,
    })
    if (!roleOf(account, switches.role ?? undefined).permissions.has('Log in using OAuth 2.0 Access Tokens')) {
      throw new TokenError('unauthorized_client', 'the role may not log in this way')
    }
    return scopes
  }

  return {
    grant(request) {
      if (request.method !== 'POST') return oauthAnswer(405, { error: 'invalid_request' })
      try {
        const scopes = scopesFor(request)
        const value = newToken()
        tokens.set(value, { expiresAt: now() + switches.tokenTtlMs, scopes, uses: 0 })
        const seconds = Math.floor(switches.tokenTtlMs / 1000)
        return oauthAnswer(200, {
          access_token: value,
          expires_in: switches.expiresInAsText ? String(seconds) : seconds,
          token_type: 'Bearer',
        })
      } catch (error) {
        if (!(error instanceof TokenError)) throw error
        const client = error.error === 'invalid_client'
        const headers = client ? { 'www-authenticate': `Basic realm="${account.id}"` } : {}
        return oauthAnswer(client ? 401 : 400, { error: error.error }, headers)
      }
    },
    isGood(value) {
      const token = tokens.get(value)
      if (token === undefined || !token.scopes.includes('rest_webservices')) return false
      const spent = switches.expireTokensAfter > 0 && token.uses >= switches.expireTokensAfter
      if (now() >= token.expiresAt || spent) {
        tokens.delete(value)
        return false
      }
      token.uses++
      return true
    },
    expire: () => tokens.clear(),
  }
}

/** Looks like the JWT it is in the real system; nobody is to read it. */
function newToken(): string {
  const header = Buffer.from('{"alg":"RS256","typ":"JWT","kid":"com.netsuite.oauth2"}').toString('base64url')
  return `${header}.${randomBytes(90).toString('base64url')}.${randomBytes(96).toString('base64url')}`
}

function oauthAnswer(status: number, body: Record<string, string | number>, headers: Answer['headers'] = {}): Answer {
  return {
    status,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers },
    body: JSON.stringify(body),
  }
}
