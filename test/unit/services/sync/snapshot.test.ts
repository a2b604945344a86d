import { expect, test } from 'vitest'
import { createManualClock } from '../../../../core/index.ts'
import { createFakeSystem, failing } from '../../../support/fake-connector.ts'
import { createSyncDriver } from '../../../support/sync-driver.ts'

const DAY = 86_400_000

function setUp(pageSize = 100) {
  const clock = createManualClock()
  const system = createFakeSystem({ now: () => clock.now() })
  const driver = createSyncDriver({ systems: [system], clock, tuning: { pageSize } })
  return { clock, system, driver }
}

const keysOf = (changes: readonly { readonly source_id: string }[]) => changes.map(({ source_id }) => source_id).sort()

test('a snapshot delivers every record once into the backfill lane, under its unified id', async () => {
  const { clock, system, driver } = setUp()
  system.seed('vendor', 950, clock.now() - 3_600_000)
  await driver.start()
  await driver.connect({ id: 'acme' })
  await driver.until(() => driver.state('acme', 'vendor')?.snapshotDone != null)
  expect(keysOf(driver.changes('vendor', 'backfill'))).toEqual([...system.records('vendor').keys()])
  expect(driver.records('backfill.vendor').every(({ key }) => key.startsWith('acme:vendor:'))).toBe(true)
  expect(driver.changes('vendor', 'backfill')[0]).toMatchObject({
    connection_id: 'acme',
    system: 'fake',
    entity: 'vendor',
    operation: 'UPSERT',
    origin: 'SNAPSHOT',
    source_version: 1_750_000_000_000 - 3_600_000,
  })
  expect(driver.state('acme', 'vendor')).toMatchObject({ snapshot: null, records: 950 })
  await driver.stop()
  expect(clock.pending()).toBe(0)
})

test('records that share one timestamp across page ends all arrive', async () => {
  const { clock, system, driver } = setUp(100)
  system.seed('vendor', 2500, clock.now() - 3_600_000)
  await driver.start()
  await driver.connect({ id: 'acme' })
  await driver.until(() => driver.state('acme', 'vendor')?.snapshotDone != null)
  expect(new Set(keysOf(driver.changes('vendor', 'backfill'))).size).toBe(2500)
})

test('a window leaves out what was modified before it', async () => {
  const { clock, system, driver } = setUp()
  system.seed('vendor', 10, clock.now() - 100 * DAY, 'old')
  system.seed('vendor', 10, clock.now() - 10 * DAY, 'new')
  await driver.start()
  await driver.connect({ id: 'acme', windowDays: 30 })
  await driver.until(() => driver.state('acme', 'vendor')?.snapshotDone != null)
  expect(keysOf(driver.changes('vendor', 'backfill')).every((key) => key.startsWith('new'))).toBe(true)
  expect(driver.changes('vendor', 'backfill')).toHaveLength(10)
})

test('an empty system ends its snapshot and is polled from then on', async () => {
  const { driver, system } = setUp()
  await driver.start()
  await driver.connect({ id: 'acme' })
  await driver.until(() => driver.state('acme', 'vendor')?.snapshotDone != null)
  system.put('vendor', 'first', { name: 'First' })
  await driver.until(() => driver.changes('vendor').length > 0, { stepMs: 1000 })
  expect(keysOf(driver.changes('vendor'))).toEqual(['first'])
})

test('what changes while a snapshot runs is delivered live before the snapshot ends', async () => {
  const { clock, system, driver } = setUp(10)
  system.seed('vendor', 1000, clock.now() - 3_600_000)
  system.faults.page = ({ what }) => (what === 'snapshot' ? clock.sleep(1000) : undefined)
  await driver.start()
  await driver.connect({ id: 'acme' })
  await driver.until(() => driver.changes('vendor', 'backfill').length > 0, { stepMs: 1000 })
  system.put('vendor', '000999', { name: 'renamed' })
  await driver.until(() => driver.changes('vendor').length > 0, { stepMs: 1000 })
  expect(driver.state('acme', 'vendor')?.snapshotDone).toBeNull()
  expect(keysOf(driver.changes('vendor'))).toEqual(['000999'])
})

