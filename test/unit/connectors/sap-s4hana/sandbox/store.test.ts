import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readModel } from '../../../../../connectors/sap-s4hana/sandbox/edmx.ts'
import { type EntitySet, SERVICES } from '../../../../../connectors/sap-s4hana/sandbox/model.ts'
import { createStore, type Store } from '../../../../../connectors/sap-s4hana/sandbox/store.ts'

const models = SERVICES.map(readModel)
let store: Store
let orders: EntitySet
let items: EntitySet

beforeEach(() => {
  store = createStore({ models, now: () => 0 })
  orders = store.set('API_PURCHASEORDER_PROCESS_SRV', 'A_PurchaseOrder')
  items = store.set('API_PURCHASEORDER_PROCESS_SRV', 'A_PurchaseOrderItem')
})
afterEach(() => store.close())

describe('the model of the metadata', () => {
  test('has every set, with flags, keys and joins of navigations', () => {
    expect(models.map((model) => model.sets.size)).toEqual([8, 65, 32, 16, 5, 8, 7, 3, 3, 1, 1])
    expect(orders.type.qualifiedName).toBe('API_PURCHASEORDER_PROCESS_SRV.A_PurchaseOrderType')
    expect(items.type.keys).toEqual(['PurchaseOrder', 'PurchaseOrderItem'])
    // named differently on the two sides
    expect(items.type.navigations.get('to_ScheduleLine')?.on).toEqual([
      ['PurchaseOrderItem', 'PurchasingDocumentItem'],
      ['PurchaseOrder', 'PurchasingDocument'],
    ])
    expect(items.type.navigations.get('to_PurchaseOrder')?.many).toBe(false)
    const order = store.set('API_MAINTENANCEORDER', 'MaintenanceOrder')
    expect([order.deletable, order.updatable, order.requiresEtag]).toEqual([false, true, true])
    expect(order.type.properties.get('SystemStatusText')).toMatchObject({ filterable: false, sortable: false })
  })

  test('knows functions with their parameters', () => {
    const released = readModel('API_MAINTENANCEORDER').functions.get('SetMaintOrdToTechCompleted')
    expect(released?.method).toBe('POST')
    expect(released?.parameters.map(({ name, nullable }) => [name, nullable])).toContainEqual([
      'MaintOrderReferenceDateTime',
      true,
    ])
  })

  test('finds what a supplier hangs on by the navigation and not by the key', () => {
    const partner = store.set('API_BUSINESS_PARTNER', 'A_BusinessPartner')
    expect(partner.type.navigations.get('to_Supplier')?.on).toEqual([['Supplier', 'Supplier']])
  })
})

describe('the store', () => {
  test('fills what is missing with the initial values of the system', () => {
    store.insert(items, { PurchaseOrder: '1', PurchaseOrderItem: '00010' })
    expect(store.get(items, { PurchaseOrder: '1', PurchaseOrderItem: '10' })).toMatchObject({
      PurchaseOrderItem: '10',
      Plant: '',
      OrderQuantity: '0',
      IsCompletelyDelivered: false,
      TaxDeterminationDate: null,
    })
  })

  test('gives back what it was given', () => {
    const row = { PurchaseOrder: '1', ReleaseIsNotCompleted: true, LastChangeDateTime: -1, ExchangeRate: '1.10000' }
    store.insert(orders, row)
    expect(store.select(orders)).toEqual([expect.objectContaining(row)])
    store.update(orders, { PurchaseOrder: '1' }, { ReleaseIsNotCompleted: false, LastChangeDateTime: null })
    expect(store.get(orders, { PurchaseOrder: '1' })).toMatchObject({
      ReleaseIsNotCompleted: false,
      LastChangeDateTime: null,
      ExchangeRate: '1.10000',
    })
  })

  test('refuses a second row of the same key and properties that do not exist', () => {
    store.insert(orders, { PurchaseOrder: '1' })
    expect(() => store.insert(orders, { PurchaseOrder: '1' })).toThrow('UNIQUE')
    expect(() => store.insert(orders, { PurchaseOrder: '2', Nonsense: '' })).toThrow('no property Nonsense')
    expect(() => store.set('API_PLANT_SRV', 'A_PurchaseOrder')).toThrow('no entity set')
  })

  test('undoes a failed transaction, and an inner one alone', () => {
    expect(() =>
      store.transaction(() => {
        store.insert(orders, { PurchaseOrder: '1' })
        throw new Error('refused')
      }),
    ).toThrow('refused')
    expect(store.count(orders)).toBe(0)
    store.transaction(() => {
      store.insert(orders, { PurchaseOrder: '1' })
      expect(() =>
        store.transaction(() => {
          store.insert(orders, { PurchaseOrder: '2' })
          throw new Error('refused')
        }),
      ).toThrow('refused')
    })
    expect(store.select(orders).map((row) => row['PurchaseOrder'])).toEqual(['1'])
  })

  test('follows navigations from a row, in the order of keys as numbers', () => {
    store.insertMany(
      items,
      ['100', '10', '20'].map((item) => ({ PurchaseOrder: '1', PurchaseOrderItem: item })),
    )
    store.insert(items, { PurchaseOrder: '2', PurchaseOrderItem: '10' })
    const found = store.children(orders, 'to_PurchaseOrderItem', { PurchaseOrder: '1' })
    expect(found.map((row) => row['PurchaseOrderItem'])).toEqual(['10', '20', '100'])
    expect(store.count(items, { sql: '"PurchaseOrder" = ?', params: ['1'] })).toBe(3)
  })

  test('tells mobile from fixed numbers, which share a set', () => {
    const numbers = store.set('API_BUSINESS_PARTNER', 'A_AddressPhoneNumber')
    const addresses = store.set('API_BUSINESS_PARTNER', 'A_BusinessPartnerAddress')
    for (const [n, type] of ['1', '3'].entries())
      store.insert(numbers, { AddressID: '5', Person: '', OrdinalNumber: String(n), PhoneNumberType: type })
    const address = { BusinessPartner: '7', AddressID: '5' }
    const types = (navigation: string) =>
      store.children(addresses, navigation, address).map((row) => row['PhoneNumberType'])
    expect([types('to_PhoneNumber'), types('to_MobilePhoneNumber')]).toEqual([['1'], ['3']])
  })

  test('keeps rows and number ranges in a file', () => {
    const folder = mkdtempSync(join(tmpdir(), 'sap-sandbox-'))
    const file = join(folder, 'data.sqlite')
    const first = createStore({ file, models, now: () => 0 })
    first.insert(orders, { PurchaseOrder: '1' })
    expect([first.nextNumber('orders', 4500000000), first.nextNumber('orders', 4500000000)]).toEqual([
      4500000000, 4500000001,
    ])
    first.close()
    const second = createStore({ file, models, now: () => 0 })
    expect(second.count(orders)).toBe(1)
    expect(second.nextNumber('orders', 4500000000)).toBe(4500000002)
    second.close()
    rmSync(folder, { recursive: true })
  })
})
