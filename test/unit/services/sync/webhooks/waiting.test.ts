import { expect, test, vi } from 'vitest'
import { createManualClock, WEBHOOK_DEFAULTS } from '../../../../../core/index.ts'
import { createFakeSystem, failing } from '../../../../support/fake-connector.ts'
import { createSyncDriver } from '../../../../support/sync-driver.ts'
import { setUp } from './setup.ts'

vi.setConfig({ testTimeout: 60_000 })

test('what is told while a connection is paused is read when it is resumed, also after a restart', async () => {
  const { driver, system, connection, hint, reads, deliveries, published } = await setUp({
    system: { streams: { vendor: { deletes: 'invisible' } } },
  })
  await driver.connect({ ...connection, status: 'paused' })
  system.remove('vendor', '000001')
  await hint('000001')
  await driver.pass(60_000)
  expect(reads()).toEqual([])
  expect(deliveries()).toMatchObject([
    { outcome: 'processed', error: expect.stringContaining('the connection is paused') },
  ])
  driver.crash()
  await driver.start()
  await driver.pass(1_000)
  await driver.connect(connection)
  await driver.pass(1_000)
  expect(published()).toEqual(['-000001'])
  expect(driver.state('acme', 'vendor')?.rereads).toEqual([])
})

test('a paused connection does not hold the position of the others', async () => {
  const { driver, system, connection, hint, published } = await setUp()
  await driver.connect({ ...connection, status: 'paused' })
  await hint('000001')
  await driver.pass(1_000)
  await driver.connect(connection)
  await driver.pass(1_000)
  system.put('vendor', 'a', { name: 'x' })
  await hint('a')
  await driver.pass(1_000)
  expect(published()).toContain('a=x')
  const positions = driver.records('sync-state').findLast(({ key }) => key === '~position')
  expect(JSON.parse(positions?.value?.toString() ?? '{}')['webhooks.inbound']).toBe(2)
})

test('refused credentials: the connection stops as with polls, said once; what was told is read when they are right', async () => {
  const { driver, system, connection, hint, published, deliveries } = await setUp()
  let right = false
  const refuse = () => {
    if (!right) failing('auth')()
  }
  system.faults.connect = refuse
  system.faults.one = refuse
  system.faults.page = refuse
  system.put('vendor', 'a', { name: 'one' })
  await hint('a')
  await driver.pass(5_000)
  expect(deliveries()).toMatchObject([
    { outcome: 'processed', error: expect.stringContaining('the password is not accepted') },
  ])
  const trouble = driver.records('sync-state').findLast(({ key }) => key === 'acme/~connection')
  expect(JSON.parse(trouble?.value?.toString() ?? '{}')).toMatchObject({ status: 'auth-failed' })
  const requests = system.requests.length
  await driver.pass(600_000)
  // nothing is asked of a system that refuses us
  expect(system.requests.length - requests).toBeLessThanOrEqual(1)
  right = true
  await driver.connect({ ...connection, settings: { password: 'new' } })
  await driver.pass(60_000)
  expect(published()).toContain('a=one')
  expect(driver.state('acme', 'vendor')?.rereads).toEqual([])
})

test('a system that is down for long: deliveries are not held and all is read once it is back', async () => {
  const { driver, system, hint, published, deliveries } = await setUp({
    system: { streams: { vendor: { deletes: 'invisible' } } },
  })
  const down = failing('retryable')
  system.faults.one = down
  system.faults.page = down
  system.remove('vendor', '000002')
  await hint('000002')
  await driver.pass(30_000)
  driver.crash()
  await driver.start()
  await driver.pass(600_000)
  expect(deliveries()).toMatchObject([
    { outcome: 'processed', error: expect.stringContaining('as soon as it is possible') },
  ])
  driver.crash()
  await driver.start()
  system.faults.one = null
  system.faults.page = null
  await driver.pass(120_000)
  expect(published()).toEqual(['-000002'])
})

