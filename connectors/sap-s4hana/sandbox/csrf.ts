import { randomBytes } from 'node:crypto'
import type { Switches } from './faults.ts'
import { type Answer, isSafe, type Request } from './http.ts'

export interface Csrf {
  /** Headers for an answer to a request that said `x-csrf-token: Fetch`; none for others. */
  fetch(request: Request, user: string, service: string): Record<string, string | readonly string[]>
  /** The 403 that refuses a change without a valid token, or null. */
  check(request: Request, user: string, service: string): Answer | null
  expire(): void
}

interface Session {
  readonly user: string
  readonly token: string
  readonly xsrf: string
  readonly services: Set<string>
  lastUsed: number
  uses: number
}

const SESSIONS_KEPT = 5000

/** Tokens belong to a session, which the cookies name: a token without its cookies is worth nothing. */
export function createCsrf(options: { switches: Switches; now: () => number; client: string }): Csrf {
  const { switches, now } = options
  const sessions = new Map<string, Session>()
  const sessionCookie = `SAP_SESSIONID_S4H_${options.client}`
  const xsrfCookie = `sap-XSRF_S4H_${options.client}`

  function current(request: Request, user: string): Session | null {
    const cookies = cookiesOf(request.headers['cookie'] ?? '')
    const id = cookies.get(sessionCookie)
    const session = id === undefined ? undefined : sessions.get(id)
    if (id === undefined || session === undefined) return null
    const spent = switches.expireSessionsAfter > 0 && session.uses >= switches.expireSessionsAfter
    if (now() - session.lastUsed >= switches.csrfTtlMs || spent) {
      sessions.delete(id)
      return null
    }
    return session.user === user && cookies.get(xsrfCookie) === session.xsrf ? session : null
  }

  function touch(session: Session): Session {
    session.lastUsed = now()
    session.uses++
    return session
  }

  function open(user: string): [id: string, session: Session] {
    if (sessions.size >= SESSIONS_KEPT) {
      for (const [id, session] of sessions) if (now() - session.lastUsed >= switches.csrfTtlMs) sessions.delete(id)
      const [oldest] = sessions.keys()
      if (sessions.size >= SESSIONS_KEPT && oldest !== undefined) sessions.delete(oldest)
    }
    const id = randomBytes(18).toString('base64url')
    const session: Session = {
      user,
      token: randomBytes(16).toString('base64'),
      xsrf: randomBytes(12).toString('base64url'),
      services: new Set(),
      lastUsed: now(),
      uses: 0,
    }
    sessions.set(id, session)
    return [id, session]
  }

  return {
    fetch(request, user, service) {
      if (!isSafe(request.method) || request.headers['x-csrf-token']?.toLowerCase() !== 'fetch') return {}
      const known = current(request, user)
      if (known !== null) {
        touch(known).services.add(service)
        return { 'x-csrf-token': known.token }
      }
      const [id, session] = open(user)
      session.services.add(service)
      return {
        'x-csrf-token': session.token,
        'set-cookie': [
          `${sessionCookie}=${id}; path=/; secure; HttpOnly`,
          `${xsrfCookie}=${session.xsrf}; path=/; secure; HttpOnly`,
          `sap-usercontext=sap-client=${options.client}; path=/`,
        ],
      }
    },
    check(request, user, service) {
      if (isSafe(request.method)) return null
      const session = current(request, user)
      const valid =
        session !== null &&
        request.headers['x-csrf-token'] === session.token &&
        (!switches.csrfPerService || session.services.has(service))
      if (valid) {
        touch(session)
        return null
      }
      return {
        status: 403,
        headers: { 'x-csrf-token': 'Required', 'content-type': 'text/plain; charset=utf-8' },
        body: 'CSRF token validation failed',
      }
    },
    expire: () => sessions.clear(),
  }
}

function cookiesOf(header: string): Map<string, string> {
  const cookies = new Map<string, string>()
  for (const pair of header.split(';')) {
    const equals = pair.indexOf('=')
    if (equals > 0) cookies.set(pair.slice(0, equals).trim(), pair.slice(equals + 1).trim())
  }
  return cookies
}
