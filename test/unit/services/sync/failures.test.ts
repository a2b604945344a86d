import { expect, test, vi } from 'vitest'
import { createManualClock, SYNC_STATE } from '../../../../core/index.ts'
import { createFakeSystem, type FakeOptions, failing } from '../../../support/fake-connector.ts'
import { createSyncDriver } from '../../../support/sync-driver.ts'

// hours of the manual clock: quick on an idle machine, less so on a busy one
vi.setConfig({ testTimeout: 30_000 })

async function setUp(options: Partial<FakeOptions> = {}, records = 30) {
  const clock = createManualClock()
  const system = createFakeSystem({ now: () => clock.now(), streams: { vendor: {}, item: {} }, ...options })
  const driver = createSyncDriver({ systems: [system], clock, tuning: { pageSize: 10 } })
  system.seed('vendor', records, clock.now() - 36_000_000)
  await driver.start()
  const asked = () => system.requests.filter(({ entity }) => entity === 'vendor').length
  const trouble = () => {
    const last = driver.records(SYNC_STATE).findLast(({ key }) => key === 'acme/~connection')
    return last?.value == null ? null : JSON.parse(last.value.toString())
  }
  const said = (level: string) => driver.log.filter((line) => line.level === level)
  return { clock, system, driver, asked, trouble, said }
}

const done = (driver: Awaited<ReturnType<typeof setUp>>['driver']) => () =>
  driver.state('acme', 'vendor')?.snapshotDone != null

test('normal operation says nothing above debug', async () => {
  const { driver, system, said } = await setUp()
  await driver.connect({ id: 'acme' })
  system.put('vendor', 'a', { name: 'x' })
  await driver.pass(120_000)
  expect([...said('info'), ...said('warn'), ...said('error')]).toEqual([])
})

test('a failing source is asked ever more rarely, said once, and said to work again once', async () => {
  const { driver, system, asked, said } = await setUp()
  system.faults.page = failing('retryable', 8)
  await driver.connect({ id: 'acme', streams: { item: { enabled: false } } })
  await driver.until(done(driver))
  expect(driver.changes('vendor', 'backfill')).toHaveLength(30)
  expect(said('warn')).toMatchObject([
    { fields: { connection: 'acme', stream: 'vendor', kind: 'retryable', requestId: 'req-500', scope: 'connection' } },
    // snapshot and incremental of one stream fail on their own
    { fields: { stream: 'vendor', kind: 'retryable' } },
  ])
  expect(said('info').every(({ message }) => message === 'works again')).toBe(true)
  expect(said('info').length).toBe(2)
  expect(asked()).toBeGreaterThan(8)
})

test('an endless failure is not tried in a hot loop', async () => {
  const { driver, system, asked } = await setUp()
  system.faults.page = failing('retryable')
  await driver.connect({ id: 'acme', streams: { item: { enabled: false } } })
  await driver.pass(3_600_000)
  // two activities, back-off to five minutes
  expect(asked()).toBeLessThan(2 * 26)
  expect(asked()).toBeGreaterThan(2 * 12)
  expect(driver.state('acme', 'vendor')?.failures.snapshot).toMatchObject({ kind: 'retryable', requestId: 'req-500' })
})

test('a rate limit is waited for as long as the source asked, and uses no attempt', async () => {
  const { driver, system, clock, asked } = await setUp()
  const times: number[] = []
  const fail = failing('rate-limited', 2)
  system.faults.page = ({ what }) => {
    if (what !== 'snapshot') return
    times.push(clock.now())
    fail()
  }
  await driver.connect({ id: 'acme', streams: { item: { enabled: false } } })
  await driver.until(() => driver.state('acme', 'vendor')?.failures.snapshot != null)
  expect(driver.state('acme', 'vendor')?.failures.snapshot).toMatchObject({ kind: 'rate-limited', attempts: 0 })
  await driver.until(done(driver))
  expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(60_000)
  expect((times[2] ?? 0) - (times[1] ?? 0)).toBeGreaterThanOrEqual(60_000)
  expect(asked()).toBeGreaterThan(3)
})

test('refused credentials stop the whole connection, are said once, and are tried once an hour', async () => {
  const { driver, system, said, trouble, clock } = await setUp()
  let attempts = 0
  system.faults.connect = () => {
    attempts++
    failing('auth')()
  }
  await driver.connect({ id: 'acme' })
  await driver.pass(60_000)
  expect(attempts).toBe(1)
  expect(trouble()).toMatchObject({
    status: 'auth-failed',
    failure: { kind: 'auth', message: expect.stringMatching(/password/) },
  })
  expect(said('warn')).toHaveLength(1)
  await driver.pass(3_600_000)
  expect(attempts).toBe(2)
  expect(said('warn')).toHaveLength(1)
  system.faults.connect = null
  await driver.pass(3_600_000)
  expect(done(driver)()).toBe(true)
  expect(trouble()).toBeNull()
  expect(said('info')).toHaveLength(1)
  expect(clock.now()).toBeGreaterThan(0)
})

test('new credentials are used without a restart', async () => {
  const { driver, system, trouble } = await setUp()
  system.faults.connect = (config) => {
    if ((config as { password?: string }).password !== 'new') failing('auth')()
  }
  await driver.connect({ id: 'acme', settings: { password: 'old' } })
  await driver.pass(5_000)
  expect(trouble()).toMatchObject({ status: 'auth-failed' })
  await driver.connect({ id: 'acme', settings: { password: 'new' } })
  await driver.pass(5_000)
  expect(trouble()).toBeNull()
  expect(done(driver)()).toBe(true)
})

