import { generateKeyPairSync } from 'node:crypto'
import { jwtVerify } from 'jose'
import { afterEach, expect, test, vi } from 'vitest'
import { AuthError } from '../../../../core/index.ts'
import {
  never,
  openStandIn,
  privateKey,
  publicKey,
  type Reply,
  type Request,
  refusal,
  type StandIn,
  thrownBy,
} from './stand-in.ts'

let standIn: StandIn | null = null
afterEach(async () => {
  vi.restoreAllMocks()
  await standIn?.close()
  standIn = null
})

const INVALID_LOGIN = refusal(
  401,
  'INVALID_LOGIN',
  'Invalid login attempt. For more details, see the Login Audit Trail.',
)

const isToken = ({ path }: Request) => path.endsWith('/oauth2/v1/token')

test('the assertion is signed by the key of the certificate and says what NetSuite wants', async () => {
  standIn = await openStandIn()
  await standIn.session()
  const [request] = standIn.seen('/token')
  const form = new URLSearchParams(request?.body)
  expect(form.get('grant_type')).toBe('client_credentials')
  expect(form.get('client_assertion_type')).toBe('urn:ietf:params:oauth:client-assertion-type:jwt-bearer')
  const { payload, protectedHeader } = await jwtVerify(form.get('client_assertion') ?? '', publicKey)
  expect(protectedHeader).toEqual({ typ: 'JWT', alg: 'ES256', kid: 'cert-1' })
  expect(payload).toMatchObject({
    iss: 'client-of-the-integration',
    scope: ['rest_webservices'],
    aud: `${standIn.origin}/services/rest/auth/oauth2/v1/token`,
  })
  const { iat = 0, exp = 0 } = payload
  expect(exp - iat).toBeLessThanOrEqual(3600)
  expect(Date.now() / 1000 - iat).toBeGreaterThanOrEqual(9)
  expect(standIn.seen('/serverTime')[0]?.headers['authorization']).toBe('Bearer token-1')
})

test('a token that is found dead is asked for once, however many find it so, and each request is repeated once', async () => {
  let dead = ''
  standIn = await openStandIn({
    before: ({ headers }) => (headers['authorization'] === dead ? INVALID_LOGIN : null),
  })
  const { client } = await standIn.session()
  dead = 'Bearer token-1'
  const times = await Promise.all(Array.from({ length: 8 }, () => client.serverTime(never())))
  expect(times.length).toBe(8)
  expect(standIn.seen('/token').length).toBe(2)
})

test('a new token is asked for at 80 % of the life of the old one', async () => {
  standIn = await openStandIn()
  const { client } = await standIn.session()
  const real = performance.now.bind(performance)
  let passed = 0
  vi.spyOn(performance, 'now').mockImplementation(() => real() + passed)
  for (const [minutes, tokens] of [
    [47, 1],
    [49, 2],
    [96, 2],
    [98, 3],
  ] as const) {
    passed = minutes * 60_000
    await client.serverTime(never())
    expect([minutes, standIn.seen('/token').length]).toEqual([minutes, tokens])
  }
})

test.each([
  ['invalid_grant', 400, /certificate_id.*expired.*revoked.*OAuth 2.0 Client Credentials/],
  ['invalid_client', 401, /client_id/],
  ['unauthorized_client', 400, /Machine to Machine/],
  ['invalid_scope', 400, /REST Web Services/],
])('%s at the token endpoint stops the connection and names what to fix', async (error, status, names) => {
  standIn = await openStandIn({ before: (request) => (isToken(request) ? { status, body: { error } } : null) })
  const thrown = await thrownBy(() => (standIn as StandIn).session())
  expect(thrown).toBeInstanceOf(AuthError)
  expect(thrown.message).toMatch(names)
  expect(thrown['streamOnly']).toBe(false)
  expect(thrown.message).not.toContain('PRIVATE KEY')
  expect(standIn.seen('/token').length).toBe(1)
})

