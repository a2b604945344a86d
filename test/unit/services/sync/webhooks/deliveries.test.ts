import { expect, test, vi } from 'vitest'
import { RejectedError, type SignatureScheme, type Webhook } from '../../../../../core/index.ts'
import { failing } from '../../../../support/fake-connector.ts'
import { setUp } from './setup.ts'

vi.setConfig({ testTimeout: 30_000 })

test('a delivery is a hint: the record is read again and published at once, and no poll publishes it again', async () => {
  const { system, driver, hint, published, deliveries, reads } = await setUp()
  system.put('vendor', 'a', { name: 'one' })
  await hint('a')
  await driver.pass(100)
  expect(published()).toEqual(['a=one'])
  expect(driver.changes('vendor')[0]).toMatchObject({ origin: 'WEBHOOK', run_id: 'r1' })
  expect(deliveries()).toMatchObject([
    { deliveryId: 'd1', outcome: 'processed', hints: [{ entity: 'vendor', key: 'a' }] },
  ])
  await driver.pass(900_000)
  expect(published()).toEqual(['a=one'])
  expect(reads()).toEqual(['a'])
})

test('two deliveries for one record within 10 ms cost one read', async () => {
  const { system, clock, driver, hint, published, reads, deliveries, metric } = await setUp()
  system.put('vendor', 'a', { name: 'one' })
  await hint('a')
  await clock.advance(10)
  system.put('vendor', 'a', { name: 'two' })
  await hint('a')
  await driver.pass(1_000)
  expect(reads()).toEqual(['a'])
  expect(published()).toEqual(['a=two'])
  expect(deliveries().map(({ outcome }) => outcome)).toEqual(['processed', 'processed'])
  expect(await metric('tributary_webhook_coalesced_total')).toBe(1)
})

test('however many deliveries come while a record is read, it is read exactly once more', async () => {
  const { system, clock, driver, hint, published, reads } = await setUp()
  system.faults.one = (_key, signal) => clock.sleep(1_000, signal)
  system.put('vendor', 'a', { name: 'one' })
  await hint('a')
  await driver.until(() => reads().length === 1, { stepMs: 20 })
  for (let i = 0; i < 5; i++) await hint('a')
  await clock.advance(500)
  system.put('vendor', 'a', { name: 'two' })
  await driver.pass(5_000)
  expect(reads()).toEqual(['a', 'a'])
  expect(published()).toEqual(['a=two'])
})

test('a delivery that comes again is dropped, also after a restart', async () => {
  const { system, driver, hint, reads, deliveries, metric } = await setUp()
  system.put('vendor', 'a', { name: 'one' })
  await hint('a', 'same')
  await hint('a', 'same')
  await driver.pass(1_000)
  driver.crash()
  await driver.start()
  await hint('a', 'same')
  await driver.pass(1_000)
  expect(reads()).toEqual(['a'])
  expect(
    deliveries()
      .map(({ outcome }) => outcome)
      .sort(),
  ).toEqual(['duplicate', 'duplicate', 'processed'])
  expect(await metric('tributary_webhook_deduplicated_total')).toBe(2)
})

test('after seven days an id is forgotten', async () => {
  const { driver, hint, reads } = await setUp({ connection: { streams: { vendor: { pollEveryMs: 86_400_000 } } } })
  await hint('000001', 'same')
  await driver.pass(1_000)
  driver.crash()
  await driver.clock.advance(9 * 86_400_000)
  await driver.start()
  await hint('000001', 'same')
  await driver.pass(1_000)
  expect(reads()).toEqual(['000001', '000001'])
})

test('a record that is gone is published as deleted', async () => {
  const { system, driver, hint, published } = await setUp({
    system: { streams: { vendor: { deletes: 'by-absence' } } },
  })
  system.remove('vendor', '000003')
  await hint('000003')
  await driver.pass(1_000)
  expect(published()).toEqual(['-000003'])
})

test('what was published before is not published again when a late delivery tells of it', async () => {
  const { system, driver, hint, published, deliveries } = await setUp()
  system.put('vendor', 'a', { name: 'one' })
  await driver.pass(20_000)
  expect(published()).toEqual(['a=one'])
  await hint('a')
  await driver.pass(1_000)
  expect(published()).toEqual(['a=one'])
  expect(deliveries()).toMatchObject([{ outcome: 'processed' }])
})

test('a hint without a key has the stream polled at once', async () => {
  const { system, clock, driver, hint, published } = await setUp()
  await driver.pass(1_000)
  system.put('vendor', 'a', { name: 'one' }, clock.now() - 1)
  await hint(null)
  await driver.pass(100)
  expect(published()).toEqual(['a=one'])
  expect(driver.changes('vendor')[0]?.origin).toBe('INCREMENTAL')
})

test('a record whose read fails is tried again, and holds up no other', async () => {
  const { system, driver, hint, published, deliveries, metric } = await setUp()
  const broken = failing('retryable', 2)
  system.faults.one = (key) => (key === 'a' ? broken() : undefined)
  system.put('vendor', 'a', { name: 'broken' })
  system.put('vendor', 'b', { name: 'sound' })
  await hint('a')
  await hint('b')
  await driver.pass(200)
  expect(published()).toEqual(['b=sound'])
  await driver.pass(10_000)
  expect(published()).toEqual(['b=sound', 'a=broken'])
  expect(deliveries().map(({ outcome }) => outcome)).toEqual(['processed', 'processed'])
  expect(await metric('tributary_webhook_failures_total')).toBe(2)
  expect(driver.log.filter(({ level }) => level === 'warn')).toHaveLength(1)
})

