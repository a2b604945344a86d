import { describe, expect, test } from 'vitest'
import { sizeOf } from '../../../../../connectors/sap-s4hana/sandbox/seed/size.ts'
import { everything, NOW, seededStore, violations } from './seeded.ts'

const store = seededStore(400)
const rows = everything(store)

describe('seed', () => {
  test('fills every set that the streams read', () => {
    expect(SETS_READ.filter((set) => !rows.has(set))).toEqual([])
  })

  test('writes only values that the metadata allows', () => {
    expect(violations(store)).toEqual([])
  })

  test('makes the same rows for the same seed, and others for another', () => {
    expect(everything(seededStore(60))).toEqual(everything(seededStore(60)))
    expect(everything(seededStore(60))).not.toEqual(everything(seededStore(60, { seed: 2 })))
  })

  test('an empty system has no rows', () => {
    expect(everything(seededStore(0))).toEqual(new Map())
  })

  test('the smallest system is whole', () => {
    const least = { vendors: 0, items: 0, plants: 0, materialDocuments: 1, equipment: 1, functionalLocations: 0 }
    const small = seededStore({ ...least, purchaseOrders: 1, maintenanceOrders: 1, users: 1 })
    expect(violations(small)).toEqual([])
    expect(small.count(small.set('API_PURCHASEORDER_PROCESS_SRV', 'A_PurchaseOrder'))).toBe(1)
    expect(small.count(small.set('API_PLANT_SRV', 'A_Plant'))).toBe(1)
  })

  test('makes as many objects as asked for, the rest in proportion', () => {
    const counts = seededStore({ purchaseOrders: 100, users: 3, vendors: 17 })
    const count = (service: string, set: string): number => counts.count(counts.set(service, set))
    expect(count('API_PURCHASEORDER_PROCESS_SRV', 'A_PurchaseOrder')).toBe(100)
    expect(count('API_BUSINESS_PARTNER', 'A_Supplier')).toBe(17)
    expect(count('API_MATERIAL_DOCUMENT_SRV', 'A_MaterialDocumentHeader')).toBe(100)
    expect(sizeOf({ purchaseOrders: 100, users: 3 })).toMatchObject({ users: 3, maintenanceOrders: 25 })
    expect(sizeOf(200_000)).toMatchObject({ vendors: 10_000, items: 20_000, equipment: 20_000 })
  })

  test('no change lies in the future, and changes reach from two years ago to today', () => {
    const changes = (rows.get('API_PURCHASEORDER_PROCESS_SRV/A_PurchaseOrder') ?? []).map((row) =>
      Number(row['LastChangeDateTime']),
    )
    expect(Math.max(...changes)).toBeLessThanOrEqual(NOW)
    expect(Math.max(...changes)).toBeGreaterThan(NOW - 30 * DAY)
    expect(Math.min(...changes)).toBeLessThan(NOW - 600 * DAY)
  })

  test('one mass change has touched more orders and more vendors in one second than a page holds', () => {
    const large = seededStore({
      purchaseOrders: 4000,
      vendors: 4000,
      items: 50,
      materialDocuments: 6100,
      equipment: 0,
      maintenanceOrders: 4000,
    })
    const largest = (service: string, set: string, properties: string[]): number => {
      const counts = new Map<string, number>()
      for (const row of large.select(large.set(service, set))) {
        const stamp = properties.map((property) => row[property]).join(' ')
        counts.set(stamp, (counts.get(stamp) ?? 0) + 1)
      }
      return Math.max(...counts.values())
    }
    const pair = ['CreationDate', 'CreationTime']
    expect(largest('API_PURCHASEORDER_PROCESS_SRV', 'A_PurchaseOrder', ['LastChangeDateTime'])).toBeGreaterThan(1400)
    expect(largest('API_BUSINESS_PARTNER', 'A_BusinessPartner', ['LastChangeDate', 'LastChangeTime'])).toBeGreaterThan(
      1400,
    )
    expect(largest('API_MAINTENANCEORDER', 'MaintenanceOrder', ['LastChangeDateTime'])).toBeGreaterThan(1400)
    expect(largest('API_MATERIAL_DOCUMENT_SRV', 'A_MaterialDocumentHeader', pair)).toBeGreaterThan(1400)
  })

  test('date and time columns are in the time zone of the system', () => {
    const auckland = seededStore(20, { timeZone: 'Pacific/Auckland' })
    const utc = seededStore(20)
    const first = (from: typeof utc): { [property: string]: unknown } | undefined =>
      from.select(from.set('API_BUSINESS_PARTNER', 'A_BusinessPartner'), { limit: 1 })[0]
    const moment = (row: { [property: string]: unknown } | undefined): number => {
      const [, hours, minutes, seconds] = /PT(\d+)H(\d+)M(\d+)S/.exec(String(row?.['CreationTime'])) ?? []
      return Number(row?.['CreationDate']) + (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000
    }
    // January 2024: New Zealand is 13 hours ahead.
    expect(moment(first(auckland)) - moment(first(utc))).toBe(13 * 3_600_000)
  })
})

describe('seed: the cases that break careless readers', () => {
  test.each(cases())('%s', (_title, set, condition) => {
    expect((rows.get(set) ?? []).filter(condition)).not.toEqual([])
  })

  test('equipment has several validity segments, the current one unlimited', () => {
    const segments = new Map<unknown, number>()
    for (const row of rows.get('API_EQUIPMENT/Equipment') ?? []) {
      segments.set(row['Equipment'], (segments.get(row['Equipment']) ?? 0) + 1)
    }
    expect(Math.max(...segments.values())).toBeGreaterThan(1)
    const current = (rows.get('API_EQUIPMENT/Equipment') ?? []).filter((row) => row['ValidityEndDate'] === UNLIMITED)
    expect(current.length).toBe(segments.size)
  })

  test('maintenance orders are in every state', () => {
    const texts = (rows.get('API_MAINTENANCEORDER/MaintenanceOrder') ?? []).flatMap((row) =>
      String(row['SystemStatusText']).split(/ +/),
    )
    expect(new Set(texts)).toEqual(expect.toSatisfy((all: Set<string>) => STATES.every((state) => all.has(state))))
  })

  test('movements are of many kinds, with reversals of both sides', () => {
    const items = rows.get('API_MATERIAL_DOCUMENT_SRV/A_MaterialDocumentItem') ?? []
    const types = new Set(items.map((row) => row['GoodsMovementType']))
    for (const type of ['101', '201', '261', '311', '501', '551', '561', '701', '102', '262']) {
      expect(types).toContain(type)
    }
    const reversals = items.filter((row) => row['ReversedMaterialDocument'] !== '')
    for (const row of reversals) {
      const original = items.find(
        (it) =>
          it['MaterialDocument'] === row['ReversedMaterialDocument'] &&
          it['MaterialDocumentYear'] === row['ReversedMaterialDocumentYear'] &&
          it['MaterialDocumentItem'] === row['ReversedMaterialDocumentItem'],
      )
      expect(original).toMatchObject({ GoodsMovementIsCancelled: true, QuantityInBaseUnit: row['QuantityInBaseUnit'] })
      expect(Number(row['GoodsMovementType'])).toBe(Number(original?.['GoodsMovementType']) + 1)
    }
    expect(items.filter((row) => row['GoodsMovementIsCancelled']).length).toBe(reversals.length)
  })

  test('functional locations are a tree without rings', () => {
    const places = rows.get('API_FUNCTIONALLOCATION/FunctionalLocation') ?? []
    const above = new Map(places.map((row) => [row['FunctionalLocation'], row['SuperiorFunctionalLocation']]))
    const depths = places.map((row) => {
      let depth = 0
      for (let at = above.get(row['FunctionalLocation'] ?? ''); at; at = above.get(at)) depth++
      return depth
    })
    expect(new Set(depths)).toEqual(new Set([0, 1, 2]))
  })
})

const DAY = 86_400_000
const UNLIMITED = 253402214400000
const STATES = ['CRTD', 'REL', 'PCNF', 'CNF', 'TECO', 'CLSD', 'LKD', 'DLFL', 'NCMP']

const SETS_READ = [
  'API_PURCHASEORDER_PROCESS_SRV/A_PurchaseOrder',
  'API_PURCHASEORDER_PROCESS_SRV/A_PurchaseOrderItem',
  'API_PURCHASEORDER_PROCESS_SRV/A_PurchaseOrderScheduleLine',
  'API_PURCHASEORDER_PROCESS_SRV/A_PurOrdAccountAssignment',
  'API_PURCHASEORDER_PROCESS_SRV/A_PurchaseOrderNote',
  'API_PURCHASEORDER_PROCESS_SRV/A_PurchaseOrderItemNote',
  'API_BUSINESS_PARTNER/A_BusinessPartner',
  'API_BUSINESS_PARTNER/A_Supplier',
  'API_BUSINESS_PARTNER/A_SupplierCompany',
  'API_BUSINESS_PARTNER/A_SupplierPurchasingOrg',
  'API_BUSINESS_PARTNER/A_BusinessPartnerAddress',
  'API_BUSINESS_PARTNER/A_AddressEmailAddress',
  'API_BUSINESS_PARTNER/A_AddressPhoneNumber',
  'API_BUSINESS_PARTNER/A_BusinessPartnerRole',
  'API_BUSINESS_PARTNER/A_BusinessPartnerTaxNumber',
  'API_PRODUCT_SRV/A_Product',
  'API_PRODUCT_SRV/A_ProductDescription',
  'API_PRODUCT_SRV/A_ProductBasicText',
  'API_PRODUCT_SRV/A_ProductPlant',
  'API_PRODUCT_SRV/A_ProductSupplyPlanning',
  'API_PRODUCT_SRV/A_ProductValuation',
  'API_PLANT_SRV/A_Plant',
  'API_STORAGELOCATION_SRV/StorageLocation',
  'API_MATERIAL_STOCK_SRV/A_MatlStkInAcctMod',
  'API_MATERIAL_STOCK_SRV/A_MaterialStock',
  'API_MATERIAL_DOCUMENT_SRV/A_MaterialDocumentHeader',
  'API_MATERIAL_DOCUMENT_SRV/A_MaterialDocumentItem',
  'API_EQUIPMENT/Equipment',
  'API_EQUIPMENT/EquipmentLongText',
  'API_EQUIPMENT/EquipmentPartner',
  'API_EQUIPMENT/EquipmentWarranty',
  'API_FUNCTIONALLOCATION/FunctionalLocation',
  'API_MAINTENANCEORDER/MaintenanceOrder',
  'API_MAINTENANCEORDER/MaintenanceOrderOperation',
  'API_MAINTENANCEORDER/MaintOrderOpComponent',
  'API_MAINTENANCEORDER/MaintenanceOrderLongText',
]

type Condition = (row: { [property: string]: unknown }) => boolean

function cases(): [title: string, set: string, condition: Condition][] {
  const partner = 'API_BUSINESS_PARTNER/A_BusinessPartner'
  const order = 'API_PURCHASEORDER_PROCESS_SRV/A_PurchaseOrder'
  const item = 'API_PURCHASEORDER_PROCESS_SRV/A_PurchaseOrderItem'
  const stock = 'API_MATERIAL_STOCK_SRV/A_MatlStkInAcctMod'
  return [
    ['umlauts', partner, (row) => /[äöüß]/i.test(String(row['BusinessPartnerName']))],
    ['quotes', partner, (row) => /['"]/.test(String(row['BusinessPartnerName']))],
    ['a person who is a supplier', partner, (row) => row['BusinessPartnerCategory'] === '1' && row['Supplier'] !== ''],
    ['a person who is none', partner, (row) => row['BusinessPartnerCategory'] === '1' && row['Supplier'] === ''],
    [
      'a company without supplier number',
      partner,
      (row) => row['BusinessPartnerCategory'] === '2' && row['Supplier'] === '',
    ],
    ['a partner that was never changed', partner, (row) => row['LastChangeDate'] === null],
    ['an address without street', 'API_BUSINESS_PARTNER/A_BusinessPartnerAddress', (row) => row['StreetName'] === ''],
    ['a blocked supplier', 'API_BUSINESS_PARTNER/A_Supplier', (row) => row['PurchasingIsBlocked'] === true],
    ['a material number with a quote', 'API_PRODUCT_SRV/A_Product', (row) => String(row['Product']).includes("'")],
    ['a price for 1000 pieces', 'API_PRODUCT_SRV/A_ProductValuation', (row) => row['PriceUnitQty'] === '1000'],
    ['a price with three places', item, (row) => /\.\d\d[1-9]$/.test(String(row['NetPriceAmount']))],
    ['a quantity with three places', item, (row) => /\.\d\d[1-9]$/.test(String(row['OrderQuantity']))],
    ['a deleted order', order, (row) => row['PurchasingDocumentDeletionCode'] === 'L'],
    ['an order in release', order, (row) => row['ReleaseIsNotCompleted'] === true],
    ['a held order', order, (row) => row['PurchasingCompletenessStatus'] === true],
    ['a blocked item', item, (row) => row['PurchasingDocumentDeletionCode'] === 'S'],
    ['a deleted item', item, (row) => row['PurchasingDocumentDeletionCode'] === 'L'],
    ['an item priced by weight', item, (row) => row['OrderPriceUnit'] !== row['PurchaseOrderQuantityUnit']],
    ['an item without material', item, (row) => row['Material'] === ''],
    ['zero stock', stock, (row) => row['MatlWrhsStkQtyInMatlBaseUnit'] === '0'],
    ['special stock', stock, (row) => row['InventorySpecialStockType'] !== ''],
    ['blocked stock', stock, (row) => row['InventoryStockType'] === '07'],
    ['batches', stock, (row) => row['Batch'] !== ''],
    [
      'a maintenance order never changed',
      'API_MAINTENANCEORDER/MaintenanceOrder',
      (row) => row['LastChangeDateTime'] === null,
    ],
  ]
}
