import { expect, test, vi } from 'vitest'
import { createManualClock } from '../../../../core/index.ts'
import { createFakeSystem, type FakeOptions } from '../../../support/fake-connector.ts'
import { createSyncDriver } from '../../../support/sync-driver.ts'

// hours of the manual clock: quick on an idle machine, less so on a busy one
vi.setConfig({ testTimeout: 30_000 })

async function setUp(options: Partial<FakeOptions> = {}, records = 20, pageSize = 100) {
  const clock = createManualClock()
  const system = createFakeSystem({ now: () => clock.now(), ...options })
  const driver = createSyncDriver({ systems: [system], clock, tuning: { pageSize } })
  system.seed('vendor', records, clock.now() - 36_000_000)
  await driver.start()
  await driver.connect({ id: 'acme' })
  await driver.until(() => driver.state('acme', 'vendor')?.snapshotDone != null)
  const polls = () => system.requests.filter(({ what }) => what === 'incremental').length
  return { clock, system, driver, polls }
}

const namesOf = (changes: readonly { readonly source_id: string; readonly payload: Buffer }[]) =>
  changes.map(({ source_id, payload }) => `${source_id}=${JSON.parse(payload.toString()).name}`)

test('each change is published once, though overlaps read it again and again', async () => {
  const { system, driver, polls } = await setUp()
  system.put('vendor', 'a', { name: 'one' })
  await driver.pass(20_000)
  system.put('vendor', 'a', { name: 'two' })
  await driver.pass(20_000)
  const before = polls()
  await driver.pass(120_000)
  expect(polls()).toBeGreaterThanOrEqual(before + 7)
  expect(namesOf(driver.changes('vendor'))).toEqual(['a=one', 'a=two'])
})

test('a record that is read again because of what hangs on it is published once, though its own stamp is old', async () => {
  const { clock, system, driver, polls } = await setUp()
  const stamp = clock.now() - 3_600_000
  let answered = false
  system.faults.answer = (request, page) => {
    if (request.what !== 'incremental') return page
    answered = !answered
    if (!answered) return page
    return { ...page, records: [{ key: 'old', version: stamp, modifiedAt: stamp, payload: { name: 'old' } }] }
  }
  await driver.pass(50_000)
  expect(polls()).toBeGreaterThanOrEqual(4)
  expect(namesOf(driver.changes('vendor'))).toEqual(['old=old'])
})

test('an idle poll costs one request and no transaction', async () => {
  const { driver, polls } = await setUp()
  await driver.pass(90_000)
  const before = { polls: polls(), transactions: driver.transactions() }
  await driver.pass(600_000)
  expect(polls() - before.polls).toBe(40)
  // one a minute writes when the stream was last read
  expect(driver.transactions() - before.transactions).toBeLessThanOrEqual(10)
})

test('two changes within the same version stamp are both published', async () => {
  const { clock, system, driver } = await setUp()
  const second = clock.now() + 1000
  system.put('vendor', 'a', { name: 'one' }, second)
  await driver.pass(20_000)
  system.put('vendor', 'a', { name: 'two' }, second)
  await driver.pass(20_000)
  expect(namesOf(driver.changes('vendor'))).toEqual(['a=one', 'a=two'])
})

test('a row that is committed late, with an older stamp, arrives by the overlap', async () => {
  const { clock, system, driver } = await setUp()
  system.put('vendor', 'early', { name: 'early' })
  const stamp = clock.now() - 30_000
  await driver.pass(20_000)
  system.put('vendor', 'late', { name: 'late' }, stamp)
  await driver.pass(20_000)
  expect(namesOf(driver.changes('vendor'))).toEqual(['early=early', 'late=late'])
})

test('on a quiet stream the watermark follows the clock at a distance', async () => {
  const { clock, driver } = await setUp()
  await driver.pass(3_600_000)
  const watermark = driver.state('acme', 'vendor')?.watermark ?? 0
  expect(clock.now() - watermark).toBeGreaterThan(299_000)
  expect(clock.now() - watermark).toBeLessThan(480_000)
})

test.each([-3_600_000, 0, 3_600_000])('a system whose clock is %i ms ahead of ours loses nothing', async (skewMs) => {
  const { system, driver } = await setUp({ skewMs })
  for (let i = 0; i < 30; i++) {
    system.put('vendor', `n${i}`, { name: 'x' })
    await driver.pass(7_000)
  }
  await driver.pass(60_000)
  expect(driver.changes('vendor').map(({ source_id }) => source_id)).toEqual(
    Array.from({ length: 30 }, (_, i) => `n${i}`),
  )
})

