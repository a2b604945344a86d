import { afterEach, describe, expect, test } from 'vitest'
import { UnreadableAnswer } from '../../../../connectors/sap-s4hana/failures.ts'
import { openSession } from '../../../../connectors/sap-s4hana/session.ts'
import { AuthError, RejectedError, RetryableError } from '../../../../core/index.ts'
import {
  configOf,
  errorBody,
  never,
  openStandIn,
  type Reply,
  type Request,
  type StandIn,
  thrownBy,
} from './stand-in.ts'

const SERVICE = 'API_PURCHASEORDER_PROCESS_SRV'
const ROOT = `/sap/opu/odata/sap/${SERVICE}`
const list = (rows: readonly object[] = [], more: object = {}) => ({ body: { d: { results: rows, ...more } } })

let sap: StandIn
afterEach(() => sap.close())
const playing = async (answer: (request: Request) => Reply | Promise<Reply>) => {
  sap = await openStandIn(answer)
  return sap
}
const page = (signal = never()) => sap.client().page(SERVICE, 'A_PurchaseOrder', { $top: '2' }, signal)

describe('requests', () => {
  test('carry user, client, language, and ask for JSON', async () => {
    await playing(() => list())
    await sap
      .client({ language: 'DE' })
      .page(SERVICE, 'A_PurchaseOrder', { $filter: "Supplier eq 'A+B & 1:2'", $orderby: 'A asc,B' }, never())
    const [request] = sap.requests
    expect(request?.path).toBe(`${ROOT}/A_PurchaseOrder`)
    expect(request?.headers['accept']).toBe('application/json')
    expect(Buffer.from(request?.headers['authorization']?.slice(6) ?? '', 'base64').toString()).toBe(
      'TRIBUTARY:Secret-1!',
    )
    expect(Object.fromEntries(request?.query ?? [])).toEqual({
      $filter: "Supplier eq 'A+B & 1:2'",
      $orderby: 'A asc,B',
      'sap-client': '100',
      'sap-language': 'DE',
    })
  })

  test('a language of the request goes before that of the connection; no client is named when none is set', async () => {
    await playing(() => list())
    await sap.client({ sap_client: null }).page(SERVICE, 'A', { 'sap-language': 'EN' }, never())
    expect(sap.requests[0]?.url).toMatch(/\?sap-language=EN$/)
  })

  test('the rest of a list is asked of the configured address, path and query letter by letter', async () => {
    await playing(({ query }) =>
      query.has('$skiptoken')
        ? list([{ A: '3' }])
        : list([{ A: '1' }], {
            __next: `https://internal:44300${ROOT}/A_PurchaseOrder?$filter=A%20eq%20%27x%2By%27&$skiptoken=2`,
          }),
    )
    const client = sap.client({ base_url: `${sap.origin}/gateway/` })
    const first = await client.page(SERVICE, 'A_PurchaseOrder', {}, never())
    const second = await client.follow(SERVICE, first.next ?? '', never())
    expect(second).toEqual({ rows: [{ A: '3' }], next: null, count: null })
    expect(sap.requests[0]?.path).toBe(`/gateway${ROOT}/A_PurchaseOrder`)
    expect(sap.requests[1]?.url).toBe(
      `/gateway${ROOT}/A_PurchaseOrder?$filter=A%20eq%20%27x%2By%27&$skiptoken=2&sap-client=100&sap-language=EN`,
    )
    // behind a proxy that writes its own prefix into what SAP says
    await client.follow(SERVICE, `http://proxy/gateway${ROOT}/A?$skiptoken=9&sap-client=100`, never())
    expect(sap.requests[2]?.url).toBe(`/gateway${ROOT}/A?$skiptoken=9&sap-client=100&sap-language=EN`)
    await client.follow(SERVICE, "A('1')/to_B?$skiptoken=9", never())
    expect(sap.requests[3]?.url).toBe(`/gateway${ROOT}/A('1')/to_B?$skiptoken=9&sap-client=100&sap-language=EN`)
  })

  test('keep the cookies of the session, dates in them or not, and drop what SAP takes away', async () => {
    const cookies = [
      'SAP_SESSIONID_S4H_100=a%2bb=; path=/; secure; HttpOnly',
      'sap-XSRF_S4H_100=old; expires=Wed, 21 Oct 2099 07:28:00 GMT; path=/',
      'sap-usercontext=sap-client=100; path=/',
    ]
    let answers = 0
    await playing(() => ({
      ...list(),
      headers: {
        'set-cookie': answers++ === 0 ? cookies : ['sap-XSRF_S4H_100=; expires=Thu, 01 Jan 1970 00:00:00 GMT'],
      },
    }))
    const client = sap.client()
    for (let n = 0; n < 3; n++) await client.page(SERVICE, 'A', {}, never())
    expect(sap.requests.map(({ headers }) => headers['cookie'])).toEqual([
      undefined,
      'SAP_SESSIONID_S4H_100=a%2bb=; sap-XSRF_S4H_100=old; sap-usercontext=sap-client=100',
      'SAP_SESSIONID_S4H_100=a%2bb=; sap-usercontext=sap-client=100',
    ])
  })
})

