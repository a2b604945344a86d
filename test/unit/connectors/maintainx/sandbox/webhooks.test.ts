import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Sandbox, startSandbox } from '../../../../../connectors/maintainx/sandbox/index.ts'
import { openEvents } from '../openapi.ts'
import { type Hook, isSigned, openHook, subscribe } from './hook.ts'
import { askOver, everything } from './scenario.ts'

let sandbox: Sandbox
let hook: Hook

beforeEach(async () => {
  hook = await openHook()
  sandbox = await startSandbox({
    size: 40,
    switches: { rateLimit: 0, organizationRateLimit: 0, retryDelaysMs: [5, 5] },
  })
})
afterEach(async () => {
  await sandbox.close()
  await hook.close()
})

const rename = (name: string) => sandbox.ask('PATCH', `/parts/${sandbox.truth('parts')[0]?.id}`, { name })
const settle = () => sandbox.webhooks.idle()

test('a delivery is signed over its body and over its address, with the secret of its subscription', async () => {
  const { secret = '' } = subscribe(sandbox, 'PART_CHANGE', hook.url)
  rename('Ø 40 bearing')
  await settle()
  const [{ headers, raw, body }] = hook.received as [Hook['received'][0]]
  expect(isSigned(headers['x-maintainx-webhook-body-signature'], secret, raw)).toBe(true)
  expect(isSigned(headers['x-maintainx-webhook-uri-signature'], secret, hook.url)).toBe(true)
  expect(isSigned(headers['x-maintainx-webhook-body-signature'], secret, `${raw} `)).toBe(false)
  expect(body).toEqual({ partId: sandbox.truth('parts')[0]?.id, orgId: 301, occurredAt: expect.stringMatching(/Z$/) })
  expect(sandbox.ask('GET', `/subscriptions/${sandbox.truth('subscriptions')[0]?.id}/secret`).body).toEqual({ secret })
})

test('signed times are milliseconds or seconds, and as wrong as the switch says', async () => {
  subscribe(sandbox, 'PART_CHANGE', hook.url)
  rename('one')
  await settle()
  Object.assign(sandbox.switches, { timestampUnit: 's', signedClockSkewMs: -3_600_000 })
  rename('two')
  await settle()
  const times = hook.received.map(({ headers }) =>
    Number(/^t=(\d+),/.exec(String(headers['x-maintainx-webhook-body-signature']))?.[1]),
  )
  expect(Math.abs((times[0] ?? 0) - Date.now())).toBeLessThan(10_000)
  expect(Math.abs((times[1] ?? 0) * 1000 + 3_600_000 - Date.now())).toBeLessThan(10_000)
})

test('the payload of every kind of event that is told is as the description says', async () => {
  const types = [
    'ASSET_STATUS_CHANGE',
    'NEW_ASSET',
    'NEW_CATEGORY_ON_WORK_ORDER',
    'NEW_COMMENT_ON_WORK_ORDER',
    'NEW_LOCATION',
    'NEW_PART',
    'NEW_PURCHASE_ORDER',
    'NEW_VENDOR',
    'NEW_WORK_ORDER',
    'PART_CHANGE',
    'PART_DELETE',
    'PART_QUANTITY_CHANGE',
    'PART_TRANSFER',
    'PURCHASE_ORDER_CHANGE',
    'PURCHASE_ORDER_STATUS_CHANGE',
    'USER_INVITED',
    'USER_REMOVED',
    'WEBHOOK_ARCHIVED',
    'WEBHOOK_CREATED',
    'WORK_ORDER_CHANGE',
    'WORK_ORDER_DELETE',
    'WORK_ORDER_PART_STATUS_CHANGE',
    'WORK_ORDER_STATUS_CHANGE',
  ]
  const withRecord = { options: { serializeEntity: true } }
  for (const type of types)
    subscribe(
      sandbox,
      type,
      hook.url,
      type.startsWith('PURCHASE_ORDER_STATUS')
        ? { options: { serializePurchaseOrder: true } }
        : takesRecords(type)
          ? withRecord
          : {},
    )
  await everything(sandbox, askOver(sandbox))
  await settle()
  const payloadProblems = await openEvents()
  const { attempts } = sandbox.webhooks
  const wrong = attempts.flatMap(({ type, body }) => {
    const problems = payloadProblems(type, JSON.parse(body))
    return problems === '' ? [] : [`${type}: ${problems}\n${body}`]
  })
  expect(wrong).toEqual([])
  expect([...new Set(attempts.map(({ type }) => type))].sort()).toEqual(types)
  const [created] = attempts.filter(({ type }) => type === 'NEW_WORK_ORDER')
  expect(JSON.parse(created?.body ?? '').newWorkOrder).toMatchObject({
    title: 'Overhaul',
    priority: 'HIGH',
    extraFields: { 'ERP Order': '77' },
  })
})

