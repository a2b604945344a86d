import { expect, test } from 'vitest'
import { createManualClock } from '../../../../core/index.ts'
import { createFakeSystem } from '../../../support/fake-connector.ts'
import { createSyncDriver } from '../../../support/sync-driver.ts'

const PAGES = 40
const PAGE = 10

/** One snapshot with changes going on, killed at the given transactions. */
async function runWithCrashes(crashes: readonly { readonly nth: number; readonly when: 'before' | 'after' }[]) {
  const clock = createManualClock()
  const system = createFakeSystem({ now: clock.now })
  const driver = createSyncDriver({ systems: [system], clock, tuning: { pageSize: PAGE } })
  system.seed('vendor', PAGES * PAGE, clock.now() - 3_600_000)
  await driver.connect({ id: 'acme' })
  let changes = 0
  system.faults.page = async ({ what }) => {
    await clock.sleep(100)
    if (what === 'snapshot') system.put('vendor', `live${changes}`, { name: `change ${changes++}` })
  }
  for (const { nth, when } of crashes) {
    driver.crashAt(nth, when)
    await driver.start()
    await driver.until(() => driver.crashed() || driver.state('acme', 'vendor')?.snapshotDone != null, { stepMs: 50 })
    if (!driver.crashed()) await driver.stop()
  }
  driver.crashAt(Number.POSITIVE_INFINITY, 'before')
  await driver.start()
  await driver.until(() => driver.state('acme', 'vendor')?.snapshotDone != null, { stepMs: 50 })
  await driver.pass(60_000)
  await driver.stop()
  return { system, driver, changes }
}

function check({ system, driver, changes }: Awaited<ReturnType<typeof runWithCrashes>>, kills: number): void {
  const snapshot = driver.changes('vendor', 'backfill').map(({ source_id }) => source_id)
  const seeded = [...system.records('vendor').keys()].filter((key) => !key.startsWith('live'))
  const seededSent = snapshot.filter((key) => !key.startsWith('live')).sort()
  expect(seededSent).toEqual(seeded)
  expect(snapshot.length).toBe(new Set(snapshot).size)
  const live = driver.changes('vendor').map(({ source_id }) => source_id)
  expect(new Set(live).size).toBe(changes)
  expect(live.length).toBe(changes)
  const cursors = system.requests.filter(({ what }) => what === 'snapshot').map(({ cursor }) => cursor)
  expect(cursors.length - new Set(cursors).size).toBeLessThanOrEqual(kills)
  const runIds = new Set(driver.changes('vendor', 'backfill').map(({ run_id }) => run_id))
  expect(runIds.size).toBe(1)
}

test('without a crash every record comes once', async () => {
  check(await runWithCrashes([]), 0)
})

for (const when of ['before', 'after'] as const)
  test(`killed ${when} each single transaction: nothing lost, nothing twice, at most one page asked for again`, async () => {
    for (let nth = 1; nth <= PAGES + 8; nth++) check(await runWithCrashes([{ nth, when }]), 1)
  })

test('killed again and again at random transactions', async () => {
  let seed = 20_260_731
  const random = () => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0
    return seed / 2 ** 32
  }
  for (let round = 0; round < 25; round++) {
    const crashes = Array.from({ length: 6 }, () => ({
      nth: 1 + Math.floor(random() * 12),
      when: random() < 0.5 ? ('before' as const) : ('after' as const),
    }))
    check(await runWithCrashes(crashes), crashes.length)
  }
})
