import { fromVocabulary, type MappingSettings, type Unified, unifiedId, VOCABULARIES } from '../../../core/index.ts'
import { days, decimal, type Row, reference, row, rows, text, truth } from '../values.ts'
import { type Source, streamOf } from './by-id.ts'
import { envelope, numbered, textOf } from './envelope.ts'
import { unitsOf } from './units.ts'

const KNOWN_TYPES = {
  goods: 'INVENTORY',
  assets: 'INVENTORY',
  consumable: 'NON_INVENTORY',
  service: 'SERVICE',
} as const

const SUPPLIER_FIELDS = ['party', 'code', 'lead_time', 'active', 'product', 'company.id']

/** `product.product` with its template: what people call a product is the template, what is ordered is the variant. */
export const productSource: Source<'item'> = {
  entity: 'item',
  mappingVersion: 1,
  ignoresWindow: true,
  model: 'product.product',
  models: ['product.product', 'product.template', 'product.uom', 'product.category', 'product.identifier'],
  fields: [
    'code',
    'active',
    'description',
    // `cost_price` itself is a computed field, twice as slow to read
    'cost_prices.cost_price',
    'cost_prices.company',
    'identifiers.type',
    'identifiers.code',
    'template.name',
    'template.type',
    'template.consumable',
    'template.active',
    'template.default_uom.symbol',
    'template.default_uom.name',
    'template.categories.name',
  ],
  touchedBy: ['', 'template.', 'identifiers.', 'cost_prices.', 'template.categories.'],
  optional: [
    {
      models: ['purchase.product_supplier'],
      fields: [
        'template.purchasable',
        'template.purchase_uom.symbol',
        ...SUPPLIER_FIELDS.map((field) => `template.product_suppliers.${field}`),
      ],
      touchedBy: ['template.product_suppliers.'],
    },
  ],
  toUnified: itemOf,
}

export const items = streamOf(productSource)

function itemOf(product: Row, settings: MappingSettings, key: string): Unified<'item'> {
  const template = row(product['template.']) ?? {}
  const number = text(product['code'])
  const name = text(template['name'])
  const type = text(template['type'])
  const kind = type === 'goods' && truth(template['consumable']) === true ? 'consumable' : type
  const supplier = preferredSupplier(product, template)
  const vendor = supplier === null ? null : reference(supplier['party'])
  const cost = costOf(product)
  return {
    ...envelope(product, settings, 'product.product', key, numbered(number === null ? null : `[${number}]`, name)),
    item_number: number,
    name: name ?? number ?? key,
    description: text(product['description']),
    item_type: fromVocabulary(settings, 'item.item_type', kind, KNOWN_TYPES, VOCABULARIES.ItemType),
    source_item_type: kind,
    category: categoriesOf(template),
    ...unitsOf(row(template['default_uom.']), settings),
    purchase_unit: textOf(row(template['purchase_uom.']), 'symbol'),
    manufacturer: null,
    manufacturer_part_number: null,
    barcode: barcodeOf(product),
    preferred_vendor_id: vendor === null ? null : unifiedId(settings.connectionId, 'vendor', String(vendor)),
    vendor_item_number: supplier === null ? null : text(supplier['code']),
    lead_time_days: supplier === null ? null : days(supplier['lead_time']),
    unit_cost: cost,
    currency: cost === null ? null : (text(product['company_currency']) ?? settings.currency),
    is_lot_tracked: null,
    is_serial_tracked: null,
    is_active: (truth(product['active']) ?? true) && (truth(template['active']) ?? true),
  }
}

/** Tryton's order: those of this variant first, then those of the template as a whole (purchase/product.py). */
function preferredSupplier(product: Row, template: Row): Row | null {
  const active = rows(template['product_suppliers.']).filter(
    (each) => truth(each['active']) !== false && isOfCompany(each, product['company']),
  )
  const own = active.find((each) => reference(each['product']) === product['id'])
  return own ?? active.find((each) => reference(each['product']) === null) ?? null
}

const isOfCompany = (supplier: Row, company: unknown) => {
  const its = row(supplier['company.'])
  return its === null || its['id'] === company
}

function categoriesOf(template: Row): string | null {
  const names = rows(template['categories.']).flatMap((each) => text(each['name']) ?? [])
  return names.length === 0 ? null : names.sort((a, b) => (a < b ? -1 : 1)).join(', ')
}

/** A GTIN (ean, isbn, ismn are 8 to 14 digits); Tryton 6.0 knows the types brand, ean, isan, isbn, isil, isin, ismn. */
function barcodeOf(product: Row): string | null {
  const codes = rows(product['identifiers.']).filter((each) => each['type'] === 'ean')
  return codes.flatMap((each) => text(each['code']) ?? [])[0] ?? null
}

/** Tryton keeps a cost price for each company. */
function costOf(product: Row): string | null {
  const prices = rows(product['cost_prices.'])
  return decimal(prices.find((each) => reference(each['company']) === product['company'])?.['cost_price'])
}
