import { expect, test } from 'vitest'
import { CAPABILITIES, commandsTopic, DEAD_LETTERS, ENTITY_NAMES } from '../../../../core/index.ts'
import { sampleRecord } from '../../../support/unified-samples.ts'
import { codec, createWriterDriver, order } from './driver.ts'
import { RATE_LIMIT_MS } from './fake-system.ts'

const DAY = 86_400_000

async function running(options: Parameters<typeof createWriterDriver>[0] = {}) {
  const driver = createWriterDriver(options)
  await driver.start()
  await driver.connect({ id: 'acme' })
  return driver
}

/** A running writer and an order to change. */
async function withOrder() {
  const driver = await running()
  const made = await driver.send('purchase_order', order())
  await driver.pass(1_000)
  const target_id = driver.result(made)?.target_id ?? ''
  const stored = driver.system.records.get('4500000000')
  if (stored === undefined) throw new Error('no order')
  driver.system.calls.length = 0
  return { driver, target_id, stored }
}

const update = (target_id: string, notes: string, more: object = {}) => ({
  operation: 'UPDATE',
  target_id,
  payload: { notes },
  ...more,
})

test('a command is accepted, applied, answered with ids and version, and its record published as a change', async () => {
  const driver = await running()
  const id = await driver.send('purchase_order', { ...order(), issued_by: 'ann', correlation_id: 'c-1' })
  await driver.pass(1_000)
  expect(driver.outcomes(id)).toEqual(['ACCEPTED', 'APPLIED!'])
  expect(driver.result(id)).toMatchObject({
    sequence: 2,
    target_id: 'acme:purchase_order:4500000000',
    source_id: '4500000000',
    version: 'ts:1',
    is_replay: false,
    attempts: 1,
    http_status: 201,
    issued_by: 'ann',
    correlation_id: 'c-1',
    lines: [{ line_ref: 'a', line_id: 'acme:purchase_order_line:4500000000|10', line_number: '10' }],
  })
  expect(driver.changes('purchase_order')).toMatchObject([
    { origin: 'WRITE', operation: 'UPSERT', source_id: '4500000000', run_id: id, source_version: 1 },
  ])
})

test('W1: the same command again is answered with the first result, now and after a restart', async () => {
  const driver = await running()
  const command = { ...order(), command_id: 'the-same-one' }
  await driver.send('purchase_order', command)
  await driver.send('purchase_order', { ...command, issued_at: 5, correlation_id: 'again' })
  await driver.pass(1_000)
  await driver.send('purchase_order', command)
  await driver.pass(1_000)
  await driver.crash()
  await driver.start()
  await driver.send('purchase_order', command)
  await driver.pass(1_000)
  expect(driver.system.calls).toEqual(['create the-same-one'])
  expect(driver.results('the-same-one').map(({ sequence, is_replay }) => [sequence, is_replay])).toEqual([
    [1, false],
    [2, false],
    [3, true],
    [4, true],
  ])
})

test('an id that is used for something else is refused, and the result of the first command stays the last word', async () => {
  const driver = await running()
  await driver.send('purchase_order', { ...order(), command_id: 'used-twice' })
  await driver.pass(1_000)
  await driver.send('purchase_order', { ...order({ notes: 'other' }), command_id: 'used-twice' })
  await driver.send('vendor', { operation: 'CREATE', payload: { name: 'x' }, command_id: 'used-twice' })
  await driver.pass(1_000)
  const results = driver.results('used-twice')
  expect(results.filter(({ errors }) => errors[0]?.code === 'ID_REUSED')).toHaveLength(2)
  expect(results.at(-1)).toMatchObject({ outcome: 'APPLIED', sequence: 2 })
  expect(driver.system.records.size).toBe(1)
})

test('W2: the answer is lost after the system applied it: found, and not written twice', async () => {
  const driver = await running()
  driver.system.faults.push('apply-then-cut')
  const id = await driver.send('purchase_order', order())
  await driver.pass(2_000)
  expect(driver.outcomes(id)).toEqual(['ACCEPTED', 'IN_DOUBT', 'APPLIED!'])
  expect(driver.result(id)).toMatchObject({ is_replay: true, source_id: '4500000000', attempts: 1 })
  expect(driver.system.records.size).toBe(1)
})

