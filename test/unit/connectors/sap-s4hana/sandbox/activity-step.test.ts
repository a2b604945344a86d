import { describe, expect, test } from 'vitest'
import { plant } from './plant.ts'
import { danglingReferences } from './references.ts'
import { everything, violations } from './seeded.ts'

describe('step', () => {
  test('keeps all references and values in order, and no stock below zero', () => {
    const { store, activity, clock } = plant({}, 120)
    for (let round = 0; round < 40; round++) {
      expect(activity.step(10)).toHaveLength(10)
      clock.now += 37_000
    }
    expect(danglingReferences(store)).toEqual([])
    expect(violations(store)).toEqual([])
    const stock = store.select(store.set('API_MATERIAL_STOCK_SRV', 'A_MatlStkInAcctMod'))
    expect(stock.filter((row) => String(row['MatlWrhsStkQtyInMatlBaseUnit']).startsWith('-'))).toEqual([])
  })

  test('does the same for the same seed', () => {
    const one = plant()
    const two = plant()
    expect(one.activity.step(80)).toEqual(two.activity.step(80))
    expect(everything(one.store)).toEqual(everything(two.store))
  })

  test('does nothing of what it is told to leave out, and every other kind in the long run', () => {
    const { activity } = plant({}, 120)
    const done = new Set(
      activity.step(1500, ['editPlantData', 'changeAddressUnseen']).map((line) => line.split(' ')[0]),
    )
    expect(done.size).toBe(24)
    expect(done.has('editPlantData')).toBe(false)
  })

  test('an empty system offers little to do, and does not fail', () => {
    const { activity, store } = plant({}, 0)
    for (const line of activity.step(20)) expect(line).toMatch(/Vendor|User|Address/)
    expect(violations(store)).toEqual([])
  })
})

describe('late commits', () => {
  test('a change is seen only after its delay, with the time stamp of when it was made', () => {
    const { store, activity, clock } = plant({ lateCommitMs: 5000 })
    const madeAt = clock.now - 250
    const products = store.set('API_PRODUCT_SRV', 'A_Product')
    const stamp = (Product: string): unknown => store.get(products, { Product })?.['LastChangeDateTime']
    const { key } = activity.renameItem()
    const order = { PurchaseOrder: activity.newPurchaseOrder().key }
    const orders = store.set('API_PURCHASEORDER_PROCESS_SRV', 'A_PurchaseOrder')
    expect(stamp(key)).not.toBe(madeAt)
    expect(store.get(orders, order)).toBeNull()
    clock.now += 5000
    expect(stamp(key)).toBe(madeAt)
    expect(store.get(orders, order)?.['LastChangeDateTime']).toBe(madeAt)
  })

  test('a busy system with late commits stays whole', () => {
    const { store, activity, clock } = plant({ lateCommitMs: 20_000 })
    for (let round = 0; round < 60; round++) {
      activity.step(5)
      clock.now += 1000
    }
    clock.now += 60_000
    expect(danglingReferences(store)).toEqual([])
    expect(violations(store)).toEqual([])
  })
})
