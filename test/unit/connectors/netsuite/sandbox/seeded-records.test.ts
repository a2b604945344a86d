import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { add, multiply } from '../../../../../connectors/netsuite/sandbox/records/decimals.ts'
import type { StoredRow } from '../../../../../connectors/netsuite/sandbox/store.ts'
import { emptyAccount, type TestAccount, type WireAnswer } from './wire.ts'

let account: TestAccount
beforeAll(async () => {
  account = await emptyAccount({ size: 60, seed: 3 })
})
afterAll(() => account.close())

const get = async (path: string) => (await account.ask(`/record/v1/${path}`)).body
const ids = async (type: string): Promise<string[]> =>
  (await get(`${type}?limit=1000`)).items.map((item: any) => item.id)

/** Item and location → on hand and on order. */
function stock(): Map<string, readonly [unknown, unknown]> {
  const rows = account.store.rows('aggregateitemlocation')
  return new Map(
    rows.map((row) => [
      `${row['item']} ${row['location']}`,
      [row['quantityonhand'] ?? '0', row['quantityonorder'] ?? '0'] as const,
    ]),
  )
}

/** True when it was done; throws for whatever a client could not have caused. */
function isDone(answer: WireAnswer): boolean {
  if (answer.status < 400) return true
  if (answer.status >= 500 || answer.error === undefined) throw new Error(`${answer.status}: ${answer.text}`)
  return false
}

describe('the records of a seeded account', { timeout: 30_000 }, () => {
  it('can all be read, expanded, with what they refer to', async () => {
    const types: string[] = (await get('metadata-catalog')).items.map((item: any) => item.name)
    expect(types.length).toBeGreaterThan(20)
    for (const type of types) {
      for (const id of (await ids(type)).slice(0, 15)) {
        const answer = await account.ask(`/record/v1/${type}/${id}?expandSubResources=true`)
        expect([type, id, answer.status]).toEqual([type, id, 200])
        expect(answer.body.id).toBe(id)
      }
    }
  })

  it('take back what they read: a change to the same changes nothing but the time', async () => {
    const types = ['vendor', 'inventoryItem', 'location', 'employee', 'purchaseOrder', 'itemReceipt', 'workOrder']
    types.push('inventoryAdjustment', 'inventoryTransfer', 'supportCase', 'customrecord_asset')
    for (const type of types) {
      let accepted = 0
      for (const id of (await ids(type)).slice(0, 10)) {
        const before = await get(`${type}/${id}?expandSubResources=true`)
        const stockBefore = stock()
        const answer = await account.patch(`/record/v1/${type}/${id}?replace=item,inventory`, before, {
          'x-netsuite-propertynamevalidation': 'error',
        })
        // Records that refer to something inactive cannot be sent back whole.
        if (!isDone(answer)) continue
        accepted++
        const after = await get(`${type}/${id}?expandSubResources=true`)
        const stamps = { lastModifiedDate: 0, lastModified: 0 }
        expect({ ...after, ...stamps }).toEqual({ ...before, ...stamps })
        expect(stock()).toEqual(stockBefore)
      }
      expect([type, accepted > 4]).toEqual([type, true])
    }
  })

  it('move stock by exactly what is received, and back', async () => {
    let received = 0
    for (const id of (await ids('purchaseOrder')).slice(0, 25)) {
      const before = stock()
      const order = await get(`purchaseOrder/${id}?expandSubResources=true`)
      const answer = await account.post(`/record/v1/purchaseOrder/${id}/!transform/itemReceipt`, {})
      if (!isDone(answer)) continue
      received++
      const location = answer.headers.get('location') ?? ''
      const receipt = (await account.ask(`${location}?expandSubResources=true`)).body
      const expected = new Map([...before].map(([place, [onHand]]) => [place, onHand]))
      for (const line of receipt.item.items) {
        const item = account.store.get('item', Number(line.item.id)) as StoredRow
        if (!['InvtPart', 'Assembly'].includes(String(item['itemtype'])) || line.location === undefined) continue
        const place = `${line.item.id} ${line.location.id}`
        const unit = account.store.get('unitstypeuom', Number(line.units?.id ?? 0))
        const quantity = multiply(String(line.quantity), unit?.['conversionrate'] ?? '1')
        expected.set(place, add(String(expected.get(place) ?? '0'), quantity))
      }
      expect(new Map([...stock()].map(([place, [onHand]]) => [place, onHand]))).toEqual(expected)
      const full = await get(`purchaseOrder/${id}`)
      expect(['F', 'G']).toContain(full.status.id)
      expect((await account.ask(location, { method: 'DELETE' })).status).toBe(204)
      expect((await get(`purchaseOrder/${id}`)).status).toEqual(order.status)
      for (const [place, quantities] of before) expect([place, stock().get(place)]).toEqual([place, quantities])
    }
    expect(received).toBeGreaterThan(5)
  })

  it('hold while people work on them', async () => {
    account.pass(1000)
    account.sandbox.activity.step(150)
    for (const id of await ids('purchaseOrder')) {
      const answer = await account.ask(`/record/v1/purchaseOrder/${id}?expandSubResources=true`)
      expect(answer.status).toBe(200)
      const lines = [...answer.body.item.items, ...answer.body.expense.items]
      const sum = lines.reduce((total: string, line: any) => add(total, String(line.amount)), '0')
      expect([id, String(answer.body.subtotal)]).toEqual([id, sum])
    }
    const created = await account.create('vendor', { companyName: 'After the others', subsidiary: { id: '1' } })
    expect(created).toBeGreaterThan(0)
  })
})
