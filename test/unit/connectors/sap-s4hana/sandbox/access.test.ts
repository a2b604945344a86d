import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { BASIC, type EmptySandbox, emptySandbox, PURCHASE_ORDERS } from './wire.ts'

const ORDER = `${PURCHASE_ORDERS}/A_PurchaseOrder`
const TOKEN = '/sap/bc/sec/oauth2/token'
const FORM = 'application/x-www-form-urlencoded'
const basic = (credentials: string) => `Basic ${Buffer.from(credentials).toString('base64')}`

let wire: EmptySandbox
beforeEach(async () => {
  wire = await emptySandbox()
  wire.put(PURCHASE_ORDERS, 'A_PurchaseOrder', { PurchaseOrder: '1', Supplier: 'ACME' })
})
afterEach(() => wire.close())

describe('a login', () => {
  test.each(['', basic('TRIBUTARY:wrong'), basic('NOBODY:Welcome-1'), 'Bearer nonsense', 'Basic'])(
    'with %j is refused before anything else, in HTML',
    async (authorization) => {
      for (const path of [ORDER, 'NONSENSE_SRV/$metadata']) {
        const answer = await wire.ask(path, { headers: { authorization } })
        expect(answer.status).toBe(401)
        expect(answer.headers.get('content-type')).toContain('text/html')
        expect(answer.headers.get('www-authenticate')).toBe('Basic realm="SAP NetWeaver Application Server [S4H/100]"')
      }
    },
  )

  test('is for the one client of the system', async () => {
    expect((await wire.ask(`${ORDER}?sap-client=100`)).status).toBe(200)
    expect((await wire.ask(`${ORDER}?sap-client=200`)).status).toBe(401)
    expect((await wire.ask(ORDER, { headers: { 'sap-client': '200' } })).status).toBe(401)
  })

  test('locks the user after five wrong passwords in a row, and the right one does not help then', async () => {
    for (let n = 0; n < 4; n++) await wire.ask(ORDER, { headers: { authorization: basic('TRIBUTARY:wrong') } })
    expect((await wire.ask(ORDER)).status).toBe(200)
    for (let n = 0; n < 5; n++) await wire.ask(ORDER, { headers: { authorization: basic('TRIBUTARY:wrong') } })
    expect((await wire.ask(ORDER)).status).toBe(401)
    expect(wire.sandbox.users[0]?.locked).toBe(true)
  })

  test('follows a changed password at once', async () => {
    const [user] = wire.sandbox.users
    if (user !== undefined) user.password = 'New-pass-2'
    expect((await wire.ask(ORDER)).status).toBe(401)
    expect((await wire.ask(ORDER, { headers: { authorization: basic('tributary:New-pass-2') } })).status).toBe(200)
  })

  test('may lack the authorization for a service', async () => {
    const [user] = wire.sandbox.users
    if (user !== undefined) user.deniedServices = ['API_PLANT_SRV']
    const answer = await wire.ask('API_PLANT_SRV/A_Plant')
    expect(answer.status).toBe(403)
    expect(answer.headers.get('x-csrf-token')).toBeNull()
    expect(answer.d.error).toMatchObject({
      code: '/IWFND/CM_CONSUMER/101',
      message: { value: "No authorization to access Service 'API_PLANT_SRV'" },
    })
    expect((await wire.ask(ORDER)).status).toBe(200)
  })

  test('outside of the services there is only the token endpoint', async () => {
    expect((await wire.ask('/sap/bc/gui')).status).toBe(404)
  })
})

describe('OAuth', () => {
  const ask = (body: string, authorization = basic('tributary:s3cret-client')) =>
    wire.ask(TOKEN, { method: 'POST', body, headers: { authorization, 'content-type': FORM } })

  test('grants client credentials a token that works for its time', async () => {
    const { d, status } = await ask('grant_type=client_credentials&scope=API_X')
    expect(status).toBe(200)
    expect(d).toMatchObject({ token_type: 'Bearer', expires_in: '3600', scope: 'API_X' })
    const headers = { authorization: `Bearer ${d.access_token}` }
    expect((await wire.ask(ORDER, { headers })).status).toBe(200)
    wire.pass(3_600_000)
    expect((await wire.ask(ORDER, { headers })).status).toBe(401)
  })

  test('takes the client from the form too, and a SAML assertion', async () => {
    const inForm = 'client_id=tributary&client_secret=s3cret-client'
    expect((await ask(`grant_type=client_credentials&${inForm}`, '')).status).toBe(200)
    const saml = 'grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Asaml2-bearer'
    expect((await ask(`${saml}&assertion=PHNhbWw%2B`)).status).toBe(200)
    expect((await ask(saml)).d.error).toBe('invalid_grant')
  })

  test('refuses a wrong client and other grants', async () => {
    const wrong = await ask('grant_type=client_credentials', basic('tributary:wrong'))
    expect([wrong.status, wrong.d.error]).toEqual([401, 'invalid_client'])
    const password = await ask('grant_type=password&username=a&password=b')
    expect([password.status, password.d.error]).toEqual([400, 'unsupported_grant_type'])
  })

  test('tokens end when sessions are expired, or after the requests a switch allows', async () => {
    const granted = async () => ({
      authorization: `Bearer ${(await ask('grant_type=client_credentials')).d.access_token}`,
    })
    const first = await granted()
    wire.sandbox.expireSessions()
    expect((await wire.ask(ORDER, { headers: first })).status).toBe(401)
    wire.sandbox.switches.expireSessionsAfter = 2
    const second = await granted()
    const statuses = []
    for (let n = 0; n < 3; n++) statuses.push((await wire.ask(ORDER, { headers: second })).status)
    expect(statuses).toEqual([200, 200, 401])
  })
})

