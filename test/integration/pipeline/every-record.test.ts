import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { withDatabase } from '../../../scripts/stack/postgres.ts'
import { createActivity } from '../../../scripts/tryton/activity.ts'
import { seedTryton, SMALL } from '../../../scripts/tryton/seed.ts'
import { connectTryton } from '../../../scripts/tryton/rpc.ts'
import { duplicates, openPipeline, type Pipeline } from '../../support/pipeline.ts'
import { openTables, type PipelineTables } from '../../support/pipeline-tables.ts'
import { testedTryton } from '../../support/systems/tryton.ts'
import { stack } from '../../support/stack.ts'
import { eventually } from '../../support/sync-service.ts'

let system: Awaited<ReturnType<typeof testedTryton>>
let pipeline: Pipeline
let tables: PipelineTables | undefined

/** What an item is read from. As if it had been there for days, so that no overlap reads it again. */
const ITEM_OF = {
  product_product: 't.id = p.id',
  product_template: 't.id = p.template',
  purchase_product_supplier: 't.template = p.template',
  product_cost_price: 't.product = p.id',
} as const
const PARTS_OF_ITEMS = Object.keys(ITEM_OF) as (keyof typeof ITEM_OF)[]
const RECENT = "coalesce(t.write_date, t.create_date) > current_timestamp - interval '1 hour'"
const age = (table: string) =>
  `update ${table} set create_date = create_date - interval '3 days', write_date = write_date - interval '3 days'`

async function sql<Row extends pg.QueryResultRow>(text: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: withDatabase(stack().postgres, system.access.database) })
  await client.connect()
  try {
    return (await client.query<Row>(text)).rows
  } finally {
    await client.end()
  }
}

beforeAll(async () => {
  system = await testedTryton()
  pipeline = await openPipeline(system)
  await seedTryton(system.access, SMALL)
  await sql([...PARTS_OF_ITEMS.map(age), 'update purchase_product_supplier set sequence = 5'].join(';'))
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
  const activity = await createActivity(system.access, { seed: 4 })
  for (let n = 0; n < 60; n++) await activity.step()
  expect(activity.log.filter(({ change }) => change?.deleted).length).toBeGreaterThan(0)
  expect(activity.log.filter(({ change }) => change !== null).length).toBeGreaterThan(20)
  for (const entity of pipeline.entities) await pipeline.ask('run', entity)
  await pipeline.untilEqual()
})

test('an item whose vendor was deleted, of which no stamp tells, names it no more after the next refresh at the latest', async () => {
  const [item] = await sql<{ id: number; template: number }>(`
    select p.id, p.template from product_product p join purchase_product_supplier o on o.template = p.template
    where not exists (${PARTS_OF_ITEMS.map((table) => `select from ${table} t where ${ITEM_OF[table]} and ${RECENT}`).join(' union all ')})`)
  const { id: product, template } = item ?? {}
  const erp = await connectTryton(system.access)
  const [offer] = await erp.searchRead<{ company: number; currency: number }>(
    'purchase.product_supplier',
    [],
    ['company', 'currency'],
    1,
  )
  const [party = 0] = await erp.create('party.party', [{ name: 'Here for a moment' }])
  await erp.create('purchase.product_supplier', [
    { template, product, party, company: offer?.company, currency: offer?.currency, sequence: 1 },
  ])
  await pipeline.untilEqual({ entities: ['vendor', 'item'] })
  const named = async () => (await pipeline.history('item')).get(`erp:item:${product}`)?.at(-1)?.['preferred_vendor_id']
  expect(await named()).toBe(`erp:vendor:${party}`)
  await erp.call('party.party', 'delete', [party])
  await pipeline.ask('run', null)
  await pipeline.untilEqual({ entities: ['vendor'] })
  // a poll that was under way may have seen it; the refresh is the promise
  await pipeline.connect({ streams: { item: { pollEveryMs: 500, refreshEveryMs: 1000 } } })
  await pipeline.untilEqual({ entities: ['vendor', 'item'] })
  await pipeline.connect()
})

test('the tables in PostgreSQL equal the ERP, row by row, headers and lines', async () => {
  tables = await openTables(pipeline)
  const { rows, lines } = await tables.untilEqual()
  expect(rows).toBeGreaterThan(150)
  expect(lines).toBeGreaterThan(60)
})

test('no change was published twice', async () => {
  for (const entity of pipeline.entities) expect(duplicates(await pipeline.history(entity))).toEqual([])
})

test('a sweep that would delete too much of the ERP is held, deletes nothing, and is carried out when approved', async () => {
  await pipeline.connect({ sweepGuard: { share: 0.2, records: 1 } })
  const erp = await connectTryton(system.access)
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