describe('login by password', () => {
  test('a refused password is never sent again: a few more would lock the user', async () => {
    await playing(() => ({ status: 401, body: '<html><body>Anmeldung fehlgeschlagen</body></html>' }))
    const client = sap.client()
    const first = await thrownBy(() => client.page(SERVICE, 'A', {}, never()))
    expect(first).toBeInstanceOf(AuthError)
    expect(first).toMatchObject({ streamOnly: false, status: 401 })
    expect(first.message).toMatch(/TRIBUTARY in client 100.*Anmeldung fehlgeschlagen.*locked/)
    expect(JSON.stringify(first) + first.stack).not.toContain('Secret-1!')
    await expect(client.page(SERVICE, 'A', {}, never())).rejects.toBe(first)
    await expect(client.send(SERVICE, 'POST', 'A', {}, { signal: never() })).rejects.toBe(first)
    expect(sap.requests).toHaveLength(1)
  })

  test('missing credentials are named without asking SAP', async () => {
    await playing(() => list())
    const config = configOf(sap.origin, { username: null, password: null })
    const error = await thrownBy(() => openSession(config, sap.http, never()))
    expect(error).toBeInstanceOf(AuthError)
    expect(error.message).toMatch(/username and password/)
    expect(sap.requests).toHaveLength(0)
  })
})

describe('login by OAuth client credentials', () => {
  const oauth = { auth: 'oauth-client-credentials', client_id: 'tributary', client_secret: 's3cret-client' } as const
  const TOKEN = '/sap/bc/sec/oauth2/token'
  let tokens = 0
  const tokenServer =
    (alive: () => number, life = 3600) =>
    async ({ path, headers }: Request): Promise<Reply> => {
      if (path === TOKEN) {
        await new Promise((later) => setImmediate(later))
        return { body: { access_token: `token-${++tokens}`, token_type: 'Bearer', expires_in: life } }
      }
      return headers['authorization'] === `Bearer token-${alive()}` ? list([{ A: '1' }]) : { status: 401, body: 'no' }
    }

  test('one token serves many requests; asked for with the client as form and Basic', async () => {
    tokens = 0
    await playing(tokenServer(() => 1))
    const client = sap.client({ ...oauth, scope: 'API_X API_Y' })
    await Promise.all(Array.from({ length: 5 }, () => client.page(SERVICE, 'A', {}, never())))
    expect(sap.seen(TOKEN)).toHaveLength(1)
    const [request] = sap.seen(TOKEN)
    expect(Object.fromEntries(new URLSearchParams(request?.body))).toEqual({
      grant_type: 'client_credentials',
      scope: 'API_X API_Y',
    })
    expect(Buffer.from(request?.headers['authorization']?.slice(6) ?? '', 'base64').toString()).toBe(
      'tributary:s3cret-client',
    )
  })

  test('a token that died early is replaced once for all who find it dead, and nothing is lost', async () => {
    tokens = 0
    let alive = 1
    await playing(tokenServer(() => alive))
    const client = sap.client(oauth)
    await client.page(SERVICE, 'A', {}, never())
    alive = 2
    const pages = await Promise.all(Array.from({ length: 10 }, () => client.page(SERVICE, 'A', {}, never())))
    expect(pages.every(({ rows }) => rows.length === 1)).toBe(true)
    expect(tokens).toBe(2)
  })

  test('a token about to end is replaced before it is used', async () => {
    tokens = 0
    await playing(tokenServer(() => tokens, 0.001))
    const client = sap.client(oauth)
    await client.page(SERVICE, 'A', {}, never())
    await new Promise((later) => setTimeout(later, 5))
    await client.page(SERVICE, 'A', {}, never())
    expect(tokens).toBe(2)
    expect(sap.requests.filter(({ path }) => path !== TOKEN)).toHaveLength(2)
  })

  test('a new token that is refused as well ends the matter', async () => {
    tokens = 0
    await playing(tokenServer(() => 99))
    await expect(sap.client(oauth).page(SERVICE, 'A', {}, never())).rejects.toBeInstanceOf(AuthError)
    expect(tokens).toBe(2)
  })

  test('a wrong secret is said, and not shown', async () => {
    await playing(() => ({ status: 401, body: { error: 'invalid_client', error_description: 'Bad credentials' } }))
    const error = await thrownBy(() => sap.client(oauth).page(SERVICE, 'A', {}, never()))
    expect(error).toBeInstanceOf(AuthError)
    expect(error.message).toMatch(/tributary.*invalid_client, Bad credentials.*client_secret/)
    expect(JSON.stringify(error) + error.stack).not.toContain('s3cret-client')
  })

  test('one caller that gives up does not spoil the token for the others', async () => {
    tokens = 0
    const abort = new AbortController()
    const answer = tokenServer(() => 1)
    await playing((request) => {
      if (request.path === TOKEN) abort.abort(new Error('enough'))
      return answer(request)
    })
    const client = sap.client(oauth)
    const [first, second] = await Promise.allSettled([
      client.page(SERVICE, 'A', {}, abort.signal),
      client.page(SERVICE, 'A', {}, never()),
    ])
    expect(first.status).toBe('rejected')
    expect(second.status).toBe('fulfilled')
  })
})

