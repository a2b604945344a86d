import { describe, expect, test } from 'vitest'
import { items } from '../../../../connectors/sap-s4hana/read/items.ts'
import type { JsonObject, MappingSettings, Page } from '../../../../core/index.ts'
import { fakeSession } from './fake-session.ts'
import { settings } from './payloads.ts'

const many = (...results: readonly JsonObject[]) => ({ results })
const description = (Language: string, ProductDescription: string) => ({
  Product: 'SEAL-40',
  Language,
  ProductDescription,
})
const plant = (Plant: string, days: string | null, more: JsonObject = {}): JsonObject => ({
  Product: 'SEAL-40',
  Plant,
  SerialNumberProfile: '',
  to_ProductSupplyPlanning: days === null ? null : { Product: 'SEAL-40', Plant, PlannedDeliveryDurationInDays: days },
  to_StorageLocation: { __deferred: { uri: 'https://s4.example/x' } },
  ...more,
})
const valuation = (ValuationArea: string, more: JsonObject = {}): JsonObject => ({
  Product: 'SEAL-40',
  ValuationArea,
  ValuationType: '',
  InventoryValuationProcedure: 'S',
  StandardPrice: '9.500',
  MovingAveragePrice: '0.000',
  PriceUnitQty: '1',
  Currency: 'EUR',
  ...more,
})
const product = (more: JsonObject = {}): JsonObject => ({
  Product: 'SEAL-40',
  ProductType: 'ERSA',
  CreationDate: '/Date(1767225600000)/',
  LastChangeDate: '/Date(1768435200000)/',
  LastChangeDateTime: '/Date(1768471200000+0000)/',
  IsMarkedForDeletion: false,
  BaseUnit: 'PC',
  PurchaseOrderQuantityUnit: 'CAR',
  ProductGroup: 'L001',
  GrossWeight: '0.120',
  ManufacturerNumber: '10300001',
  ProductManufacturerNumber: 'ND-40',
  ProductStandardID: '4006381333931',
  IsBatchManagementRequired: false,
  SerialNumberProfile: '',
  to_Description: many(description('DE', 'Dichtung 40 mm'), description('EN', 'Seal 40 mm')),
  to_ProductBasicText: many({ Product: 'SEAL-40', Language: 'EN', LongText: 'Nitrile, 40 mm' }),
  to_Plant: many(plant('1010', '5')),
  to_Valuation: many(valuation('1010')),
  to_ProductSales: { __deferred: { uri: 'https://s4.example/x' } },
  ...more,
})
const map = (payload: JsonObject, over: Partial<MappingSettings> = {}) =>
  items.toUnified(payload, { ...settings, ...over }, 'SEAL-40')
const ofPlants = (plants: readonly string[]): Partial<MappingSettings> => ({
  settings: { ...settings.settings, plants },
})

describe('an item', () => {
  test('is put together from product, texts, plants and valuation', () => {
    expect(map(product())).toEqual({
      display_name: 'SEAL-40 Seal 40 mm',
      source_url: 'https://s4.example/sap/bc/ui2/flp?sap-client=100#Material-displayFactSheet?Material=SEAL-40',
      organization: null,
      created_at: Date.parse('2026-01-01T00:00:00Z'),
      updated_at: Date.parse('2026-01-15T10:00:00Z'),
      version: null,
      custom_fields: null,
      item_number: 'SEAL-40',
      name: 'Seal 40 mm',
      description: 'Nitrile, 40 mm',
      item_type: 'INVENTORY',
      source_item_type: 'ERSA',
      category: 'L001',
      unit: 'H87',
      source_unit: 'PC',
      purchase_unit: 'CAR',
      manufacturer: '10300001',
      manufacturer_part_number: 'ND-40',
      barcode: '4006381333931',
      preferred_vendor_id: null,
      vendor_item_number: null,
      lead_time_days: 5,
      unit_cost: '9.5',
      currency: 'EUR',
      is_lot_tracked: false,
      is_serial_tracked: false,
      is_active: true,
    })
  })
  test('marked for deletion is inactive', () =>
    expect(map(product({ IsMarkedForDeletion: true })).is_active).toBe(false))
  test('is serial tracked where a plant has a profile', () =>
    expect(
      map(product({ to_Plant: many(plant('1010', null, { SerialNumberProfile: '0001' })) })).is_serial_tracked,
    ).toBe(true))
  test('without any text is called by its number', () =>
    expect(map(product({ to_Description: many(), to_ProductBasicText: many() }))).toMatchObject({
      name: 'SEAL-40',
      display_name: 'SEAL-40',
      description: null,
    }))
  test('has an unknown type where SAP has one of its own, verbatim beside', () =>
    expect(map(product({ ProductType: 'ZINV' }))).toMatchObject({ item_type: 'UNKNOWN', source_item_type: 'ZINV' }))
  test("a tenant's own type is what the connection says", () =>
    expect(map(product({ ProductType: 'ZINV' }), { remaps: { 'item.item_type': { ZINV: 'SERVICE' } } }).item_type).toBe(
      'SERVICE',
    ))
})

