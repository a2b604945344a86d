import { afterEach, describe, expect, test } from 'vitest'
import { createClient } from '../../../../connectors/sap-s4hana/client.ts'
import { AuthError, OutcomeUnknownError, RejectedError, RetryableError } from '../../../../core/index.ts'
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
const created: Reply = { status: 201, body: { d: { PurchaseOrder: '4500000001' } } }
const wants: Reply = { status: 403, headers: { 'x-csrf-token': 'Required' }, body: 'CSRF token validation failed' }

let sap: StandIn
afterEach(() => sap.close())

/** A system that gives a token with three cookies, and takes changes that bring all of them. */
async function guarded(answer: (request: Request) => Reply | Promise<Reply>, valid: () => number = () => 1) {
  let given = 0
  sap = await openStandIn(async (request) => {
    const { method, headers } = request
    if (headers['x-csrf-token'] === 'Fetch') {
      const n = ++given
      await new Promise((later) => setImmediate(later))
      return {
        body: { d: { EntitySets: [] } },
        headers: {
          'x-csrf-token': `token-${n}==`,
          'set-cookie': [
            `SAP_SESSIONID_S4H_100=s${n}; path=/; secure; HttpOnly`,
            `sap-XSRF_S4H_100=x${n}; path=/; secure; HttpOnly`,
            'sap-usercontext=sap-client=100; path=/',
          ],
        },
      }
    }
    if (method === 'GET') return answer(request)
    const n = valid()
    const cookies = `SAP_SESSIONID_S4H_100=s${n}; sap-XSRF_S4H_100=x${n}; sap-usercontext=sap-client=100`
    return headers['x-csrf-token'] === `token-${n}==` && headers['cookie'] === cookies ? answer(request) : wants
  })
  return { client: sap.client(), given: () => given }
}

const post = (client: ReturnType<StandIn['client']>, body: object = { Supplier: '1' }) =>
  client.send(SERVICE, 'POST', 'A_PurchaseOrder', body as never, { signal: never() })

describe('the CSRF token', () => {
  test('is fetched once for parallel writers, and goes with all cookies of its session', async () => {
    const { client, given } = await guarded(() => created)
    const answers = await Promise.all(Array.from({ length: 5 }, () => post(client)))
    expect(answers.map(({ body }) => body)).toEqual(Array.from({ length: 5 }, () => ({ PurchaseOrder: '4500000001' })))
    await post(client)
    expect(given()).toBe(1)
    expect(sap.seen('POST')).toHaveLength(6)
    expect(sap.seen('POST')[0]).toMatchObject({ body: '{"Supplier":"1"}', query: expect.anything() })
    expect(sap.seen('POST')[0]?.headers['content-type']).toBe('application/json')
  })

  test('is renewed once, however many writers find it stale, and each change is made once', async () => {
    let valid = 1
    let made = 0
    const { client, given } = await guarded(
      () => {
        made++
        return created
      },
      () => valid,
    )
    await post(client)
    valid = 2
    await Promise.all(Array.from({ length: 5 }, () => post(client)))
    expect(given()).toBe(2)
    expect(made).toBe(6)
  })

  test('may ride on an answer that refuses the page', async () => {
    sap = await openStandIn(({ method, headers }) =>
      method === 'GET'
        ? { status: 404, headers: { 'x-csrf-token': 'abc==' }, body: '<html>Not found</html>' }
        : headers['x-csrf-token'] === 'abc=='
          ? created
          : wants,
    )
    await expect(post(sap.client())).resolves.toMatchObject({ status: 201 })
  })

  test('is done without where SAP offers none', async () => {
    sap = await openStandIn(({ method, headers }) =>
      method === 'GET' ? { body: { d: {} } } : headers['x-csrf-token'] === undefined ? created : wants,
    )
    await expect(post(sap.client())).resolves.toMatchObject({ status: 201 })
  })

  test('that is refused right after it was given is no reason to go on for ever', async () => {
    const { client, given } = await guarded(
      () => created,
      () => 99,
    )
    const error = await thrownBy(() => post(client))
    expect(error).toBeInstanceOf(AuthError)
    expect(error.message).toMatch(/cookies/)
    expect(given()).toBe(2)
  })

  test('has nothing to do with a 403 that lacks the header: that is a missing permission', async () => {
    const { client, given } = await guarded(() => ({
      status: 403,
      body: errorBody('/IWFND/CM_CONSUMER/101', "No authorization to access Service 'X'"),
    }))
    const error = await thrownBy(() => post(client))
    expect(error).toMatchObject({ kind: 'auth', streamOnly: true, vendorCode: '/IWFND/CM_CONSUMER/101' })
    expect(given()).toBe(1)
    expect(sap.seen('POST')).toHaveLength(1)
  })
})