test('W3: the request is lost on the way: sent again only after two looks beyond the settling time', async () => {
  const driver = await running()
  driver.system.faults.push('cut-before')
  const id = await driver.send('purchase_order', order())
  await driver.pass(100_000)
  expect(driver.system.calls).toEqual([`create ${id}`, `find ${id}`])
  await driver.pass(100_000)
  expect(driver.system.calls).toEqual([`create ${id}`, `find ${id}`, `find ${id}`, `find ${id}`, `create ${id}`])
  expect(driver.result(id)).toMatchObject({ outcome: 'APPLIED', is_replay: false, attempts: 2 })
})

test('a system that finishes the work after the connection broke is believed: nothing is sent again', async () => {
  const driver = await running()
  driver.system.faults.push('cut-then-apply')
  const id = await driver.send('purchase_order', order())
  await driver.pass(200_000)
  expect(driver.result(id)).toMatchObject({ outcome: 'APPLIED', is_replay: true })
  expect(driver.system.records.size).toBe(1)
})

test('where the system cannot tell, a command stays in doubt, then ends so after a day; others go on', async () => {
  const driver = await running()
  driver.system.faults.push('cut-before')
  const doubtful = await driver.send('vendor', { operation: 'CREATE', payload: { name: 'bolts' } })
  await driver.pass(2_000)
  const other = await driver.send('vendor', { operation: 'CREATE', payload: { name: 'nuts' } })
  await driver.pass(60_000)
  expect(driver.result(other)?.outcome).toBe('APPLIED')
  expect(driver.result(doubtful)).toMatchObject({ outcome: 'IN_DOUBT', is_final: false })
  await driver.pass(DAY, 60_000)
  expect(driver.result(doubtful)).toMatchObject({ outcome: 'IN_DOUBT', is_final: true })
  expect(driver.system.calls.filter((call) => call === `create ${doubtful}`)).toHaveLength(1)
})

test('an operator settles what nobody knows, before and after it became final, and nothing else', async () => {
  const driver = await running()
  driver.system.faults.push('apply-then-cut', 'cut-before')
  const applied = await driver.send('vendor', { operation: 'CREATE', payload: { name: 'bolts' } })
  const lost = await driver.send('vendor', { operation: 'CREATE', payload: { name: 'nuts' } })
  const fine = await driver.send('vendor', { operation: 'CREATE', payload: { name: 'washers' } })
  await driver.pass(2_000)
  await driver.resolve(applied, true, 'acme:vendor:4500000000')
  await driver.resolve(fine, false)
  await driver.pass(5_000)
  expect(driver.result(applied)).toMatchObject({ outcome: 'APPLIED', source_id: '4500000000', is_final: true })
  expect(driver.result(fine)?.outcome).toBe('APPLIED')
  expect(driver.changes('vendor').map(({ source_id }) => source_id)).toContain('4500000000')
  await driver.pass(DAY, 60_000)
  expect(driver.result(lost)).toMatchObject({ outcome: 'IN_DOUBT', is_final: true })
  await driver.resolve(lost, false)
  await driver.crash()
  await driver.start()
  await driver.resolve(lost, false)
  await driver.pass(2_000)
  expect(driver.result(lost)).toMatchObject({ outcome: 'REJECTED', is_final: true })
})

test('W4: a refusal ends the command with the field, the code and the words of the system', async () => {
  const driver = await running()
  driver.system.faults.push('refuse')
  const id = await driver.send('purchase_order', order())
  await driver.pass(1_000)
  expect(driver.result(id)).toMatchObject({
    outcome: 'REJECTED',
    errors: [
      {
        field: 'lines[0].unit_price',
        code: 'INVALID_VALUE',
        message: 'price refused',
        vendor_code: 'ME/083',
        vendor_message: 'Enter Net Price',
        native_field: 'NetPriceAmount',
      },
    ],
  })
  expect(driver.changes('purchase_order')).toEqual([])
})

test('W5: a rate limit holds the connection for as long as the system asked, and uses no attempt', async () => {
  const driver = await running()
  driver.system.faults.push('rate-limited')
  const first = await driver.send('purchase_order', order())
  await driver.pass(1_000)
  const second = await driver.send('purchase_order', order())
  await driver.pass(RATE_LIMIT_MS - 2_000)
  expect(driver.system.calls).toEqual([`create ${first}`])
  await driver.pass(3_000)
  expect(driver.outcomes(first)).toEqual(['ACCEPTED', 'RETRYING', 'APPLIED!'])
  expect(driver.result(first)?.attempts).toBe(1)
  expect(driver.result(second)?.outcome).toBe('APPLIED')
})

