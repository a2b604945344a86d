import { type Account, type Role, roleOf } from '../account.ts'
import { errorAnswer, refusal } from '../errors.ts'
import type { Switches } from '../faults.ts'
import type { Answer, Request } from '../http.ts'
import type { Certificates, Credentials } from './credentials.ts'
import { createOAuthCheck } from './oauth1.ts'
import { createTokens } from './tokens.ts'

export interface Auth {
  /** The role the request runs as, or the answer that refuses it. */
  authenticate(request: Request): { readonly role: Role } | Answer
  /** `POST /auth/oauth2/v1/token` */
  token(request: Request): Answer
  expireTokens(): void
}

export interface AuthOptions {
  readonly account: Account
  readonly credentials: Credentials
  readonly certificates: Certificates
  readonly switches: Switches
  readonly now: () => number
}

const LOGIN_FAILED =
  'Invalid login attempt. For more details, see the Login Audit Trail in the NetSuite UI at ' +
  'Setup > Users/Roles > User Management > View Login Audit Trail.'

export function createAuth(options: AuthOptions): Auth {
  const { account, credentials, switches, now } = options
  const tokens = createTokens(options)
  const isSigned = createOAuthCheck(() => ({
    realm: account.id,
    consumerKey: credentials.consumerKey,
    consumerSecret: credentials.consumerSecret,
    tokenId: credentials.tokenId,
    tokenSecret: credentials.tokenSecret,
    windowMs: switches.oauthTimestampMs,
    now,
  }))

  function refused(status: 400 | 401, error: string, description: string): Answer {
    const answer = errorAnswer(
      refusal(status, status === 401 ? 'INVALID_LOGIN' : 'INVALID_REQUEST', description),
      switches.errorLinks,
    )
    const challenge = `Bearer realm="${account.id}", error="${error}", error_description="Invalid login attempt."`
    return { ...answer, headers: { ...answer.headers, 'www-authenticate': challenge } }
  }

  const role = (): Role => roleOf(account, switches.role ?? undefined)

  return {
    authenticate(request) {
      const header = request.headers['authorization'] ?? ''
      if (/^oauth(\s|$)/i.test(header)) {
        const good = isSigned(request, header) && role().permissions.has('Log in using Access Tokens')
        return good ? { role: role() } : refused(401, 'invalid_token', LOGIN_FAILED)
      }
      const match = /^bearer\s+(\S+)\s*$/i.exec(header)
      if (match === null && /^bearer(\s|$)/i.test(header)) {
        return refused(400, 'invalid_request', 'The Authorization header is malformed.')
      }
      if (match?.[1] !== undefined && tokens.isGood(match[1])) return { role: role() }
      return refused(401, 'invalid_token', LOGIN_FAILED)
    },
    token: (request) => tokens.grant(request),
    expireTokens: () => tokens.expire(),
  }
}
