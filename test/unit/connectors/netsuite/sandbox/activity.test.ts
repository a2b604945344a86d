import { describe, expect, test } from 'vitest'
import { NothingToDo } from '../../../../../connectors/netsuite/sandbox/activity/index.ts'
import type { Store, StoredRow } from '../../../../../connectors/netsuite/sandbox/store.ts'
import { contradictions, danglingReferences } from './consistency.ts'
import { differences } from './differences.ts'
import { type Busy, busyAccount, everything } from './seeded.ts'

/** Actions that change one record and move its modification time. */
const EDITS = [
  'renameVendor',
  'toggleVendor',
  'changeEmployee',
  'toggleEmployee',
  'renameLocation',
  'renameItem',
  'changeItemCost',
  'toggleItem',
  'changeLine',
  'approveOrder',
  'rejectOrder',
  'closeOrder',
  'cancelOrder',
  'billOrder',
  'advanceWorkOrder',
  'advanceCase',
  'advanceTask',
  'advanceMaintenance',
  'renameAsset',
  'moveAsset',
  'toggleAsset',
] as const

const ADDITIONS = {
  newVendor: { vendor: 1, entityaddress: 1, vendoraddressbook: 1 },
  newEmployee: { employee: 1 },
  newItem: { item: 1, aggregateitemlocation: 1 },
  newWorkOrder: { transaction: 1, transactionline: 1 },
  newCase: { supportcase: 1 },
  newMaintenance: { customrecord_maintenance: 1 },
  newAsset: { customrecord_asset: 1 },
} as const

describe('activity', () => {
  test.each(EDITS)('%s moves its record and no other', (name) => {
    const { store, activity } = busyAccount()
    let done = { table: '', id: 0 }
    const found = differences(store, () => {
      done = activity[name]()
    })
    expect(found.stamped).toEqual({ [done.table]: [done.id] })
    expect(found.added).toEqual({})
    expect(found.removed).toEqual({})
  })

  test.each(Object.keys(ADDITIONS) as (keyof typeof ADDITIONS)[])('%s adds a record and moves no other', (name) => {
    const { store, activity } = busyAccount()
    const found = differences(store, () => activity[name]())
    expect(found).toMatchObject({ added: ADDITIONS[name], removed: {}, changed: {}, stamped: {} })
    expect(danglingReferences(store)).toEqual([])
  })

  test('newPurchaseOrder adds an order with its lines, on order unless it waits for approval', () => {
    const { store, activity } = busyAccount()
    const statuses = new Set<unknown>()
    for (let round = 0; round < 12; round++) {
      const { id } = activity.newPurchaseOrder()
      statuses.add(store.get('transaction', id)?.['status'])
      expect(linesOf(store, id).length).toBeGreaterThan(1)
    }
    expect(statuses).toEqual(new Set(['A', 'B']))
    expect(contradictions(store)).toEqual([])
  })

  test('changeVendorAddress moves the vendor and its address', () => {
    const { store, activity } = busyAccount()
    const { id } = activity.changeVendorAddress()
    const vendor = store.get('vendor', id)
    const address = store.get('entityaddress', Number(vendor?.['defaultbillingaddress']))
    expect(address?.['lastmodifieddate']).toBe(vendor?.['lastmodifieddate'])
  })

  test('addLine and removeLine change the lines, and only the header tells', () => {
    const { store, activity } = busyAccount()
    const { id } = activity.newPurchaseOrder()
    const added = differences(store, () => activity.addLine(id))
    expect(added.added['transactionline']).toBe(1)
    const last = linesOf(store, id).at(-1)
    const gone = differences(store, () => activity.removeLine(id, Number(last?.['id'])))
    expect(gone.removed).toEqual({ transactionline: 1 })
    expect(gone.added).toEqual({})
    activity.addLine(id)
    expect(linesOf(store, id).at(-1)?.['id']).not.toBe(last?.['id'])
    expect(contradictions(store)).toEqual([])
  })

  test('the last line stays', () => {
    const { store, activity } = busyAccount()
    const { id } = activity.newPurchaseOrder()
    while (linesOf(store, id).length > 2) activity.removeLine(id)
    expect(() => activity.removeLine(id)).toThrow(NothingToDo)
  })

  test('approved orders are on order, closed ones are not', () => {
    const { store, activity } = busyAccount()
    const { id } = activity.approveOrder()
    expect(store.get('transaction', id)).toMatchObject({ status: 'B', approvalstatus: '2' })
    expect(() => activity.approveOrder(id)).toThrow(NothingToDo)
    activity.cancelOrder(id)
    expect(store.get('transaction', id)?.['status']).toBe('H')
    expect(contradictions(store)).toEqual([])
  })
})