test('W7: an operation that is not listed is refused as unsupported, with the reason, and not attempted', async () => {
  const driver = await running()
  const known = await driver.send('asset', { operation: 'CREATE', payload: { name: 'pump', kind: 'EQUIPMENT' } })
  const unknown = await driver.send('vendor', { operation: 'DELETE', target_id: 'acme:vendor:1' })
  await driver.pass(1_000)
  expect(driver.result(known)).toMatchObject({
    outcome: 'UNSUPPORTED',
    errors: [{ code: 'UNSUPPORTED_OPERATION', message: 'the fake has no assets' }],
  })
  expect(driver.result(unknown)?.errors[0]?.message).toBe('fake does not take DELETE of vendor')
  expect(driver.system.calls).toEqual([])
})

test('W8: commands for one object apply in order, one at a time, also when the first must wait', async () => {
  const { driver, target_id, stored } = await withOrder()
  driver.system.faults.push('unreachable', 'apply-then-cut')
  for (const notes of ['one', 'two', 'three']) await driver.send('purchase_order', update(target_id, notes))
  await driver.pass(20_000)
  const seen = driver.system.calls.filter((call) => call.startsWith('update')).map((call) => call.split(' ')[1])
  expect(seen).toEqual(['command-2', 'command-2', 'command-3', 'command-4'])
  expect(stored.notes).toBe('three')
})

test('different objects of a connection go side by side, up to its limit', async () => {
  const driver = await running()
  await driver.connect({ id: 'acme', limits: { concurrency: 3, requestsPerSecond: null } })
  for (let nth = 0; nth < 12; nth++) await driver.send('purchase_order', order())
  await driver.pass(5_000)
  expect(driver.system.records.size).toBe(12)
  expect(driver.system.mostBusy).toBe(3)
})

test('a stale version ends in CONFLICT with the current one, and nothing is overwritten', async () => {
  const { driver, target_id, stored } = await withOrder()
  stored.version = 7
  const id = await driver.send('purchase_order', update(target_id, 'mine', { expected_version: 'ts:1' }))
  await driver.pass(1_000)
  expect(driver.result(id)).toMatchObject({ outcome: 'CONFLICT', version: 'ts:7' })
  expect(stored.notes).toBeNull()
})

test('a record without a version of its own is compared by what it says, before anything is written', async () => {
  const { driver, target_id, stored } = await withOrder()
  driver.system.unified = (payload) => ({
    ...sampleRecord('purchase_order', target_id),
    version: null,
    notes: payload.notes,
  })
  const first = await driver.send('purchase_order', update(target_id, 'one'))
  await driver.pass(1_000)
  const version = driver.result(first)?.version ?? ''
  expect(version).toMatch(/^hash:[0-9a-f]{32}$/)
  const second = await driver.send('purchase_order', update(target_id, 'two', { expected_version: version }))
  await driver.pass(1_000)
  const stale = await driver.send('purchase_order', update(target_id, 'three', { expected_version: version }))
  await driver.pass(1_000)
  expect(driver.result(second)?.outcome).toBe('APPLIED')
  expect(driver.result(stale)).toMatchObject({ outcome: 'CONFLICT', version: driver.result(second)?.version })
  expect(stored.notes).toBe('two')
})

test('what was planned on the first attempt is journaled and sent again as it was', async () => {
  const { driver, target_id, stored } = await withOrder()
  driver.system.faults.push('cut-before')
  const id = await driver.send('purchase_order', update(target_id, 'planned'))
  await driver.pass(500)
  stored.version = 9
  await driver.pass(10_000)
  expect(driver.system.calls.filter((call) => !call.startsWith('find'))).toEqual([
    `plan ${id}`,
    `update ${id} {"before":1}`,
    `update ${id} {"before":1}`,
  ])
  expect(stored.notes).toBe('planned')
})

test('a deleted record is published as deleted', async () => {
  const { driver, target_id } = await withOrder()
  const id = await driver.send('purchase_order', { operation: 'DELETE', target_id })
  await driver.pass(1_000)
  expect(driver.result(id)).toMatchObject({ outcome: 'APPLIED', version: null, target_id })
  expect(driver.changes('purchase_order').at(-1)).toMatchObject({ operation: 'DELETE', source_id: '4500000000' })
})