describe('CSRF protection', () => {
  const path = `${ORDER}('1')`
  async function patch(headers: Record<string, string>) {
    const body = '{"PaymentTerms":"0004"}'
    const asked = { method: 'PATCH', body, headers: { 'content-type': 'application/json', ...headers } }
    const answer = await wire.ask(path, asked)
    return { ...answer, needsToken: answer.headers.get('x-csrf-token') }
  }

  /** Token and cookies, as a client sends them back. */
  async function fetched(from = ORDER, headers: Record<string, string> = {}) {
    const answer = await wire.ask(from, { headers: { 'x-csrf-token': 'Fetch', ...headers } })
    const cookie = answer.headers.getSetCookie().map((line) => line.split(';')[0])
    return { 'x-csrf-token': answer.headers.get('x-csrf-token') ?? '', cookie: cookie.join('; ') }
  }

  const REFUSED = { status: 403, text: 'CSRF token validation failed', needsToken: 'Required' }

  test('lets a change through with token and cookies, and not without either', async () => {
    const good = await fetched()
    expect((await patch(good)).status).toBe(204)
    expect((await wire.ask(path)).d.PaymentTerms).toBe('0004')
    expect(await patch({})).toMatchObject(REFUSED)
    expect(await patch({ 'x-csrf-token': good['x-csrf-token'] })).toMatchObject(REFUSED)
    expect(await patch({ cookie: good.cookie })).toMatchObject(REFUSED)
    expect(await patch({ ...good, 'x-csrf-token': 'wrong' })).toMatchObject(REFUSED)
    expect(await patch({ ...good, cookie: good.cookie.replace(/sap-XSRF[^;]*; /, '') })).toMatchObject(REFUSED)
    expect(await patch({ ...good, 'x-csrf-token': 'Fetch' })).toMatchObject(REFUSED)
  })

  test('hands out cookies with their attributes, and the same token for the same session', async () => {
    const answer = await wire.ask(ORDER, { headers: { 'x-csrf-token': 'fetch' } })
    const cookies = answer.headers.getSetCookie()
    expect(cookies[0]).toMatch(/^SAP_SESSIONID_S4H_100=[^;]+; path=\/; secure; HttpOnly$/)
    expect(cookies[1]).toMatch(/^sap-XSRF_S4H_100=[^;]+; path=\/; secure; HttpOnly$/)
    expect(cookies[2]).toBe('sap-usercontext=sap-client=100; path=/')
    const good = await fetched()
    const again = await fetched(ORDER, { cookie: good.cookie })
    expect(again).toEqual({ 'x-csrf-token': good['x-csrf-token'], cookie: '' })
    expect((await wire.ask(ORDER)).headers.getSetCookie()).toEqual([])
  })

  test('hands out a token even with an error, and for HEAD', async () => {
    const answer = await wire.ask(`${ORDER}('9')`, { headers: { 'x-csrf-token': 'Fetch' } })
    expect(answer.status).toBe(404)
    expect((await patch(await fetched(`${ORDER}('9')`))).status).toBe(204)
    const head = await wire.ask(PURCHASE_ORDERS, { method: 'HEAD', headers: { 'x-csrf-token': 'Fetch' } })
    expect(head.headers.get('x-csrf-token')).not.toBeNull()
  })

  test('is over after the time without use that the switch says', async () => {
    wire.sandbox.switches.csrfTtlMs = 1000
    const good = await fetched()
    wire.pass(999)
    expect((await patch(good)).status).toBe(204)
    wire.pass(999)
    expect((await patch(good)).status).toBe(204)
    wire.pass(1000)
    expect(await patch(good)).toMatchObject(REFUSED)
    expect((await patch(await fetched())).status).toBe(204)
  })

  test('belongs to the user who fetched it', async () => {
    wire.sandbox.users.push({ name: 'OTHER', password: 'x' })
    const good = await fetched()
    expect(await patch({ ...good, authorization: basic('OTHER:x') })).toMatchObject(REFUSED)
  })

  test('ends with expireSessions and with the requests a switch allows', async () => {
    const good = await fetched()
    wire.sandbox.expireSessions()
    expect(await patch(good)).toMatchObject(REFUSED)
    wire.sandbox.switches.expireSessionsAfter = 1
    const short = await fetched()
    expect((await patch(short)).status).toBe(204)
    expect(await patch(short)).toMatchObject(REFUSED)
  })

  test('holds for one service only when the switch says so', async () => {
    const other = await fetched('API_PLANT_SRV/A_Plant')
    expect((await patch(other)).status).toBe(204)
    wire.sandbox.switches.csrfPerService = true
    expect(await patch(other)).toMatchObject(REFUSED)
  })

  test('holds for bearer tokens unless the switch spares them', async () => {
    const { d } = await wire.ask(TOKEN, {
      method: 'POST',
      body: 'grant_type=client_credentials',
      headers: { authorization: basic('tributary:s3cret-client'), 'content-type': FORM },
    })
    const bearer = { authorization: `Bearer ${d.access_token}` }
    expect(await patch(bearer)).toMatchObject(REFUSED)
    wire.sandbox.switches.bearerNeedsCsrf = false
    expect((await patch(bearer)).status).toBe(204)
    expect(await patch({ authorization: BASIC })).toMatchObject(REFUSED)
  })
})
