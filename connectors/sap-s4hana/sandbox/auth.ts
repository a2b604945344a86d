import { randomBytes } from 'node:crypto'
import type { Switches } from './faults.ts'
import { type Answer, htmlPage, JSON_TYPE, type Request } from './http.ts'
import type { OAuthClient, SandboxUser } from './users.ts'

export interface Caller {
  readonly user: SandboxUser
  readonly by: 'basic' | 'bearer'
}

export interface Auth {
  /** The caller, or the 401 that refuses it. */
  authenticate(request: Request, client: string | undefined): Caller | Answer
  /** `POST /sap/bc/sec/oauth2/token` */
  token(request: Request): Answer
  /** Every token is void from now on. */
  expireTokens(): void
}

export interface AuthOptions {
  readonly users: SandboxUser[]
  readonly clients: readonly OAuthClient[]
  readonly switches: Switches
  readonly now: () => number
  /** The only client (tenant) of the system. */
  readonly client: string
}

interface Token {
  readonly user: string
  readonly expiresAt: number
  uses: number
}

const SAML_BEARER = 'urn:ietf:params:oauth:grant-type:saml2-bearer'

export function createAuth(options: AuthOptions): Auth {
  const { users, switches } = options
  const tokens = new Map<string, Token>()
  const failures = new Map<string, number>()

  const userNamed = (name: string) => users.find((user) => user.name.toUpperCase() === name.toUpperCase())

  function basic(credentials: string): Caller | null {
    const [name, password] = splitCredentials(credentials)
    const user = userNamed(name)
    if (user === undefined) return null
    const failed = failures.get(user.name) ?? 0
    if (user.password !== password) {
      failures.set(user.name, failed + 1)
      if (switches.lockUserAfter > 0 && failed + 1 >= switches.lockUserAfter) user.locked = true
      return null
    }
    if (user.locked === true) return null
    failures.delete(user.name)
    return { user, by: 'basic' }
  }

  function bearer(value: string): Caller | null {
    const token = tokens.get(value)
    if (token === undefined) return null
    const spent = switches.expireSessionsAfter > 0 && token.uses >= switches.expireSessionsAfter
    if (options.now() >= token.expiresAt || spent) {
      tokens.delete(value)
      return null
    }
    token.uses++
    const user = userNamed(token.user)
    return user === undefined || user.locked === true ? null : { user, by: 'bearer' }
  }

  function grant(client: OAuthClient, scope: string): Answer {
    const value = randomBytes(24).toString('base64url')
    const seconds = Math.floor(switches.tokenTtlMs / 1000)
    tokens.set(value, { user: client.user, expiresAt: options.now() + switches.tokenTtlMs, uses: 0 })
    return tokenAnswer(200, { access_token: value, token_type: 'Bearer', expires_in: String(seconds), scope })
  }

  return {
    authenticate(request, client) {
      const header = request.headers['authorization'] ?? ''
      const blank = header.indexOf(' ')
      const scheme = header.slice(0, blank).toLowerCase()
      const value = header.slice(blank + 1).trim()
      if (client !== undefined && client !== '' && client !== options.client) return refused(options.client)
      const caller = scheme === 'basic' ? basic(value) : scheme === 'bearer' ? bearer(value) : null
      return caller ?? refused(options.client)
    },
    token(request) {
      if (request.method !== 'POST') return tokenAnswer(405, { error: 'invalid_request' })
      const form = new URLSearchParams(request.body.toString('utf8'))
      const header = request.headers['authorization'] ?? ''
      const [id, secret] = header.toLowerCase().startsWith('basic ')
        ? splitCredentials(header.slice(6).trim())
        : [form.get('client_id') ?? '', form.get('client_secret') ?? '']
      const client = options.clients.find((it) => it.id === id && it.secret === secret)
      if (client === undefined) {
        return tokenAnswer(401, { error: 'invalid_client', error_description: 'Client authentication failed' })
      }
      const type = form.get('grant_type')
      if (type === SAML_BEARER && (form.get('assertion') ?? '') === '') {
        return tokenAnswer(400, { error: 'invalid_grant', error_description: 'Assertion is missing' })
      }
      if (type !== SAML_BEARER && type !== 'client_credentials') {
        return tokenAnswer(400, { error: 'unsupported_grant_type' })
      }
      return grant(client, form.get('scope') ?? '')
    },
    expireTokens: () => tokens.clear(),
  }
}

function splitCredentials(base64: string): [name: string, password: string] {
  const text = Buffer.from(base64, 'base64').toString('utf8')
  const colon = text.indexOf(':')
  return colon < 0 ? [text, ''] : [text.slice(0, colon), text.slice(colon + 1)]
}

function refused(client: string): Answer {
  return htmlPage(401, 'Logon failed', 'The user is unknown or locked, or the password is wrong.', {
    'www-authenticate': `Basic realm="SAP NetWeaver Application Server [S4H/${client}]"`,
  })
}

function tokenAnswer(status: number, body: Record<string, string>): Answer {
  return { status, headers: { 'content-type': JSON_TYPE, 'cache-control': 'no-store' }, body: JSON.stringify(body) }
}
