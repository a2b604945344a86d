import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createSwitches } from '../../../../../connectors/netsuite/sandbox/faults.ts'
import { emptyAccount, idIn, type Plant, type TestAccount, withPlant } from './wire.ts'

let account: TestAccount
let plant: Plant
beforeAll(async () => {
  account = await emptyAccount()
  plant = await withPlant(account)
})
afterEach(() => {
  Object.assign(account.sandbox.switches, createSwitches())
})
afterAll(() => account.close())

const read = async (id: number) => (await account.ask(`/record/v1/purchaseOrder/${id}?expandSubResources=true`)).body
const lines = async (id: number) => (await read(id)).item.items
const summary = async (id: number) => (await lines(id)).map((line: any) => [line.line, line.quantity])

/** An order of 12 seals and 2 pumps. */
function order(changes: Record<string, unknown> = {}): Promise<number> {
  return account.create('purchaseOrder', {
    entity: { id: String(plant.vendor) },
    location: { id: String(plant.store) },
    item: {
      items: [
        { item: { id: String(plant.seal) }, quantity: 12, rate: 9.5 },
        { item: { id: String(plant.pump) }, quantity: 2 },
      ],
    },
    ...changes,
  })
}

function stockOf(item: number, location = plant.store) {
  return account.store.get('aggregateitemlocation', [item, location])
}

const receive = (id: number, items: unknown[], further: object = {}) =>
  account.post(`/record/v1/purchaseOrder/${id}/!transform/itemReceipt`, { ...further, item: { items } })

describe('a purchase order', () => {
  it('takes prices from the items, adds up, and stands in queries with its main line', async () => {
    const id = await order()
    const body = await read(id)
    expect(body).toMatchObject({ subtotal: 794.5, total: 794.5, currency: { id: '1' }, exchangeRate: 1 })
    expect(body.tranId).toMatch(/^PO\d+$/)
    const { items } = (
      await account.query(
        `SELECT t.tranid, t.status, t.foreigntotal, m.subsidiary, m.location FROM transaction t
         JOIN transactionline m ON m.transaction = t.id AND m.mainline = 'T' WHERE t.id = ?`,
        [String(id)],
      )
    ).body
    expect(items).toEqual([
      {
        links: [],
        tranid: body.tranId,
        status: 'B',
        foreigntotal: '794.5',
        subsidiary: '1',
        location: String(plant.store),
      },
    ])
  })

  it('keeps prices in its currency, and rates of lines in the base currency for queries', async () => {
    const id = await order({
      currency: { id: '2' },
      exchangeRate: 0.92,
      item: { items: [{ item: { id: String(plant.seal) }, quantity: 3, rate: 10 }] },
    })
    expect((await lines(id))[0]).toMatchObject({ rate: 10, amount: 30 })
    const { items } = (
      await account.query("SELECT rate, foreignamount FROM transactionline WHERE mainline = 'F' AND transaction = ?", [
        String(id),
      ])
    ).body
    expect(items).toEqual([{ links: [], rate: '9.2', foreignamount: '30' }])
  })

  it('matches the lines of a change by `line`, and keeps their unique keys', async () => {
    const id = await order()
    const before = await lines(id)
    account.pass(1000)
    const answer = await account.patch(`/record/v1/purchaseOrder/${id}`, {
      memo: null,
      item: { items: [{ line: 1, quantity: 10 }] },
    })
    expect(answer.status).toBe(204)
    const after = await read(id)
    expect(after.item.items.map((line: any) => [line.line, line.quantity, line.amount])).toEqual([
      [1, 10, 95],
      [2, 2, 680.5],
    ])
    expect(after.item.items[0].uniqueKey).toBe(before[0].uniqueKey)
    expect(after.total).toBe(775.5)
    expect(Date.parse(after.lastModifiedDate)).toBe(Date.parse(after.createdDate) + 1000)
  })

  it('silently adds a line that names none', async () => {
    const id = await order()
    const line = { item: { id: String(plant.seal) }, quantity: 5 }
    await account.patch(`/record/v1/purchaseOrder/${id}`, { item: { items: [line] } })
    expect(await summary(id)).toEqual([
      [1, 12],
      [2, 2],
      [3, 5],
    ])
    await account.patch(`/record/v1/purchaseOrder/${id}`, { item: { items: [{ ...line, line: 77 }] } })
    expect(await summary(id)).toHaveLength(4)
    account.sandbox.switches.unmatchedLinesAreAdded = false
    const refused = await account.patch(`/record/v1/purchaseOrder/${id}`, { item: { items: [{ ...line, line: 77 }] } })
    expect(refused.error['o:errorPath']).toBe('item.items[0].line')
  })

  it('with replace has the given lines and no others; numbers of lines are not given again', async () => {
    const id = await order()
    const path = `/record/v1/purchaseOrder/${id}?replace=item`
    await account.patch(path, { item: { items: [{ line: 2, quantity: 7 }] } })
    expect(await summary(id)).toEqual([[2, 7]])
    await account.patch(path, { item: { items: [{ item: { id: String(plant.seal) }, quantity: 1 }] } })
    expect(await summary(id)).toEqual([[3, 1]])
    await account.patch(path, { item: { items: [] } })
    expect(await summary(id)).toEqual([])
  })

  it('PUT again by external id appends its lines again, with replace it does not', async () => {
    const body = {
      entity: { id: String(plant.vendor) },
      item: { items: [{ item: { id: String(plant.seal) }, quantity: 1 }] },
    }
    const path = '/record/v1/purchaseOrder/eid:TRB-TWICE'
    const id = idIn(await account.put(path, body))
    await account.put(path, body)
    expect(await summary(id)).toHaveLength(2)
    await account.put(`${path}?replace=item`, body)
    expect(await summary(id)).toHaveLength(1)
  })

  it('is on order where it is to be delivered, until it is closed', async () => {
    const before = Number(stockOf(plant.pump)?.['quantityonorder'] ?? 0)
    const id = await order()
    expect(Number(stockOf(plant.pump)?.['quantityonorder'])).toBe(before + 2)
    await account.patch(`/record/v1/purchaseOrder/${id}`, {
      item: { items: [1, 2].map((line) => ({ line, isClosed: true })) },
    })
    expect((await read(id)).status).toEqual({ id: 'H', refName: 'Closed' })
    expect(Number(stockOf(plant.pump)?.['quantityonorder'])).toBe(before)
  })

  it('waits for approval when it is told so, and cannot be received meanwhile', async () => {
    const id = await order({ approvalStatus: { id: '1' } })
    expect((await read(id)).status.id).toBe('A')
    expect((await receive(id, [])).status).toBe(400)
    await account.patch(`/record/v1/purchaseOrder/${id}`, { approvalStatus: { id: '2' } })
    expect((await read(id)).status.id).toBe('B')
  })

  it('in a closed period is refused', async () => {
    account.sandbox.switches.closedPeriods.add('2026-01')
    const answer = await account.post('/record/v1/purchaseOrder', {
      entity: { id: String(plant.vendor) },
      tranDate: '2026-01-31',
    })
    expect(answer.error).toMatchObject({
      'o:errorCode': 'USER_ERROR',
      detail: expect.stringContaining('accounting period'),
    })
  })
})