const takesRecords = (type: string): boolean =>
  /^(NEW_ASSET|NEW_PART|NEW_PURCHASE_ORDER|NEW_WORK_ORDER|PART_CHANGE|PART_DELETE|PURCHASE_ORDER_CHANGE|WORK_ORDER_(?!OVERDUE))/.test(
    type,
  )

test('the record is sent where the subscription wants it, with the filtered properties alone where it says so', async () => {
  const options = { serializeEntity: true, onlySerializeFilteredProperties: true }
  subscribe(sandbox, 'PART_CHANGE', hook.url, { options, filters: { oneOfPartProperties: ['NAME'] } })
  const { id } = sandbox.truth('parts')[0] ?? { id: 0 }
  sandbox.ask('PATCH', `/parts/${id}`, { description: 'no matter' })
  sandbox.ask('PATCH', `/parts/${id}`, { name: 'Named anew', unitCost: 5 })
  await settle()
  expect(hook.received.map(({ body }) => body.newPart)).toEqual([{ id, name: 'Named anew' }])
})

test('a write with skipWebhook, and one that is refused, tell nobody', async () => {
  subscribe(sandbox, 'NEW_VENDOR', hook.url)
  for (const value of ['true', '1', 'yes'])
    expect(sandbox.ask('POST', `/vendors?skipWebhook=${value}`, { name: 'Quiet' }).status).toBe(201)
  expect(sandbox.ask('POST', '/vendors', { name: ' ' }).status).toBe(400)
  sandbox.ask('POST', '/vendors?skipWebhook=no', { name: 'Loud' })
  await settle()
  expect(hook.received).toHaveLength(1)
  expect(sandbox.webhooks.counters.wanted).toBe(1)
})

test('what is not taken is sent again with the same body and a signature of its own time, then given up', async () => {
  const { secret = '' } = subscribe(sandbox, 'PART_CHANGE', hook.url)
  hook.answers = [500, 302, 503]
  rename('never taken')
  await settle()
  expect(hook.received).toHaveLength(3)
  expect(new Set(hook.received.map(({ raw }) => raw)).size).toBe(1)
  for (const { headers, raw } of hook.received)
    expect(isSigned(headers['x-maintainx-webhook-body-signature'], secret, raw)).toBe(true)
  expect(sandbox.webhooks.counters).toMatchObject({ sent: 3, delivered: 0, failed: 3, retried: 2, givenUp: 1 })
  hook.answers = [500, 200]
  rename('taken at last')
  await settle()
  expect(sandbox.webhooks.counters).toMatchObject({ sent: 5, delivered: 1, givenUp: 1 })
})

test('no answer in time is a failure', async () => {
  sandbox.switches.deliveryTimeoutMs = 50
  subscribe(sandbox, 'PART_CHANGE', hook.url)
  hook.answers = ['hang', 200]
  rename('slowly taken')
  await settle()
  expect(sandbox.webhooks.attempts.map(({ status, attempt }) => [attempt, status])).toEqual([
    [1, 0],
    [2, 200],
  ])
})

