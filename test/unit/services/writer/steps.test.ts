import { expect, test } from 'vitest'
import { anchorToken } from '../../../../core/index.ts'
import { createWriterDriver } from './driver.ts'
import type { Fault } from './fake-system.ts'

const NAMES = ['create', 'plan', 'release']
const DAY = 86_400_000

async function running() {
  const driver = createWriterDriver()
  await driver.start()
  await driver.connect({ id: 'acme' })
  await driver.pass(100)
  return driver
}
type Driver = Awaited<ReturnType<typeof running>>
const order = { operation: 'CREATE', payload: { title: 'pump 3' } }
const timesCalled = (driver: Driver, id: string) => driver.system.applied.get(anchorToken('acme', id, 12)) ?? 0
const stepsOf = (driver: Driver, id: string) =>
  driver.result(id)?.steps.map(({ name, outcome }) => `${name} ${outcome}`)

test('killed at every commit of a write of several calls, it goes on behind the last call that was finished', async () => {
  const wrong: string[] = []
  let deaths = 0
  for (const lost of [0, 1, 2, 3])
    for (const when of ['before', 'after'] as const)
      for (let nth = 1; nth <= 7; nth++) {
        const driver = await running()
        driver.system.faults.push(...Array<Fault>(lost).fill('ok'), 'apply-then-cut')
        driver.crashAt(nth, when)
        const id = await driver.send('work_order', order)
        await driver.pass(400_000, 2_000)
        if (driver.crashed()) {
          deaths++
          await driver.crash()
          await driver.start()
        }
        await driver.pass(400_000, 2_000)
        const result = driver.result(id)
        const [record, ...others] = [...driver.system.records.values()]
        const right =
          result?.outcome === 'APPLIED' &&
          timesCalled(driver, id) === 3 &&
          others.length === 0 &&
          record?.status === 'create plan release ' &&
          stepsOf(driver, id)?.join() === NAMES.map((name) => `${name} APPLIED`).join()
        if (!right)
          wrong.push(
            `answer ${lost} lost, killed ${when} ${nth}: ${result?.outcome}, ${record?.status}, ${timesCalled(driver, id)} calls, ${stepsOf(driver, id)?.join()}`,
          )
      }
  expect(wrong).toEqual([])
  expect(deaths).toBeGreaterThan(30)
}, 60_000)

test.each([1, 2])(
  'refused after %i calls: PARTIALLY_APPLIED, with the record, the calls done and the reason',
  async (done) => {
    const driver = await running()
    driver.system.faults.push(...Array<Fault>(done).fill('ok'), 'refuse')
    const id = await driver.send('work_order', order)
    await driver.pass(5_000)
    expect(driver.result(id)).toMatchObject({
      outcome: 'PARTIALLY_APPLIED',
      is_final: true,
      target_id: 'acme:work_order:4500000000',
      errors: [{ message: 'price refused' }],
    })
    expect(stepsOf(driver, id)).toEqual(NAMES.slice(0, done).map((name) => `${name} APPLIED`))
    await driver.pass(5_000)
    expect(driver.changes('work_order')).toMatchObject([{ source_id: '4500000000', origin: 'WRITE' }])
  },
)

test('refused before anything was done: REJECTED', async () => {
  const driver = await running()
  driver.system.faults.push('refuse')
  const id = await driver.send('work_order', order)
  await driver.pass(5_000)
  expect(driver.result(id)).toMatchObject({ outcome: 'REJECTED', target_id: null, steps: [] })
})

test('a system that goes away half-way gets the rest when it is back; after the deadline the half is told', async () => {
  for (const back of [true, false]) {
    const driver = await running()
    driver.system.faults.push('ok', 'unreachable')
    const id = await driver.send('work_order', order)
    await driver.pass(300)
    driver.system.up = false
    await driver.pass(600_000, 2_000)
    expect(driver.result(id)?.outcome).toBe('RETRYING')
    driver.system.up = back
    await (back ? driver.pass(120_000, 500) : driver.pass(DAY, 60_000))
    expect(driver.result(id)?.outcome).toBe(back ? 'APPLIED' : 'PARTIALLY_APPLIED')
    expect(stepsOf(driver, id)).toEqual((back ? NAMES : ['create']).map((name) => `${name} APPLIED`))
    expect(timesCalled(driver, id)).toBe(back ? 3 : 1)
  }
})
