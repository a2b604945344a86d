import { afterEach, beforeEach, expect, test } from 'vitest'
import { COLLECTIONS } from '../../../../connectors/maintainx/collections.ts'
import { Refusal } from '../../../../connectors/maintainx/failures.ts'
import { maintainx } from '../../../../connectors/maintainx/index.ts'
import { createRateGate } from '../../../../connectors/maintainx/rate-gate.ts'
import { createServerClock } from '../../../../connectors/maintainx/server-clock.ts'
import { AuthError, OutcomeUnknownError, RetryableError } from '../../../../core/index.ts'
import { never, openStandIn, type StandIn, thrownBy } from './stand-in.ts'

let mx: StandIn
beforeEach(async () => {
  mx = await openStandIn()
})
afterEach(() => mx.close())

test('every request carries the key, and the organization where one is set', async () => {
  mx.records.set('/assets', [])
  const session = await mx.session({ organization_id: 301 })
  await session.client.list(COLLECTIONS.assets, { limit: 5, expand: ['status', 'model'], cursor: null }, never())
  const asked = mx.requests.at(-1)
  expect(asked?.headers).toMatchObject({ authorization: 'Bearer key-1', 'x-organization-id': '301' })
  expect([...(asked?.query ?? [])]).toEqual([
    ['limit', '5'],
    ['expand', 'status'],
    ['expand', 'model'],
  ])
})

test('connecting says what is wrong with key, organization and address', async () => {
  expect((await mx.session()).organization).toEqual({ id: '301', name: 'Plant', currency: 'USD' })
  expect((await thrownBy(() => mx.session({ organization_id: 9 }))).message).toMatch(
    /organization_id 9 .* 301 \(Plant\)/,
  )
  mx.records.set('/organizations', [
    { id: 301, name: 'Plant' },
    { id: 302, name: 'Depot' },
  ])
  const several = await thrownBy(() => mx.session())
  expect(several).toBeInstanceOf(AuthError)
  expect(several.message).toMatch(/organization_id.*301 \(Plant\), 302 \(Depot\)/)
  mx.play(() => ({ status: 401, body: '' }))
  const refused = await thrownBy(() => mx.session())
  expect(refused).toBeInstanceOf(AuthError)
  expect(refused.message).toMatch(/api_key/)
  expect(refused.message).not.toContain('key-1')
  mx.play(() => ({ status: 404, body: '<html>nothing here</html>' }))
  expect((await thrownBy(() => mx.session())).message).toMatch(/base_url/)
})

test('a key that may not see organizations connects all the same', async () => {
  mx.records.set('/users', [])
  mx.play(({ path }) => (path === '/organizations' ? { status: 403, body: { error: 'Forbidden' } } : null))
  expect((await mx.session()).organization).toBeNull()
  mx.play(() => ({ status: 403, body: { error: 'Forbidden' } }))
  expect((await mx.session()).organization).toBeNull()
})

test('an address where there is JSON, but no MaintainX, is told by its setting', async () => {
  mx.play(() => ({ status: 404, body: { error: 'Not found' } }))
  const thrown = await thrownBy(() => mx.session())
  expect(thrown).toBeInstanceOf(AuthError)
  expect(thrown.message).toMatch(/base_url/)
})

test('what one kind of records may not be read for stops its stream alone', async () => {
  const session = await mx.session()
  mx.play(() => ({ status: 403, body: { error: 'You cannot view purchase orders' } }))
  const thrown = await thrownBy(() => session.client.list(COLLECTIONS.purchaseOrders, {}, never()))
  expect(thrown).toBeInstanceOf(AuthError)
  expect(thrown['streamOnly']).toBe(true)
  expect(thrown.message).toMatch(/reading purchase orders.*You cannot view purchase orders.*purchase orders/)
})

test('a refusal has its fields in MaintainX words, in both forms that answers have', async () => {
  const session = await mx.session()
  const errors = [
    { error: 'must be one of NONE, LOW', fieldPath: 'priority', fieldValue: 'X' },
    { error: 'title is required', fieldPath: null },
  ]
  const change = { method: 'POST', path: '/workorders', body: {}, doing: 'creating a work order' } as const
  mx.play(() => ({ status: 400, body: { errors } }))
  const listed = await thrownBy(() => session.client.change(change, never()))
  expect(listed).toBeInstanceOf(Refusal)
  expect(listed.message).toBe('creating a work order: priority: must be one of NONE, LOW; title is required')
  expect(listed['fields']).toMatchObject([
    { nativeField: 'priority', vendorMessage: 'must be one of NONE, LOW' },
    { nativeField: null },
  ])
  mx.play(() => ({ status: 403, body: { error: 'not allowed' } }))
  const forbidden = await thrownBy(() => session.client.change(change, never()))
  expect(forbidden).toBeInstanceOf(Refusal)
  expect(forbidden).toMatchObject({ kind: 'rejected', status: 403, problems: [{ text: 'not allowed', where: null }] })
})