test('a subscription whose deliveries nobody takes is deleted', async () => {
  Object.assign(sandbox.switches, { retryDelaysMs: [], deleteAfterGivenUp: 2 })
  const { id } = subscribe(sandbox, 'PART_CHANGE', hook.url)
  hook.answers = [500, 500]
  for (const name of ['a', 'b', 'c']) {
    rename(name)
    await settle()
  }
  expect(hook.received).toHaveLength(2)
  expect(sandbox.ask('GET', `/subscriptions/${id}`).status).toBe(404)
})

test('duplicates, losses and disorder come in the shares that the switches say, and are the same for the same seed', async () => {
  const figures = async () => {
    const other = await startSandbox({
      size: 40,
      seed: 9,
      switches: { duplicateShare: 0.2, lostShare: 0.05, disorderMs: 60 },
    })
    subscribe(other, 'PART_CHANGE', hook.url)
    for (let n = 0; n < 300; n++) other.ask('PATCH', `/parts/${other.truth('parts')[n % 8]?.id}`, { name: `n ${n}` })
    await other.webhooks.idle()
    const { counters, lost } = other.webhooks
    await other.close()
    return { ...counters, told: lost.length }
  }
  const first = await figures()
  expect(first.wanted).toBe(300)
  expect(first.lost).toBeGreaterThan(3)
  expect(first.lost).toBeLessThan(40)
  expect(first.told).toBe(first.lost)
  expect(first.duplicated).toBeGreaterThan(30)
  expect(first.duplicated).toBeLessThan(90)
  expect(first.delivered).toBe(300 - first.lost + first.duplicated)
  const times = hook.received.map(({ body }) => body.occurredAt as string)
  expect(times).not.toEqual([...times].sort())
  expect(await figures()).toEqual(first)
})

test('paused deliveries wait and are sent later', async () => {
  sandbox.switches.pauseDeliveries = true
  subscribe(sandbox, 'PART_CHANGE', hook.url)
  for (const name of ['a', 'b']) rename(name)
  expect(sandbox.webhooks.pending()).toBe(2)
  expect(hook.received).toHaveLength(0)
  sandbox.switches.pauseDeliveries = false
  await settle()
  expect(hook.received).toHaveLength(2)
})

test('a subscription that waits for approval gets nothing until it is approved', async () => {
  sandbox.switches.pendingApproval = true
  sandbox.switches.secretAtCreation = false
  const { id, status, secret } = subscribe(sandbox, 'PART_CHANGE', hook.url)
  expect([status, secret]).toEqual(['PENDING_APPROVAL', undefined])
  rename('before')
  sandbox.webhooks.approve(id)
  expect(sandbox.ask('GET', `/subscriptions/${id}`).body).toEqual({
    subscription: { id, type: 'PART_CHANGE', url: hook.url, status: 'VALID' },
  })
  rename('after')
  await settle()
  expect(hook.received).toHaveLength(1)
})

test('an address that is too long or none is refused, and so is an unknown kind of event', () => {
  const post = (body: object) => sandbox.ask('POST', '/subscriptions', body as never).status
  expect(post({ type: 'NEW_VENDOR', url: `https://x.example/${'a'.repeat(500)}` })).toBe(400)
  expect(post({ type: 'NEW_VENDOR', url: 'nowhere' })).toBe(400)
  expect(post({ type: 'VENDOR_CHANGE', url: hook.url })).toBe(400)
})

test('an overdue work order is told once', async () => {
  subscribe(sandbox, 'WORK_ORDER_OVERDUE', hook.url)
  sandbox.ask('POST', '/workorders', { title: 'Late', dueDate: '2020-01-01T00:00:00Z' })
  expect([sandbox.tellOverdue(), sandbox.tellOverdue()]).toEqual([1, 0])
  await settle()
  expect(hook.received[0]?.body.dueDate).toBe('2020-01-01T00:00:00.000Z')
})
