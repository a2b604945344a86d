import { expect, test } from 'vitest'
import { createManualClock, SYNC_STATE } from '../../../../core/index.ts'
import { createFakeSystem } from '../../../support/fake-connector.ts'
import { createSyncDriver } from '../../../support/sync-driver.ts'

async function setUp(records = 30) {
  const clock = createManualClock()
  const system = createFakeSystem({ now: () => clock.now() })
  const driver = createSyncDriver({ systems: [system], clock, tuning: { pageSize: 10 } })
  system.seed('vendor', records, clock.now() - 36_000_000)
  await driver.start()
  await driver.connect({ id: 'acme' })
  const asked = (what: string) => system.requests.filter((request) => request.what === what).length
  return { clock, system, driver, asked }
}

const done = (driver: Awaited<ReturnType<typeof setUp>>['driver']) => () =>
  driver.state('acme', 'vendor')?.snapshotDone != null

test('`sync run` polls now', async () => {
  const { driver, system, clock } = await setUp()
  await driver.until(done(driver))
  await driver.pass(16_000)
  system.put('vendor', 'a', { name: 'x' }, clock.now() - 1)
  await driver.ask({ kind: 'run', connectionId: 'acme', entity: null })
  await driver.pass(1000)
  expect(driver.changes('vendor')).toHaveLength(1)
})

test('`sync resync` reads everything anew and keeps what is known', async () => {
  const { driver, asked } = await setUp()
  await driver.until(done(driver))
  await driver.pass(60_000)
  const watermark = driver.state('acme', 'vendor')?.watermark ?? 0
  const before = asked('snapshot')
  await driver.ask({ kind: 'resync', connectionId: 'acme', entity: 'vendor' })
  await driver.pass(1_000)
  expect(asked('snapshot')).toBe(2 * before)
  expect(driver.changes('vendor', 'backfill')).toHaveLength(60)
  expect(driver.state('acme', 'vendor')?.watermark).toBeGreaterThanOrEqual(watermark)
  expect(driver.state('acme', 'vendor')?.resyncRequested).toBe(false)
})

test('a resync in the middle of a snapshot starts it over under a new run id', async () => {
  const { driver, system, clock } = await setUp(300)
  system.faults.page = ({ what }) => (what === 'snapshot' ? clock.sleep(1000) : undefined)
  await driver.until(() => driver.changes('vendor', 'backfill').length >= 50, { stepMs: 500 })
  await driver.ask({ kind: 'resync', connectionId: 'acme', entity: 'vendor' })
  await driver.until(done(driver), { stepMs: 500 })
  const runs = driver.changes('vendor', 'backfill').map(({ run_id }) => run_id)
  const last = runs.at(-1)
  expect(runs.filter((run) => run === last)).toHaveLength(300)
})

test('a resync that was answered is not made again after a crash', async () => {
  const { driver, asked } = await setUp()
  await driver.until(done(driver))
  await driver.ask({ kind: 'resync', connectionId: 'acme', entity: null })
  await driver.pass(5_000)
  const before = asked('snapshot')
  driver.crash()
  await driver.start()
  await driver.pass(60_000)
  expect(asked('snapshot')).toBe(before)
})

test('a finished snapshot is not repeated by restarts', async () => {
  const { driver, asked } = await setUp()
  await driver.until(done(driver))
  const before = asked('snapshot')
  for (let i = 0; i < 5; i++) {
    driver.crash()
    await driver.start()
    await driver.pass(20_000)
  }
  expect(asked('snapshot')).toBe(before)
})

test('pause stops a snapshot at once, resume goes on behind its last page', async () => {
  const { driver, system, clock, asked } = await setUp(300)
  system.faults.page = ({ what }) => (what === 'snapshot' ? clock.sleep(1000) : undefined)
  await driver.until(() => driver.changes('vendor', 'backfill').length >= 50, { stepMs: 500 })
  await driver.connect({ id: 'acme', status: 'paused' })
  const before = system.requests.length
  await driver.pass(120_000)
  expect(system.requests.length).toBe(before)
  await driver.connect({ id: 'acme', status: 'active' })
  await driver.until(done(driver), { stepMs: 500 })
  expect(driver.changes('vendor', 'backfill')).toHaveLength(300)
  expect(asked('snapshot')).toBeLessThanOrEqual(32)
})

test('a disabled stream is not read', async () => {
  const { driver, asked } = await setUp()
  await driver.until(done(driver))
  await driver.connect({ id: 'acme', streams: { vendor: { enabled: false } } })
  const before = asked('incremental')
  await driver.pass(120_000)
  expect(asked('incremental')).toBe(before)
})

test('a changed poll interval takes effect at once', async () => {
  const { driver, asked } = await setUp()
  await driver.until(done(driver))
  await driver.connect({ id: 'acme', streams: { vendor: { pollEveryMs: 3_600_000 } } })
  await driver.pass(60_000)
  const before = asked('incremental')
  await driver.pass(60_000)
  expect(asked('incremental')).toBe(before)
  await driver.connect({ id: 'acme', streams: { vendor: { pollEveryMs: 1_000 } } })
  await driver.pass(10_000)
  expect(asked('incremental') - before).toBeGreaterThanOrEqual(9)
})

test.each(['removed', 'tombstone'])('a %s connection is stopped and leaves no state', async (how) => {
  const { driver, system } = await setUp()
  await driver.until(done(driver))
  if (how === 'removed') await driver.connect({ id: 'acme', status: 'removed' })
  else await driver.disconnect('acme')
  const before = system.requests.length
  await driver.pass(60_000)
  expect(system.requests.length).toBe(before)
  const last = new Map(driver.records(SYNC_STATE).map(({ key, value }) => [key, value]))
  expect(last.get('acme/vendor')).toBeNull()
})

test('a connection that vanished while sync was down is forgotten at the next start', async () => {
  const { driver, system } = await setUp()
  await driver.until(done(driver))
  driver.crash()
  await driver.disconnect('acme')
  const before = system.requests.length
  await driver.start()
  await driver.pass(60_000)
  expect(system.requests.length).toBe(before)
  expect(driver.state('acme', 'vendor')).toBeNull()
})

test('draining commits the page in hand and asks for no more', async () => {
  const { driver, system, clock } = await setUp(300)
  system.faults.page = ({ what }) => (what === 'snapshot' ? clock.sleep(1000) : undefined)
  await driver.until(() => driver.changes('vendor', 'backfill').length >= 50, { stepMs: 500 })
  await driver.stop()
  const asked = system.requests.length
  await clock.advance(60_000)
  expect(system.requests.length).toBe(asked)
  expect(clock.pending()).toBe(0)
  await driver.start()
  await driver.until(done(driver), { stepMs: 500 })
  const keys = driver.changes('vendor', 'backfill').map(({ source_id }) => source_id)
  expect(keys.length).toBe(new Set(keys).size)
  expect(keys).toHaveLength(300)
})

test('what a stopped sync was told meanwhile is answered after its start', async () => {
  const { driver, asked } = await setUp()
  await driver.until(done(driver))
  await driver.stop()
  await driver.ask({ kind: 'resync', connectionId: 'acme', entity: null })
  const before = asked('snapshot')
  await driver.start()
  await driver.pass(5_000)
  expect(asked('snapshot')).toBe(2 * before)
})
