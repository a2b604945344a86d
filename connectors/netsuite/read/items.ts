import {
  decimals,
  fromVocabulary,
  type ItemType,
  type MappingSettings,
  type Unified,
  VOCABULARIES,
} from '../../../core/index.ts'
import { children, decimal, flag, type Row, text } from '../values.ts'
import { envelope, numbered } from './envelope.ts'
import { isoCode, type Lookups } from './lookups.ts'
import { conversionIn, unitsOf, withConversion } from './quantities.ts'
import { idOf, shared } from './references.ts'
import { type ChildSource, display, instantOf, optional, plain, type WindowSource } from './source.ts'
import { streamOf } from './stream.ts'

/** What may be bought or kept; descriptions, subtotals, discounts and groups are no goods. */
const TYPES: { readonly [native: string]: ItemType } = {
  InvtPart: 'INVENTORY',
  Assembly: 'ASSEMBLY',
  NonInvtPart: 'NON_INVENTORY',
  Service: 'SERVICE',
  OthCharge: 'SERVICE',
  Kit: 'KIT',
}

/** Vendors of an item, with their own numbers for it. Without the feature "Multiple Vendors" there is no such table. */
const itemVendors: ChildSource = {
  as: 'vendors',
  table: 'itemvendor',
  from: 'itemvendor iv',
  columns: {
    item: plain('iv.item'),
    vendor: plain('iv.vendor'),
    preferredvendor: plain('iv.preferredvendor'),
    vendorcode: optional(plain('iv.vendorcode')),
  },
  parent: 'item',
  key: 'vendor',
  optional: true,
}

/** Items of all subsidiaries: most are shared. */
const itemSource = (): WindowSource => ({
  table: 'item',
  from: 'item i',
  where: [
    {
      sql: `i.itemtype IN (${Object.keys(TYPES)
        .map((type) => `'${type}'`)
        .join(', ')})`,
    },
  ],
  columns: {
    id: plain('i.id'),
    itemid: plain('i.itemid'),
    displayname: plain('i.displayname'),
    description: optional(plain('i.description')),
    purchasedescription: optional(plain('i.purchasedescription')),
    itemtype: plain('i.itemtype'),
    class: optional(display('i.class')),
    isinactive: plain('i.isinactive'),
    stockunit: optional(plain('i.stockunit')),
    stockunitname: optional(display('i.stockunit')),
    purchaseunitname: optional(display('i.purchaseunit')),
    manufacturer: optional(plain('i.manufacturer')),
    mpn: optional(plain('i.mpn')),
    upccode: optional(plain('i.upccode')),
    vendor: optional(plain('i.vendor')),
    vendorname: optional(plain('i.vendorname')),
    leadtime: optional(plain('i.leadtime')),
    cost: optional(plain('i.cost')),
    averagecost: optional(plain('i.averagecost')),
    islotitem: optional(plain('i.islotitem')),
    isserialitem: optional(plain('i.isserialitem')),
    subsidiary: optional(plain('i.subsidiary')),
    created: optional(instantOf('i.createddate')),
    lastmodified: instantOf('i.lastmodifieddate'),
  },
  key: ['id'],
  modified: 'lastmodified',
  deletedAs: [
    'inventoryitem',
    'lotnumberedinventoryitem',
    'serializedinventoryitem',
    'assemblyitem',
    'lotnumberedassemblyitem',
    'serializedassemblyitem',
    'noninventoryitem',
    'serviceitem',
    'otherchargeitem',
    'kititem',
  ],
  children: [itemVendors],
})

export const items = streamOf<'item'>({
  entity: 'item',
  mappingVersion: 1,
  ignoresWindow: true,
  source: itemSource,
  complete: completed,
  toUnified: itemOf,
})

/** With the currency that costs are in (the books of its subsidiaries, where they agree), and the stock unit's size. */
function completed(item: Row, lookups: Lookups): Row {
  const owners = text(item['subsidiary'])?.split(/\s*,\s*/) ?? []
  const code = shared(owners.map((owner) => lookups.baseCurrencyOf(owner)))
  return withConversion(code === null ? item : { ...item, currencycode: code }, 'stockunit', lookups)
}

function itemOf(item: Row, settings: MappingSettings, key: string): Unified<'item'> {
  const number = text(item['itemid'])
  const name = text(item['displayname']) ?? number
  const type = text(item['itemtype'])
  const preferred = children(item['vendors']).find((each) => flag(each['preferredvendor']) === true)
  const cost = costOf(item, settings)
  return {
    ...envelope(item, settings, { key, displayName: numbered(number, name), page: '/app/common/item/item.nl' }),
    item_number: number,
    name: name ?? key,
    description: text(item['purchasedescription']) ?? text(item['description']),
    item_type: fromVocabulary(settings, 'item.item_type', type, TYPES, VOCABULARIES.ItemType),
    source_item_type: type,
    category: text(item['class']),
    ...unitsOf(item, 'stockunitname', settings),
    purchase_unit: text(item['purchaseunitname']),
    manufacturer: text(item['manufacturer']),
    manufacturer_part_number: text(item['mpn']),
    barcode: text(item['upccode']),
    preferred_vendor_id: idOf(settings, 'vendor', preferred?.['vendor'] ?? item['vendor']),
    vendor_item_number: text(preferred?.['vendorcode']) ?? text(item['vendorname']),
    lead_time_days: daysOf(item),
    unit_cost: cost,
    currency: cost === null ? null : (isoCode(item['currencycode']) ?? settings.currency),
    is_lot_tracked: flag(item['islotitem']),
    is_serial_tracked: flag(item['isserialitem']),
    is_active: flag(item['isinactive']) !== true,
  }
}

/** Average cost of what is kept, else the purchase price; of one base unit, while `unit` is the stock unit. */
function costOf(item: Row, settings: MappingSettings): string | null {
  const cost = decimal(item['averagecost']) ?? decimal(item['cost'])
  return cost === null ? null : decimals.ratio([cost, conversionIn(item, settings)], [])
}

function daysOf(item: Row): number | null {
  const days = decimal(item['leadtime'])
  return days === null ? null : Math.ceil(Number(days))
}
