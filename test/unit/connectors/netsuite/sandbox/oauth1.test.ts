import { describe, expect, it } from 'vitest'
import {
  createOAuthCheck,
  parseOAuthHeader,
  signatureBase,
  signatureOf,
} from '../../../../../connectors/netsuite/sandbox/auth/oauth1.ts'

const CONSUMER_KEY = 'ef40afdd8abaac111b13825dd5e5e2ddddb44f86d5a0dd6dcf38c20aae6b67e4'
const TOKEN = '2b0ce516420110bcbd36b69e99196d1b7f6de3c6234c5afb799b73d87569f5cc'
const SECRETS = {
  consumerSecret: 'd26ad321a4b2f23b0741c8d38392ce01c3e23e109df6c96eac6d099e9ab9e8b5',
  tokenSecret: 'c29a677df7d5439a458c063654187e3d678d73aca8e3c9d8bea1478a3eb0d295',
}
const TIMESTAMP = '1508242306'
const PROTOCOL = new Map([
  ['realm', '123456'],
  ['oauth_consumer_key', CONSUMER_KEY],
  ['oauth_token', TOKEN],
  ['oauth_signature_method', 'HMAC-SHA256'],
  ['oauth_timestamp', TIMESTAMP],
  ['oauth_nonce', 'fjaLirsIcCGVZWzBX0pg'],
  ['oauth_version', '1.0'],
])
const REST = 'https://123456.suitetalk.api.netsuite.com'
const RESTLET = 'https://123456.restlets.api.netsuite.com'
const FILTER = 'q=companyName%20START_WITH%20%22Acme%20(EU)%22'

const VECTORS = [
  ['GET', REST, '/services/rest/record/v1/employee/40', '', 'B5OIWznZ2YP0OB7VrJrGkYsTh+8H+5T9Hag+o92q0zY='],
  [
    'POST',
    REST,
    '/services/rest/query/v1/suiteql',
    'limit=1000&offset=0',
    'K77GAJRnfr1XDIXWkDNFBb1G343XzZc397WHGpnHFF8=',
  ],
  [
    'POST',
    RESTLET,
    '/app/site/hosting/restlet.nl',
    'script=6&deploy=1&customParam=someValue&testParam=someOtherValue',
    '+KK4SKNgz4ZiILGLwOMtfYlgcXSy1eis8ldE9X90azQ=',
  ],
  ['GET', REST, '/services/rest/record/v1/vendor', FILTER, 'Lkspp3cW5/dUNdjUsbvKTQwzY9iaYe8yM6iBHA99WGk='],
] as const

describe('signatures', () => {
  it.each(VECTORS)('%s %s%s?%s is signed as published', (method, origin, path, query, expected) => {
    expect(signatureOf({ method, origin, path, query }, PROTOCOL, SECRETS)).toBe(expected)
  })

  it('signs method, address and sorted parameters, but not the realm', () => {
    const base = signatureBase({ method: 'get', origin: REST, path: '/x', query: 'b=2&a=1%20(x)' }, PROTOCOL)
    expect(base).toMatch(
      /^GET&https%3A%2F%2F123456\.suitetalk\.api\.netsuite\.com%2Fx&a%3D1%2520%2528x%2529%26b%3D2%26/,
    )
    expect(base).not.toContain('realm')
  })
})

describe('the check of a signed request', () => {
  const request = { method: 'GET', origin: REST, path: '/services/rest/record/v1/employee/40', query: '' }

  function header(changes: Record<string, string> = {}): string {
    const values = new Map([...PROTOCOL, ...Object.entries(changes)])
    values.set('oauth_signature', changes['oauth_signature'] ?? signatureOf(request, values, SECRETS))
    return `OAuth ${[...values].map(([name, value]) => `${name}="${encodeURIComponent(value)}"`).join(', ')}`
  }

  function check(windowMs = 300_000, now = Number(TIMESTAMP) * 1000) {
    return createOAuthCheck(() => ({
      ...SECRETS,
      realm: '123456',
      consumerKey: CONSUMER_KEY,
      tokenId: TOKEN,
      windowMs,
      now: () => now,
    }))
  }

  it('accepts a good one once, and its nonce never again', () => {
    const isGood = check()
    expect(isGood(request, header())).toBe(true)
    expect(isGood(request, header())).toBe(false)
    expect(isGood(request, header({ oauth_nonce: 'another' }))).toBe(true)
  })

  it.each([
    ['another realm', { realm: '123456_SB1' }],
    ['another consumer', { oauth_consumer_key: 'x' }],
    ['another token', { oauth_token: 'x' }],
    ['HMAC-SHA1', { oauth_signature_method: 'HMAC-SHA1' }],
    ['a wrong signature', { oauth_signature: 'AAAA' }],
    ['another version', { oauth_version: '2.0' }],
    ['no nonce', { oauth_nonce: '' }],
  ])('refuses %s', (_name, changes) => {
    expect(check()(request, header(changes as Record<string, string>))).toBe(false)
  })

  it('refuses a time stamp more than five minutes off, either way', () => {
    const stamp = Number(TIMESTAMP) * 1000
    expect(check(300_000, stamp + 300_000)(request, header())).toBe(true)
    expect(check(300_000, stamp + 301_000)(request, header())).toBe(false)
    expect(check(300_000, stamp - 301_000)(request, header())).toBe(false)
  })

  it('refuses the signature of another address', () => {
    expect(check()({ ...request, query: 'limit=1' }, header())).toBe(false)
    expect(check()({ ...request, method: 'DELETE' }, header())).toBe(false)
  })

  it('reads no header with a parameter twice, or without quotes', () => {
    expect(parseOAuthHeader('OAuth realm="1", realm="2"')).toBeNull()
    expect(parseOAuthHeader('OAuth realm=1')).toBeNull()
    expect(parseOAuthHeader('Bearer x')).toBeNull()
    expect(parseOAuthHeader('OAuth realm="1",oauth_signature="a%2Bb%3D"')?.get('oauth_signature')).toBe('a+b=')
  })
})