test('a reference to an earlier command waits for its result and becomes the id of what it wrote', async () => {
  const driver = await running()
  const first = 'vendor-of-order'
  const id = await driver.send('purchase_order', order({ vendor_id: `cmd:${first}` }))
  await driver.pass(5_000)
  expect(driver.system.calls).toEqual([])
  await driver.send('vendor', { operation: 'CREATE', payload: { name: 'bolts' }, command_id: first })
  await driver.pass(2_000)
  expect(driver.result(id)?.outcome).toBe('APPLIED')
  expect([...driver.system.records.values()].at(-1)?.vendor).toBe('acme:vendor:4500000000')
})

test('a reference to a command that ended long ago is resolved, also by a writer that has just started', async () => {
  const driver = await running()
  await driver.send('vendor', { operation: 'CREATE', payload: { name: 'bolts' }, command_id: 'vendor-of-old' })
  await driver.pass(2_000)
  await driver.crash()
  await driver.start()
  const id = await driver.send('purchase_order', order({ vendor_id: 'cmd:vendor-of-old' }))
  const other = await driver.send('purchase_order', order({ vendor_id: 'cmd:vendor-of-old' }))
  await driver.pass(2_000)
  expect([driver.result(id)?.outcome, driver.result(other)?.outcome]).toEqual(['APPLIED', 'APPLIED'])
  expect([...driver.system.records.values()].at(-1)?.vendor).toBe('acme:vendor:4500000000')
})

test('a reference to a command that was refused fails with the field that refers to it', async () => {
  const driver = await running()
  driver.system.faults.push('refuse')
  await driver.send('vendor', { operation: 'CREATE', payload: { name: 'bolts' }, command_id: 'refused-vendor' })
  const id = await driver.send('purchase_order', order({ vendor_id: 'cmd:refused-vendor' }))
  await driver.pass(2_000)
  expect(driver.result(id)).toMatchObject({
    outcome: 'REJECTED',
    errors: [{ code: 'DEPENDENCY_FAILED', field: 'vendor_id' }],
  })
})

test('a dry run is validated and sends nothing', async () => {
  const driver = await running()
  const good = await driver.send('purchase_order', { ...order(), dry_run: true })
  const bad = await driver.send('purchase_order', { ...order({ vendor_id: null }), dry_run: true })
  await driver.pass(1_000)
  expect(driver.outcomes(good)).toEqual(['VALIDATED!'])
  expect(driver.outcomes(bad)).toEqual(['REJECTED!'])
  expect(driver.system.calls).toEqual([])
})

test('a system that is down for ten minutes gets its commands when it is back, and is not hammered meanwhile', async () => {
  const driver = await running()
  driver.system.up = false
  const ids = []
  for (let nth = 0; nth < 50; nth++) ids.push(await driver.send('purchase_order', order()))
  await driver.pass(600_000, 500)
  expect(driver.system.calls.length).toBeLessThan(40)
  driver.system.up = true
  await driver.pass(120_000, 100)
  expect(ids.map((id) => driver.result(id)?.outcome)).toEqual(ids.map(() => 'APPLIED'))
  expect(driver.system.records.size).toBe(50)
})

test('commands that were not started by their deadline expire', async () => {
  const driver = await running()
  driver.system.up = false
  const soon = await driver.send('purchase_order', { ...order(), deadline_at: driver.clock.now() + 60_000 })
  const byDefault = await driver.send('purchase_order', order())
  const late = await driver.send('purchase_order', { ...order(), deadline_at: 5 })
  await driver.pass(70_000)
  expect(driver.result(late)?.outcome).toBe('EXPIRED')
  expect(driver.result(soon)).toMatchObject({ outcome: 'EXPIRED', is_final: true })
  await driver.pass(DAY, 60_000)
  expect(driver.result(byDefault)?.outcome).toBe('EXPIRED')
  driver.system.up = true
  await driver.pass(120_000)
  expect(driver.system.records.size).toBe(0)
})

test('refused credentials hold the connection until it is changed, and its commands wait', async () => {
  const driver = await running()
  driver.system.faults.push('auth')
  const id = await driver.send('purchase_order', order())
  await driver.pass(1_000)
  driver.system.credentials = false
  await driver.pass(300_000)
  expect(driver.outcomes(id)).toEqual(['ACCEPTED', 'RETRYING'])
  driver.system.credentials = true
  await driver.connect({ id: 'acme', settings: { currency: 'EUR', password: 'new' } })
  await driver.pass(1_000)
  expect(driver.result(id)?.outcome).toBe('APPLIED')
})

