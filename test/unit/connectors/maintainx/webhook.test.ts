import { createHmac } from 'node:crypto'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { EVENTS } from '../../../../connectors/maintainx/events.ts'
import { webhook } from '../../../../connectors/maintainx/webhook.ts'
import {
  AuthError,
  ENTITY_NAMES,
  type EntityName,
  type SignatureScheme,
  type WebhookDelivery,
  type WebhookSubscription,
  type WebhookSubscriptions,
} from '../../../../core/index.ts'
import { createVerifier } from '../../../../core/webhooks/verify.ts'
import type { MaintainXSession } from '../../../../connectors/maintainx/session.ts'
import { never, openStandIn, type Reply, type Request, type StandIn, thrownBy } from './stand-in.ts'

const delivery = (body: string | object): WebhookDelivery => ({
  connectionId: 'plant',
  receiptId: 'r',
  deliveryId: 'd',
  receivedAt: 0,
  headers: {},
  body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
})
const hinted = (body: string | object) => webhook.hints(delivery(body)).map(({ entity, key }) => `${entity} ${key}`)

const told = { orgId: 321, occurredAt: '2022-01-01T00:00:00.000Z' }

/** Bodies as the API description gives them, with its examples. */
test.each([
  ['NEW_WORK_ORDER', { workOrderId: 123456, ...told }, ['work_order 123456']],
  [
    'WORK_ORDER_CHANGE',
    { workOrderId: 123456, ...told, newWorkOrder: { assetId: 42, vendorIds: [1] } },
    ['work_order 123456'],
  ],
  [
    'WORK_ORDER_STATUS_CHANGE',
    { workOrderId: 123456, ...told, oldStatus: 'OPEN', newStatus: 'DONE', newSubStatus: 'CANCELED' },
    ['work_order 123456'],
  ],
  ['WORK_ORDER_DELETE', { workOrderId: 123456, ...told, WorkOrder: { title: 'x' } }, ['work_order 123456']],
  [
    'WORK_ORDER_PART_STATUS_CHANGE',
    { workOrderId: 123456, ...told, oldPartStatus: 'ASSIGNED', newPartStatus: 'ISSUED' },
    ['work_order 123456'],
  ],
  [
    'NEW_CATEGORY_ON_WORK_ORDER',
    { workOrderId: 123456, ...told, newCategories: [{ id: 123, name: 'Safety' }] },
    ['work_order 123456'],
  ],
  ['NEW_ASSET', { assetId: 123456, ...told }, ['asset 123456']],
  [
    'ASSET_STATUS_CHANGE',
    { assetId: 42, ...told, oldStatus: { status: 'ONLINE' }, newStatus: { status: 'OFFLINE' } },
    ['asset 42'],
  ],
  ['NEW_LOCATION', { locationId: 123456, ...told }, ['location 123456']],
  ['NEW_VENDOR', { vendorId: 123456, ...told }, ['vendor 123456']],
  ['NEW_PART', { partId: 123456, ...told }, ['item 123456', 'stock_level null']],
  [
    'NEW_PART, with its data',
    { partId: 123456, ...told, newPart: { locations: [{ locationId: 852 }] } },
    ['item 123456', 'stock_level 123456|852'],
  ],
  ['PART_CHANGE', { partId: 123456, ...told }, ['item 123456', 'stock_level null']],
  [
    'PART_DELETE',
    { partId: 123456, ...told, deletedPart: { locations: [{ locationId: 1 }, { locationId: 2 }] } },
    ['item 123456', 'stock_level 123456|1', 'stock_level 123456|2'],
  ],
  [
    'PART_QUANTITY_CHANGE',
    {
      partId: 123456,
      ...told,
      quantityDiff: 3,
      triggeredFrom: 'CYCLE_COUNT',
      locations: [{ locationId: 842, quantityDiff: 3 }],
    },
    ['item 123456', 'stock_level 123456|842'],
  ],
  [
    'PART_TRANSFER',
    {
      triggeredFrom: 'INSTANT_TRANSFER',
      userId: 1337,
      sourceData: { partId: 1, orgId: 321, locationId: 842 },
      destinationData: { partId: 2, orgId: 322, locations: [{ locationId: 843, locationQuantity: 3 }] },
      triggeredAt: '2022-01-01T00:00:00.000Z',
    },
    ['stock_level 1|842', 'stock_level 2|843'],
  ],
  ['NEW_PURCHASE_ORDER', { purchaseOrderId: 123456, ...told, userId: 789 }, ['purchase_order 123456']],
  ['PURCHASE_ORDER_CHANGE', { purchaseOrderId: 123456, ...told }, ['purchase_order 123456']],
  [
    'PURCHASE_ORDER_STATUS_CHANGE',
    { purchaseOrderId: 123456, ...told, vendorId: 321, oldStatus: 'PENDING', newStatus: 'APPROVED' },
    ['purchase_order 123456'],
  ],
  ['USER_INVITED', { ...told, actorId: 100, targetUserId: 200, role: 'MEMBER', creationMethod: 'x' }, ['user 200']],
  ['USER_REMOVED', { ...told, actorId: 100, targetUserId: 200 }, ['user 200']],
  [
    'METER_TRIGGER_STATE_CHANGE',
    { meterTriggerId: 123, meterId: 123456, ...told, oldState: 'PENDING', newState: 'TRIGGERED' },
    [],
  ],
  ['WORK_REQUEST_STATUS_CHANGE', { requestId: 123456, ...told, oldStatus: 'PENDING', newStatus: 'APPROVED' }, []],
  ['API_TOKEN_CREATED', { ...told, actorId: 100 }, []],
  ['nothing known', { brandNew: { id: 7 } }, []],
  ['an id that is none', { workOrderId: 'x', ...told }, []],
])('%s names its records', (_, body, wanted) => {
  expect(hinted(body)).toEqual(wanted)
})

