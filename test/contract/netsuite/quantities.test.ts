import { expect, test } from 'vitest'
import { createAccount } from '../../../connectors/netsuite/sandbox/account.ts'
import { executeSuiteQl } from '../../../connectors/netsuite/sandbox/suiteql/index.ts'
import type { NetSuiteSession } from '../../../connectors/netsuite/session.ts'
import type { JsonObject } from '../../../core/index.ts'
import { never } from '../kit/harness.ts'
import { startCycle } from './cycle.ts'
import { worldsOf } from './harness.ts'

const BOX_OF_10 = 2
const GRAM = 4

test.for(['base-unit', 'named-unit'] as const)(
  'in an account with quantities in the %s, an order says what people see on its form',
  async (quantitiesIn) => {
    const cycle = await startCycle({ sandbox: { account: { quantitiesIn } }, mapping: { quantities_in: quantitiesIn } })
    try {
      const { store, account } = cycle.sandbox
      const { tables } = worldsOf(cycle.sandbox, () => Date.UTC(2026, 2, 2, 9, 30))
      const item = Number(tables.first('item', { itemtype: 'InvtPart' })['id'])
      const line = { item, itemtype: 'InvtPart', quantitybilled: '0', isclosed: false }
      const [id = 0] = tables.post('PurchOrd', 1, { status: 'B', currency: 1 }, () => [
        { ...line, units: BOX_OF_10, quantity: '12', quantityshiprecv: '5', rateamount: '9.5', foreignamount: '114' },
        { ...line, units: GRAM, quantity: '250', quantityshiprecv: '0', rateamount: '0.01', foreignamount: '2.5' },
      ])

      const { client } = cycle.session as NetSuiteSession
      const form = await client.record('purchaseOrder', String(id), never())
      const shown = form as unknown as { readonly item: { readonly items: readonly JsonObject[] } }
      expect(shown.item.items.map(({ quantity, rate }) => [quantity, rate])).toEqual([
        [12, 9.5],
        [250, 0.01],
      ])

      const q = `SELECT l.quantity FROM transactionline l WHERE l.transaction = ${id} AND l.mainline = 'F' ORDER BY l.id`
      const rows = executeSuiteQl(store, account, { q }).items.map((row) => row['quantity'])
      expect(rows).toEqual(quantitiesIn === 'base-unit' ? ['120', '0.25'] : ['12', '250'])

      const order = (await cycle.records('purchase_order')).find(
        ({ order_number }) => order_number === form?.['tranId'],
      )
      expect(order).toMatchObject({
        lines: [
          { quantity_ordered: '12', quantity_received: '5', unit_price: '9.5', source_unit: 'Box of 10' },
          { quantity_ordered: '250', quantity_received: '0', unit_price: '0.01', source_unit: 'Gram' },
        ],
      })
    } finally {
      await cycle.close()
    }
  },
)

test('orders of a whole account say the same, whichever unit its quantities come in', async () => {
  const found = []
  for (const quantitiesIn of ['base-unit', 'named-unit'] as const) {
    const cycle = await startCycle({
      sandbox: { size: 100, account: createAccount({ quantitiesIn }) },
      mapping: { quantities_in: quantitiesIn },
    })
    try {
      found.push(await cycle.records('purchase_order'), await cycle.records('inventory_movement'))
    } finally {
      await cycle.close()
    }
  }
  const plain = (records: unknown) => JSON.stringify(records).replaceAll(/127\.0\.0\.1:\d+/g, 'ns')
  const [orders, movements, otherOrders, otherMovements] = found.map(plain)
  expect(orders).toContain('Box of 10')
  expect(otherOrders).toBe(orders)
  expect(otherMovements).toBe(movements)
})
