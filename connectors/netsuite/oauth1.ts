import { createHmac, randomBytes } from 'node:crypto'

export interface TokenCredentials {
  readonly consumerKey: string
  readonly consumerSecret: string
  readonly tokenId: string
  readonly tokenSecret: string
  /** Account id as NetSuite shows it: upper case, `_` (`1234567_SB1`). */
  readonly realm: string
}

/** RFC 3986: `encodeURIComponent` leaves `! ' ( ) *` as they are. */
const percent = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (each) => `%${each.charCodeAt(0).toString(16).toUpperCase()}`)

export interface SigningMoment {
  /** Unique for ever. */
  readonly nonce: string
  /** Seconds. */
  readonly timestamp: number
}

export const newMoment = (nowMs: number): SigningMoment => ({
  nonce: randomBytes(16).toString('hex'),
  timestamp: Math.floor(nowMs / 1000),
})

/** Value of the `Authorization` header: OAuth 1.0a, HMAC-SHA256, single-legged. JSON bodies are not signed. */
export function authorizationOf(
  credentials: TokenCredentials,
  method: string,
  url: string,
  { nonce, timestamp }: SigningMoment,
): string {
  const parameters = {
    oauth_consumer_key: credentials.consumerKey,
    oauth_token: credentials.tokenId,
    oauth_signature_method: 'HMAC-SHA256',
    oauth_timestamp: String(timestamp),
    oauth_nonce: nonce,
    oauth_version: '1.0',
  }
  const oauth_signature = signatureOf(credentials, method, url, parameters)
  const all = { realm: credentials.realm, ...parameters, oauth_signature }
  const pairs = Object.entries(all).map(([name, value]) => `${name}="${percent(value)}"`)
  return `OAuth ${pairs.join(', ')}`
}

/** Before it is percent-encoded for the header. */
function signatureOf(
  { consumerSecret, tokenSecret }: TokenCredentials,
  method: string,
  url: string,
  parameters: { readonly [name: string]: string },
): string {
  const { origin, pathname, searchParams } = new URL(url)
  const pairs = [...searchParams, ...Object.entries(parameters)].map(
    ([name, value]) => [percent(name), percent(value)] as const,
  )
  pairs.sort(([a, x], [b, y]) => compare(a, b) || compare(x, y))
  const tail = pairs.map(([name, value]) => `${name}=${value}`).join('&')
  const base = [method.toUpperCase(), origin + pathname, tail].map(percent).join('&')
  return createHmac('sha256', `${percent(consumerSecret)}&${percent(tokenSecret)}`)
    .update(base)
    .digest('base64')
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
