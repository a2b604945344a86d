import { randomBytes } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type OAuthSecrets, signatureOf } from '../../../../../connectors/netsuite/sandbox/auth/oauth1.ts'
import { emptyAccount, type TestAccount } from './wire.ts'

let account: TestAccount
beforeAll(async () => {
  account = await emptyAccount()
})
afterEach(() => {
  Object.assign(account.sandbox.switches, {
    role: null,
    permissionStatus: 403,
    betaRecords: new Set(),
    maintenance: false,
  })
  account.forgetToken()
})
afterAll(() => account.close())

const TIME = '/system/v1/serverTime'

/** An OAuth 1.0a header for the request. */
function signed(method: string, path: string, changes: Record<string, string> = {}): Record<string, string> {
  const { credentials, origin } = account.sandbox
  const values = new Map(
    Object.entries({
      realm: account.sandbox.account.id,
      oauth_consumer_key: credentials.consumerKey,
      oauth_token: credentials.tokenId,
      oauth_signature_method: 'HMAC-SHA256',
      oauth_timestamp: String(Math.floor(account.now() / 1000)),
      oauth_nonce: randomBytes(10).toString('hex'),
      oauth_version: '1.0',
      ...changes,
    }),
  )
  const [bare = '', query = ''] = path.split('?')
  const request = { method, origin, path: `/services/rest${bare}`, query }
  const secrets: OAuthSecrets = credentials
  values.set('oauth_signature', signatureOf(request, values, secrets))
  const text = [...values].map(([name, value]) => `${name}="${encodeURIComponent(value)}"`).join(', ')
  return { authorization: `OAuth ${text}` }
}

describe('access tokens', () => {
  it('open the services until they expire', async () => {
    expect((await account.ask(TIME)).body).toEqual({ serverTime: '2026-01-15T10:00:00.000Z' })
    account.sandbox.expireTokens()
    const refused = await account.ask(TIME)
    expect(refused.status).toBe(401)
    expect(refused.error).toMatchObject({
      'o:errorCode': 'INVALID_LOGIN',
      detail: expect.stringMatching(/^Invalid login attempt/),
    })
    expect(refused.headers.get('www-authenticate')).toBe(
      'Bearer realm="1234567", error="invalid_token", error_description="Invalid login attempt."',
    )
    expect(refused.headers.get('content-type')).toBe('application/vnd.oracle.resource+json; type=error; charset=UTF-8')
    account.forgetToken()
    expect((await account.ask(TIME)).status).toBe(200)
  })

  it('are good for an hour, or for as many requests as the switch says', async () => {
    const { access_token } = (await account.token()).body
    const headers = { authorization: `Bearer ${access_token}` }
    account.pass(3_599_000)
    expect((await account.ask(TIME, { headers })).status).toBe(200)
    account.pass(1000)
    expect((await account.ask(TIME, { headers })).status).toBe(401)
    account.sandbox.switches.expireTokensAfter = 1
    const short = { authorization: `Bearer ${(await account.token()).body.access_token}` }
    expect((await account.ask(TIME, { headers: short })).status).toBe(200)
    expect((await account.ask(TIME, { headers: short })).status).toBe(401)
    account.sandbox.switches.expireTokensAfter = 0
  })

  it('refuses a malformed header with 400, a missing one with 401', async () => {
    const malformed = await account.ask(TIME, { headers: { authorization: 'Bearer' } })
    expect(malformed.status).toBe(400)
    expect(malformed.headers.get('www-authenticate')).toContain('error="invalid_request"')
    expect((await account.ask(TIME, { headers: { authorization: '' } })).status).toBe(401)
  })

  it('of other scopes do not open the REST services', async () => {
    const { access_token } = (await account.token(account.assertion({ scope: ['restlets'] }))).body
    expect((await account.ask(TIME, { headers: { authorization: `Bearer ${access_token}` } })).status).toBe(401)
  })
})