test('a change is sent once, and what cannot be told is said to be unknown', async () => {
  const session = await mx.session()
  const change = { method: 'PATCH', path: '/parts/7', body: { name: 'x' }, doing: 'changing part 7' } as const
  mx.requests.length = 0
  mx.play(() => ({ status: 500, body: { error: 'oops' } }))
  expect(await thrownBy(() => session.client.change(change, never()))).toBeInstanceOf(OutcomeUnknownError)
  expect(mx.requests).toHaveLength(1)
  mx.play(() => ({ status: 503, body: '' }))
  const unavailable = await thrownBy(() => session.client.change(change, never()))
  expect(unavailable).toBeInstanceOf(RetryableError)
  mx.play(() => ({ status: 204 }))
  const done = await session.client.change({ ...change, skipWebhook: true, query: { expand: ['parts'] } }, never())
  expect(done).toMatchObject({ status: 204, body: null })
  expect(mx.requests.at(-1)?.query.toString()).toBe('expand=parts&skipWebhook=true')
})

test('a list whose answer is something else is tried again later, not taken as empty', async () => {
  const session = await mx.session()
  for (const body of ['{"assets":', '[]', '{"parts":[]}', '<html>']) {
    mx.play(() => ({ body }))
    expect(await thrownBy(() => session.client.list(COLLECTIONS.assets, {}, never()))).toBeInstanceOf(RetryableError)
  }
})

test('the time is the one of the answers', async () => {
  mx.play(() => ({
    body: { organizations: [{ id: 1, name: 'P' }], nextCursor: null },
    headers: { date: 'Thu, 01 Jan 2026 10:00:00 GMT' },
  }))
  const session = await mx.session()
  const now = await maintainx.clock(session, never())
  expect(now - Date.parse('2026-01-01T10:00:00Z')).toBeLessThan(5000)
  expect(now).toBeGreaterThanOrEqual(Date.parse('2026-01-01T10:00:00Z'))
})

test('of several answers the one that says the latest time is nearest to the truth', () => {
  let ms = 0
  const clock = createServerClock(() => ms)
  expect(clock.now()).toBeNull()
  clock.observe('Thu, 01 Jan 2026 10:00:00 GMT')
  ms = 400
  clock.observe('Thu, 01 Jan 2026 10:00:01 GMT')
  ms = 900
  clock.observe('Thu, 01 Jan 2026 10:00:01 GMT')
  clock.observe('no date')
  expect(clock.now()).toBe(Date.parse('2026-01-01T10:00:01.500Z'))
  ms = 11 * 60_000
  expect(clock.now()).toBeNull()
})

test('when the minute has no requests left the next one waits for the next minute', async () => {
  let ms = 0
  const waits: number[] = []
  const gate = createRateGate({
    monotonic: () => ms,
    async pause(wait) {
      waits.push(wait)
      ms += wait
    },
  })
  const leave = await gate.enter(never())
  gate.observe({ 'x-rate-limit-limit': '100', 'x-rate-limit-remaining': '1', 'x-rate-limit-reset': '20' })
  leave()
  leave()
  const other = await gate.enter(never())
  expect(waits).toEqual([])
  // one is left, and one is under way that may not be counted yet
  await gate.enter(never())
  expect(waits).toEqual([20_500])
  other()
})

test('one of many requests leaves a fifth of the minute to what webhooks and commands ask for', async () => {
  let ms = 0
  const gate = createRateGate({
    monotonic: () => ms,
    async pause(wait) {
      ms += wait
    },
  })
  gate.observe({ 'x-rate-limit-limit': '100', 'x-rate-limit-remaining': '20', 'x-rate-limit-reset': '30' })
  const leave = await gate.enter(never())
  leave()
  expect(ms).toBe(0)
  await gate.enter(never(), true)
  expect(ms).toBe(30_500)
})

test('whoever waits for the next minute stops when told', async () => {
  const gate = createRateGate()
  gate.observe({ 'x-rate-limit-remaining': '0', 'x-rate-limit-reset': '60' })
  const abort = new AbortController()
  const waiting = thrownBy(() => gate.enter(abort.signal))
  abort.abort(new Error('enough'))
  expect((await waiting).message).toBe('enough')
})

test('an answer that comes late does not give back what is used', async () => {
  let ms = 0
  const gate = createRateGate({
    monotonic: () => ms,
    async pause(wait) {
      ms += wait
    },
  })
  gate.observe({ 'x-rate-limit-remaining': '0', 'x-rate-limit-reset': '30' })
  gate.observe({ 'x-rate-limit-remaining': '2', 'x-rate-limit-reset': '30' })
  await gate.enter(never())
  expect(ms).toBe(30_500)
})