describe('changes', () => {
  test.each<[string, Reply]>([
    ['a connection that broke', { cut: true }],
    ['a short dump', { status: 500, body: errorBody('/IWFND/CM_BEC/026', 'An exception was raised') }],
    ['a gateway that gave up', { status: 504, body: '<html>' }],
    ['an answer cut short', { status: 201, body: '{"d":{"Purch' }],
  ])('%s leaves it unknown whether a document was made, and it is not made again', async (_, reply) => {
    const { client } = await guarded(() => reply)
    const error = await thrownBy(() => post(client))
    expect(error).toBeInstanceOf(OutcomeUnknownError)
    expect(error.message).toMatch(/POST A_PurchaseOrder of API_PURCHASEORDER_PROCESS_SRV/)
    expect(sap.seen('POST')).toHaveLength(1)
  })

  test('a lost answer to a change that may be repeated can be tried again', async () => {
    const { client } = await guarded(() => ({ cut: true }))
    const patch = (options: object) =>
      thrownBy(() => client.send(SERVICE, 'PATCH', "A('1')", { Plant: '1' }, { signal: never(), ...options }))
    expect(await patch({})).toBeInstanceOf(RetryableError)
    // repeated, it would meet its own ETag's successor
    expect(await patch({ ifMatch: 'W/"1"' })).toBeInstanceOf(OutcomeUnknownError)
  })

  test('what never reached SAP may be tried again', async () => {
    sap = await openStandIn(() => created)
    const { origin } = sap
    const { http } = sap
    let asked = 0
    const client = createClient(configOf(origin), {
      request: (request) => http.request(++asked === 1 ? request : { ...request, url: 'http://127.0.0.1:1/' }),
    })
    expect(await thrownBy(() => post(client))).toBeInstanceOf(RetryableError)
  })

  test('a system that is not ready has done nothing', async () => {
    const { client } = await guarded(() => ({ status: 503, body: '<html>Service unavailable</html>' }))
    expect(await thrownBy(() => post(client))).toBeInstanceOf(RetryableError)
  })

  test('an ETag that SAP asks for is read, and the change repeated once with it', async () => {
    const { client } = await guarded(({ method, headers }) => {
      if (method === 'GET') return { body: { d: { __metadata: { etag: 'W/"7"' }, MaintenanceOrder: '1' } } }
      return headers['if-match'] === 'W/"7"'
        ? { status: 204 }
        : { status: 428, body: errorBody('/IWBEP/CM_MGW_RT/194', 'Precondition required') }
    })
    const answer = await client.send('API_EQUIPMENT', 'PATCH', "Equipment('1')", { A: '1' }, { signal: never() })
    expect(answer).toMatchObject({ status: 204, body: null })
    expect(sap.seen('PATCH').map(({ headers }) => headers['if-match'])).toEqual([undefined, 'W/"7"'])
  })

  test('a function that wants an ETag takes any state; its parameters are literals in the address', async () => {
    const { client } = await guarded(({ headers }) =>
      headers['if-match'] === '*' ? { body: { d: { IsInvalid: false } } } : { status: 428 },
    )
    const query = { MaintenanceOrder: "'4000123'", At: "datetimeoffset'2026-01-15T10:00:00Z'" }
    await client.send('API_MAINTENANCEORDER;v=0002', 'POST', 'Release', null, { query, signal: never() })
    const [, second] = sap.seen('POST')
    expect(second?.path).toMatch(/API_MAINTENANCEORDER;v=0002\/Release$/)
    expect(second?.query.get('At')).toBe("datetimeoffset'2026-01-15T10:00:00Z'")
    expect(second?.body).toBe('')
    expect(sap.requests.filter(({ headers }) => headers['x-csrf-token'] !== 'Fetch')).toHaveLength(2)
  })

  test('what somebody else has changed meanwhile is a conflict, and not overwritten', async () => {
    const { client } = await guarded(() => ({ status: 412, body: errorBody('X/412', 'Precondition failed') }))
    const options = { ifMatch: 'W/"1"', signal: never() }
    const error = await thrownBy(() => client.send(SERVICE, 'PATCH', "A('1')", { Plant: '1' }, options))
    expect(error).toBeInstanceOf(RejectedError)
    expect(error).toMatchObject({ status: 412, message: expect.stringMatching(/somebody else/) })
    expect(sap.seen('PATCH')).toHaveLength(1)
  })

  test('warnings that ride on a success are kept', async () => {
    const message = { code: 'ME/040', message: 'Delivery date is in the past', severity: 'warning', details: [] }
    const { client } = await guarded(() => ({ ...created, headers: { 'sap-message': JSON.stringify(message) } }))
    expect((await post(client)).warnings).toEqual(['Delivery date is in the past (ME/040)'])
  })
})