test('`sync run` tries a stopped connection at once', async () => {
  const { driver, system, trouble } = await setUp()
  system.faults.connect = failing('auth', 1)
  await driver.connect({ id: 'acme' })
  await driver.pass(5_000)
  expect(trouble()).toMatchObject({ status: 'auth-failed' })
  await driver.ask({ kind: 'run', connectionId: 'acme', entity: null })
  await driver.pass(5_000)
  expect(trouble()).toBeNull()
})

test('a permission that one stream lacks stops only that stream', async () => {
  const { driver, system, trouble } = await setUp()
  system.faults.page = ({ entity }) => (entity === 'vendor' ? failing('stream-auth')() : undefined)
  await driver.connect({ id: 'acme' })
  await driver.pass(60_000)
  expect(trouble()).toBeNull()
  expect(driver.state('acme', 'vendor')?.failures.snapshot).toMatchObject({ kind: 'auth' })
  expect(driver.state('acme', 'item')?.snapshotDone).not.toBeNull()
  expect(system.requests.filter(({ entity }) => entity === 'vendor').length).toBeLessThanOrEqual(2)
})

test('a corrupt cursor stops the stream with a clear error until it is read anew', async () => {
  const { driver, system, clock, said } = await setUp()
  system.faults.answer = ({ what, cursor }, page) =>
    what === 'snapshot' && cursor === 'null' ? { ...page, cursor: { garbage: true } } : page
  const stop = failing('retryable', 1)
  system.faults.page = ({ what, cursor }) => (what === 'snapshot' && cursor.includes('000009') ? stop() : undefined)
  await driver.connect({ id: 'acme', streams: { item: { enabled: false } } })
  await driver.pass(60_000)
  expect(driver.state('acme', 'vendor')?.failures.snapshot).toMatchObject({ kind: 'corrupt-cursor', retryAt: null })
  expect(said('warn').at(-1)?.message).toContain('tributary sync resync')
  const before = system.requests.length
  await driver.pass(3_600_000)
  expect(system.requests.length).toBe(before)
  system.faults.answer = null
  await driver.ask({ kind: 'run', connectionId: 'acme', entity: 'vendor' })
  await driver.pass(60_000)
  expect(system.requests.length).toBe(before)
  await driver.ask({ kind: 'resync', connectionId: 'acme', entity: 'vendor' })
  await driver.until(done(driver))
  expect(clock.now()).toBeGreaterThan(0)
})

test('a bug is reported as one, with its stack, and its stream backs off', async () => {
  const { driver, system, said } = await setUp()
  system.faults.page = ({ what }) => (what === 'snapshot' ? failing('bug')() : undefined)
  await driver.connect({ id: 'acme', streams: { item: { enabled: false } } })
  await driver.pass(60_000)
  expect(said('error')).toHaveLength(1)
  expect(said('error')[0]?.fields).toMatchObject({ connection: 'acme', stream: 'vendor', kind: 'bug' })
  expect(String(said('error')[0]?.fields.stack)).toContain('fake-connector.ts')
  expect(driver.state('acme', 'vendor')?.failures.snapshot?.kind).toBe('bug')
})

test('a next page that leads to itself stops the run instead of going on for ever', async () => {
  const { driver, system } = await setUp()
  system.faults.answer = ({ what }, page) =>
    what === 'snapshot'
      ? { ...page, records: [{ key: 'x', version: 1, modifiedAt: 1, payload: {} }], cursor: { at: 5, key: 'x' } }
      : page
  await driver.connect({ id: 'acme', streams: { item: { enabled: false } } })
  await driver.pass(2_000)
  expect(driver.state('acme', 'vendor')?.failures.snapshot).toMatchObject({ kind: 'endless-source' })
  expect(system.requests.length).toBeLessThan(12)
})

test('a connection of an unknown system says so and does not stop the others', async () => {
  const { driver, said } = await setUp()
  await driver.connect({ id: 'strange', system: 'abacus' })
  await driver.connect({ id: 'acme' })
  await driver.until(done(driver))
  expect(said('warn')).toMatchObject([{ fields: { connection: 'strange', system: 'abacus' } }])
})

test('one failing connection leaves the others alone', async () => {
  const clock = createManualClock()
  const bad = createFakeSystem({ now: () => clock.now(), id: 'bad' })
  const good = createFakeSystem({ now: () => clock.now(), id: 'good' })
  const driver = createSyncDriver({ systems: [bad, good], clock })
  bad.faults.page = failing('retryable')
  good.seed('vendor', 20, clock.now() - 36_000_000)
  await driver.start()
  await driver.connect({ id: 'broken', system: 'bad' })
  await driver.connect({ id: 'sound', system: 'good' })
  await driver.pass(60_000)
  good.put('vendor', 'new', { name: 'x' })
  await driver.pass(16_000)
  expect(driver.changes('vendor')).toMatchObject([{ connection_id: 'sound', source_id: 'new' }])
  expect(driver.state('broken', 'vendor')?.failures.snapshot?.kind).toBe('retryable')
})
