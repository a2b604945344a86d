import { expect, test, vi } from 'vitest'
import { createManualClock } from '../../../../core/index.ts'
import { createFakeSystem } from '../../../support/fake-connector.ts'
import { createSyncDriver } from '../../../support/sync-driver.ts'

// hundreds of snapshots: seconds on an idle machine, more on a busy one
vi.setConfig({ testTimeout: 60_000 })

const PAGES = 40
const PAGE = 10

/** One snapshot with changes going on, killed at the given transactions. */
async function runWithCrashes(crashes: readonly { readonly nth: number; readonly when: 'before' | 'after' }[]) {
  const clock = createManualClock()
  const system = createFakeSystem({ now: () => clock.now() })
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

/** What went wrong, in words; empty = every record and change exactly once, and no more than `kills` pages asked again. */
function problemsOf({ system, driver, changes }: Awaited<ReturnType<typeof runWithCrashes>>, kills: number): string[] {
  const problems: string[] = []
  const twice = (name: string, keys: readonly string[]) => {
    if (new Set(keys).size < keys.length) problems.push(`${name}: ${keys.length - new Set(keys).size} published twice`)
  }
  const backfill = driver.changes('vendor', 'backfill')
  const snapshot = backfill.map(({ source_id }) => source_id)
  twice('snapshot', snapshot)
  const lost = [...system.records('vendor').keys()].filter((key) => !key.startsWith('live') && !snapshot.includes(key))
  if (lost.length > 0) problems.push(`snapshot: ${lost.length} lost`)
  const live = driver.changes('vendor').map(({ source_id }) => source_id)
  twice('changes', live)
  if (new Set(live).size !== changes) problems.push(`changes: ${changes - new Set(live).size} lost`)
  const cursors = system.requests.filter(({ what }) => what === 'snapshot').map(({ cursor }) => cursor)
  const again = cursors.length - new Set(cursors).size
  if (again > kills) problems.push(`${again} pages asked for again after ${kills} kills`)
  if (new Set(backfill.map(({ run_id }) => run_id)).size !== 1) problems.push('the snapshot was begun anew')
  return problems
}

test('without a crash every record comes once', async () => {
  expect(problemsOf(await runWithCrashes([]), 0)).toEqual([])
})

for (const when of ['before', 'after'] as const)
  test(`killed ${when} each single transaction: nothing lost, nothing twice, at most one page asked for again`, async () => {
    for (let nth = 1; nth <= PAGES + 8; nth++) expect(problemsOf(await runWithCrashes([{ nth, when }]), 1)).toEqual([])
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
    expect(problemsOf(await runWithCrashes(crashes), crashes.length)).toEqual([])
  }
})

test('the check bites: a page that is committed twice, and one that is lost, are seen', async () => {
  const outcome = await runWithCrashes([])
  const { driver } = outcome
  const some = driver.changes('vendor', 'backfill')
  const withBackfill = (backfill: typeof some) => ({
    ...outcome,
    driver: {
      ...driver,
      changes: (entity: 'vendor', lane?: 'changes' | 'backfill') =>
        lane === 'backfill' ? backfill : driver.changes(entity),
    },
  })
  expect(problemsOf(withBackfill([...some, ...some.slice(0, 10)]) as typeof outcome, 0)).toEqual([
    'snapshot: 10 published twice',
  ])
  expect(problemsOf(withBackfill(some.slice(10)) as typeof outcome, 0)).toEqual(['snapshot: 10 lost'])
})