describe('answers', () => {
  test.each([
    [
      'a login page',
      { body: '<html><form><input type="password" name="sap-password"></form></html>' },
      AuthError,
      /login page/,
    ],
    [
      'a redirect to a login',
      { status: 302, headers: { location: 'https://idp.example/saml' } },
      AuthError,
      /idp\.example/,
    ],
    ['a maintenance page', { body: '<html>Wartung</html>' }, RetryableError, /HTML page/],
    ['Atom', { body: '<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"/>' }, RetryableError, /XML/],
    ['JSON that is not OData', { body: { hello: 1 } }, UnreadableAnswer, /not of OData/],
    ['one row where many were asked', { body: { d: { A: '1' } } }, UnreadableAnswer, /not a list/],
    [
      'a server error',
      { status: 500, body: errorBody('/IWFND/CM_BEC/026', 'An exception was raised') },
      RetryableError,
      /An exception was raised/,
    ],
  ])('%s', async (_, reply, kind, words) => {
    await playing(() => reply)
    const error = await thrownBy(() => page())
    expect(error).toBeInstanceOf(kind)
    expect(error.message).toMatch(words)
  })

  test('an answer cut short is asked for again, and then given up naming what was read', async () => {
    let answers = 0
    await playing(() => (++answers < 3 ? { body: '{"d":{"results":[{"A":"1"' } : list([{ A: '1' }])))
    expect((await page()).rows).toEqual([{ A: '1' }])
    answers = -100
    const error = await thrownBy(() => page())
    expect(error).toBeInstanceOf(RetryableError)
    expect(error.message).toMatch(/reading A_PurchaseOrder of API_PURCHASEORDER_PROCESS_SRV.*cut short/)
    expect(error.message).not.toContain('results')
    expect(sap.requests).toHaveLength(6)
  })

  test('lists come with results or without, with a count or without', async () => {
    const bodies: Reply[] = [list([{ A: '1' }], { __count: '1234', __next: '/x' }), { body: { d: [{ A: '1' }] } }]
    await playing(() => bodies.shift() ?? {})
    expect(await page()).toEqual({ rows: [{ A: '1' }], next: '/x', count: 1234 })
    expect(await page()).toEqual({ rows: [{ A: '1' }], next: null, count: null })
  })

  test('a rate limit is waited for as long as SAP asks', async () => {
    let answers = 0
    await playing(() =>
      ++answers === 1 ? { status: 429, headers: { 'retry-after': '0.01' }, body: '<html>' } : list(),
    )
    expect((await page()).rows).toEqual([])
    expect(answers).toBe(2)
  })

  test('an entity comes with its ETag, from the body or the header', async () => {
    const replies: Reply[] = [
      { body: { d: { __metadata: { etag: 'W/"1"' }, A: '1' } } },
      { body: { d: { A: '1' } }, headers: { etag: 'W/"2"' } },
    ]
    await playing(() => replies.shift() ?? {})
    const client = sap.client()
    const first = await client.get(SERVICE, "A('1')", {}, never())
    expect([first.etag, (await client.get(SERVICE, "A('1')", {}, never())).etag]).toEqual(['W/"1"', 'W/"2"'])
    expect(first.body).toMatchObject({ A: '1' })
  })
})

