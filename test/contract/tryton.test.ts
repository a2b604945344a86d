import { afterAll, beforeAll } from 'vitest'
import { describeConnector } from './kit/describe-connector.ts'
import { type TrytonHarness, trytonHarness } from './tryton/harness.ts'

let harness: TrytonHarness

beforeAll(async () => {
  harness = await trytonHarness()
})
afterAll(() => harness?.drop())

describeConnector('tryton', () => harness, [
  'vendor',
  'item',
  'location',
  'stock_level',
  'purchase_order',
  'inventory_movement',
  'user',
])