test('commands of a connection that is removed end; those of one that is unknown are refused', async () => {
  const driver = await running()
  driver.system.up = false
  const waiting = await driver.send('purchase_order', order())
  await driver.pass(1_000)
  await driver.disconnect('acme')
  const unknown = await driver.send('purchase_order', order())
  await driver.pass(1_000)
  for (const id of [waiting, unknown])
    expect(driver.result(id)).toMatchObject({ outcome: 'REJECTED', errors: [{ code: 'NOT_FOUND' }] })
})

test('what is no command is a dead letter, a wrong key is refused, and the next command is served', async () => {
  const driver = await running()
  await driver.sendBytes('vendor', Buffer.from([9, 9, 9]))
  await driver.sendBytes('vendor', null)
  await driver.sendBytes('vendor', Buffer.from('{"command_id":"json-command","connection_id":"acme","colour":1}'))
  const wrong = await driver.send('purchase_order', order(), { key: 'other' })
  const good = await driver.send('purchase_order', order())
  await driver.pass(1_000)
  expect(driver.records(DEAD_LETTERS).map(({ key }) => key)).toHaveLength(2)
  expect(driver.result('json-command')?.errors[0]).toMatchObject({ code: 'INVALID_COMMAND' })
  expect(driver.result(wrong)?.errors[0]).toMatchObject({ code: 'INVALID_COMMAND', field: 'connection_id' })
  expect(driver.result(good)?.outcome).toBe('APPLIED')
})

test('a bug of the connector is not repeated for ever: proven not applied, it ends as an error of the system', async () => {
  const driver = await running()
  driver.system.faults.push('bug')
  const id = await driver.send('purchase_order', order())
  await driver.pass(200_000)
  expect(driver.result(id)).toMatchObject({ outcome: 'REJECTED', errors: [{ code: 'SYSTEM_ERROR' }] })
  expect(driver.system.calls.filter((call) => call.startsWith('create'))).toHaveLength(1)
})

test('an answer of a connector that cannot be written down stops nobody, and ends in doubt after a day', async () => {
  const driver = await running()
  driver.system.answer = (outcome) => ({ ...outcome, httpStatus: 'created' as never })
  const bad = await driver.send('purchase_order', order())
  await driver.pass(5_000)
  driver.system.answer = (outcome) =>
    outcome.target === '4500000000' ? { ...outcome, httpStatus: 'x' as never } : outcome
  const good = await driver.send('purchase_order', order())
  await driver.pass(5_000)
  expect(driver.result(good)?.outcome).toBe('APPLIED')
  await driver.pass(DAY, 60_000)
  expect(driver.result(bad)).toMatchObject({ outcome: 'IN_DOUBT', is_final: true })
  expect(driver.system.records.size).toBe(2)
})

test('a page of text as an answer is cut, and a record too large for Kafka is not published', async () => {
  const driver = await running()
  driver.system.answer = (outcome) => ({
    ...outcome,
    warnings: [
      {
        field: null,
        code: 'RACE',
        message: 'w'.repeat(2_000_000),
        vendorCode: null,
        vendorMessage: null,
        nativeField: null,
      },
    ],
  })
  driver.system.enlarge = 1_000_000
  const id = await driver.send('purchase_order', order())
  await driver.pass(5_000)
  expect(driver.result(id)?.warnings[0]?.message.length).toBeLessThan(5_000)
  expect(driver.changes('purchase_order')).toEqual([])
})

test('a record that cannot be read again does not hold the result back; it is published when it can be', async () => {
  const driver = await running()
  driver.system.readable = false
  const id = await driver.send('purchase_order', order())
  await driver.pass(8_000)
  expect(driver.result(id)).toMatchObject({ outcome: 'APPLIED', version: null })
  expect(driver.changes('purchase_order')).toEqual([])
  await driver.crash()
  driver.system.readable = true
  await driver.start()
  await driver.pass(5_000)
  expect(driver.changes('purchase_order')).toHaveLength(1)
})