test('a delivery that says nothing of this connection, or names what it does not read, is ignored', async () => {
  const { driver, deliveries } = await setUp()
  await driver.push('acme', { id: 'd1', body: { changes: [] } }, { id: 'd2', body: { entity: 'asset', key: '1' } })
  await driver.push('nobody', { id: 'd3', body: { entity: 'vendor', key: '1' } })
  await driver.pass(100)
  expect(
    deliveries()
      .map(({ outcome, error }) => `${outcome}: ${error}`)
      .sort(),
  ).toEqual([
    'ignored: asset: not read by this connection',
    'ignored: it tells of no record',
    'ignored: there is no such connection',
  ])
})

test('what cannot be understood goes to dead letters byte for byte, and is processed when it is redriven', async () => {
  let understood = false
  const hints = () => {
    if (!understood) throw new Error('an event of a new kind')
    return [{ entity: 'vendor' as const, key: '000001' }]
  }
  const scheme = { alg: 'none', key: 'utf8', content: '', headers: [], encoding: 'hex', format: 'bare' } as const
  const { driver, reads, deliveries } = await setUp({ system: { webhook: { schemes: { own: scheme }, hints } } })
  await driver.push('acme', { id: 'd1', body: { type: 'x' } })
  await driver.pushBytes('acme', Buffer.from('not a delivery'))
  await driver.pass(1_000)
  expect(deliveries()).toMatchObject([{ deliveryId: 'd1', outcome: 'failed', error: 'an event of a new kind' }])
  const letters = driver
    .records('dead-letters')
    .map(({ key, value }) => ({ key, ...JSON.parse(value?.toString() ?? '') }))
  expect(letters).toMatchObject([
    { topic: 'webhooks.inbound', offset: 0, kind: 'undecodable', connection_id: 'acme', service: 'sync' },
    { topic: 'webhooks.inbound', offset: 1, kind: 'undecodable' },
  ])
  expect(driver.log.filter(({ level }) => level === 'warn')).toHaveLength(2)
  // a restart does not fail it once more
  driver.crash()
  await driver.start()
  await driver.pass(1_000)
  expect(driver.records('dead-letters')).toHaveLength(2)

  understood = true
  await driver.pushBytes('acme', Buffer.from(letters[0]?.value.data as number[]))
  await driver.pass(1_000)
  expect(reads()).toEqual(['000001'])
  expect(deliveries()).toMatchObject([{ deliveryId: 'd1', outcome: 'processed', offset: 2 }])
})

test('a record that the system refuses to hand out is a dead letter of its delivery', async () => {
  const { system, driver, hint, deliveries } = await setUp()
  system.faults.one = () => {
    throw new RejectedError('HTTP 400: no such id')
  }
  await hint('a')
  await driver.pass(1_000)
  expect(deliveries()).toMatchObject([{ outcome: 'failed', error: 'vendor a: HTTP 400: no such id' }])
  expect(driver.records('dead-letters')).toHaveLength(1)
})

test('a delivery can be asked for again', async () => {
  const { system, driver, hint, reads, published } = await setUp()
  await hint('000001', 'again')
  await driver.pass(1_000)
  system.put('vendor', '000001', { name: 'changed' })
  await driver.ask({ kind: 'redeliver', connectionId: 'acme', entity: null, deliveryId: 'again' })
  await driver.pass(1_000)
  expect(reads()).toEqual(['000001', '000001'])
  expect(published()).toContain('000001=changed')
  await driver.ask({ kind: 'redeliver', connectionId: 'acme', entity: null, deliveryId: 'unheard of' })
  expect(driver.log.at(-1)?.message).toContain('not there')
})

const SIGNED = {
  alg: 'hmac-sha256',
  key: 'utf8',
  content: '{body}',
  headers: ['x-signature'],
  encoding: 'hex',
  format: 'bare',
} as const satisfies SignatureScheme

/** Deliveries that hold the whole record. */
const pushingRecords = (scheme: SignatureScheme): Webhook<object> => ({
  schemes: { own: scheme },
  hints({ body }) {
    const { key, name, version } = JSON.parse(body.toString()) as { key: string; name: string; version: number }
    return [{ entity: 'vendor', key, record: { key, version, modifiedAt: version, payload: { name } } }]
  },
})

test('whole records are published without a read', async () => {
  const { driver, published, reads, clock } = await setUp({ system: { webhook: pushingRecords(SIGNED) } })
  const version = clock.now()
  await driver.push('acme', { id: '1', body: { key: 'a', name: 'one', version } })
  await driver.push('acme', { id: '2', body: { key: 'a', name: 'two', version: version + 1 } })
  await driver.push('acme', { id: '3', body: { key: 'a', name: 'two', version: version + 1 } })
  await driver.pass(100)
  expect(published()).toEqual(['a=one', 'a=two'])
  expect(reads()).toEqual([])
})

test.each([
  ['unsigned', { ...SIGNED, alg: 'none', content: '' }],
  ['signed but for the body', { ...SIGNED, content: '{ts}' }],
] as const)('a whole record that is %s is a hint only: the system is asked', async (_title, scheme) => {
  const { driver, published, reads, clock } = await setUp({ system: { webhook: pushingRecords(scheme) } })
  await driver.push('acme', { id: '1', body: { key: 'vendor-1', name: 'forged', version: clock.now() } })
  await driver.pass(100)
  expect(reads()).toEqual(['vendor-1'])
  expect(published().filter((text) => text.includes('forged'))).toEqual([])
})
