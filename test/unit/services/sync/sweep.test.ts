import { expect, test, vi } from 'vitest'
import { createManualClock } from '../../../../core/index.ts'
import { judgeSweep } from '../../../../services/sync/sweep-guard.ts'
import { createFakeSystem, failing } from '../../../support/fake-connector.ts'
import { createSyncDriver, PARTITIONS } from '../../../support/sync-driver.ts'

// hours of the manual clock: quick on an idle machine, less so on a busy one
vi.setConfig({ testTimeout: 30_000 })

const HOUR = 3_600_000

async function setUp(records = 300, connection = {}) {
  const clock = createManualClock()
  const system = createFakeSystem({ now: () => clock.now(), streams: { item: { deletes: 'by-absence' } } })
  const driver = createSyncDriver({ systems: [system], clock })
  system.seed('item', records, clock.now() - 10 * HOUR)
  await driver.start()
  await driver.connect({ id: 'acme', ...connection })
  await driver.until(() => driver.state('acme', 'item')?.snapshotDone != null)
  const sweepRecords = (operation: string) =>
    driver.changes('item', 'backfill').filter((change) => change.operation === operation)
  const applied = () => sweepRecords('SWEEP_APPLY').length / PARTITIONS
  return { clock, system, driver, sweepRecords, applied }
}

test('a sweep lists every key between BEGIN and END and applies what the guard allows', async () => {
  const { system, driver, sweepRecords } = await setUp()
  system.remove('item', '000005')
  await driver.pass(HOUR + 5000)
  expect(sweepRecords('SWEEP_BEGIN')).toHaveLength(PARTITIONS)
  expect(sweepRecords('SWEEP_END')).toHaveLength(PARTITIONS)
  expect(sweepRecords('SWEEP_APPLY')).toHaveLength(PARTITIONS)
  const keys = sweepRecords('SEEN').flatMap(
    ({ payload }) => (JSON.parse(payload.toString()) as { keys: string[] }).keys,
  )
  expect(keys.sort()).toEqual([...system.records('item').keys()].filter((key) => key !== '000005'))
  expect(driver.state('acme', 'item')).toMatchObject({
    sweep: null,
    held: null,
    sweepDone: { deleted: 1, records: 299 },
  })
  expect(new Set(sweepRecords('SEEN').map(({ run_id }) => run_id))).toEqual(
    new Set([sweepRecords('SWEEP_BEGIN')[0]?.run_id]),
  )
})

test('SEEN records lie in the partition of the keys they list', async () => {
  const { driver } = await setUp()
  await driver.pass(HOUR + 5000)
  const seen = driver.records('backfill.item').filter(({ key }) => /\|\d+$/.test(key))
  // three pages of a hundred keys, each in all partitions: the number is the page's
  expect(new Set(seen.map(({ key }) => key))).toEqual(new Set([0, 1, 2].map((n) => `~sweep|acme|item|${n}`)))
  expect(driver.state('acme', 'item')?.sweepDone).toMatchObject({ deleted: 0 })
})

test('a list that breaks off deletes nothing, and a new sweep under a new run id follows', async () => {
  const { system, driver, sweepRecords, applied } = await setUp()
  system.remove('item', '000005')
  const fail = failing('retryable', 1)
  system.faults.page = ({ what, cursor }) => (what === 'keys' && cursor === '2' ? fail() : undefined)
  await driver.pass(HOUR)
  await driver.until(() => sweepRecords('SWEEP_BEGIN').length === PARTITIONS)
  expect(sweepRecords('SWEEP_END')).toEqual([])
  await driver.pass(30_000)
  expect(applied()).toBe(1)
  const begins = new Set(sweepRecords('SWEEP_BEGIN').map(({ run_id }) => run_id))
  expect(begins.size).toBe(2)
  expect(new Set(sweepRecords('SWEEP_END').map(({ run_id }) => run_id)).size).toBe(1)
})

test('a crash in the middle of a sweep deletes nothing; the next owner sweeps anew', async () => {
  const { clock, system, driver, sweepRecords, applied } = await setUp()
  system.remove('item', '000005')
  system.faults.page = ({ what }) => (what === 'keys' ? clock.sleep(1000) : undefined)
  await driver.pass(HOUR - 1000)
  await driver.until(() => sweepRecords('SEEN').length > 0, { stepMs: 500 })
  driver.crash()
  await driver.start()
  expect(applied()).toBe(0)
  await driver.until(() => applied() === 1, { stepMs: 500 })
  expect(new Set(sweepRecords('SWEEP_BEGIN').map(({ run_id }) => run_id)).size).toBe(2)
})

