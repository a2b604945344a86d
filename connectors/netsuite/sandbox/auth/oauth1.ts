/** Token-based authentication: OAuth 1.0a with HMAC-SHA256, one leg. */
import { createHmac, timingSafeEqual } from 'node:crypto'

/** What is signed of a request. */
export interface SignedRequest {
  readonly method: string
  /** `https://123456.suitetalk.api.netsuite.com` */
  readonly origin: string
  /** As sent, without the query. */
  readonly path: string
  /** As sent, without `?`. */
  readonly query: string
}

export interface OAuthSecrets {
  readonly consumerSecret: string
  readonly tokenSecret: string
}

/** Parameters of an `Authorization: OAuth …` header, decoded; null when it is not one. */
export function parseOAuthHeader(header: string): ReadonlyMap<string, string> | null {
  if (!/^oauth\s/i.test(header)) return null
  const found = new Map<string, string>()
  for (const part of header.slice(5).split(',')) {
    const match = /^\s*([\w.-]+)="([^"]*)"\s*$/.exec(part)
    const [, name, value] = match ?? []
    if (name === undefined || value === undefined || found.has(name)) return null
    found.set(name, decoded(value))
  }
  return found
}

/** `protocol`: the header's parameters; realm and the signature itself are not signed. */
export function signatureBase(request: SignedRequest, protocol: ReadonlyMap<string, string>): string {
  const signed = [...protocol].filter(([name]) => name !== 'realm' && name !== 'oauth_signature')
  const pairs = [...new URLSearchParams(request.query), ...signed]
    .map(([name, value]) => [encoded(name), encoded(value)] as const)
    .sort((a, b) => order(a[0], b[0]) || order(a[1], b[1]))
    .map(([name, value]) => `${name}=${value}`)
  const url = `${request.origin}${request.path}`
  return [request.method.toUpperCase(), encoded(url), encoded(pairs.join('&'))].join('&')
}

/** Base64, not yet percent-encoded. */
export function signatureOf(
  request: SignedRequest,
  protocol: ReadonlyMap<string, string>,
  { consumerSecret, tokenSecret }: OAuthSecrets,
): string {
  const key = `${encoded(consumerSecret)}&${encoded(tokenSecret)}`
  return createHmac('sha256', key).update(signatureBase(request, protocol)).digest('base64')
}

export interface OAuthRules extends OAuthSecrets {
  readonly realm: string
  readonly consumerKey: string
  readonly tokenId: string
  /** How far a time stamp may be off, ms. */
  readonly windowMs: number
  readonly now: () => number
}

/** True once for each signed request. */
export function createOAuthCheck(rules: () => OAuthRules): (request: SignedRequest, header: string) => boolean {
  /** Nonce → when it was used. */
  const used = new Map<string, number>()

  return (request, header) => {
    const { realm, consumerKey, tokenId, windowMs, now, ...secrets } = rules()
    const sent = parseOAuthHeader(header)
    if (sent === null) return false
    const nonce = sent.get('oauth_nonce') ?? ''
    const stamp = sent.get('oauth_timestamp') ?? ''
    const expected =
      sent.get('realm') === realm &&
      sent.get('oauth_consumer_key') === consumerKey &&
      sent.get('oauth_token') === tokenId &&
      sent.get('oauth_signature_method') === 'HMAC-SHA256' &&
      (sent.get('oauth_version') ?? '1.0') === '1.0'
    if (!expected || nonce === '' || !/^\d+$/.test(stamp)) return false
    const time = now()
    if (Math.abs(Number(stamp) * 1000 - time) > windowMs) return false
    if (!same(signatureOf(request, sent, secrets), sent.get('oauth_signature') ?? '')) return false
    for (const [old, at] of used) {
      if (time - at <= 2 * windowMs) break
      used.delete(old)
    }
    if (used.has(nonce)) return false
    used.set(nonce, time)
    return true
  }
}

function order(left: string, right: string): number {
  return left === right ? 0 : left < right ? -1 : 1
}

/** RFC 3986: more than encodeURIComponent. */
function encoded(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (it) => `%${it.charCodeAt(0).toString(16).toUpperCase()}`)
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function same(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left), Buffer.from(right)]
  return a.length === b.length && timingSafeEqual(a, b)
}
