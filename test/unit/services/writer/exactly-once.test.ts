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

test('whatever breaks and dies, an order is created once or refused, and its final result says which', async () => {
  const wrong: string[] = []
  let deaths = 0
  for (let seed = 1; seed <= 25; seed++) {
    const run = await ordeal(seed, 20)
    deaths += run.deaths
    const published = new Set(run.driver.changes('purchase_order').map(({ source_id }) => source_id))
    for (const id of run.orders) {
      const result = run.driver.result(id)
      const times = timesApplied(run, id)
      const finals = run.driver.results(id).filter(({ is_final }) => is_final)
      const says = new Set(finals.map(({ outcome, source_id }) => `${outcome} ${source_id}`))
      const applied = result?.outcome === 'APPLIED' && times === 1 && published.has(result.source_id ?? '')
      const refused = result?.outcome === 'REJECTED' && times === 0
      if (says.size !== 1 || !(applied || refused)) wrong.push(`seed ${seed}, ${id}: ${times} × ${[...says].join()}`)
    }
  }
  expect(wrong).toEqual([])
  expect(deaths).toBeGreaterThan(100)
}, 60_000)

test('where the system keeps no anchor, a vendor is created at most once, and what nobody knows is said', async () => {
  const wrong: string[] = []
  let doubts = 0
  for (let seed = 101; seed <= 115; seed++) {
    const run = await ordeal(seed, 20)
    for (const id of run.vendors) {
      const outcome = run.driver.result(id)?.outcome ?? 'none'
      const times = timesApplied(run, id)
      if (outcome === 'IN_DOUBT') doubts++
      const allowed = { APPLIED: [1], REJECTED: [0], IN_DOUBT: [0, 1] }[outcome as 'APPLIED'] as number[] | undefined
      if (allowed?.includes(times) !== true) wrong.push(`seed ${seed}, ${id}: ${times} × ${outcome}`)
    }
  }
  expect(wrong).toEqual([])
  expect(doubts).toBeGreaterThan(0)
}, 60_000)

test('killed at every single commit, before and after it, one order is created', async () => {
  const wrong: string[] = []
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
        const { size } = driver.system.records
        const outcome = driver.result(id)?.outcome ?? 'none'
        if (outcome !== 'APPLIED' || size !== 1)
          wrong.push(`${fault}, killed ${when} commit ${nth}: ${size} × ${outcome}`)
      }
  expect(wrong).toEqual([])
}, 60_000)
