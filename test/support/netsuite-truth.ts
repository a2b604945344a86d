import type { EntityName } from '../../core/index.ts'
import type { Store, StoredRow as Row } from '../../connectors/netsuite/sandbox/store.ts'
import type { Facts, Truth } from './facts.ts'
import {
  type Account,
  exactly,
  type Id,
  isTrue,
  type Mapping,
  readAccount,
  some,
  unitOf,
  type Value,
} from './netsuite-account.ts'
import { KINDS, movement, purchaseOrder, workOrder } from './netsuite-documents.ts'

/**
 * What the sandbox of NetSuite really holds, read from its tables: the business facts of every record, under the names
 * of the unified model. Shares no code with the connector.
 */
export const NETSUITE_ENTITIES: readonly EntityName[] = [
  'vendor',
  'item',
  'location',
  'stock_level',
  'purchase_order',
  'inventory_movement',
  'work_order',
  'asset',
  'user',
]

export function readNetSuiteTruth(store: Store, id: Id): Truth {
  const account = readAccount(store, id)
  const { rows } = account
  return {
    vendor: keyed(account, 'vendor', rows('vendor'), vendor),
    item: keyed(account, 'item', rows('item').filter(isGoods), item),
    location: keyed(account, 'location', rows('location'), location),
    stock_level: new Map(rows('aggregateitemlocation').map((row) => stockLevel(account, row))),
    purchase_order: keyed(account, 'purchase_order', ofType(rows, 'PurchOrd'), purchaseOrder),
    inventory_movement: keyed(account, 'inventory_movement', ofType(rows, ...Object.keys(KINDS)), movement),
    work_order: keyed(account, 'work_order', ofType(rows, 'WorkOrd'), workOrder),
    asset: keyed(account, 'asset', rows('customrecord_asset'), asset),
    user: keyed(account, 'user', rows('employee'), user),
  }
}

const keyed = (account: Account, entity: string, rows: readonly Row[], facts: Mapping) =>
  new Map(rows.map((row) => [account.id(entity, String(row['id'])), facts(account, row)]))

const ofType = (rows: Account['rows'], ...types: string[]) =>
  rows('transaction').filter((row) => types.includes(String(row['type'])))

const vendor: Mapping = (account, row) => {
  const person = [some(row['firstname']), some(row['lastname'])].filter((part) => part !== null).join(' ')
  const own = account.rows('vendoraddressbook').filter((entry) => entry['entity'] === row['id'])
  const [only] = own.length === 1 ? own : []
  const address = account.find('entityaddress', only?.['addressbookaddress'])
  return {
    vendor_number: some(row['entityid']),
    name: isTrue(row['isperson']) ? person : some(row['companyname']),
    email: some(row['email']),
    phone: some(row['phone']),
    tax_id: some(row['vatregnumber']) ?? some(row['taxidnum']),
    currency: some(account.find('currency', row['currency'])?.['symbol']),
    payment_terms: some(account.find('term', row['terms'])?.['name']),
    is_active: row['isinactive'] === 'F',
    notes: some(row['comments']),
    organization: some(row['subsidiary']),
    ...(address === undefined
      ? {}
      : {
          address_line1: some(address['addr1']),
          city: some(address['city']),
          postal_code: some(address['zip']),
          country: some(address['country']),
        }),
  }
}

const GOODS: { readonly [type: string]: string } = {
  InvtPart: 'INVENTORY',
  NonInvtPart: 'NON_INVENTORY',
  Assembly: 'ASSEMBLY',
  Kit: 'KIT',
  Service: 'SERVICE',
  OthCharge: 'SERVICE',
}
const isGoods = (row: Row) => String(row['itemtype']) in GOODS

const item: Mapping = (account, row) => {
  const { source_unit, rate } = unitOf(account, row['stockunit'])
  const vendors = account.rows('itemvendor').filter((each) => each['item'] === row['id'])
  const preferred = vendors.find((each) => isTrue(each['preferredvendor']))
  return {
    item_number: some(row['itemid']),
    name: some(row['displayname']) ?? some(row['itemid']),
    description: some(row['purchasedescription']) ?? some(row['description']),
    item_type: GOODS[String(row['itemtype'])],
    source_item_type: row['itemtype'],
    category: some(account.find('classification', row['class'])?.['name']),
    source_unit,
    manufacturer: some(row['manufacturer']),
    barcode: some(row['upccode']),
    preferred_vendor_id: account.ref('vendor', preferred?.['vendor']),
    lead_time_days: row['leadtime'] ?? null,
    ...exactly('unit_cost', [row['averagecost'] ?? row['cost'], rate], []),
    is_lot_tracked: isTrue(row['islotitem']),
    is_serial_tracked: isTrue(row['isserialitem']),
    is_active: row['isinactive'] === 'F',
  }
}

const location: Mapping = (account, row) => ({
  location_code: some(row['externalid']),
  name: some(row['name']),
  parent_id: account.ref('location', row['parent']),
  holds_stock: isTrue(row['makeinventoryavailable']),
  is_active: row['isinactive'] === 'F',
  organization: some(row['subsidiary']),
})

function stockLevel(account: Account, row: Row): readonly [string, Facts] {
  const { source_unit, rate } = unitOf(account, account.find('item', row['item'])?.['stockunit'])
  const quantity = (field: string, column: string, none: Value = null) => exactly(field, [row[column] ?? none], [rate])
  return [
    account.id('stock_level', String(row['item']), String(row['location'])),
    {
      item_id: account.ref('item', row['item']),
      location_id: account.ref('location', row['location']),
      source_unit,
      ...quantity('quantity_on_hand', 'quantityonhand', '0'),
      ...quantity('quantity_reserved', 'quantitycommitted'),
      ...quantity('quantity_available', 'quantityavailable'),
      ...quantity('quantity_on_order', 'quantityonorder'),
      ...quantity('minimum_quantity', 'reorderpoint'),
    },
  ]
}

const asset: Mapping = (account, row) => {
  const of = (name: string) => row[`custrecord_asset_${name}`]
  return {
    kind: 'EQUIPMENT',
    asset_number: some(of('number')),
    name: some(row['name']),
    source_status: some(of('status')),
    parent_id: account.ref('asset', of('parent')),
    location_id: account.ref('location', of('location')),
    vendor_id: account.ref('vendor', of('vendor')),
    item_id: account.ref('item', of('item')),
    manufacturer: some(of('manufacturer')),
    serial_number: some(of('serial')),
    acquired_date: of('acquired') ?? null,
    acquisition_cost: of('cost') ?? null,
    is_active: row['isinactive'] === 'F',
  }
}

const user: Mapping = (_account, row) => ({
  user_number: some(row['entityid']),
  first_name: some(row['firstname']),
  last_name: some(row['lastname']),
  email: some(row['email']),
  job_title: some(row['title']),
  is_active: row['isinactive'] === 'F',
  organization: some(row['subsidiary']),
})