test('the stock levels that a movement touches are read and published, at once or when they can be', async () => {
  const driver = await running()
  const line = { item_id: 'acme:item:7', quantity: '1' }
  const [a, b, nowhere] = ['a', 'b', 'nowhere'].map((place) => `acme:location:${place}`)
  const lines = [
    { ...line, from_location_id: a, to_location_id: b },
    { ...line, from_location_id: a, to_location_id: nowhere },
  ]
  const move = { operation: 'CREATE', payload: { kind: 'TRANSFER', lines } }
  const id = await driver.send('inventory_movement', move)
  await driver.pass(500)
  expect(driver.changes('stock_level')).toMatchObject([
    { source_id: '7|a', origin: 'WRITE', operation: 'UPSERT', run_id: id },
    { source_id: '7|b', origin: 'WRITE', operation: 'UPSERT', run_id: id },
  ])
  expect(driver.system.calls).toEqual([`create ${id}`, 'level 7|a', 'level 7|b', 'level 7|nowhere'])
  expect(driver.changes('inventory_movement')).toHaveLength(1)
  driver.system.readable = false
  const later = await driver.send('inventory_movement', move)
  await driver.pass(8_000)
  expect(driver.result(later)?.outcome).toBe('APPLIED')
  driver.system.readable = true
  await driver.pass(60_000)
  expect(driver.changes('stock_level').filter(({ run_id }) => run_id === later)).toHaveLength(2)
  expect(driver.changes('inventory_movement')).toHaveLength(2)
})

test('a record that the system does not show yet is no deletion', async () => {
  const driver = await running()
  driver.system.hidden = true
  const id = await driver.send('purchase_order', order())
  await driver.pass(2_000)
  expect(driver.result(id)).toMatchObject({ outcome: 'APPLIED', version: null })
  expect(driver.changes('purchase_order')).toEqual([])
  driver.system.hidden = false
  await driver.pass(10_000)
  expect(driver.changes('purchase_order')).toMatchObject([{ operation: 'UPSERT', source_id: '4500000000' }])
})

/** A command as a client would write it whose schema has one field, or one digit, more than ours. */
const asJson = (command: object) => Buffer.from(JSON.stringify({ connection_id: 'acme', issued_at: 0, ...command }))

test('decimals out of range, references to other connections and nonsense are refused by name, and the lane goes on', async () => {
  const driver = await running()
  const line = { line_ref: 'a', description: 'bolts', quantity_ordered: '10' }
  const bad = {
    'out-of-range': { lines: [{ ...line, quantity_ordered: '1'.repeat(30) }] },
    'no-number': { lines: [{ ...line, unit_price: 'free' }] },
    elsewhere: { vendor_id: 'beta:vendor:1', lines: [line] },
    'without-id': { vendor_id: 'ACME-17', lines: [line] },
  }
  for (const [command_id, over] of Object.entries(bad)) {
    const command = { ...order(over), command_id: `${command_id}-1` }
    await driver.sendBytes('purchase_order', asJson(command))
  }
  const good = await driver.send('purchase_order', order())
  await driver.pass(1_000)
  const refusals = Object.keys(bad).map((id) => driver.result(`${id}-1`))
  expect(refusals.map((result) => [result?.outcome, result?.errors[0]?.code])).toEqual([
    ['REJECTED', 'INVALID_COMMAND'],
    ['REJECTED', 'INVALID_COMMAND'],
    ['REJECTED', 'INVALID_REFERENCE'],
    ['REJECTED', 'INVALID_REFERENCE'],
  ])
  expect(refusals[0]?.errors[0]?.message).toContain('lines[0].quantity_ordered')
  expect(driver.result(good)?.outcome).toBe('APPLIED')
  expect(driver.system.records.size).toBe(1)
})

test('a target that was deleted meanwhile ends the command as NOT_FOUND, and the next one is served', async () => {
  const { driver, target_id } = await withOrder()
  driver.system.records.clear()
  const late = await driver.send('purchase_order', update(target_id, 'too late'))
  const good = await driver.send('purchase_order', order())
  await driver.pass(1_000)
  expect(driver.result(late)).toMatchObject({ outcome: 'REJECTED', errors: [{ code: 'NOT_FOUND' }] })
  expect(driver.result(good)?.outcome).toBe('APPLIED')
})

