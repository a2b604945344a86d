import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { emptyAccount, type Plant, type TestAccount, withPlant } from './wire.ts'

let account: TestAccount
let plant: Plant
beforeAll(async () => {
  account = await emptyAccount()
  plant = await withPlant(account)
})
afterAll(() => account.close())

const reference = (id: number) => ({ id: String(id) })
const onHand = (item: number, location: number) =>
  Number(account.store.get('aggregateitemlocation', [item, location])?.['quantityonhand'] ?? 0)

function adjust(quantity: number, further: object = {}) {
  return {
    subsidiary: { id: '1' },
    account: { id: '3' },
    adjLocation: reference(plant.store),
    tranDate: '2026-01-15',
    memo: 'cycle count',
    inventory: {
      items: [
        {
          item: reference(plant.seal),
          location: reference(plant.store),
          adjustQtyBy: quantity,
          unitCost: 9.31,
          ...further,
        },
      ],
    },
  }
}

describe('an inventory adjustment', () => {
  it('moves stock by the signed quantity, and its value', async () => {
    const id = await account.create('inventoryAdjustment', { ...adjust(20), externalId: 'TRB-ADJ-1' })
    await account.create('inventoryAdjustment', adjust(-2))
    expect(onHand(plant.seal, plant.store)).toBe(18)
    const { body } = await account.ask(`/record/v1/inventoryAdjustment/${id}?expandSubResources=true`)
    expect(body).toMatchObject({ adjLocation: reference(plant.store), account: { id: '3' }, memo: 'cycle count' })
    expect(body.inventory.items).toMatchObject([{ line: 1, adjustQtyBy: 20, unitCost: 9.31 }])
    const { items } = (
      await account.query('SELECT quantityonhand, averagecostmli FROM aggregateitemlocation WHERE item = ?', [
        String(plant.seal),
      ])
    ).body
    expect(items).toMatchObject([{ quantityonhand: '18', averagecostmli: '9.31' }])
  })

  it('that is changed or deleted leaves the stock as if it had been so from the start', async () => {
    const before = onHand(plant.seal, plant.store)
    const id = await account.create('inventoryAdjustment', adjust(5))
    await account.patch(`/record/v1/inventoryAdjustment/${id}`, { inventory: { items: [{ line: 1, adjustQtyBy: 3 }] } })
    expect(onHand(plant.seal, plant.store)).toBe(before + 3)
    await account.ask(`/record/v1/inventoryAdjustment/${id}`, { method: 'DELETE' })
    expect(onHand(plant.seal, plant.store)).toBe(before)
  })

  it('needs an account and quantities', async () => {
    const { account: _none, ...without } = adjust(1)
    const answer = await account.post('/record/v1/inventoryAdjustment', without)
    expect(answer.error.detail).toContain('Please enter value(s) for: Adjustment Account.')
    const open = await account.post('/record/v1/inventoryAdjustment', adjust(1, { adjustQtyBy: null }))
    expect(open.error.detail).toContain('Adjust Qty By')
  })
})

describe('an inventory transfer', () => {
  it('is one line in the record, two in the ledger, and moves stock between places', async () => {
    const [store, depot] = [onHand(plant.seal, plant.store), onHand(plant.seal, plant.depot)]
    const id = await account.create('inventoryTransfer', {
      subsidiary: { id: '1' },
      location: reference(plant.store),
      transferLocation: reference(plant.depot),
      inventory: { items: [{ item: reference(plant.seal), adjustQtyBy: 4 }] },
    })
    expect(onHand(plant.seal, plant.store)).toBe(store - 4)
    expect(onHand(plant.seal, plant.depot)).toBe(depot + 4)
    const { body } = await account.ask(`/record/v1/inventoryTransfer/${id}?expandSubResources=true`)
    expect(body.inventory.items).toMatchObject([{ line: 1, adjustQtyBy: 4 }])
    const ledger = await account.query(
      "SELECT l.quantity, l.location FROM transactionline l WHERE l.mainline = 'F' AND l.transaction = ? ORDER BY l.id",
      [String(id)],
    )
    expect(ledger.body.items).toEqual([
      { links: [], quantity: '-4', location: String(plant.store) },
      { links: [], quantity: '4', location: String(plant.depot) },
    ])
    await account.patch(`/record/v1/inventoryTransfer/${id}`, { inventory: { items: [{ line: 1, adjustQtyBy: 1 }] } })
    expect(onHand(plant.seal, plant.depot)).toBe(depot + 1)
    await account.ask(`/record/v1/inventoryTransfer/${id}`, { method: 'DELETE' })
    expect([onHand(plant.seal, plant.store), onHand(plant.seal, plant.depot)]).toEqual([store, depot])
  })

  it('goes somewhere else', async () => {
    const answer = await account.post('/record/v1/inventoryTransfer', {
      subsidiary: { id: '1' },
      location: reference(plant.store),
      transferLocation: reference(plant.store),
    })
    expect(answer.error.detail).toContain('cannot be the same')
  })
})

describe('a work order', () => {
  it('is a production order whose main line carries what is built', async () => {
    const assembly = await account.create('assemblyItem', { itemId: 'PUMP-SET', cost: 10 })
    const id = await account.create('workOrder', {
      subsidiary: { id: '1' },
      location: reference(plant.store),
      assemblyItem: reference(assembly),
      quantity: 3,
      startDate: '2026-01-16',
      endDate: '2026-01-20',
      isWip: true,
      item: { items: [{ item: reference(plant.seal), quantity: 6 }] },
    })
    const { body } = await account.ask(`/record/v1/workOrder/${id}?expandSubResources=true`)
    expect(body).toMatchObject({
      assemblyItem: reference(assembly),
      quantity: 3,
      built: 0,
      isWip: true,
      orderStatus: { id: 'B', refName: 'Released' },
      startDate: '2026-01-16',
      endDate: '2026-01-20',
    })
    expect(body.item.items).toMatchObject([{ quantity: 6 }])
    await account.patch(`/record/v1/workOrder/${id}`, { quantity: 4, orderStatus: { id: 'D' } })
    const after = (await account.ask(`/record/v1/workOrder/${id}`)).body
    expect(after).toMatchObject({ quantity: 4, orderStatus: { id: 'D', refName: 'In Process' }, isWip: true })
  })
})