describe('connecting', () => {
  const connect = () => openSession(configOf(sap.origin), sap.http, never())

  test.each<[string, Reply]>([
    ['its service document', { body: { d: { EntitySets: ['A_BusinessPartner'] } } }],
    ['its service document as XML', { body: '<?xml version="1.0"?><app:service/>' }],
    [
      'that the service is not for this user',
      { status: 403, body: errorBody('/IWFND/CM_CONSUMER/101', 'No authorization') },
    ],
    [
      'that there is no such service',
      { status: 403, body: '<?xml version="1.0"?><error><code>/IWFND/MED/170</code></error>' },
    ],
  ])('the login is good when SAP answers %s', async (_, reply) => {
    await playing(() => reply)
    await expect(connect()).resolves.toBeDefined()
    expect(sap.requests).toHaveLength(1)
  })

  test('something that is not SAP is told apart, after a second try elsewhere', async () => {
    await playing(() => ({ status: 404, body: '<html><h1>404 Not Found</h1>nginx</html>' }))
    const error = await thrownBy(connect)
    expect(error).toBeInstanceOf(AuthError)
    expect(error.message).toMatch(/no OData service there.*nginx.*check the address/)
    expect(sap.requests).toHaveLength(2)
  })

  test('a client that SAP does not know is told by its own words', async () => {
    await playing(() => ({ status: 400, body: '<html>Client 999 is not available in this system</html>' }))
    await expect(connect()).rejects.toThrow(/Client 999 is not available/)
  })

  test('a host that does not exist is a setting to correct', async () => {
    await playing(() => list())
    const error = await thrownBy(() => openSession(configOf('http://no-such-host.invalid'), sap.http, never()))
    expect(error).toBeInstanceOf(AuthError)
    expect(error.message).toMatch(/no-such-host\.invalid: unknown host/)
  })

  test('a service that is down may be up the next time', async () => {
    await playing(() => ({ status: 502, body: '<html>Bad gateway</html>' }))
    await expect(connect()).rejects.toBeInstanceOf(RetryableError)
  })

  test("SAP's clock is read from what was answered anyway, even when ours is wrong", async () => {
    const ahead = 5 * 3_600_000
    await playing(() => ({
      body: { d: { EntitySets: [] } },
      headers: { date: new Date(Date.now() + ahead).toUTCString() },
    }))
    const session = await connect()
    const now = await session.clock(never())
    expect(now).toBeGreaterThan(Date.now() + ahead - 1500)
    expect(now).toBeLessThanOrEqual(Date.now() + ahead)
    expect(sap.requests).toHaveLength(1)
  })
})

test('an abort ends a request in flight', async () => {
  await playing(() => new Promise<Reply>(() => {}))
  const abort = new AbortController()
  const reading = thrownBy(() => page(abort.signal))
  while (sap.requests.length === 0) await new Promise((later) => setImmediate(later))
  abort.abort(new Error('enough'))
  expect((await reading).message).toBe('enough')
})

test('an entity that is not there is a refusal with status 404', async () => {
  await playing(() => ({ status: 404, body: errorBody('/IWBEP/CM_MGW_RT/020', "Resource not found for segment 'A'") }))
  const error = await thrownBy(() => sap.client().get(SERVICE, "A('1')", {}, never()))
  expect(error).toBeInstanceOf(RejectedError)
  expect(error).toMatchObject({ status: 404, vendorCode: '/IWBEP/CM_MGW_RT/020' })
})