test('a clock that is off is corrected by the date of the refusal, once', async () => {
  const aheadMs = 7 * 3_600_000
  const issued: number[] = []
  standIn = await openStandIn({
    async before(request) {
      if (!isToken(request)) return null
      const assertion = new URLSearchParams(request.body).get('client_assertion') ?? ''
      const { iat = 0 } = JSON.parse(Buffer.from(assertion.split('.')[1] ?? '', 'base64url').toString())
      issued.push(iat)
      const now = Date.now() + aheadMs
      const isGood = Math.abs(iat * 1000 - now) < 60_000
      const headers = { date: new Date(now).toUTCString() }
      return isGood ? null : { status: 400, headers, body: { error: 'invalid_grant' } }
    },
  })
  await standIn.session()
  expect(issued.length).toBe(2)
})

test('settings that cannot work are said before anything is sent', async () => {
  standIn = await openStandIn()
  const { session } = standIn
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' })
  const cases: [Parameters<typeof session>[0], RegExp][] = [
    [{ client_id: null, private_key: ' ' }, /set client_id and private_key/],
    [{ private_key: 'not a key' }, /private_key/],
    [{ private_key: rsa as string }, /3072/],
    [{ algorithm: 'PS256' }, /algorithm/],
    [{ account_id: 'https://x' }, /account_id/],
    [{ time_zone: 'Mars/Olympus' }, /time_zone/],
    [{ auth: 'token' }, /consumer_key and consumer_secret and token_id and token_secret/],
  ]
  for (const [over, names] of cases) {
    const thrown = await thrownBy(() => session(over))
    expect([thrown instanceof AuthError, names.test(thrown.message), thrown.message]).toEqual([
      true,
      true,
      thrown.message,
    ])
  }
  expect(standIn.requests).toEqual([])
})

test('line ends of the key that came as two characters are understood', async () => {
  standIn = await openStandIn()
  await standIn.session({ private_key: privateKey.trim().replaceAll('\n', '\\n') })
  expect(standIn.seen('/token').length).toBe(1)
})

const TOKEN = {
  auth: 'token',
  consumer_key: 'ck',
  consumer_secret: 'cs',
  token_id: 'tk-12345678',
  token_secret: 'ts',
} as const

test('token-based requests are each signed anew, also when they are repeated', async () => {
  let broken = 2
  standIn = await openStandIn({
    before: ({ path }): Reply | null =>
      path.endsWith('/serverTime') && broken-- > 0 ? { status: 500, body: 'x' } : null,
  })
  await standIn.session(TOKEN)
  const nonces = standIn.requests.map(({ headers }) => /oauth_nonce="(\w+)"/.exec(headers['authorization'] ?? '')?.[1])
  expect(nonces.length).toBeGreaterThan(4)
  expect(new Set(nonces).size).toBe(nonces.length)
  expect(standIn.requests[0]?.headers['authorization']).toContain('realm="1234567_SB1"')
  expect(standIn.seen('/token')).toEqual([])
})

test('a refused token is tried twice and never again in this session', async () => {
  let refused = false
  standIn = await openStandIn({ before: () => (refused ? INVALID_LOGIN : null) })
  const { client } = await standIn.session(TOKEN)
  refused = true
  const before = standIn.requests.length
  for (let n = 0; n < 3; n++) {
    const thrown = await thrownBy(() => client.serverTime(never()))
    expect(thrown).toBeInstanceOf(AuthError)
    expect(thrown.message).toMatch(/token_id.*Login Audit Trail/)
  }
  expect(standIn.requests.length - before).toBe(2)
})

test('an unknown host means a wrong account id', async () => {
  standIn = await openStandIn()
  const { origin } = standIn
  const thrown = await thrownBy(() =>
    (standIn as StandIn).session({ base_url: origin.replace('127.0.0.1', 'no-such-account.invalid') }),
  )
  expect(thrown).toBeInstanceOf(AuthError)
  expect(thrown.message).toMatch(/account_id/)
}, 20_000)