test('a body that is no JSON object is for dead letters', () => {
  for (const body of ['', 'ping', '[]', '7']) expect(() => hinted(body)).toThrow()
})

test('the scheme is the one of the description: HMAC over time, point and raw body', () => {
  const scheme = webhook.schemes['maintainx'] as SignatureScheme
  const body = Buffer.from('{"workOrderId":123456}')
  const now = Date.parse('2026-01-15T10:00:00Z')
  const verifier = createVerifier(scheme, ['s3cr3t-for-tests'])
  const signed = (at: string, over: string) => {
    const v1 = createHmac('sha256', 's3cr3t-for-tests').update(`${at}.${over}`).digest('hex')
    return { rawHeaders: ['X-MaintainX-Webhook-Body-Signature', `t=${at},v1=${v1}`], query: '', body }
  }
  expect(verifier.verify(signed(String(now / 1000), body.toString()), now).ok).toBe(true)
  expect(verifier.verify(signed(String(now), body.toString()), now).ok).toBe(true)
  expect(verifier.verify(signed(String(now), '{"workOrderId": 123456}'), now).ok).toBe(false)
  expect(verifier.verify(signed(String(now - 301_000), body.toString()), now).ok).toBe(false)
})

const subscriptions = webhook.subscriptions as WebhookSubscriptions<MaintainXSession>
const URL_OF_OURS = 'https://hooks.plant.example/webhooks/plant'

let mx: StandIn
beforeEach(async () => {
  mx = await openStandIn()
})
afterEach(() => mx.close())

interface Standing {
  type: string
  url: string
  status: string
  options?: object
}

/** Subscriptions as MaintainX keeps them; ids from 900 on. */
async function withSubscriptions(before: (request: Request) => Reply | null = () => null, secretInAnswer = true) {
  const standing = new Map<string, Standing>()
  let next = 900
  mx.play((request) => {
    const { method, path, body } = request
    if (!path.startsWith('/subscriptions')) return null
    const planted = before(request)
    if (planted !== null) return planted
    const [, , id = '', below] = path.split('/')
    if (method === 'POST') {
      const made: Standing = { ...(JSON.parse(body) as Standing), status: 'VALID' }
      standing.set(String(next), made)
      const secret = secretInAnswer ? { secret: `secret-${next}` } : {}
      return { status: 201, body: { id: next++, status: made.status, ...secret } }
    }
    const found = standing.get(id)
    if (found === undefined) return { status: 404, body: { error: 'subscription Not Found' } }
    if (below === 'secret') return { body: { secret: `secret-${id}` } }
    if (method === 'DELETE') {
      standing.delete(id)
      return { status: 204 }
    }
    if (method === 'PATCH') Object.assign(found, JSON.parse(body))
    return { body: { subscription: { id: Number(id), type: found.type, url: found.url, status: found.status } } }
  })
  return { standing, session: await mx.session() }
}

const wanting = (...entities: EntityName[]) => ({ url: URL_OF_OURS, entities })
const short = (all: readonly WebhookSubscription[]) =>
  all.map(({ event, status, secret }) => `${event} ${status} ${secret}`)

test('every event that tells of what is wanted is subscribed to once, with its secret', async () => {
  const { standing, session } = await withSubscriptions()
  const made = await subscriptions.ensure(session, wanting('asset', 'vendor'), [], never())
  expect(short(made)).toEqual([
    'NEW_ASSET active secret-900',
    'ASSET_STATUS_CHANGE active secret-901',
    'NEW_VENDOR active secret-902',
  ])
  expect([...standing.values()].map(({ url }) => url)).toEqual([URL_OF_OURS, URL_OF_OURS, URL_OF_OURS])
  mx.requests.length = 0
  expect(await subscriptions.ensure(session, wanting('asset', 'vendor'), made, never())).toEqual(made)
  expect(mx.requests.every(({ method }) => method === 'GET')).toBe(true)
})

