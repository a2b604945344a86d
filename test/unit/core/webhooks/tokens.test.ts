import { describe, expect, test } from 'vitest'
import type { SignatureScheme } from '../../../../core/webhook.ts'
import { BUILT_IN_SCHEMES } from '../../../../core/webhooks/schemes.ts'
import { createVerifier } from '../../../../core/webhooks/verify.ts'
import { signedHeaders } from '../../../support/webhook-signer.ts'

const SECRETS = ['current-söcret', 'secret-before']
function matched(
  scheme: SignatureScheme,
  request: { readonly headers?: readonly string[]; readonly query?: string; readonly body?: string },
): number | false {
  const { headers: rawHeaders = [], query = '', body = '{}' } = request
  const verdict = createVerifier(scheme, SECRETS).verify({ rawHeaders, query, body: Buffer.from(body) }, 0)
  return verdict.ok && verdict.secret
}

test('a bearer token: either secret, no other, and not without the word in front', () => {
  const { scheme } = BUILT_IN_SCHEMES['bearer-token']
  const bearer = (value: string) =>
    matched(scheme, { headers: ['Authorization', Buffer.from(value).toString('latin1')] })
  expect(bearer('Bearer current-söcret')).toBe(0)
  expect(bearer('bearer secret-before')).toBe(1)
  for (const value of ['current-söcret', 'Bearer ', 'Bearer current-söcret ', 'Bearer secret', 'Basic current-söcret'])
    expect(bearer(value)).toBe(false)
  expect(matched(scheme, {})).toBe(false)
})

test('a token in the query: given once, decoded', () => {
  const { scheme } = BUILT_IN_SCHEMES['token-in-query']
  expect(matched(scheme, { query: 'token=current-s%C3%B6cret&x=1' })).toBe(0)
  for (const query of [
    '',
    'token=',
    'token',
    'Token=secret-before',
    'token=secret-before&token=secret-before',
    'token=%',
  ])
    expect(matched(scheme, { query })).toBe(false)
})

test('a token in the body: every change of a notification must hold it', () => {
  const { scheme } = BUILT_IN_SCHEMES['business-central']
  const body = (...states: unknown[]) => JSON.stringify({ value: states.map((clientState) => ({ clientState })) })
  expect(matched(scheme, { body: body('secret-before', 'secret-before') })).toBe(1)
  const wrong = [
    body(),
    body('secret-before', 'x'),
    body('secret-before', 'current-söcret'),
    body(7),
    '[]',
    'null',
    '{"value":{}}',
    'no',
  ]
  for (const each of wrong) expect(matched(scheme, { body: each })).toBe(false)
})

test('a scheme without signature and without token lets nothing pass', () => {
  const { token: _, ...scheme } = BUILT_IN_SCHEMES['token-in-header'].scheme
  expect(matched(scheme, { headers: ['x-webhook-token', 'secret-before'] })).toBe(false)
})

describe('a token beside a signature', () => {
  const scheme: SignatureScheme = { ...BUILT_IN_SCHEMES.github.scheme, token: { header: 'x-token' } }
  const body = Buffer.from('{}')
  const signed = signedHeaders(scheme, 'secret-before', { body })
  test('both are needed', () => {
    expect(matched(scheme, { headers: [...signed, 'X-Token', 'secret-before'] })).toBe(1)
    expect(matched(scheme, { headers: signed })).toBe(false)
    expect(matched(scheme, { headers: ['X-Token', 'secret-before'] })).toBe(false)
  })
})
