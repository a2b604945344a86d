import { afterAll, beforeAll, expect, test } from 'vitest'
import { createActivity } from '../../../scripts/tryton/activity.ts'
import { seedTryton, SMALL } from '../../../scripts/tryton/seed.ts'
import { connectTryton } from '../../../scripts/tryton/rpc.ts'
import { duplicates, openPipeline, type Pipeline, TRUTH_ENTITIES } from '../../support/pipeline.ts'
import { openTables, type PipelineTables } from '../../support/pipeline-tables.ts'
import { eventually } from '../../support/sync-service.ts'

let pipeline: Pipeline
let tables: PipelineTables | undefined

beforeAll(async () => {
  pipeline = await openPipeline()
  await seedTryton(pipeline.tryton, SMALL)
  await pipeline.connect()
  await Promise.all([pipeline.start('normalizer'), pipeline.start('sync')])
})
afterAll(async () => {
  await tables?.close()
  await pipeline?.close()
})

test('the first snapshot brings every record of the ERP', async () => {
  const { compared } = await pipeline.untilEqual()
  expect(compared).toBeGreaterThan(150)
})

test('after a random series of changes every record, deletions included, equals the ERP without a restart', async () => {
  const activity = await createActivity(pipeline.tryton, { seed: 4 })
  for (let n = 0; n < 60; n++) await activity.step()
  expect(activity.log.filter(({ change }) => change?.deleted).length).toBeGreaterThan(0)
  expect(activity.log.filter(({ change }) => change !== null).length).toBeGreaterThan(20)
  for (const entity of TRUTH_ENTITIES) await pipeline.ask('run', entity)
  await pipeline.untilEqual()
})

test('the tables in PostgreSQL equal the ERP, row by row, headers and lines', async () => {
  tables = await openTables(pipeline)
  const { rows, lines } = await tables.untilEqual()
  expect(rows).toBeGreaterThan(150)
  expect(lines).toBeGreaterThan(60)
})

test('no change was published twice', async () => {
  for (const entity of TRUTH_ENTITIES) expect(duplicates(await pipeline.history(entity))).toEqual([])
})

test('a sweep that would delete too much of the ERP is held, deletes nothing, and is carried out when approved', async () => {
  await pipeline.connect({ sweepGuard: { share: 0.2, records: 1 } })
  const erp = await connectTryton(pipeline.tryton)
  const employees = (await erp.search('company.employee', [])).slice(-2)
  await erp.call('company.employee', 'delete', employees)
  await pipeline.ask('run', 'user')
  const held = await eventually(async () => (await pipeline.states()).get('user')?.held)
  expect(held).toMatchObject({ missing: 2 })
  const gone = async () =>
    [...(await pipeline.history('user')).values()].filter((rows) => rows.at(-1)?.['deleted_at'] !== null).length
  expect(await gone()).toBe(0)
  await pipeline.ask('approve-deletes', 'user')
  await eventually(async () => (await gone()) === 2)
  await pipeline.untilEqual()
})