test('a stamp in the far future does not move the watermark beyond the clock', async () => {
  const { clock, system, driver } = await setUp()
  system.put('vendor', 'a', { name: 'now' })
  await driver.pass(15_000)
  expect(driver.state('acme', 'vendor')?.watermark).toBeLessThanOrEqual(clock.now())
  system.faults.answer = ({ what }, page) => ({
    ...page,
    records:
      what === 'incremental' && page.records.length > 0
        ? page.records.map((record) => ({ ...record, modifiedAt: clock.now() + 10 ** 10 }))
        : page.records,
  })
  system.put('vendor', 'b', { name: 'future' })
  await driver.pass(20_000)
  expect(driver.state('acme', 'vendor')?.watermark).toBeLessThanOrEqual(clock.now())
})

test('reported deletions are published as such, newer than what was read before', async () => {
  const { system, driver } = await setUp()
  system.remove('vendor', '000003')
  await driver.pass(20_000)
  expect(driver.changes('vendor')).toMatchObject([{ source_id: '000003', operation: 'DELETE', origin: 'INCREMENTAL' }])
})

test('a restart neither loses nor repeats what an overlap holds', async () => {
  const { system, driver } = await setUp()
  system.put('vendor', 'a', { name: 'one' })
  await driver.pass(16_000)
  driver.crash()
  system.put('vendor', 'b', { name: 'while down' })
  await driver.pass(5_000)
  await driver.start()
  await driver.pass(40_000)
  expect(namesOf(driver.changes('vendor'))).toEqual(['a=one', 'b=while down'])
})

test('a restart within an increment of many pages goes on behind the last committed page', async () => {
  const { clock, system, driver } = await setUp({}, 20, 50)
  await driver.pass(16_000)
  system.seed('vendor', 1000, clock.now(), 'bulk')
  system.faults.page = ({ what }) => (what === 'incremental' ? clock.sleep(2000) : undefined)
  const before = system.requests.length
  const cursors = () =>
    system.requests.slice(before).flatMap(({ what, cursor }) => (what === 'incremental' ? cursor : []))
  await driver.until(() => driver.changes('vendor').length >= 500)
  driver.crash()
  const asked = cursors().length
  await driver.start()
  await driver.until(() => driver.changes('vendor').length >= 1000)
  expect(cursors()[asked]).toContain('bulk')
  // the page that was asked for and not committed
  expect(cursors().length - new Set(cursors()).size).toBeLessThanOrEqual(1)
  expect(new Set(driver.changes('vendor').map(({ source_id }) => source_id)).size).toBe(1000)
  expect(driver.changes('vendor')).toHaveLength(1000)
  expect(new Set(driver.changes('vendor').map(({ run_id }) => run_id)).size).toBe(1)
})

test('a bulk change over many pages is delivered whole, and not read for ever', async () => {
  const { clock, system, driver, polls } = await setUp({}, 20, 50)
  system.seed('vendor', 1000, clock.now(), 'bulk')
  await driver.pass(30_000)
  expect(driver.changes('vendor')).toHaveLength(1000)
  await driver.pass(600_000)
  const before = polls()
  await driver.pass(150_000)
  expect(polls() - before).toBe(10)
  expect(driver.changes('vendor')).toHaveLength(1000)
})

test('a full-scan stream publishes what differs from its last scan', async () => {
  const { system, driver } = await setUp({ streams: { vendor: { changes: 'full-scan' } } }, 200)
  await driver.pass(15 * 60_000 + 1000)
  expect(driver.changes('vendor')).toEqual([])
  system.put('vendor', '000007', { name: 'changed' })
  await driver.pass(15 * 60_000 + 1000)
  expect(namesOf(driver.changes('vendor'))).toEqual(['000007=changed'])
})

test('an undecodable record within the overlap is one dead letter, not one each poll', async () => {
  const { system, driver } = await setUp()
  system.faults.answer = ({ what }, page) =>
    what === 'incremental' ? { ...page, undecodable: [{ key: null, raw: '<html>', reason: 'not JSON' }] } : page
  await driver.pass(16_000)
  expect(driver.records('dead-letters')).toHaveLength(1)
})