describe('goods', () => {
  test.each([true, false])('receiveGoods moves stock, lines and status, and the order when told so: %s', (touch) => {
    const { store, activity, clock } = busyAccount({ receiptsTouchOrders: touch })
    const order = approved(store, activity)
    while (store.get('transaction', order)?.['status'] !== 'F') {
      clock.now += 1000
      let id = 0
      const found = differences(store, () => {
        id = activity.receiveGoods(order).id
      })
      expect(found.added['transaction']).toBe(1)
      expect(store.get('transaction', id)).toMatchObject({ type: 'ItemRcpt', createdfrom: order })
      expect(found.changed['transactionline']).toBeGreaterThan(0)
      expect(found.stamped).toEqual(touch ? { transaction: [order] } : {})
      expect(contradictions(store)).toEqual([])
    }
    expect(() => activity.receiveGoods(order)).toThrow(NothingToDo)
    activity.billOrder(order)
    expect(store.get('transaction', order)?.['status']).toBe('G')
  })

  test('adjustStock and transferStock move what they say, and no item', () => {
    const { store, activity } = busyAccount()
    for (let round = 0; round < 20; round++) {
      for (const name of ['adjustStock', 'transferStock'] as const) {
        const found = differences(store, () => activity[name]())
        expect(found.added).toMatchObject({ transaction: 1, transactionline: name === 'adjustStock' ? 2 : 3 })
        expect(found.stamped).toEqual({})
      }
    }
    expect(contradictions(store)).toEqual([])
    const [stock] = store.rows('aggregateitemlocation').filter((row) => Number(row['quantityavailable']) > 10)
    const [item, location] = [Number(stock?.['item']), Number(stock?.['location'])]
    const { id } = activity.adjustStock(item, location)
    const change = store.get('transactionline', [id, 1])?.['quantity']
    const after = store.get('aggregateitemlocation', [item, location])?.['quantityonhand']
    expect(Number(after)).toBeCloseTo(Number(stock?.['quantityonhand']) + Number(change), 6)
  })
})

describe('what goes', () => {
  test('mergeVendors puts the winner in every place of the loser, and moves what it changes', () => {
    const { store, activity } = busyAccount()
    const [order] = store.rows('transaction', { type: 'PurchOrd' })
    const loser = Number(order?.['entity'])
    const winner = Number(store.rows('vendor').find((row) => row['id'] !== loser)?.['id'])
    const named = store.rows('transaction', { entity: loser }).map((row) => Number(row['id']))
    const found = differences(store, () => activity.mergeVendors(loser, winner))
    expect(found.stamped['transaction']).toEqual(named)
    expect(found.stamped['vendor']).toEqual([winner])
    expect(found.removed['vendor']).toBe(1)
    expect(store.get('transaction', named[0] ?? 0)?.['entity']).toBe(winner)
    expect(danglingReferences(store)).toEqual([])
    expect(store.rows('deletedrecord', { type: 'Vendor', recordid: loser })).toHaveLength(1)
    expect(() => activity.mergeVendors(winner, winner)).toThrow(NothingToDo)
  })

  test.each([
    [true, 1],
    [false, 0],
  ])('deleteRecord leaves a row in deletedrecord when told so: %s', (recordDeletions, rows) => {
    const { store, activity, clock } = busyAccount({ recordDeletions })
    const { id } = activity.newPurchaseOrder()
    const name = store.get('transaction', id)?.['trandisplayname']
    const found = differences(store, () => activity.deleteRecord('transaction', id))
    expect(found.removed['transaction']).toBe(1)
    expect(found.stamped).toEqual({})
    expect(linesOf(store, id)).toEqual([])
    const left = store.rows('deletedrecord', { recordid: id })
    expect(left).toHaveLength(rows)
    const deleteddate = clock.now - 250
    for (const row of left)
      expect(row).toMatchObject({ type: 'Purchase Order', scriptid: 'purchaseorder', name, deleteddate })
    expect(contradictions(store)).toEqual([])
  })

  test('deleting a receipt takes its goods back', () => {
    const { store, activity } = busyAccount()
    const order = approved(store, activity)
    const before = everything(store)
      .get('aggregateitemlocation')
      ?.map((row) => row['quantityonhand'] ?? '0')
    const { id } = activity.receiveGoods(order)
    activity.deleteRecord('transaction', id)
    const after = everything(store)
      .get('aggregateitemlocation')
      ?.map((row) => row['quantityonhand'] ?? '0')
    expect(after).toEqual(before)
    expect(store.get('transaction', order)?.['status']).toBe('B')
    expect(contradictions(store)).toEqual([])
  })

  test('what others depend on stays', () => {
    const { store, activity } = busyAccount()
    const [receipt] = store.rows('transaction', { type: 'ItemRcpt' })
    expect(() => activity.deleteRecord('transaction', Number(receipt?.['createdfrom']))).toThrow(/names transaction/)
    expect(() => activity.deleteRecord('vendor', Number(receipt?.['entity']))).toThrow(NothingToDo)
    expect(() => activity.deleteRecord('vendor', 999_999)).toThrow(/has no 999999/)
  })

  test('every kind of record can go', () => {
    const { store, activity } = busyAccount({}, 200)
    activity.newVendor()
    activity.newItem()
    activity.newEmployee()
    const gone = new Set<string>()
    for (let tries = 0; tries < 200 && gone.size < 8; tries++) {
      try {
        gone.add(activity.deleteRecord().table)
      } catch (error) {
        if (!(error instanceof NothingToDo)) throw error
      }
    }
    expect(gone.size).toBe(8)
    expect(danglingReferences(store)).toEqual([])
    expect(contradictions(store)).toEqual([])
  })

  test('an action that fails leaves nothing behind', () => {
    const { store, activity } = busyAccount()
    const [receipt] = store.rows('transaction', { type: 'ItemRcpt' })
    const found = differences(store, () => {
      expect(() => activity.deleteRecord('transaction', Number(receipt?.['createdfrom']))).toThrow(NothingToDo)
      expect(() => activity.rejectOrder(Number(receipt?.['createdfrom']))).toThrow(NothingToDo)
    })
    expect(found).toEqual({ added: {}, removed: {}, changed: {}, stamped: {} })
  })
})

function linesOf(store: Store, transaction: number): StoredRow[] {
  return store.rows('transactionline', { transaction })
}

/** A new order that may be received. */
function approved(store: Store, activity: Busy['activity']): number {
  const { id } = activity.newPurchaseOrder()
  if (store.get('transaction', id)?.['status'] === 'A') activity.approveOrder(id)
  return id
}
