import { describe, expect, test } from 'vitest'
import { createClient } from '../../../../connectors/tryton/client.ts'
import { ServerFault } from '../../../../connectors/tryton/failures.ts'
import { AuthError, RejectedError, RetryableError } from '../../../../core/index.ts'
import { type Answer, createWire } from '../../../contract/kit/wire.ts'

const signal = new AbortController().signal
const settings = { base_url: 'http://erp.example/', database: 'works', username: 'reader', password: 'hidden-secret' }
const ok = (result: unknown): Partial<Answer> => ({ body: JSON.stringify({ id: 1, result }) })
const failing = (error: unknown): Partial<Answer> => ({ body: JSON.stringify({ id: 1, error }) })

/** A server that answers logins; what else it answers is up to the test. */
function server(answer: (method: string, session: string) => Partial<Answer>) {
  let logins = 0
  const wire = createWire()
  wire.before = (request) => {
    const { method } = JSON.parse(String(request.body)) as { method: string }
    if (method === 'common.db.login') return ok([7, `session${++logins}`])
    const token = String(request.headers?.['authorization']).replace('Session ', '')
    return answer(method, Buffer.from(token, 'base64').toString())
  }
  return { wire, logins: () => logins, connect: () => createClient(settings, wire, signal) }
}

describe('the Tryton client', () => {
  test('sends the session that the login gave, to the database', async () => {
    const { wire, connect } = server((method, session) => ok([method, session]))
    const client = await connect()
    expect(await client.call('model.party.party.search', [[]], signal)).toEqual([
      'model.party.party.search',
      'reader:7:session1',
    ])
    expect(wire.requests.at(-1)?.url).toBe('http://erp.example/works/')
  })

  test('a dead session is renewed once for all who find it dead, and their calls are repeated', async () => {
    let alive = 'session2'
    const { logins, connect } = server((_, session) => (session.endsWith(alive) ? ok('page') : { status: 401 }))
    const client = await connect()
    const pages = await Promise.all(Array.from({ length: 20 }, () => client.call('model.a.read', [], signal)))
    expect(pages).toEqual(Array.from({ length: 20 }, () => 'page'))
    expect(logins()).toBe(2)
    alive = 'session3'
    await client.call('model.a.read', [], signal)
    expect(logins()).toBe(3)
  })

  test('a session refused right after the login is no reason to log in for ever', async () => {
    const { logins, connect } = server(() => ({ status: 401 }))
    const client = await connect()
    await expect(client.call('model.a.read', [], signal)).rejects.toBeInstanceOf(AuthError)
    expect(logins()).toBe(2)
  })

  test('one caller that gives up does not spoil the login for the others', async () => {
    const abort = new AbortController()
    const { wire, connect } = server((_, session) => (session.endsWith('session2') ? ok('page') : { status: 401 }))
    const client = await connect()
    const answer = wire.before
    wire.before = (request, n) => {
      if (String(request.body).includes('common.db.login')) abort.abort(new Error('enough'))
      return answer?.(request, n) ?? null
    }
    const [first, second] = await Promise.allSettled([
      client.call('model.a.read', [], abort.signal),
      client.call('model.a.read', [], signal),
    ])
    expect(first.status).toBe('rejected')
    expect(second).toEqual({ status: 'fulfilled', value: 'page' })
  })

  test.each([
    ['an HTML page', { body: '<html>busy</html>', headers: { 'content-type': 'text/html' } }, /not JSON \(text\/html/],
    ['an answer cut short', { body: '{"id": 1, "result": [{"id": 4' }, /not JSON/],
    ['an empty answer', { body: '' }, /not JSON/],
    ['JSON of another form', { body: '{"hello": 1}' }, /not of Tryton's form/],
    ['a gateway error', { status: 502, body: 'bad gateway' }, /502/],
  ])('%s may be right the next time', async (_, answer, message) => {
    const client = await server(() => answer).connect()
    const error = await client.call('model.a.read', [], signal).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(RetryableError)
    expect((error as Error).message).toMatch(message)
  })

  test('a method that is not open names the model, and concerns only the stream', async () => {
    const client = await server(() => ({ status: 403, body: '<html>Forbidden</html>' })).connect()
    await expect(client.call('model.stock.move.search_read', [], signal)).rejects.toMatchObject({
      kind: 'auth',
      streamOnly: true,
      message: expect.stringContaining('stock.move'),
    })
  })

  test("a refusal carries Tryton's own words", async () => {
    const words = ['To delete purchase "3" you must cancel it.', 'More', null]
    const client = await server(() => failing(['UserError', words])).connect()
    const error = await client.call('model.purchase.purchase.delete', [[3]], signal).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(RejectedError)
    expect(error).toMatchObject({
      vendorCode: 'UserError',
      fields: [{ field: null, message: 'To delete purchase "3" you must cancel it. More' }],
    })
  })

  test('a conflict or a fault inside the server may pass', async () => {
    const conflict = await server(() => failing(['ConcurrencyException', 'Records were modified'])).connect()
    await expect(conflict.call('model.a.read', [], signal)).rejects.toBeInstanceOf(RetryableError)
    const fault = await server(() => failing(["'NoneType' object has no attribute 'id'", 'Traceback …'])).connect()
    await expect(fault.call('model.a.read', [], signal)).rejects.toBeInstanceOf(ServerFault)
  })

  test.each([
    [{ status: 401 }, /reader: wrong user or password/],
    [{ status: 404, body: '<html>Not found</html>' }, /no database "works" at http:\/\/erp.example/],
    [{ body: '{"id":1,"result":null}' }, /is this a Tryton server/],
  ])('a login answered by %o says what to fix, without the password', async (answer, message) => {
    const wire = createWire()
    wire.before = () => answer
    const error = await createClient(settings, wire, signal).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(AuthError)
    expect((error as Error).message).toMatch(message)
    expect(JSON.stringify(error) + (error as Error).stack).not.toContain('hidden-secret')
  })
})