/** What a reader of the compacted topic finds, and how many records it took. */
function capabilitiesOf(driver: Awaited<ReturnType<typeof running>>) {
  const records = driver.records(CAPABILITIES)
  const last = new Map(records.map(({ key, value }) => [key, value]))
  const found = [...last].flatMap(([key, value]) =>
    value === null ? [] : ([[key, codec.capability.decode(value)]] as const),
  )
  return { written: records.length, found: new Map(found) }
}

test('what can be written stands on a topic for each connection, is written anew only when it says something else', async () => {
  const driver = await running()
  await driver.pass(100)
  const { written, found } = capabilitiesOf(driver)
  expect([...found.keys()].sort()).toEqual(ENTITY_NAMES.map((entity) => `acme:${entity}`).sort())
  expect(found.get('acme:purchase_order')).toMatchObject({
    connection_id: 'acme',
    entity: 'purchase_order',
    system: 'fake',
  })
  const [create, update] = found.get('acme:purchase_order')?.operations ?? []
  expect(create).toMatchObject({ operation: 'CREATE', supported: true, anchor: 'SEARCHABLE', emulated: false })
  expect(update).toMatchObject({ operation: 'UPDATE', supported: true, conflict_detection: 'COMPARE', emulated: true })
  const currency = found.get('acme:purchase_order')?.fields.find(({ path }) => path === 'currency')
  expect(currency).toMatchObject({
    max_length: 3,
    required_on: ['CREATE'],
    default_key: 'currency',
    default_value: 'EUR',
  })
  expect(found.get('acme:asset')?.operations[0]).toMatchObject({ supported: false, reason: 'the fake has no assets' })
  await driver.connect({ id: 'acme', windowDays: 7 })
  await driver.crash()
  await driver.start()
  await driver.pass(100)
  expect(capabilitiesOf(driver).written).toBe(written)
  await driver.connect({ id: 'acme', settings: { currency: 'USD' } })
  await driver.pass(100)
  const changed = capabilitiesOf(driver)
  expect(changed.written - written).toBe(1)
  expect(changed.found.get('acme:purchase_order')?.fields.find(({ path }) => path === 'currency')?.default_value).toBe(
    'USD',
  )
})

test('what could be written through a connection is taken back when it goes, also while no writer runs', async () => {
  const driver = await running()
  await driver.connect({ id: 'beta' })
  await driver.pass(100)
  expect(capabilitiesOf(driver).found.size).toBe(2 * ENTITY_NAMES.length)
  await driver.disconnect('acme')
  await driver.pass(100)
  await driver.crash()
  await driver.disconnect('beta')
  await driver.start()
  await driver.pass(100)
  expect([...capabilitiesOf(driver).found.keys()]).toEqual([])
})

test('a command that waits holds the position, and what is finished behind it is not done again', async () => {
  const { driver, target_id } = await withOrder()
  driver.system.faults.push(...Array.from({ length: 30 }, () => 'unreachable' as const))
  const stuck = await driver.send('purchase_order', update(target_id, 'stuck'))
  await driver.pass(500)
  driver.system.faults.length = 0
  driver.system.faults.push('ok', 'unreachable')
  const other = await driver.send('purchase_order', order())
  await driver.pass(500)
  expect(driver.result(other)?.outcome).toBe('APPLIED')
  expect(driver.result(stuck)?.outcome).toBe('RETRYING')
  await driver.crash()
  await driver.start()
  await driver.pass(20_000)
  expect(driver.result(stuck)?.outcome).toBe('APPLIED')
  expect(driver.results(other)).toHaveLength(2)
  expect(driver.system.records.size).toBe(2)
})

test('a writer that stops finishes the calls under way', async () => {
  const driver = await running()
  driver.system.latencyMs = 3_000
  const id = await driver.send('purchase_order', order())
  await driver.pass(500)
  await driver.stop()
  expect(driver.result(id)?.outcome).toBe('APPLIED')
  expect(driver.clock.pending()).toBe(0)
})

test('no more commands are read while too many are unfinished', async () => {
  const driver = await running({ policy: { mostUnfinished: 3 } })
  driver.system.latencyMs = 1_000
  for (let nth = 0; nth < 9; nth++) void driver.send('purchase_order', order())
  await driver.pass(900)
  expect(driver.records(commandsTopic('purchase_order'))).toHaveLength(9)
  expect(driver.records('command-results')).toHaveLength(3)
  await driver.pass(20_000)
  expect(driver.system.records.size).toBe(9)
})
