/** Plain SuiteQL over NetSuite's REST services, for facts. Shares nothing with any connector. */
import { sign } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'

export type Row = { readonly [column: string]: string | null }

export interface SuiteQlLogin {
  readonly clientId: string
  readonly certificateId: string
  /** PEM of the certificate's EC P-256 key. */
  readonly privateKey: string
}

/** At most 1000 rows. */
export type SuiteQl = (q: string) => Promise<readonly Row[]>

const RENEW_MS = 50 * 60_000
const PATIENCE_MS = 30_000
const PAUSE_MS = 200

/** @param root `https://host/services/rest` */
export function openSuiteQl(root: string, login: SuiteQlLogin): SuiteQl {
  let token: { readonly text: string; readonly at: number } | null = null

  async function tokenNow(): Promise<string> {
    if (token !== null && Date.now() - token.at < RENEW_MS) return token.text
    const url = `${root}/auth/oauth2/v1/token`
    const body = new URLSearchParams({
      grant_type: 'client_credentials',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: assertion(url, login),
    })
    const { access_token: text } = JSON.parse(await ask(url, { body })) as { access_token: string }
    token = { text, at: Date.now() }
    return text
  }

  return async (q) => {
    const headers = {
      authorization: `Bearer ${await tokenNow()}`,
      'content-type': 'application/json',
      prefer: 'transient',
    }
    const text = await ask(`${root}/query/v1/suiteql?limit=1000`, { headers, body: JSON.stringify({ q }) })
    return (JSON.parse(text) as { items: Row[] }).items
  }
}

/** Waits while the account has no place for one more request: Tributary and the facts share it. */
async function ask(url: string, request: RequestInit): Promise<string> {
  const deadline = Date.now() + PATIENCE_MS
  for (;;) {
    const response = await fetch(url, { ...request, method: 'POST', signal: AbortSignal.timeout(PATIENCE_MS) })
    const text = await response.text()
    if (response.ok) return text
    if (response.status !== 429 || Date.now() > deadline)
      throw new Error(`${url}: HTTP ${response.status} ${text.slice(0, 300)}`)
    await delay(PAUSE_MS)
  }
}

/** A signed word of who we are, good for five minutes. */
function assertion(audience: string, { clientId, certificateId, privateKey }: SuiteQlLogin): string {
  const now = Math.floor(Date.now() / 1000)
  const parts = [
    { typ: 'JWT', alg: 'ES256', kid: certificateId },
    { iss: clientId, scope: ['rest_webservices'], aud: audience, iat: now - 10, exp: now + 300 },
  ]
  const text = parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')
  const signature = sign('sha256', Buffer.from(text), { key: privateKey, dsaEncoding: 'ieee-p1363' })
  return `${text}.${signature.toString('base64url')}`
}
