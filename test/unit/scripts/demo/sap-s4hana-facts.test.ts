import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Sandbox, startSandbox } from '../../../../connectors/sap-s4hana/sandbox/index.ts'
import type { SystemFacts } from '../../../../scripts/demo/facts.ts'
import { sapFacts } from '../../../../scripts/demo/sap-s4hana-facts.ts'

const LOGIN = { user: 'TRIBUTARY', password: 'Welcome-1' }
let sandbox: Sandbox
const ask = (): Promise<SystemFacts> => sapFacts(`${sandbox.origin}/sap/opu/odata/sap`, LOGIN, 'demo-sap')
const stored = (service: string, set: string): number => sandbox.store.count(sandbox.store.set(service, set))

beforeAll(async () => {
  sandbox = await startSandbox({ size: 40 })
})
afterAll(() => sandbox.close())

test('every table that SAP fills is counted', async () => {
  const { counts } = await ask()
  expect(counts.get('vendor')).toBe(stored('API_BUSINESS_PARTNER', 'A_Supplier'))
  expect(counts.get('location')).toBe(
    stored('API_PLANT_SRV', 'A_Plant') + stored('API_STORAGELOCATION_SRV', 'StorageLocation'),
  )
  expect(counts.get('purchase_order_line')).toBe(stored('API_PURCHASEORDER_PROCESS_SRV', 'A_PurchaseOrderItem'))
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
  const [order] = [...(await ask()).samples].filter(({ table }) => table === 'purchase_order').slice(-1)
  const { key } = sandbox.activity.renameVendor()
  const { samples } = await ask()
  const [row] = sandbox.store.select(sandbox.store.set('API_BUSINESS_PARTNER', 'A_Supplier'), {
    where: { sql: '"Supplier" = ?', params: [key] },
  })
  expect(samples).toContainEqual({
    table: 'vendor',
    sourceId: key,
    columns: { vendor_number: key, name: row?.['SupplierName'] },
  })
  expect(order?.columns['vendor_id']).toMatch(/^demo-sap:vendor:\d+$/)
  expect(order?.columns['order_date']).toMatch(/^20\d\d-\d\d-\d\d$/)
})

test('a refused login is said, not taken for an empty system', async () => {
  const wrong = sapFacts(`${sandbox.origin}/sap/opu/odata/sap`, { ...LOGIN, password: 'x' }, 'demo-sap')
  await expect(wrong).rejects.toThrow('HTTP 401')
})
