import { expect, test, vi } from 'vitest'
import { WEBHOOK_DEFAULTS } from '../../../../../core/index.ts'
import { setUp } from './setup.ts'

vi.setConfig({ testTimeout: 60_000 })

const MINUTE = 60_000

/** Deliveries have proven themselves. */
async function healthy() {
  const all = await setUp()
  all.system.put('vendor', 'first', { name: 'first' })
  await all.hint('first')
  await all.driver.pass(20_000)
  return all
}

test('before a delivery has come, polls go on as ever', async () => {
  const { driver, asked, webhookState, metric } = await setUp()
  expect(webhookState()?.health).toBe('unproven')
  await driver.pass(20_000)
  const before = asked('incremental')
  await driver.pass(10 * MINUTE)
  expect(asked('incremental') - before).toBe(40)
  expect(await metric('tributary_webhook_healthy')).toBe(0)
})

test('while deliveries tell what changes, polls are rarer', async () => {
  const { driver, asked, webhookState, metric } = await healthy()
  expect(webhookState()).toMatchObject({ health: 'healthy', told: ['vendor'] })
  expect(await metric('tributary_webhook_healthy')).toBe(1)
  const before = asked('incremental')
  await driver.pass(30 * MINUTE)
  expect(asked('incremental') - before).toBe(6)
})

test('streams that no delivery has named are polled as ever', async () => {
  const { driver, system, hint } = await setUp({ system: { streams: { vendor: {}, item: {} } } })
  await hint('000001')
  await driver.pass(20_000)
  const polls = (of: string) =>
    system.requests.filter(({ what, entity }) => what === 'incremental' && entity === of).length
  const before = [polls('vendor'), polls('item')] as const
  await driver.pass(10 * MINUTE)
  expect([polls('vendor') - before[0], polls('item') - before[1]]).toEqual([2, 40])
})

test('silence is noticed: changes come by the poll, the connection is marked, polls are as ever; then it heals', async () => {
  const { driver, system, hint, asked, published, webhookState, metric } = await healthy()
  for (let i = 0; i < 4; i++) {
    system.put('vendor', `lost${i}`, { name: 'x' })
    await driver.pass(10_000)
  }
  await driver.pass(6 * MINUTE)
  expect(published()).toHaveLength(5)
  expect(webhookState()).toMatchObject({
    health: 'silent',
    healthReason: expect.stringContaining('polls of vendor found 4 changes that no delivery told, and 1 that one did'),
  })
  expect(await metric('tributary_webhook_missed_total')).toBe(4)
  expect(await metric('tributary_webhook_healthy')).toBe(0)
  const warnings = driver.log.filter(({ message }) => message.includes('webhooks are silent'))
  expect(warnings).toHaveLength(1)
  expect(warnings[0]?.message).toContain('tributary webhooks list')
  await driver.pass(20_000)
  const before = asked('incremental')
  await driver.pass(5 * MINUTE)
  expect(asked('incremental') - before).toBe(20)
  // also after a restart
  driver.crash()
  await driver.start()
  await driver.pass(MINUTE)
  expect(webhookState()?.health).toBe('silent')

  for (let i = 0; i < 4; i++) {
    system.put('vendor', `told${i}`, { name: 'x' })
    await hint(`told${i}`)
    await driver.pass(20_000)
  }
  expect(webhookState()).toMatchObject({ health: 'healthy', healthReason: null })
  expect(driver.log.some(({ message }) => message.includes('tell what changes again'))).toBe(true)
})

test('a delivery that comes a little later than the poll was not missed', async () => {
  const { driver, system, hint, webhookState, metric } = await setUp({
    connection: { webhook: { ...WEBHOOK_DEFAULTS, pollEveryMs: 15_000 } },
  })
  await hint('000001')
  await driver.pass(20_000)
  for (let i = 0; i < 6; i++) {
    system.put('vendor', `late${i}`, { name: 'x' })
    await driver.pass(16_000)
    await hint(`late${i}`)
    await driver.pass(1_000)
  }
  await driver.pass(2 * MINUTE)
  expect(await metric('tributary_webhook_missed_total')).toBe(0)
  expect(webhookState()?.health).toBe('healthy')
})

test('a few lost among many told are found by the poll and do not mark the connection', async () => {
  const { driver, system, hint, published, webhookState, metric } = await healthy()
  for (let i = 0; i < 100; i++) {
    system.put('vendor', `n${i}`, { name: 'x' })
    if (i % 20 !== 0) await hint(`n${i}`)
    await driver.pass(1_000)
  }
  await driver.pass(11 * MINUTE)
  expect(new Set(published()).size).toBe(101)
  expect(published()).toHaveLength(101)
  expect(await metric('tributary_webhook_missed_total')).toBe(5)
  expect(webhookState()?.health).toBe('healthy')
})

test('what deliveries told to the process before is not taken for missed after a restart', async () => {
  const { driver, system, hint, published, metric, webhookState } = await healthy()
  for (let i = 0; i < 300; i++) {
    system.put('vendor', `n${i}`, { name: 'x' })
    await hint(`n${i}`)
  }
  await driver.pass(10_000)
  driver.crash()
  await driver.start()
  await driver.pass(12 * MINUTE)
  expect(published()).toHaveLength(301)
  expect(await metric('tributary_webhook_missed_total')).toBe(0)
  expect(webhookState()?.health).toBe('healthy')
})

test('a connection whose webhook is switched off is polled as ever again', async () => {
  const { driver, connection, asked, webhookState } = await healthy()
  await driver.connect({ ...connection, webhook: null })
  await driver.pass(20_000)
  expect(webhookState()?.health).toBe('off')
  const before = asked('incremental')
  await driver.pass(5 * MINUTE)
  expect(asked('incremental') - before).toBe(20)
})