test('more than is worth reading one by one is left to the increment, and nothing is published twice or lost', async () => {
  const { driver, system, clock, hint, reads, published, deliveries } = await setUp({
    driver: { webhooks: { mostWaiting: 20, mostTasks: 200 } },
  })
  system.faults.one = (_key, signal) => clock.sleep(50, signal)
  for (let i = 0; i < 300; i++) system.put('vendor', `n${i}`, { name: 'x' }, clock.now() - 1)
  for (let i = 0; i < 300; i++) await hint(`n${i}`)
  await driver.pass(5_000)
  expect(new Set(published()).size).toBe(300)
  expect(published()).toHaveLength(300)
  expect(reads().length).toBeLessThanOrEqual(20)
  expect(deliveries().every(({ outcome }) => outcome === 'processed')).toBe(true)
})

test('one record told of by a flood costs two reads and little memory', async () => {
  const { driver, system, clock, hint, reads, deliveries } = await setUp({ driver: { webhooks: { mostTasks: 50 } } })
  system.faults.one = (_key, signal) => clock.sleep(1_000, signal)
  system.put('vendor', 'a', { name: 'x' })
  await hint('a')
  await driver.until(() => reads().length === 1, { stepMs: 20 })
  for (let i = 0; i < 200; i++) await hint('a')
  await driver.pass(10_000)
  expect(reads()).toEqual(['a', 'a'])
  expect(deliveries()).toHaveLength(201)
})

test('a backlog of hours drains after a restart, each record once, in the order told', async () => {
  const { driver, system, hint, published, reads } = await setUp()
  driver.crash()
  for (let i = 0; i < 5; i++)
    for (let n = 0; n < 100; n++) {
      system.put('vendor', `n${n}`, { name: `${i}` })
      await hint(`n${n}`)
    }
  await driver.clock.advance(4 * 3_600_000)
  await driver.start()
  await driver.pass(5_000)
  expect(published().toSorted()).toEqual(Array.from({ length: 100 }, (_, n) => `n${n}=4`).toSorted())
  // those being read while the rest is taken are read once more
  expect(reads().length).toBeLessThanOrEqual(110)
})

test('hints do not starve polls, nor polls hints', async () => {
  const clock = createManualClock()
  const system = createFakeSystem({ now: () => clock.now(), streams: { vendor: {}, item: {} } })
  const driver = createSyncDriver({ systems: [system], clock })
  system.seed('vendor', 300, clock.now() - 36_000_000)
  await driver.start()
  await driver.connect({ id: 'acme', webhook: WEBHOOK_DEFAULTS, limits: { concurrency: 1, requestsPerSecond: null } })
  await driver.until(() => driver.state('acme', 'vendor')?.snapshotDone != null)
  system.faults.one = (_key, signal) => clock.sleep(100, signal)
  system.faults.page = (_request, signal) => clock.sleep(100, signal)
  for (let i = 0; i < 300; i++)
    await driver.push('acme', { id: `d${i}`, body: { entity: 'vendor', key: String(i).padStart(6, '0') } })
  const before = system.requests.length
  await driver.pass(20_000)
  const since = system.requests.slice(before)
  const items = since.filter(({ entity, what }) => entity === 'item' && what === 'incremental')
  expect(items.length).toBeGreaterThanOrEqual(1)
  expect(since.filter(({ what }) => what === 'one').length).toBeGreaterThan(150)
})

test('a connection that is removed leaves no delivery behind', async () => {
  const { driver, system, clock, hint, deliveries, webhookState } = await setUp()
  system.faults.one = (_key, signal) => clock.sleep(60_000, signal)
  await hint('000001')
  await driver.pass(1_000)
  await driver.disconnect('acme')
  await driver.pass(1_000)
  expect(deliveries()).toMatchObject([{ outcome: 'ignored', error: 'the connection was removed' }])
  expect(webhookState()).toBeNull()
  await driver.stop()
  expect(clock.pending()).toBe(0)
})
