import { expect, test } from 'vitest'
import { CONNECTION_DEFAULTS, COMMAND_JOURNAL } from '../../../../core/index.ts'
import { codec, createWriterDriver, order } from './driver.ts'

async function connected(concurrency = 4) {
  const driver = createWriterDriver()
  await driver.start()
  await driver.connect({ id: 'acme', limits: { ...CONNECTION_DEFAULTS.limits, concurrency } })
  return driver
}

/** Newest state in the journal of each command. */
function states(driver: Awaited<ReturnType<typeof connected>>): string[] {
  const newest = new Map<string, string>()
  for (const { key, value } of driver.records(COMMAND_JOURNAL))
    if (value !== null && !key.startsWith('~')) newest.set(key, codec.commandJournal.decode(value).state)
  return [...newest.values()]
}

test('a command that may start at once costs two transactions: before the call, and after it', async () => {
  const driver = await connected()
  await driver.send('purchase_order', order())
  await driver.pass(1_000)
  const before = driver.transactions()
  const id = await driver.send('purchase_order', order())
  await driver.pass(20)
  expect([driver.transactions() - before, driver.system.busy]).toEqual([1, 1])
  expect(driver.outcomes(id)).toEqual(['ACCEPTED'])
  await driver.pass(1_000)
  expect(driver.transactions() - before).toBe(2)
  expect(driver.outcomes(id)).toEqual(['ACCEPTED', 'APPLIED!'])
})

test('commands that come together share one transaction before their calls', async () => {
  const driver = await connected()
  await driver.send('purchase_order', order())
  await driver.pass(1_000)
  const before = driver.transactions()
  await Promise.all([1, 2, 3].map(() => driver.send('purchase_order', order())))
  await driver.pass(20)
  expect(driver.system.busy).toBe(3)
  expect(driver.transactions() - before).toBe(1)
})

test('with every place taken the next commands are journaled meanwhile, and no more than allowed are at the system', async () => {
  const driver = await connected(4)
  driver.system.latencyMs = 10_000
  for (let nth = 0; nth < 12; nth++) await driver.send('purchase_order', order())
  await driver.pass(2_000)
  expect(driver.system.busy).toBe(4)
  expect(states(driver).filter((state) => state === 'STARTED')).toHaveLength(5)
  await driver.pass(60_000)
  expect(driver.system.mostBusy).toBe(4)
  expect(driver.system.records.size).toBe(12)
})

test('a command that is journaled but waits for its place is not sent once the partition is lost', async () => {
  const driver = await connected(4)
  driver.system.latencyMs = 10_000
  for (let nth = 0; nth < 5; nth++) await driver.send('purchase_order', order())
  await driver.pass(2_000)
  await driver.crash()
  await driver.pass(30_000)
  expect(driver.system.calls.filter((call) => call.startsWith('create'))).toHaveLength(4)
})

test('a command that waited long for its place is journaled anew: an owner that was shut out meanwhile sends nothing', async () => {
  const driver = await connected(4)
  driver.system.latencyMs = 10_000
  for (let nth = 0; nth < 5; nth++) await driver.send('purchase_order', order())
  await driver.pass(2_000)
  // the next transaction finds out; the calls under way end before it
  driver.crashAt(1, 'before')
  await driver.pass(30_000)
  expect(driver.crashed()).toBe(true)
  expect(driver.system.calls.filter((call) => call.startsWith('create'))).toHaveLength(4)
})