describe('a receipt', () => {
  it('of some moves stock, the received quantity, and the status of the order', async () => {
    const id = await order()
    const before = Number(stockOf(plant.seal)?.['quantityonhand'] ?? 0)
    account.pass(1000)
    const answer = await receive(
      id,
      [
        { orderLine: 1, itemReceive: true, quantity: 3, location: { id: String(plant.store) } },
        { orderLine: 2, itemReceive: false },
      ],
      { tranDate: '2026-01-15', externalId: `RC-${id}` },
    )
    expect(answer.status).toBe(204)
    const receipt = (await account.ask(`/record/v1/itemReceipt/${idIn(answer)}?expandSubResources=true`)).body
    expect(receipt).toMatchObject({ createdFrom: { id: String(id) }, externalId: `RC-${id}`, tranDate: '2026-01-15' })
    expect(receipt.item.items).toMatchObject([{ orderLine: 1, quantity: 3, item: { id: String(plant.seal) } }])
    const after = await read(id)
    expect(after.status).toEqual({ id: 'E', refName: 'Pending Billing/Partially Received' })
    expect(after.item.items[0].quantityReceived).toBe(3)
    expect(Date.parse(after.lastModifiedDate)).toBe(Date.parse(after.createdDate) + 1000)
    expect(Number(stockOf(plant.seal)?.['quantityonhand'])).toBe(before + 3)
  })

  it('without lines takes all that is open', async () => {
    const id = await order()
    await receive(id, [{ orderLine: 1, quantity: 2 }])
    // The pumps came too: a line that is left out follows the default.
    expect((await lines(id)).map((line: any) => line.quantityReceived)).toEqual([2, 2])
    await account.ask(`/record/v1/purchaseOrder/${id}/!transform/itemReceipt`, { method: 'POST', raw: '{}' })
    expect(await read(id)).toMatchObject({ status: { id: 'F', refName: 'Pending Bill' } })
    expect((await receive(id, [])).status).toBe(400)
  })

  it('that is changed or deleted takes stock and status along', async () => {
    const id = await order()
    const before = Number(stockOf(plant.seal)?.['quantityonhand'] ?? 0)
    const receipt = idIn(await receive(id, [{ orderLine: 2, itemReceive: false }]))
    expect(Number(stockOf(plant.seal)?.['quantityonhand'])).toBe(before + 12)
    await account.patch(`/record/v1/itemReceipt/${receipt}`, { item: { items: [{ line: 1, quantity: 4 }] } })
    expect(Number(stockOf(plant.seal)?.['quantityonhand'])).toBe(before + 4)
    expect((await lines(id))[0].quantityReceived).toBe(4)
    expect((await account.ask(`/record/v1/purchaseOrder/${id}`, { method: 'DELETE' })).status).toBe(400)
    await account.ask(`/record/v1/itemReceipt/${receipt}`, { method: 'DELETE' })
    expect(Number(stockOf(plant.seal)?.['quantityonhand'])).toBe(before)
    expect((await read(id)).status.id).toBe('B')
    expect((await account.ask(`/record/v1/purchaseOrder/${id}`, { method: 'DELETE' })).status).toBe(204)
  })

  it('may leave the modification date of the order alone', async () => {
    account.sandbox.switches.receiptsTouchOrders = false
    const id = await order()
    account.pass(1000)
    await receive(id, [{ orderLine: 1, quantity: 1 }])
    const after = await read(id)
    expect(after.lastModifiedDate).toBe(after.createdDate)
  })

  it('names lines of the order by the key of the account, and no others', async () => {
    const id = await order()
    expect((await receive(id, [{ orderLine: 9 }])).error['o:errorPath']).toBe('item.items[0].orderLine')
    account.sandbox.switches.transformKey = 'line'
    expect((await receive(id, [{ orderLine: 1 }])).status).toBe(400)
    expect((await receive(id, [{ line: 1, quantity: 1 }])).status).toBe(204)
  })

  it('comes from an order only', async () => {
    expect((await account.post('/record/v1/itemReceipt', { memo: 'x' })).error['o:errorCode']).toBe('INVALID_REQUEST')
    const other = await account.post(`/record/v1/vendor/${plant.vendor}/!transform/itemReceipt`, {})
    expect(other.error.detail).toContain('cannot be transformed')
  })
})
