import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { NothingToDo } from '../../../connectors/netsuite/sandbox/activity/index.ts'
import { createRandom, type Random } from '../../../scripts/tryton/random.ts'
import { duplicates, openPipeline, type Pipeline } from '../../support/pipeline.ts'
import { openTables, type PipelineTables } from '../../support/pipeline-tables.ts'
import { testedNetSuite } from '../../support/systems/netsuite.ts'
import { testedSap } from '../../support/systems/sap.ts'

const KILLS = 12

let sap: Awaited<ReturnType<typeof testedSap>>
let netsuite: Awaited<ReturnType<typeof testedNetSuite>>
let pipeline: Pipeline
let tables: PipelineTables | undefined

beforeAll(async () => {
  sap = await testedSap({ size: 200, seed: 7 })
  // changes are seen some time after their own stamp, as those of long transactions are
  netsuite = await testedNetSuite({ size: 200, seed: 7, switches: { lateCommitMs: 700 } })
  pipeline = await openPipeline(sap, netsuite)
  await pipeline.connect()
})
afterAll(async () => {
  await tables?.close()
  await pipeline?.close()
})

/** What S/4HANA changes without moving a stamp is found by the weekly refresh, here by a resync (README of the connector). */
const UNSEEN = ['editPlantData', 'changeAddressUnseen'] as const

/** Archiving: an order vanishes, and no stamp tells. */
function archiveInSap(random: Random): string {
  const { store, activity } = sap.sandbox
  const [service, set] = random.pick([
    ['API_PURCHASEORDER_PROCESS_SRV', 'A_PurchaseOrder'],
    ['API_MAINTENANCEORDER', 'MaintenanceOrder'],
  ] as const)
  const row = random.pick(store.select(store.set(service, set)))
  activity.archive(set, String(row[set === 'A_PurchaseOrder' ? 'PurchaseOrder' : set]))
  return `archive ${set}`
}

/** Half of the deletions are remembered by the account, of the others nothing tells. Vendors go by being merged. */
function deleteInNetSuite(random: Random): string {
  const { activity, switches } = netsuite.sandbox
  switches.recordDeletions = random.chance(0.5)
  const table = random.pick(['transaction', 'transaction', 'customrecord_asset', 'employee', 'item'] as const)
  try {
    activity.deleteRecord(table)
    return `delete ${table}`
  } catch (error) {
    if (error instanceof NothingToDo) return 'nothing to delete'
    throw error
  } finally {
    switches.recordDeletions = true
  }
}

async function everythingIsAsInItsSystem(): Promise<{ compared: number; rows: number; lines: number }> {
  // what was archived or deleted while sync was down is found by a sweep
  for (const entity of pipeline.entities) await pipeline.ask('run', entity)
  // receipts of SAP set flags of order items without moving the order's stamp; all the rest must be right without a resync
  const entities = pipeline.entities.filter((entity) => entity !== 'purchase_order')
  await pipeline.untilEqual({ withinMs: 180_000, entities })
  await pipeline.ask('resync', 'purchase_order')
  const { compared } = await pipeline.untilEqual({ withinMs: 180_000 })
  tables ??= await openTables(pipeline)
  const { rows, lines } = await tables.untilEqual(180_000)
  for (const entity of pipeline.entities) expect(duplicates(await pipeline.history(entity))).toEqual([])
  return { compared, rows, lines }
}

test(`${KILLS} times kill -9 during snapshots, increments and sweeps of SAP and NetSuite, while people work in both and records vanish: each change once, every record and row as in its system`, async () => {
  const random = createRandom(31)
  const ended = new AbortController()
  const done = { sap: 0, netsuite: 0, gone: new Map<string, number>() }
  const working = (async () => {
    for (let turn = 1; !ended.signal.aborted; turn++) {
      done.sap += sap.sandbox.activity.step(1, UNSEEN).length
      done.netsuite += netsuite.sandbox.activity.step(1, ['deleteRecord']).length
      if (turn % 20 === 0)
        for (const what of [archiveInSap(random), deleteInNetSuite(random)])
          done.gone.set(what, (done.gone.get(what) ?? 0) + 1)
      await delay(100)
    }
  })()
  const running = { normalizer: await pipeline.start('normalizer'), sync: await pipeline.start('sync') }
  for (let kill = 0; kill < KILLS; kill++) {
    const name = random.chance(0.5) ? 'sync' : 'normalizer'
    await delay(Math.floor(random.next() * 2500))
    // a run sweeps as well
    if (kill % 3 === 0) await pipeline.ask('run', random.pick(pipeline.entities))
    running[name].signal('SIGKILL')
    expect(await running[name].exited).toBe('SIGKILL')
    running[name] = await pipeline.start(name)
  }
  ended.abort()
  await working
  expect(Math.min(done.sap, done.netsuite)).toBeGreaterThan(60)
  expect(done.gone.size).toBeGreaterThan(3)
  const { compared, rows, lines } = await everythingIsAsInItsSystem()
  expect(compared).toBeGreaterThan(1200)
  expect(rows).toBe(compared)
  expect(lines).toBeGreaterThan(800)
})