describe('texts', () => {
  const name = (language: string, ...texts: readonly JsonObject[]) =>
    map(product({ to_Description: many(...texts) }), { language }).name
  test("are in the connection's language", () =>
    expect(name('de-DE', description('EN', 'Seal'), description('DE', 'Dichtung'))).toBe('Dichtung'))
  test('are in English where that language has none', () =>
    expect(name('fr', description('DE', 'Dichtung'), description('EN', 'Seal'))).toBe('Seal'))
  test('are in whatever language there is at last, the same whatever their order', () => {
    const [german, italian] = [description('DE', 'Dichtung'), description('IT', 'Guarnizione')]
    expect(name('fr', german, italian)).toBe('Dichtung')
    expect(name('fr', italian, german)).toBe('Dichtung')
  })
  test('in traditional Chinese have a key of their own', () =>
    expect(name('zh-Hant', description('ZH', '密封'), description('ZF', '密封圈'))).toBe('密封圈'))
})

describe('cost and lead time', () => {
  test('the price is the one by which stock is valued, for one unit, with every digit', () => {
    const moving = { InventoryValuationProcedure: 'V', MovingAveragePrice: '1234567890.123', PriceUnitQty: '1000' }
    expect(map(product({ to_Valuation: many(valuation('1010', moving)) })).unit_cost).toBe('1234567.890123')
  })
  test('prices of parts of the stock (split valuation) do not count', () => {
    const used = valuation('1010', { ValuationType: 'USED', StandardPrice: '1.000' })
    expect(map(product({ to_Valuation: many(used, valuation('1010')) })).unit_cost).toBe('9.5')
  })
  const two = product({
    to_Plant: many(plant('1010', '5'), plant('1020', '9')),
    to_Valuation: many(valuation('1010'), valuation('1020', { StandardPrice: '8.000', Currency: 'USD' })),
  })
  test("the connection's first plant decides", () =>
    expect(map(two, ofPlants(['1020', '1010']))).toMatchObject({ unit_cost: '8', currency: 'USD', lead_time_days: 9 }))
  test('plants that differ leave both open where the connection names none', () =>
    expect(map(two)).toMatchObject({ unit_cost: null, currency: null, lead_time_days: null }))
  test('plants that agree do not', () => {
    const same = {
      to_Plant: many(plant('1010', '5'), plant('1020', '5.0')),
      to_Valuation: many(valuation('1'), valuation('2')),
    }
    expect(map(product(same))).toMatchObject({ unit_cost: '9.5', currency: 'EUR', lead_time_days: 5 })
  })
  test('a product without valuation costs nothing known', () =>
    expect(map(product({ to_Valuation: many(), to_Plant: many() }))).toMatchObject({
      unit_cost: null,
      currency: null,
      lead_time_days: null,
    }))
})

describe('reading', () => {
  const set = 'API_PRODUCT_SRV/A_Product'
  const range = {
    mode: 'snapshot',
    since: null,
    until: Date.parse('2026-02-01T00:00:00Z'),
    cursor: null,
    pageSize: 500,
  } as const
  const signal = new AbortController().signal
  const pagesOf = async (pages: AsyncIterable<Page>) => {
    const found: Page[] = []
    for await (const page of pages) found.push(page)
    return found
  }

  test('a product that was never changed has version 0: any change comes after it', async () => {
    const { session } = fakeSession({ [set]: [product({ LastChangeDateTime: null }), product({ Product: 'Z' })] })
    const records = (await pagesOf(items.read(session, range, signal))).flatMap((page) => page.records)
    expect(records.map(({ key, version, modifiedAt }) => [key, version, modifiedAt])).toEqual([
      ['SEAL-40', 0, null],
      ['Z', Date.parse('2026-01-15T10:00:00Z'), Date.parse('2026-01-15T10:00:00Z')],
    ])
  })
  test('of hundreds of fields a plant has only those that are mapped, and not empty, are kept', async () => {
    const { session } = fakeSession({ [set]: [product({ to_Plant: many(plant('1010', '5', { ABCIndicator: 'A' })) })] })
    const [record] = (await pagesOf(items.read(session, range, signal))).flatMap((page) => page.records)
    expect(record?.payload['to_Plant']).toEqual(
      many({
        Plant: '1010',
        to_ProductSupplyPlanning: { PlannedDeliveryDurationInDays: '5' },
      }),
    )
    expect(record?.payload['GrossWeight']).toBe('0.120')
    expect(map(record?.payload ?? {})).toEqual(map(product()))
  })
  test('a product with an impossible stamp is reported, and the others are read', async () => {
    const { session } = fakeSession({
      [set]: [product({ LastChangeDateTime: '/Date(x)/' }), product({ Product: 'Z' })],
    })
    const pages = await pagesOf(items.read(session, range, signal))
    expect(pages.flatMap((page) => page.records).map(({ key }) => key)).toEqual(['Z'])
    expect(pages.flatMap((page) => page.undecodable ?? []).map(({ key }) => key)).toEqual(['SEAL-40'])
  })
  test('one product reads the same as in a list; one that is gone is null', async () => {
    const { session } = fakeSession({ [set]: [product(), product({ Product: 'Z' })] })
    const [listed] = (await pagesOf(items.read(session, range, signal))).flatMap((page) => page.records)
    expect(await items.readOne(session, 'SEAL-40', signal)).toEqual(listed)
    expect(await items.readOne(session, 'GONE', signal)).toBeNull()
  })
})
