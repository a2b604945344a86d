import { generateKeyPairSync } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { verifyAssertion } from '../../../../../connectors/netsuite/sandbox/auth/jwt.ts'
import { emptyAccount, jwt, START, type TestAccount } from './wire.ts'

let account: TestAccount
beforeAll(async () => {
  account = await emptyAccount()
})
afterAll(() => account.close())

const seconds = Math.floor(START / 1000)

describe('the token endpoint', () => {
  it('gives a token for an hour for an assertion signed with the EC key', async () => {
    const { status, body } = await account.token()
    expect(status).toBe(200)
    expect(body).toEqual({
      access_token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
      expires_in: 3600,
      token_type: 'Bearer',
    })
  })

  it.each(['PS256', 'PS384', 'PS512'])('takes %s with the RSA key', async (alg) => {
    const assertion = account.assertion({}, { alg, kid: account.sandbox.credentials.rsaCertificateId })
    expect((await account.token(assertion)).status).toBe(200)
  })

  it('does not take RS256', async () => {
    const assertion = account.assertion({}, { alg: 'RS256', kid: account.sandbox.credentials.rsaCertificateId })
    expect(await account.token(assertion)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
  })

  it.each([
    ['an unsigned assertion', {}, { alg: 'none' }, 'invalid_grant'],
    ['an unknown certificate', {}, { kid: 'other' }, 'invalid_grant'],
    ['no certificate id', {}, { kid: undefined }, 'invalid_grant'],
    ['the key of another certificate', {}, { kid: 'trbRSA_q7MjnWcYJ0kS4rhbNfLdSfPV3nP2HVDnDMfJ4c' }, 'invalid_grant'],
    ['an expired assertion', { iat: seconds - 700, exp: seconds - 1 }, {}, 'invalid_grant'],
    ['one from the future', { iat: seconds + 60, exp: seconds + 600 }, {}, 'invalid_grant'],
    ['one for more than an hour', { iat: seconds - 10, exp: seconds + 3591 }, {}, 'invalid_grant'],
    ['another audience', { aud: 'https://example.com/token' }, {}, 'invalid_grant'],
    ['no expiry', { exp: undefined }, {}, 'invalid_request'],
    ['an unknown scope', { scope: ['everything'] }, {}, 'invalid_scope'],
    ['no scope', { scope: undefined }, {}, 'invalid_scope'],
  ])('refuses %s', async (_name, claims, header, error) => {
    expect(await account.token(account.assertion(claims, header))).toMatchObject({ status: 400, body: { error } })
  })

  it('takes the scope as a text as well', async () => {
    const assertion = account.assertion({ scope: 'restlets, rest_webservices' })
    expect((await account.token(assertion)).status).toBe(200)
  })

  it('answers 401 with a challenge for an unknown client', async () => {
    const answer = await account.token(account.assertion({ iss: 'someone' }))
    expect(answer).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
    expect(answer.headers.get('www-authenticate')).toBe('Basic realm="1234567"')
  })

  it.each([
    [{ grant_type: 'password' }, 'unsupported_grant_type'],
    [{ client_assertion_type: 'x' }, 'invalid_request'],
    [{ client_assertion: 'no.jwt' }, 'invalid_request'],
    [{ client_assertion: 'a.b.c' }, 'invalid_request'],
  ])('refuses the form with %o', async (form, error) => {
    const answer = await account.token(undefined, form as Record<string, string>)
    expect(answer).toMatchObject({ status: 400, body: { error } })
  })

  it('refuses assertions once the certificate is revoked', async () => {
    const other = await emptyAccount()
    try {
      other.sandbox.revokeCertificate(other.sandbox.credentials.certificateId)
      expect((await other.token()).body).toEqual({ error: 'invalid_grant' })
    } finally {
      await other.close()
    }
  })

  it('can give expires_in as a text', async () => {
    account.sandbox.switches.expiresInAsText = true
    expect((await account.token()).body.expires_in).toBe('3600')
    account.sandbox.switches.expiresInAsText = false
  })
})

describe('the check of an assertion', () => {
  it.each([
    ['ES384', 'P-384'],
    ['ES512', 'P-521'],
  ])('takes %s with a key on %s, and on no other curve', (alg, namedCurve) => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve })
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
    const claims = { iss: 'c', scope: ['rest_webservices'], aud: 'a', iat: seconds, exp: seconds + 60 }
    const rules = { clientId: 'c', keyOf: () => publicKey, audiences: ['a'], now: START, skewMs: 0 }
    expect(verifyAssertion(jwt({ alg, kid: 'k' }, claims, pem), rules)).toEqual(['rest_webservices'])
    const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey
    expect(() => verifyAssertion(jwt({ alg, kid: 'k' }, claims, pem), { ...rules, keyOf: () => other })).toThrow(
      'signature',
    )
  })
})