test('an empty answer is held, however few records the system had, and approval is asked for', async () => {
  const { system, driver, applied } = await setUp(12)
  system.faults.keys = []
  await driver.pass(HOUR + 5000)
  expect(applied()).toBe(0)
  expect(driver.state('acme', 'item')?.held).toMatchObject({ missing: 12, live: 12 })
  const warnings = driver.log.filter(({ level }) => level === 'warn')
  expect(warnings).toHaveLength(1)
  expect(warnings[0]?.message).toContain('tributary sync approve-deletes acme item')
})

test('a sweep beyond the guard is held; approval runs a new one up to the number shown', async () => {
  const { system, driver, applied } = await setUp(300)
  for (let i = 0; i < 90; i++) system.remove('item', String(i).padStart(6, '0'))
  await driver.pass(HOUR + 5000)
  expect(applied()).toBe(0)
  expect(driver.state('acme', 'item')?.held).toMatchObject({ missing: 90, live: 300 })
  const heldRun = driver.state('acme', 'item')?.held?.runId
  await driver.ask({ kind: 'approve-deletes', connectionId: 'acme', entity: 'item' })
  await driver.pass(5000)
  expect(applied()).toBe(1)
  expect(driver.state('acme', 'item')).toMatchObject({ held: null, approvedDeletes: null, sweepDone: { deleted: 90 } })
  expect(driver.state('acme', 'item')?.sweepDone?.runId).not.toBe(heldRun)
})

test('an approval does not cover what has vanished since', async () => {
  const { system, driver, applied } = await setUp(300)
  for (let i = 0; i < 90; i++) system.remove('item', String(i).padStart(6, '0'))
  await driver.pass(HOUR + 5000)
  for (let i = 90; i < 200; i++) system.remove('item', String(i).padStart(6, '0'))
  await driver.ask({ kind: 'approve-deletes', connectionId: 'acme', entity: 'item' })
  await driver.pass(5000)
  expect(applied()).toBe(0)
  expect(driver.state('acme', 'item')?.held).toMatchObject({ missing: 200 })
})

test('a held sweep is warned of once, not every hour', async () => {
  const { system, driver } = await setUp(300)
  for (let i = 0; i < 90; i++) system.remove('item', String(i).padStart(6, '0'))
  await driver.pass(4 * HOUR)
  expect(driver.log.filter(({ level }) => level === 'warn')).toHaveLength(1)
})

test('a normalizer that was restarted during the sweep makes sync sweep again', async () => {
  const { system, driver, applied } = await setUp()
  system.remove('item', '000005')
  driver.restarted.add(2)
  await driver.pass(HOUR + 5000)
  expect(applied()).toBe(0)
  driver.restarted.clear()
  await driver.pass(65_000)
  expect(applied()).toBe(1)
})

test('a normalizer that does not answer is named, and nothing is deleted', async () => {
  const { system, driver, applied } = await setUp()
  system.remove('item', '000005')
  driver.answerSweeps = false
  await driver.pass(HOUR + 30 * 60_000 + 20_000)
  expect(applied()).toBe(0)
  expect(driver.log.find(({ level }) => level === 'warn')?.fields.reason).toContain(
    'has not answered (partitions 0, 1, 2, 3)',
  )
  driver.answerSweeps = true
  await driver.pass(65_000)
  expect(applied()).toBe(1)
})

const guard = { share: 0.2, records: 50 }
const report = (live: number, missing: number) => ({
  connectionId: 'acme',
  entity: 'item' as const,
  runId: 'r',
  partition: 0,
  complete: true,
  live,
  missing,
})

test.each([
  ['within both limits', 1000, 40, 960, null, 'apply'],
  ['beyond the share, within the number', 100, 50, 50, null, 'apply'],
  ['beyond the number, within the share', 1000, 200, 800, null, 'apply'],
  ['beyond both', 1000, 201, 799, null, 'held'],
  ['all of a small system, nothing listed', 3, 3, 0, null, 'held'],
  ['nothing listed and nothing known', 0, 0, 0, null, 'apply'],
  ['as approved', 1000, 300, 700, 300, 'apply'],
  ['beyond the approval', 1000, 301, 699, 300, 'held'],
  ['beyond the approval, within the guard', 1000, 20, 980, 5, 'apply'],
])('the guard: %s', (_name, live, missing, keys, approved, kind) => {
  expect(judgeSweep([report(live, missing)], keys, guard, approved).kind).toBe(kind)
})
