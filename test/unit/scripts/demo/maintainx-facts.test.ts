import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Sandbox, startSandbox } from '../../../../connectors/maintainx/sandbox/index.ts'
import { maintainxFacts } from '../../../../scripts/demo/maintainx-facts.ts'

let sandbox: Sandbox

beforeAll(async () => {
  sandbox = await startSandbox({ size: 250, switches: { rateLimit: 0, organizationRateLimit: 0 } })
})
afterAll(() => sandbox.close())

test('every table that MaintainX fills is counted, over all pages', async () => {
  const { counts } = await maintainxFacts(sandbox.url, sandbox.token, 'demo')
  expect(sandbox.truth('workorders').length).toBeGreaterThan(200)
  expect(counts.get('work_order')).toBe(sandbox.truth('workorders').length)
  expect(counts.get('item')).toBe(sandbox.truth('parts').length)
  const shelves = sandbox.truth('parts').flatMap((part) => part['locations'] as unknown[])
  expect(counts.get('stock_level')).toBe(shelves.length)
  expect([...counts.keys()].toSorted((a, b) => (a < b ? -1 : 1))).toEqual([
    'asset',
    'item',
    'location',
    'purchase_order',
    'stock_level',
    'user',
    'vendor',
    'work_order',
  ])
  expect([...counts.values()].every((n) => n > 0)).toBe(true)
})

test('samples are in the words of the tables', async () => {
  const { samples } = await maintainxFacts(sandbox.url, sandbox.token, 'demo')
  const [order] = sandbox.truth('workorders')
  expect(samples.find(({ table, sourceId }) => table === 'work_order' && sourceId === String(order?.id))).toMatchObject(
    {
      columns: { title: order?.['title'], source_status: order?.['status'] },
    },
  )
  const part = sandbox.truth('parts').find(({ unitCost }) => unitCost !== null)
  const item = samples.find(({ table, sourceId }) => table === 'item' && sourceId === String(part?.id))
  expect(item?.columns['unit_cost']).toBe(Number(part?.['unitCost']) / 100)
})

test('a key that is refused is an error', async () => {
  await expect(maintainxFacts(sandbox.url, 'other', 'demo')).rejects.toThrow('HTTP 401')
})
