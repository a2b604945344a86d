import { expect, test, vi } from 'vitest'
import {
  AuthError,
  type EntityName,
  RetryableError,
  WEBHOOK_DEFAULTS,
  type Webhook,
  type WebhookSubscription,
} from '../../../../../core/index.ts'
import { setUp } from './setup.ts'

vi.setConfig({ testTimeout: 30_000 })

const HOUR = 3_600_000

/** A system in which webhooks are set up. */
function subscribing() {
  const calls: {
    what: string
    wanted?: { url: string; entities: readonly EntityName[] }
    known: readonly WebhookSubscription[]
  }[] = []
  const control = {
    fails: null as Error | null,
    stands: [
      { id: 's1', event: 'CHANGE', status: 'active', detail: null, secret: 'first', expiresAt: null },
    ] as WebhookSubscription[],
  }
  const webhook: Webhook<object> = {
    schemes: {},
    hints: () => [],
    subscriptions: {
      auditEveryMs: HOUR,
      async ensure(_session, wanted, known) {
        calls.push({ what: 'ensure', wanted, known })
        if (control.fails !== null) throw control.fails
        return control.stands
      },
      async remove(_session, known) {
        calls.push({ what: 'remove', known })
        if (control.fails !== null) throw control.fails
      },
    },
  }
  return { calls, control, webhook }
}

test('what is wanted is set up at the start, looked after every hour, and its secret is kept sealed', async () => {
  const { calls, webhook } = subscribing()
  const { driver, webhookState } = await setUp({ system: { webhook } })
  expect(calls).toMatchObject([
    { what: 'ensure', wanted: { url: 'https://hooks.example/webhooks/acme', entities: ['vendor'] }, known: [] },
  ])
  expect(webhookState()?.subscriptions).toMatchObject([
    { id: 's1', secret: { $secret: expect.stringContaining('k1:') } },
  ])
  expect(driver.records('webhook-state').some(({ value }) => value?.toString().includes('first'))).toBe(false)
  const writes = driver.records('webhook-state').length
  await driver.until(() => calls.length === 3, { stepMs: 60_000, maxMs: 2 * HOUR + 300_000 })
  expect(calls[2]?.known).toEqual([
    { id: 's1', event: 'CHANGE', status: 'active', detail: null, secret: 'first', expiresAt: null },
  ])
  // nothing has changed, nothing is written
  expect(driver.records('webhook-state')).toHaveLength(writes)
})

test('a secret that was replaced stays good for a day', async () => {
  const { control, webhook } = subscribing()
  const { driver, webhookState, clock } = await setUp({ system: { webhook } })
  const before = webhookState()?.subscriptions[0]?.secret
  control.stands = control.stands.map((each) => ({ ...each, secret: 'second' }))
  await driver.until(() => webhookState()?.retired.length === 1, { stepMs: 60_000, maxMs: HOUR + 300_000 })
  expect(webhookState()?.retired).toMatchObject([{ secret: before }])
  expect((webhookState()?.retired[0]?.until ?? 0) - clock.now()).toBeGreaterThan(23 * HOUR)
  expect(webhookState()?.subscriptions[0]?.secret).not.toEqual(before)
  const end = clock.now() + 23 * HOUR
  await driver.until(() => webhookState()?.retired.length === 0, { stepMs: 10 * 60_000, maxMs: 27 * HOUR })
  expect(clock.now()).toBeGreaterThan(end)
})

test('a subscription that waits for approval is said once, and looked at more often', async () => {
  const { calls, control, webhook } = subscribing()
  control.stands = [
    { id: 's1', event: 'CHANGE', status: 'pending', detail: 'an admin must approve it', secret: null, expiresAt: null },
  ]
  const { driver, webhookState } = await setUp({ system: { webhook } })
  await driver.until(() => calls.length === 10, { stepMs: 60_000, maxMs: HOUR })
  expect(webhookState()?.subscriptions).toMatchObject([{ status: 'pending', secret: null }])
  expect(driver.log.filter(({ message }) => message.includes('an admin must approve it'))).toHaveLength(1)
})

test('trouble in setting it up is said once, tried again with back-off, and polling goes on', async () => {
  const { calls, control, webhook } = subscribing()
  control.fails = new RetryableError('POST /subscriptions: HTTP 503')
  const { driver, asked, metric } = await setUp({ system: { webhook } })
  const before = asked('incremental')
  await driver.pass(60_000)
  expect(asked('incremental') - before).toBeGreaterThanOrEqual(3)
  expect(calls.length).toBeGreaterThan(3)
  expect(driver.log.filter(({ message }) => message.includes('could not be set up'))).toHaveLength(1)
  expect(await metric('tributary_webhook_failures_total')).toBe(calls.length)
  control.fails = null
  await driver.pass(120_000)
  expect(driver.log.some(({ message }) => message.includes('set up again'))).toBe(true)
})

test('a role that may not subscribe is tried again in an hour, or when the connection changes', async () => {
  const { calls, control, webhook } = subscribing()
  control.fails = new AuthError('the role may not subscribe', { streamOnly: true })
  const { driver, connection, webhookState } = await setUp({ system: { webhook } })
  await driver.pass(30 * 60_000)
  expect(calls).toHaveLength(1)
  control.fails = null
  await driver.connect({ ...connection, settings: { password: 'new' } })
  await driver.pass(1_000)
  expect(webhookState()?.subscriptions).toHaveLength(1)
})

test('without a public address nothing is set up; one line says so, and polling goes on', async () => {
  const { calls, webhook } = subscribing()
  const { driver, asked } = await setUp({ system: { webhook }, driver: { webhookUrl: null } })
  const before = asked('incremental')
  await driver.pass(60_000)
  expect(calls).toEqual([])
  expect(driver.log.filter(({ message }) => message.includes('TRIBUTARY_WEBHOOK_URL'))).toHaveLength(1)
  expect(asked('incremental')).toBeGreaterThan(before)
})

test('switched off, or removed, it is taken down in the system', async () => {
  const { calls, webhook } = subscribing()
  const { driver, connection, webhookState } = await setUp({ system: { webhook } })
  await driver.connect({ ...connection, webhook: null })
  await driver.pass(1_000)
  expect(calls.at(-1)).toMatchObject({ what: 'remove', known: [{ id: 's1', secret: 'first' }] })
  expect(webhookState()).toMatchObject({ health: 'off', subscriptions: [] })
  await driver.connect({ ...connection, webhook: WEBHOOK_DEFAULTS })
  await driver.pass(1_000)
  expect(webhookState()).toMatchObject({ health: 'unproven', subscriptions: [{ id: 's1' }] })
  await driver.connect({ ...connection, status: 'removed' })
  await driver.pass(1_000)
  expect(calls.at(-1)).toMatchObject({ what: 'remove', known: [{ id: 's1' }] })
  expect(webhookState()).toBeNull()
})

test('what cannot be taken down is named', async () => {
  const { control, webhook } = subscribing()
  const { driver, webhookState } = await setUp({ system: { webhook } })
  control.fails = new RetryableError('HTTP 503')
  await driver.disconnect('acme')
  await driver.pass(1_000)
  expect(driver.log.some(({ message }) => message.includes('by hand: CHANGE s1'))).toBe(true)
  expect(webhookState()).toBeNull()
})