describe('signed requests', () => {
  const VENDORS = '/record/v1/vendor?limit=5&q=companyName%20START_WITH%20%22Acme%20(EU)%22'

  it('open the services', async () => {
    expect((await account.ask(VENDORS, { headers: signed('GET', VENDORS) })).status).toBe(200)
  })

  it('are refused with another realm, an old time stamp, or a nonce that was used', async () => {
    const replayed = signed('GET', TIME)
    expect((await account.ask(TIME, { headers: replayed })).status).toBe(200)
    const old = String(Math.floor(account.now() / 1000) - 301)
    for (const headers of [
      replayed,
      signed('GET', TIME, { realm: '1234567_SB1' }),
      signed('GET', TIME, { oauth_timestamp: old }),
      signed('POST', TIME),
    ]) {
      const answer = await account.ask(TIME, { headers })
      expect(answer).toMatchObject({ status: 401, error: { 'o:errorCode': 'INVALID_LOGIN' } })
    }
  })
})

describe('roles', () => {
  it('without a permission are told its name, with 403 or 400', async () => {
    account.sandbox.switches.role = 1001
    // The role may not log in by OAuth 2.0 for long lists of reasons; its signed requests are what counts here.
    for (const status of [403, 400] as const) {
      account.sandbox.switches.permissionStatus = status
      const path = '/record/v1/employee'
      const answer = await account.ask(path, { headers: await bearer() })
      expect(answer).toMatchObject({ status, error: { 'o:errorCode': 'INSUFFICIENT_PERMISSION' } })
      expect(answer.error.detail).toContain('Permission Violation: You need the')
    }
  })

  it('hide their tables from queries', async () => {
    account.sandbox.switches.role = 1001
    const answer = await account.ask('/query/v1/suiteql', {
      method: 'POST',
      body: { q: 'SELECT id FROM employee' },
      headers: { ...(await bearer()), prefer: 'transient' },
    })
    expect(answer).toMatchObject({
      status: 400,
      error: { 'o:errorCode': 'INVALID_PARAMETER', 'o:errorQueryParam': 'q' },
    })
    expect(answer.error.detail).toMatch(/Record 'employee' was not found/)
  })

  it('other than the administrator do not see the governance limits', async () => {
    expect((await account.ask('/system/v1/governanceLimits')).status).toBe(403)
  })

  it('meet beta records where the feature is off', async () => {
    account.sandbox.switches.betaRecords.add('vendor')
    const answer = await account.ask('/record/v1/vendor')
    expect(answer.status).toBe(403)
    expect(answer.error.detail).toContain('only available as a beta record')
  })

  async function bearer(): Promise<Record<string, string>> {
    account.sandbox.switches.expireTokensAfter = 0
    const role = account.sandbox.switches.role
    account.sandbox.switches.role = null
    const { access_token } = (await account.token()).body
    account.sandbox.switches.role = role
    return { authorization: `Bearer ${access_token}` }
  }
})

describe('addresses', () => {
  it('that are none answer 404', async () => {
    for (const path of ['/record/v1/nothing', '/record/v2/vendor', '/other/v1/x', '/async/v1/job/77', '/system/v1/x']) {
      const answer = await account.ask(path)
      expect([path, answer.status]).toEqual([path, 404])
      expect(answer.body.title).toBe('Not Found')
    }
  })

  it('refuse a language the account does not have', async () => {
    const answer = await account.ask('/record/v1/vendor', { headers: { 'accept-language': 'fr-FR' } })
    expect(answer).toMatchObject({
      status: 400,
      error: { 'o:errorCode': 'INVALID_HEADER', 'o:errorHeader': 'Accept-Language' },
    })
    expect((await account.ask('/record/v1/vendor', { headers: { 'accept-language': 'en-US,en' } })).status).toBe(200)
  })

  it('are all under maintenance, the token endpoint too', async () => {
    account.sandbox.switches.maintenance = true
    for (const answer of [
      await account.token(),
      await account.ask('/record/v1/vendor', { headers: { authorization: 'Bearer x' } }),
    ]) {
      expect(answer.status).toBe(503)
      expect(answer.headers.get('content-type')).toContain('text/html')
    }
  })
})
