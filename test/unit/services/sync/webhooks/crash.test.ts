import { expect, test, vi } from 'vitest'
import { createManualClock, WEBHOOK_DEFAULTS, type WebhookDeliveryRecord } from '../../../../../core/index.ts'
import { createFakeSystem } from '../../../../support/fake-connector.ts'
import { createSyncDriver } from '../../../../support/sync-driver.ts'

vi.setConfig({ testTimeout: 120_000 })

const RECORDS = 12

function shuffled<T>(items: readonly T[], seed: number): T[] {
  const all = [...items]
  for (let i = all.length - 1; i > 0; i--) {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0
    const j = seed % (i + 1)
    ;[all[i], all[j]] = [all[j] as T, all[i] as T]
  }
  return all
}

/** Changes told by deliveries with duplicates, out of order, several records in some; sync killed at the given transactions. */
async function run(crashes: readonly { readonly nth: number; readonly when: 'before' | 'after' }[], seed: number) {
  const clock = createManualClock()
  const system = createFakeSystem({ now: () => clock.now() })
  const driver = createSyncDriver({ systems: [system], clock })
  system.seed('vendor', 5, clock.now() - 36_000_000)
  await driver.start()
  await driver.connect({ id: 'acme', webhook: WEBHOOK_DEFAULTS, limits: { concurrency: 3, requestsPerSecond: null } })
  await driver.until(() => driver.state('acme', 'vendor')?.snapshotDone != null)
  system.faults.one = (_key, signal) => clock.sleep(30, signal)

  const keys = Array.from({ length: RECORDS }, (_, i) => `r${i}`)
  for (const [i, key] of keys.entries()) system.put('vendor', key, { name: `state of ${key}` }, clock.now() + i)
  const deliveries = keys.flatMap((key, i) => {
    const own = { id: `d${i}`, body: { entity: 'vendor', key } }
    const several = [key, keys[(i + 1) % RECORDS]].map((each) => ({ entity: 'vendor', key: each }))
    return i % 3 === 0 ? [{ id: `d${i}`, body: { changes: several } }, own] : i % 4 === 0 ? [own, own] : [own]
  })
  const order = shuffled(deliveries, seed)
  for (const crash of crashes) {
    driver.crashAt(crash.nth, crash.when)
    for (const delivery of order.splice(0, 5)) await driver.push('acme', delivery)
    await driver.pass(300)
    if (!driver.crashed()) driver.crash()
    await driver.start()
  }
  driver.crashAt(Number.POSITIVE_INFINITY, 'before')
  for (const delivery of order) await driver.push('acme', delivery)
  await driver.pass(2_000)
  const told = driver.changes('vendor').length
  // polls find nothing new
  await driver.pass(700_000)
  await driver.stop()

  const problems: string[] = []
  const published = driver.changes('vendor').map(({ source_id }) => source_id)
  const lost = keys.filter((key) => !published.includes(key))
  if (lost.length > 0) problems.push(`lost: ${lost.join(' ')}`)
  const twice = published.filter((key, i) => published.indexOf(key) < i)
  if (twice.length > 0) problems.push(`twice: ${twice.join(' ')}`)
  if (published.length > told && crashes.length === 0) problems.push('polls published what deliveries told')
  const outcomes = new Map(
    driver.records('webhook-deliveries').map(({ key, value }) => {
      const { outcome, deliveryId } = JSON.parse(value?.toString() ?? '') as WebhookDeliveryRecord
      return [key, outcome === 'duplicate' ? 'duplicate' : deliveryId]
    }),
  )
  const processed = [...outcomes.values()].filter((name) => name !== 'duplicate')
  if (processed.length !== RECORDS) problems.push(`${processed.length} of ${RECORDS} deliveries processed`)
  return problems
}

test('without a crash every change is published once, in whatever order it is told', async () => {
  for (const seed of [1, 2, 3]) expect(await run([], seed)).toEqual([])
})

for (const when of ['before', 'after'] as const)
  test(`killed ${when} each single transaction: no change is lost, none published twice`, async () => {
    for (let nth = 1; nth <= 14; nth++) expect([nth, await run([{ nth, when }], nth)]).toEqual([nth, []])
  })

test('killed again and again', async () => {
  let seed = 20_261_124
  const random = () => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0
    return seed / 2 ** 32
  }
  for (let round = 0; round < 10; round++) {
    const crashes = Array.from({ length: 3 }, () => ({
      nth: 1 + Math.floor(random() * 6),
      when: random() < 0.5 ? ('before' as const) : ('after' as const),
    }))
    expect([round, await run(crashes, round)]).toEqual([round, []])
  }
})