test('deleted parts are told with their locations', async () => {
  const { standing, session } = await withSubscriptions()
  await subscriptions.ensure(session, wanting('stock_level'), [], never())
  const deleted = [...standing.values()].find(({ type }) => type === 'PART_DELETE')
  expect(deleted?.options).toEqual({ serializeEntity: true })
})

test('what is gone is made again, what points elsewhere is moved, what nobody wants is removed', async () => {
  const { standing, session } = await withSubscriptions()
  const made = await subscriptions.ensure(session, wanting('asset', 'vendor', 'location'), [], never())
  standing.delete('900')
  ;(standing.get('901') as Standing).url = 'https://old.example/webhooks/plant'
  const again = await subscriptions.ensure(session, wanting('asset', 'location'), made, never())
  expect(short(again)).toEqual([
    'NEW_ASSET active secret-904',
    'ASSET_STATUS_CHANGE active secret-901',
    'NEW_LOCATION active secret-902',
  ])
  expect([...standing.keys()]).toEqual(['901', '902', '904'])
  expect(standing.get('901')?.url).toBe(URL_OF_OURS)
})

test('a secret that the answer leaves out is asked for', async () => {
  const { session } = await withSubscriptions(() => null, false)
  expect(short(await subscriptions.ensure(session, wanting('vendor'), [], never()))).toEqual([
    'NEW_VENDOR active secret-900',
  ])
})

test('one that waits for approval is pending until MaintainX says that it is valid', async () => {
  const { standing, session } = await withSubscriptions()
  const made = await subscriptions.ensure(session, wanting('vendor'), [], never())
  ;(standing.get('900') as Standing).status = 'PENDING_APPROVAL'
  const waiting = await subscriptions.ensure(session, wanting('vendor'), made, never())
  expect(waiting).toMatchObject([{ status: 'pending', detail: expect.stringMatching(/support/) as string }])
  ;(standing.get('900') as Standing).status = 'VALID'
  expect(await subscriptions.ensure(session, wanting('vendor'), waiting, never())).toEqual(made)
})

test('an event that is refused leaves the others alone, and is tried again the next time', async () => {
  let refusing = true
  const { session } = await withSubscriptions(({ body }) =>
    refusing && body.includes('NEW_VENDOR') ? { status: 403, body: { errors: [{ error: 'not in your plan' }] } } : null,
  )
  const made = await subscriptions.ensure(session, wanting('asset', 'vendor'), [], never())
  expect(made[2]).toMatchObject({
    id: '',
    event: 'NEW_VENDOR',
    status: 'failed',
    detail: expect.stringMatching(/not in your plan/) as string,
  })
  refusing = false
  expect(short(await subscriptions.ensure(session, wanting('asset', 'vendor'), made, never()))[2]).toMatch(
    /NEW_VENDOR active/,
  )
})

test('a call that breaks off half-way returns what stands by then; one that did nothing says why', async () => {
  let left = 1
  const { standing, session } = await withSubscriptions(({ method }) =>
    method === 'POST' && left-- <= 0 ? { status: 401, body: '' } : null,
  )
  const made = await subscriptions.ensure(session, wanting('asset', 'vendor'), [], never())
  expect(made.map(({ status }) => status)).toEqual(['active', 'failed', 'failed'])
  expect(standing.size).toBe(1)
  expect(await thrownBy(() => subscriptions.ensure(session, wanting('vendor'), [], never()))).toBeInstanceOf(AuthError)
  left = 9
  expect(short(await subscriptions.ensure(session, wanting('asset', 'vendor'), made, never()))[0]).toBe(
    'NEW_ASSET active secret-900',
  )
})

test('a call that is broken off takes back what only it knows of', async () => {
  const abort = new AbortController()
  const { standing, session } = await withSubscriptions(({ body }) => {
    if (body.includes('NEW_VENDOR')) abort.abort(new Error('the connection has changed'))
    return null
  })
  const thrown = await thrownBy(() => subscriptions.ensure(session, wanting('asset', 'vendor'), [], abort.signal))
  expect(thrown.message).toBe('the connection has changed')
  // the one under way may stand: nobody knows
  expect([...standing.values()].map(({ type }) => type)).not.toContain('NEW_ASSET')
})

test('removing takes away what stands; what is gone already is no error', async () => {
  const { standing, session } = await withSubscriptions()
  const made = await subscriptions.ensure(session, wanting('asset', 'vendor'), [], never())
  standing.delete('901')
  await subscriptions.remove(session, made, never())
  expect(standing.size).toBe(0)
})

test('an address longer than MaintainX takes is refused before anything is made', async () => {
  const { standing, session } = await withSubscriptions()
  const long = { ...wanting('vendor'), url: `${URL_OF_OURS}/${'x'.repeat(500)}` }
  expect((await thrownBy(() => subscriptions.ensure(session, long, [], never()))).message).toMatch(/512/)
  expect(standing.size).toBe(0)
})

test('events name entities that there are', () => {
  for (const { entities } of Object.values(EVENTS)) for (const each of entities) expect(ENTITY_NAMES).toContain(each)
})
