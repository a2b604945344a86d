import { describe, expect, test } from 'vitest'
import { items } from '../../../../connectors/netsuite/read/items.ts'
import type { JsonObject } from '../../../../core/index.ts'
import { fakeSession } from './fake-session.ts'
import { reading, settings } from './payloads.ts'

const item = {
  id: '88',
  itemid: 'SEAL-40',
  displayname: 'Seal 40 mm',
  purchasedescription: 'Shaft seal, 40 mm',
  itemtype: 'InvtPart',
  class: 'Spare parts',
  isinactive: 'F',
  stockunit: '1',
  stockunitname: 'Each',
  purchaseunitname: 'Box',
  manufacturer: 'Dichtwerk',
  mpn: 'DW-40',
  upccode: '4006381333931',
  leadtime: '9.2',
  cost: '9.5',
  averagecost: '9.310000000001',
  islotitem: 'F',
  isserialitem: 'T',
  subsidiary: '1, 2',
  created: '2026-01-01 08:15:00',
  lastmodified: '2026-01-15 10:00:00',
}
const vendorRow = (vendor: string, preferredvendor: string, vendorcode: string): JsonObject => ({
  item: '88',
  vendor,
  preferredvendor,
  vendorcode,
})
const map = (row: JsonObject = {}, own = settings) =>
  reading(
    items,
    fakeSession({
      tables: {
        'item i': [{ ...item, ...row }],
        itemvendor: [vendorRow('11', 'F', 'N-1'), vendorRow('12', 'T', 'N-40')],
        currency: [
          { id: '1', symbol: 'EUR' },
          { id: '2', symbol: 'USD' },
        ],
        subsidiary: [
          { id: '1', currency: '1' },
          { id: '2', currency: '1' },
          { id: '3', currency: '2' },
        ],
        unitstypeuom: [{ internalid: '2', conversionrate: '12' }],
      },
    }).session,
  ).unified(own)

test('an item with its vendors', async () => {
  expect(await map()).toEqual({
    display_name: 'SEAL-40 Seal 40 mm',
    source_url: 'https://1234567-sb1.app.netsuite.com/app/common/item/item.nl?id=88',
    organization: '1, 2',
    created_at: Date.parse('2026-01-01T08:15:00Z'),
    updated_at: Date.parse('2026-01-15T10:00:00Z'),
    version: null,
    custom_fields: null,
    item_number: 'SEAL-40',
    name: 'Seal 40 mm',
    description: 'Shaft seal, 40 mm',
    item_type: 'INVENTORY',
    source_item_type: 'InvtPart',
    category: 'Spare parts',
    unit: 'EA',
    source_unit: 'Each',
    purchase_unit: 'Box',
    manufacturer: 'Dichtwerk',
    manufacturer_part_number: 'DW-40',
    barcode: '4006381333931',
    preferred_vendor_id: 'books:vendor:12',
    vendor_item_number: 'N-40',
    lead_time_days: 10,
    unit_cost: '9.31',
    currency: 'EUR',
    is_lot_tracked: false,
    is_serial_tracked: true,
    is_active: true,
  })
})

describe('kinds', () => {
  test.each([
    ['Assembly', 'ASSEMBLY'],
    ['NonInvtPart', 'NON_INVENTORY'],
    ['Service', 'SERVICE'],
    ['Kit', 'KIT'],
    ['GiftCert', 'UNKNOWN'],
  ])('%s is %s', async (itemtype, type) =>
    expect(await map({ itemtype })).toMatchObject({ item_type: type, source_item_type: itemtype }),
  )
})

test('the cost is of one stock unit: NetSuite keeps that of the base unit', async () =>
  expect(await map({ stockunit: '2', stockunitname: 'Box', averagecost: '.5' })).toMatchObject({
    unit_cost: '6',
    source_unit: 'Box',
  }))

test('what is not kept in stock costs what it was bought for', async () =>
  expect((await map({ averagecost: null })).unit_cost).toBe('9.5'))

test('subsidiaries with several currencies leave it to the connection', async () => {
  expect((await map({ subsidiary: '1,3' })).currency).toBeNull()
  expect((await map({ subsidiary: '1,3' }, { ...settings, currency: 'CHF' })).currency).toBe('CHF')
  expect((await map({ averagecost: null, cost: null })).currency).toBeNull()
})

test('without the feature of several vendors the item names its vendor', async () => {
  const { session } = fakeSession({ tables: { 'item i': [{ ...item, vendor: '14', vendorname: 'X-1' }] } })
  expect(await reading(items, session).unified()).toMatchObject({
    preferred_vendor_id: 'books:vendor:14',
    vendor_item_number: 'X-1',
  })
})

test('descriptions, discounts and groups are not asked for', async () => {
  const { session, from } = fakeSession({ tables: { 'item i': [] } })
  await reading(items, session).records()
  expect(from('item')[0]?.q).toContain(
    "i.itemtype IN ('InvtPart', 'Assembly', 'NonInvtPart', 'Service', 'OthCharge', 'Kit')",
  )
})
