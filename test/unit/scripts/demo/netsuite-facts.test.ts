import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Sandbox, startSandbox } from '../../../../connectors/netsuite/sandbox/index.ts'
import { netsuiteFacts } from '../../../../scripts/demo/netsuite-facts.ts'
import { openSuiteQl, type SuiteQl, type SuiteQlLogin } from '../../../../scripts/demo/suiteql.ts'

let sandbox: Sandbox
let suiteql: SuiteQl

const open = (login: Partial<SuiteQlLogin> = {}): SuiteQl =>
  openSuiteQl(`${sandbox.origin}/services/rest`, { ...sandbox.credentials, ...login })

beforeAll(async () => {
  sandbox = await startSandbox({ size: 40 })
  suiteql = open()
})
afterAll(() => sandbox.close())

test('every table that NetSuite fills is counted, orders without their main and tax lines', async () => {
  const { counts } = await netsuiteFacts(suiteql, 'demo-netsuite')
  const { store } = sandbox
  const orders = store.rows('transaction', { type: 'PurchOrd' })
  const lines = orders.flatMap(({ id }) =>
    store.rows('transactionline', { transaction: id, mainline: false, taxline: false }),
  )
  expect(counts.get('purchase_order')).toBe(orders.length)
  expect(counts.get('purchase_order_line')).toBe(lines.length)
  expect(counts.get('stock_level')).toBe(store.count('aggregateitemlocation'))
  expect(counts.get('work_order')).toBe(store.count('customrecord_maintenance'))
  expect([...counts.values()].every((n) => n > 0)).toBe(true)
  expect([...counts.keys()].sort()).toEqual(
    ['asset', 'inventory_movement', 'item', 'location', 'purchase_order', 'purchase_order_line', 'stock_level'].concat([
      'user',
      'vendor',
      'work_order',
    ]),
  )
})

test('what was changed last is in the sample, as it is now', async () => {
  const { id } = sandbox.activity.renameVendor()
  const vendor = sandbox.store.get('vendor', id)
  const { samples } = await netsuiteFacts(suiteql, 'demo-netsuite')
  expect(samples).toContainEqual({
    table: 'vendor',
    sourceId: String(id),
    columns: {
      vendor_number: vendor?.['entityid'],
      email: vendor?.['email'],
      is_active: vendor?.['isinactive'] === 'F',
    },
  })
  const order = samples.find(({ table }) => table === 'purchase_order')
  expect(order?.columns['vendor_id']).toMatch(/^demo-netsuite:vendor:\d+$/)
  expect(order?.columns['order_date']).toMatch(/^20\d\d-\d\d-\d\d$/)
})

test('a refused login is said, not taken for an empty account', async () => {
  await expect(netsuiteFacts(open({ certificateId: 'another' }), 'demo-netsuite')).rejects.toThrow('HTTP 400')
})

test('while the account has no place for one more request, the facts wait', async () => {
  sandbox.switches.heldRequests = sandbox.account.concurrencyLimit
  const asked = suiteql('SELECT COUNT(*) AS n FROM vendor')
  await expect.poll(() => sandbox.concurrency.refused).toBeGreaterThan(0)
  sandbox.switches.heldRequests = 0
  expect(Number((await asked)[0]?.['n'])).toBe(sandbox.store.count('vendor'))
})
