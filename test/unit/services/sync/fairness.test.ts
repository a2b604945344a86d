import { expect, test, vi } from 'vitest'
import { createManualClock } from '../../../../core/index.ts'
import { createFakeSystem } from '../../../support/fake-connector.ts'
import { createSyncDriver } from '../../../support/sync-driver.ts'

// hours of the manual clock: quick on an idle machine, less so on a busy one
vi.setConfig({ testTimeout: 30_000 })

/** Changes of a quick connection, each timed from the change to its commit, beside `slow` snapshots that take for ever. */
async function latencies(slow: number): Promise<number[]> {
  const clock = createManualClock()
  const crawling = createFakeSystem({ now: () => clock.now(), id: 'crawling' })
  const quick = createFakeSystem({ now: () => clock.now(), id: 'quick' })
  crawling.seed('vendor', 5000, clock.now() - 36_000_000)
  crawling.faults.page = () => clock.sleep(60_000)
  quick.faults.page = () => clock.sleep(50)
  const driver = createSyncDriver({
    systems: [crawling, quick],
    clock,
    tuning: { pageSize: 10 },
    turns: { total: 8, slowAfterMs: 2000 },
  })
  await driver.start()
  for (let i = 0; i < slow; i++) await driver.connect({ id: `slow-${i}`, system: 'crawling' })
  await driver.connect({ id: 'quick', system: 'quick', streams: { vendor: { pollEveryMs: 1000 } } })
  await driver.pass(30_000)
  const times: number[] = []
  for (let i = 0; i < 20; i++) {
    const before = driver.changes('vendor').length
    const began = clock.now()
    quick.put('vendor', `change-${i}`, { name: String(i) })
    await driver.until(() => driver.changes('vendor').length > before, { stepMs: 50 })
    times.push(clock.now() - began)
  }
  driver.crash()
  return times.sort((a, b) => a - b)
}

test('connections that crawl do not slow another one down', async () => {
  const alone = (await latencies(0)).at(18) ?? 0
  const among = (await latencies(40)).at(18) ?? 0
  expect(alone).toBeGreaterThan(0)
  expect(among).toBeLessThan(alone * 1.2)
})

test('more streams than may run at once all get their turn', async () => {
  const clock = createManualClock()
  const system = createFakeSystem({ now: () => clock.now(), streams: { vendor: {}, item: {}, location: {} } })
  for (const entity of ['vendor', 'item', 'location'] as const) system.seed(entity, 20, clock.now() - 36_000_000)
  const driver = createSyncDriver({ systems: [system], clock, mostRuns: 3 })
  await driver.start()
  for (let i = 0; i < 10; i++) await driver.connect({ id: `c${i}` })
  await driver.pass(60_000)
  for (let i = 0; i < 10; i++)
    for (const entity of ['vendor', 'item', 'location'] as const)
      expect(driver.state(`c${i}`, entity)?.snapshotDone?.records, `c${i}/${entity}`).toBe(20)
})

test('a thousand idle connections cost one timer a partition, and a poll each when they are due', async () => {
  const clock = createManualClock()
  const system = createFakeSystem({ now: () => clock.now() })
  const driver = createSyncDriver({ systems: [system], clock })
  for (let i = 0; i < 1000; i++) await driver.connect({ id: `c${i}`, streams: { vendor: { pollEveryMs: 3_600_000 } } })
  await driver.start()
  await driver.pass(10_000)
  // per partition: the timetable and the writer of what only memory knows
  expect(clock.pending()).toBeLessThanOrEqual(8)
  const before = { requests: system.requests.length, transactions: driver.transactions() }
  await driver.pass(300_000)
  expect(system.requests.length).toBe(before.requests)
  expect(driver.transactions() - before.transactions).toBeLessThanOrEqual(8)
  await driver.pass(3_400_000)
  expect(system.requests.length - before.requests).toBe(1000)
})
