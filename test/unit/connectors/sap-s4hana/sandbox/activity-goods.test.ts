import { describe, expect, test } from 'vitest'
import { NothingToDo } from '../../../../../connectors/sap-s4hana/sandbox/activity/index.ts'
import type { Row } from '../../../../../connectors/sap-s4hana/sandbox/model.ts'
import type { Store } from '../../../../../connectors/sap-s4hana/sandbox/store.ts'
import { differences } from './differences.ts'
import { plant, rowsOf } from './plant.ts'

describe('orders and goods', () => {
  test('cancelOrder sets the deletion code of every item and moves the header', () => {
    const { store, activity } = plant()
    const { key } = activity.cancelOrder()
    const items = rowsOf(store, 'API_PURCHASEORDER_PROCESS_SRV', 'A_PurchaseOrderItem', 'PurchaseOrder', key)
    expect(new Set(items.map((item) => item['PurchasingDocumentDeletionCode']))).toEqual(new Set(['L']))
  })

  test('receiveGoods posts a document, adds stock, completes the item in the end, and never moves the order', () => {
    const { store, activity } = plant()
    const { key: order } = activity.newPurchaseOrder()
    const items = (): Row[] =>
      rowsOf(store, 'API_PURCHASEORDER_PROCESS_SRV', 'A_PurchaseOrderItem', 'PurchaseOrder', order)
    const open = (): Row[] => items().filter((item) => item['IsCompletelyDelivered'] === false)
    let receipts = 0
    while (open().length > 0) {
      const found = differences(store, () => activity.receiveGoods(order))
      receipts++
      expect(found.added).toMatchObject({ A_MaterialDocumentHeader: 1, A_MaterialDocumentItem: 1 })
      expect((found.added['A_MatlStkInAcctMod'] ?? 0) + (found.changed['A_MatlStkInAcctMod'] ?? 0)).toBe(1)
      expect(found.stamped).toEqual({})
    }
    expect(receipts).toBeGreaterThanOrEqual(items().length)
    for (const item of items()) {
      const received = rowsOf(store, 'API_MATERIAL_DOCUMENT_SRV', 'A_MaterialDocumentItem', 'PurchaseOrder', order)
        .filter((row) => row['PurchaseOrderItem'] === item['PurchaseOrderItem'])
        .reduce((sum, row) => sum + Number(row['QuantityInEntryUnit']), 0)
      expect(received).toBe(Number(item['OrderQuantity']))
    }
    expect(() => activity.receiveGoods(order)).toThrow(NothingToDo)
  })

  test.each([
    [true, 0],
    [false, 1],
  ])('an emptied stock row stays as zero: %s', (zeroStockRows, gone) => {
    const { store, activity } = plant({ zeroStockRows })
    const before = store.count(store.set('API_MATERIAL_STOCK_SRV', 'A_MatlStkInAcctMod'))
    const zeros = (): number => zeroRows(store)
    const had = zeros()
    for (let tries = 0; tries < 100 && zeros() === had && count() === before; tries++) activity.issueGoods()
    expect(before - count()).toBe(gone)
    expect(zeros() - had).toBe(1 - gone)

    function count(): number {
      return store.count(store.set('API_MATERIAL_STOCK_SRV', 'A_MatlStkInAcctMod'))
    }
  })

  test('advanceMaintenanceOrder goes from created to closed, one state at a time', () => {
    const { store, activity, clock } = plant()
    const { key } = activity.newMaintenanceOrder()
    const seen: unknown[] = []
    for (let steps = 0; steps < 5; steps++) {
      clock.now += 1000
      expect(differences(store, () => activity.advanceMaintenanceOrder(key)).stamped).toEqual({ MaintenanceOrder: 1 })
      const row = store.get(store.set('API_MAINTENANCEORDER', 'MaintenanceOrder'), { MaintenanceOrder: key })
      seen.push(String(row?.['SystemStatusText']).split(/ +/).slice(0, 2).join(' '))
    }
    expect(seen).toEqual(['REL MANC', 'REL PCNF', 'REL CNF', 'TECO CNF', 'CLSD CNF'])
    expect(() => activity.advanceMaintenanceOrder(key)).toThrow(NothingToDo)
  })

  test('moveAsset keeps one current segment, however often on one day', () => {
    const { store, activity } = plant()
    const { key } = activity.moveAsset()
    const segments = (): number => rowsOf(store, 'API_EQUIPMENT', 'Equipment', 'Equipment', key).length
    const after = segments()
    activity.moveAsset(key)
    expect(segments()).toBe(after)
    const ends = rowsOf(store, 'API_EQUIPMENT', 'Equipment', 'Equipment', key).map((row) => row['ValidityEndDate'])
    expect(ends.filter((end) => end === 253402214400000).length).toBe(1)
  })
})

function zeroRows(store: Store): number {
  const where = { sql: '"MatlWrhsStkQtyInMatlBaseUnit" = ?', params: ['0'] }
  return store.count(store.set('API_MATERIAL_STOCK_SRV', 'A_MatlStkInAcctMod'), where)
}
