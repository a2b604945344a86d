import { expect, test } from 'vitest'
import { anchorToken } from '../../../../core/index.ts'
import { createWriterDriver, order } from './driver.ts'
import type { Fault } from './fake-system.ts'

/** The same numbers for the same seed (mulberry32). */
function dice(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

const FAULTS: readonly Fault[] = [
  'ok',
  'ok',
  'ok',
  'slow',
  'apply-then-cut',
  'cut-before',
  'cut-then-apply',
  'unreachable',
  'rate-limited',
  'refuse',
]

/** Random commands, faults, and deaths at commits and in between; then all is well until everything has come to rest. */
async function ordeal(seed: number, commands: number) {
  const random = dice(seed)
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T
  const driver = createWriterDriver()
  await driver.start()
  await driver.connect({ id: 'acme' })
  const orders: string[] = []
  const vendors: string[] = []
  let deaths = 0
  for (let nth = 0; nth < commands; nth++) {
    driver.system.faults.push(pick(FAULTS))
    if (random() < 0.3) {
      vendors.push(await driver.send('vendor', { operation: 'CREATE', payload: { name: `v ${nth}` } }))
    } else {
      const again = orders.length > 0 && random() < 0.15
      const id = again ? pick(orders) : `order-${seed}-${nth}`
      // a duplicate says the same as the first
      await driver.send('purchase_order', { ...order({ notes: id }), command_id: id })
      if (!again) orders.push(id)
    }
    if (random() < 0.3) driver.crashAt(1 + Math.floor(random() * 6), pick(['before', 'after']))
    await driver.pass(random() < 0.1 ? 150_000 : Math.floor(random() * 3_000))
    if (driver.crashed() || random() < 0.15) {
      deaths++
      await driver.crash()
      await driver.start()
    }
  }
  driver.crashAt(Number.POSITIVE_INFINITY, 'before')
  driver.system.faults.length = 0
  await driver.crash()
  await driver.start()
  await driver.pass(900_000, 2_000)
  return { driver, orders, vendors, deaths }
}

type Ordeal = Awaited<ReturnType<typeof ordeal>>
const timesApplied = ({ driver }: Ordeal, id: string) => driver.system.applied.get(anchorToken('acme', id, 12)) ?? 0
const outcomeOf = ({ driver }: Ordeal, id: string) => driver.result(id)?.outcome

test('whatever breaks and dies, an order is created once or refused, and its final result says which', async () => {
  let deaths = 0
  for (let seed = 1; seed <= 25; seed++) {
    const run = await ordeal(seed, 20)
    deaths += run.deaths
    for (const id of run.orders) {
      const outcome = outcomeOf(run, id)
      const where = `seed ${seed}, ${id}`
      expect(['APPLIED', 'REJECTED'], where).toContain(outcome)
      expect(run.driver.result(id)?.is_final, where).toBe(true)
      expect(timesApplied(run, id), where).toBe(outcome === 'APPLIED' ? 1 : 0)
      const finals = run.driver.results(id).filter(({ is_final }) => is_final)
      expect(new Set(finals.map((result) => `${result.outcome} ${result.source_id}`)).size, where).toBe(1)
    }
    const published = new Set(run.driver.changes('purchase_order').map(({ source_id }) => source_id))
    for (const { id, anchor } of run.driver.system.records.values())
      if (run.orders.some((command) => anchorToken('acme', command, 12) === anchor))
        expect(published, `seed ${seed}`).toContain(id)
  }
  expect(deaths).toBeGreaterThan(100)
}, 60_000)

test('where the system keeps no anchor, a vendor is created at most once, and what nobody knows is said', async () => {
  let doubts = 0
  for (let seed = 101; seed <= 115; seed++) {
    const run = await ordeal(seed, 20)
    for (const id of run.vendors) {
      const outcome = outcomeOf(run, id) ?? ''
      const where = `seed ${seed}, ${id}`
      expect(['APPLIED', 'REJECTED', 'IN_DOUBT'], where).toContain(outcome)
      if (outcome === 'IN_DOUBT') doubts++
      if (outcome === 'APPLIED') expect(timesApplied(run, id), where).toBe(1)
      else expect(timesApplied(run, id), where).toBeLessThanOrEqual(outcome === 'REJECTED' ? 0 : 1)
    }
  }
  expect(doubts).toBeGreaterThan(0)
}, 60_000)

test('killed at every single commit, before and after it, one order is created', async () => {
  for (const fault of ['ok', 'apply-then-cut', 'cut-before', 'rate-limited'] as const)
    for (const when of ['before', 'after'] as const)
      for (let nth = 1; nth <= 5; nth++) {
        const driver = createWriterDriver()
        await driver.start()
        await driver.connect({ id: 'acme' })
        driver.system.faults.push(fault)
        driver.crashAt(nth, when)
        const id = await driver.send('purchase_order', order())
        await driver.pass(200_000, 1_000)
        if (driver.crashed()) {
          await driver.crash()
          await driver.start()
        }
        await driver.pass(400_000, 1_000)
        const where = `${fault}, killed ${when} commit ${nth}`
        expect(driver.result(id)?.outcome, where).toBe('APPLIED')
        expect(driver.system.records.size, where).toBe(1)
      }
}, 60_000)