test('an error in the middle resumes behind the last committed page', async () => {
  const { clock, system, driver } = setUp(100)
  system.seed('vendor', 1000, clock.now() - 3_600_000)
  const fail = failing('retryable', 1)
  system.faults.page = ({ what }) => (system.requests.length === 5 && what === 'snapshot' ? fail() : undefined)
  await driver.start()
  await driver.connect({ id: 'acme' })
  await driver.until(() => driver.state('acme', 'vendor')?.snapshotDone != null)
  expect(driver.changes('vendor', 'backfill')).toHaveLength(1000)
  const cursors = system.requests.filter(({ what }) => what === 'snapshot').map(({ cursor }) => cursor)
  expect(cursors.length - new Set(cursors).size).toBe(1)
})

test('the history tells start, progress with rate and share, and end', async () => {
  const { clock, system, driver } = setUp(100)
  system.seed('vendor', 1000, clock.now() - 3_600_000)
  system.faults.page = ({ what }) => (what === 'snapshot' ? clock.sleep(2000) : undefined)
  await driver.start()
  await driver.connect({ id: 'acme' })
  await driver.until(() => driver.state('acme', 'vendor')?.snapshotDone != null, { stepMs: 500 })
  const events = driver.history().filter(({ activity }) => activity === 'snapshot')
  expect(events[0]).toMatchObject({ event: 'started' })
  const progress = events.filter(({ event }) => event === 'progress')
  expect(progress.length).toBeGreaterThan(2)
  expect(progress[1]).toMatchObject({ total: 1000, records: 600, share: 0.6, ratePerSecond: 50 })
  expect(events.at(-1)).toMatchObject({ event: 'finished', records: 1000 })
  const told = driver.log.filter(({ message }) => message === 'snapshot progress')
  expect(told[1]?.fields).toMatchObject({ connection: 'acme', stream: 'vendor', records: 600, percent: 60 })
})

test('undecodable records go to dead letters and the stream goes on', async () => {
  const { clock, system, driver } = setUp(100)
  system.seed('vendor', 250, clock.now() - 3_600_000)
  system.faults.answer = ({ what }, page) =>
    what === 'snapshot' && system.requests.length <= 3
      ? { ...page, undecodable: [{ key: 'broken', raw: '{"name":', reason: 'unexpected end of JSON' }] }
      : page
  await driver.start()
  await driver.connect({ id: 'acme' })
  await driver.until(() => driver.state('acme', 'vendor')?.snapshotDone != null)
  expect(driver.changes('vendor', 'backfill')).toHaveLength(250)
  const letters = driver.records('dead-letters').map(({ value }) => JSON.parse(value?.toString() ?? '{}'))
  expect(letters.length).toBeGreaterThan(0)
  expect(letters[0]).toMatchObject({ error: 'unexpected end of JSON', service: 'sync', connection_id: 'acme' })
})

test.each([
  ['has no key', { key: '', version: 1 }],
  ['is not a whole number', { key: 'x', version: 1.5 }],
])('a record that %s is a dead letter, not a stopped stream', async (reason, wrong) => {
  const { clock, system, driver } = setUp(100)
  system.seed('vendor', 50, clock.now() - 3_600_000)
  system.faults.answer = ({ what, cursor }, page) =>
    what === 'snapshot' && cursor === 'null'
      ? { ...page, records: [...page.records, { ...wrong, modifiedAt: null, payload: {} }] }
      : page
  await driver.start()
  await driver.connect({ id: 'acme' })
  await driver.until(() => driver.state('acme', 'vendor')?.snapshotDone != null)
  expect(driver.changes('vendor', 'backfill')).toHaveLength(50)
  const [letter] = driver.records('dead-letters').map(({ value }) => JSON.parse(value?.toString() ?? '{}'))
  expect(letter.error).toContain(reason)
})

test('a page that the connector read ahead is as old as its reading, not as the request for it', async () => {
  const { clock, system, driver } = setUp()
  system.seed('vendor', 3, clock.now() - 3_600_000)
  system.faults.answer = (_request, page) => ({ ...page, aheadMs: 1234.5 })
  await driver.start()
  await driver.connect({ id: 'acme' })
  await driver.until(() => driver.changes('vendor', 'backfill').length === 3)
  system.faults.answer = null
  const [late] = driver.changes('vendor', 'backfill')
  await driver.until(() => driver.state('acme', 'vendor')?.snapshotDone != null)
  const begun = clock.now()
  expect(late?.extracted_at).toBeLessThanOrEqual(begun - 1235)
  await driver.stop()
})
