import { expect, test, vi } from 'vitest'
import { createManualClock, newSyncState, type StreamSettings, type SyncState } from '../../../../core/index.ts'
import { planStream, type Stream } from '../../../../services/sync/planner.ts'
import { createFakeSystem, type FakeOptions } from '../../../support/fake-connector.ts'
import { connectionOf, createSyncDriver } from '../../../support/sync-driver.ts'

// hours of the manual clock: quick on an idle machine, less so on a busy one
vi.setConfig({ testTimeout: 30_000 })

const HOUR = 3_600_000

async function setUp(settings: Partial<StreamSettings>, options: Partial<FakeOptions> = {}) {
  const clock = createManualClock()
  const system = createFakeSystem({ now: () => clock.now(), ...options })
  const driver = createSyncDriver({ systems: [system], clock, tuning: { pageSize: 10 } })
  const stamp = clock.now() - 10 * HOUR
  system.seed('vendor', 40, stamp)
  await driver.start()
  await driver.connect({ id: 'acme', streams: { vendor: settings } })
  await driver.until(() => driver.state('acme', 'vendor')?.snapshotDone != null)
  return { clock, system, driver, stamp }
}

const snapshotPages = (system: ReturnType<typeof createFakeSystem>) =>
  system.requests.filter(({ what }) => what === 'snapshot').length

test('a change that moves no stamp arrives with the next refresh, in the lane of snapshots', async () => {
  const { system, driver, stamp } = await setUp({ refreshEveryMs: HOUR })
  system.put('vendor', '000007', { name: 'a row of mine was deleted' }, stamp)
  await driver.pass(HOUR - 1000)
  expect(driver.changes('vendor')).toEqual([])
  expect(driver.changes('vendor', 'backfill')).toHaveLength(40)
  await driver.pass(5000)
  const refreshed = driver.changes('vendor', 'backfill').slice(40)
  expect(refreshed).toHaveLength(40)
  expect(refreshed.find(({ source_id }) => source_id === '000007')).toMatchObject({
    source_version: stamp,
    payload: Buffer.from('{"name":"a row of mine was deleted"}'),
  })
  expect(new Set(refreshed.map(({ run_id }) => run_id)).size).toBe(1)
})

test('refreshes follow one another, each counted from the end of the last whole read; changes go on arriving meanwhile', async () => {
  const { clock, system, driver } = await setUp({ refreshEveryMs: HOUR })
  system.faults.page = ({ what }) => (what === 'snapshot' ? clock.sleep(60_000) : undefined)
  await driver.pass(HOUR + 90_000)
  system.put('vendor', 'new', { name: 'during the refresh' })
  await driver.pass(30_000)
  expect(driver.state('acme', 'vendor')?.snapshot).not.toBeNull()
  expect(driver.changes('vendor').map(({ source_id }) => source_id)).toEqual(['new'])
  await driver.pass(HOUR)
  expect(snapshotPages(system)).toBe(4 + 5)
  await driver.pass(10 * 60_000)
  expect(snapshotPages(system)).toBe(4 + 5 + 5)
})

test('a crash in the middle of a refresh resumes it behind the last committed page', async () => {
  const { clock, system, driver } = await setUp({ refreshEveryMs: HOUR })
  system.faults.page = ({ what }) => (what === 'snapshot' ? clock.sleep(60_000) : undefined)
  await driver.pass(HOUR + 150_000)
  driver.crash()
  await driver.start()
  await driver.pass(10 * 60_000)
  const ids = driver.changes('vendor', 'backfill').map(({ run_id, source_id }) => `${run_id} ${source_id}`)
  expect(ids).toHaveLength(80)
  expect(new Set(ids).size).toBe(80)
})

test('a shorter interval takes effect without a restart; null = only when asked for', async () => {
  const { system, driver } = await setUp({ refreshEveryMs: null })
  await driver.pass(2 * HOUR)
  expect(snapshotPages(system)).toBe(4)
  await driver.connect({ id: 'acme', streams: { vendor: { refreshEveryMs: HOUR } } })
  await driver.pass(5000)
  expect(snapshotPages(system)).toBe(8)
})

test('what is read whole each time needs no refresh', async () => {
  const { driver } = await setUp({ refreshEveryMs: HOUR }, { streams: { vendor: { changes: 'full-scan' } } })
  const { snapshotDone } = driver.state('acme', 'vendor') ?? {}
  await driver.pass(2 * HOUR)
  expect(driver.state('acme', 'vendor')?.snapshotDone).toEqual(snapshotDone)
  expect(driver.changes('vendor')).toEqual([])
})

test('by default a stream is read whole again after a week', () => {
  const stream = { entity: 'vendor', changes: 'incremental', deletes: 'invisible' } as unknown as Stream
  const snapshotDone = { runId: 'r', startedAt: 0, finishedAt: 5000, records: 1 }
  const state: SyncState = { ...newSyncState('acme', 'vendor'), watermark: 1, snapshotDone }
  const plan = planStream({ state, connection: connectionOf({ id: 'acme' }), trouble: null, stream })
  expect(plan.snapshot).toBe(5000 + 7 * 24 * HOUR)
})
