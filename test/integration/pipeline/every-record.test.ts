import { afterAll, beforeAll, expect, test } from 'vitest'
import pg from 'pg'
import { createActivity } from '../../../scripts/tryton/activity.ts'
import { seedTryton, SMALL } from '../../../scripts/tryton/seed.ts'
import { keepSinksRunning, putSinks, type Sink, untilSinksRun } from '../../../scripts/sinks.ts'
import { connectTryton } from '../../../scripts/tryton/rpc.ts'
import { duplicates, openPipeline, type Pipeline } from '../../support/pipeline.ts'
import { eventually } from '../../support/sync-service.ts'
import { stack, testDatabase } from '../../support/stack.ts'
import { differences, type Facts, type TruthEntity } from '../../support/tryton-truth.ts'

let pipeline: Pipeline
let database: Awaited<ReturnType<typeof testDatabase>>
let sinks: readonly Sink[] = []

beforeAll(async () => {
  pipeline = await openPipeline()
  database = await testDatabase()
  await seedTryton(pipeline.tryton, SMALL)
  await pipeline.connect()
  await Promise.all([pipeline.start('normalizer'), pipeline.start('sync')])
})
afterAll(async () => {
  for (const sink of sinks) await sink.remove()
  await pipeline?.close()
  await database?.drop()
})

const TABLES: readonly TruthEntity[] = ['vendor', 'item', 'location', 'purchase_order', 'inventory_movement', 'user']

test('the first snapshot brings every record of the ERP', async () => {
  const { compared } = await pipeline.untilEqual()
  expect(compared).toBeGreaterThan(150)
})

test('after a random series of changes every record, deletions included, equals the ERP without a restart', async () => {
  const activity = await createActivity(pipeline.tryton, { seed: 4 })
  for (let n = 0; n < 60; n++) await activity.step()
  expect(activity.log.filter(({ change }) => change?.deleted).length).toBeGreaterThan(0)
  expect(activity.log.filter(({ change }) => change !== null).length).toBeGreaterThan(20)
  for (const entity of TABLES) await pipeline.ask('run', entity)
  await pipeline.untilEqual()
})

test('the tables in PostgreSQL equal the ERP, record by record', async () => {
  sinks = await putSinks(stack(), {
    group: pipeline.prefix.slice(0, -1),
    topicPrefix: pipeline.prefix,
    postgresUrl: database.url,
    postgresUrlFromConnect: database.urlFromConnect,
    names: [...TABLES, 'stock_level', 'purchase_order_line'],
  })
  await untilSinksRun(sinks)
  const watch = keepSinksRunning(sinks, () => {})
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  const deadline = Date.now() + 90_000
  try {
    for (;;) {
      const wrong = await rowsThatDiffer(client)
      if (wrong.length === 0) break
      if (Date.now() > deadline) throw new Error(wrong.slice(0, 20).join('\n'))
      await new Promise((resolve) => setTimeout(resolve, 500))
    }
    const { rows } = await client.query<{ n: string }>('select count(*) as n from purchase_order_line')
    expect(Number(rows[0]?.n)).toBeGreaterThan(30)
  } finally {
    await client.end()
    await watch.stop()
  }
})

test('no change was published twice', async () => {
  for (const entity of [...TABLES, 'stock_level'] as const)
    expect(duplicates(await pipeline.history(entity))).toEqual([])
})

async function rowsThatDiffer(client: pg.Client): Promise<string[]> {
  const truth = await pipeline.truth()
  const wrong: string[] = []
  for (const table of TABLES) {
    const { rows } = await client.query<{ row: Record<string, unknown> }>(
      `select to_jsonb(t) as row from "${table}" t where deleted_at is null`,
    )
    const byKey = new Map(rows.map(({ row }) => [String(row['source_id']), row]))
    for (const [key, { lines: _lines, ...facts }] of truth[table]) {
      const { order_date: _order, posting_date: _posting, ...plain } = facts
      for (const difference of differences(plain, byKey.get(key))) wrong.push(`${table} ${key} ${difference}`)
    }
    for (const key of byKey.keys()) if (!truth[table].has(key)) wrong.push(`${table} ${key} is not in the ERP`)
  }
  const { rows } = await client.query<{ row: Record<string, unknown> }>(
    'select to_jsonb(t) as row from purchase_order_line t where deleted_at is null',
  )
  const lines = new Map(rows.map(({ row }) => [row['id'], row]))
  const wanted = [...truth.purchase_order.values()].flatMap((order) => order['lines'] as Facts[])
  for (const line of wanted)
    for (const difference of differences(line, lines.get(line['line_id'])))
      wrong.push(`line ${String(line['line_id'])} ${difference}`)
  if (lines.size !== wanted.length) wrong.push(`${lines.size} rows of lines, expected ${wanted.length}`)
  return wrong
}

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
