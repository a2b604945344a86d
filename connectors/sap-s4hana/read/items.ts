import {
  decimals,
  defineStream,
  fromVocabulary,
  type ItemType,
  type Json,
  type MappingSettings,
  type RawRecord,
  type Unified,
  VOCABULARIES,
} from '../../../core/index.ts'
import type { SapSession } from '../session.ts'
import { child, children, decimal, flag, localInstant, type Row, sapInstant, text } from '../values.ts'
import { envelope, intent, numbered, systemZone } from './envelope.ts'
import { listKeysOf, readKeyset, readRow, type StampedSource } from './keyset.ts'
import { type Kept, lean } from './lean.ts'
import { requireDates, shared } from './references.ts'
import { inLanguage } from './texts.ts'
import { unitsOf } from './units.ts'

/** Product types of SAP's own customizing; a tenant's own ones go into the connection's remap of item.item_type. */
const KNOWN_TYPES: { readonly [native: string]: ItemType } = {
  ROH: 'INVENTORY',
  HALB: 'INVENTORY',
  FERT: 'INVENTORY',
  HAWA: 'INVENTORY',
  ERSA: 'INVENTORY',
  HIBE: 'INVENTORY',
  VERP: 'INVENTORY',
  LEIH: 'INVENTORY',
  UNBW: 'INVENTORY',
  NLAG: 'NON_INVENTORY',
  PIPE: 'NON_INVENTORY',
  DIEN: 'SERVICE',
  SERV: 'SERVICE',
}

/**
 * Products with their texts, plants and valuation. The product's stamp need not move when only plant or valuation data
 * change: such changes are found when the stream is read whole again (README.md).
 */
const productSource: StampedSource = {
  service: 'API_PRODUCT_SRV',
  set: 'A_Product',
  key: ['Product'],
  expand: ['to_Description', 'to_ProductBasicText', 'to_Plant/to_ProductSupplyPlanning', 'to_Valuation'],
  changedAt: 'LastChangeDateTime',
  fallbackOn: 'CreationDate',
}

/** A product may be in hundreds of plants, with a hundred fields in each. */
const KEPT: Kept = {
  to_Plant: ['Plant', 'SerialNumberProfile', 'to_ProductSupplyPlanning'],
  to_ProductSupplyPlanning: ['PlannedDeliveryDurationInDays'],
  to_Valuation: [
    'ValuationArea',
    'ValuationType',
    'InventoryValuationProcedure',
    'StandardPrice',
    'MovingAveragePrice',
    'PriceUnitQty',
    'Currency',
  ],
}

export const items = defineStream<SapSession, 'item'>({
  entity: 'item',
  changes: 'incremental',
  deletes: 'by-absence',
  mappingVersion: 1,
  ignoresWindow: true,
  read: (session, range, signal) => readKeyset(session, productSource, range, recordOf, signal),
  listKeys: (session, signal) => listKeysOf(session, { ...productSource, select: ['Product'], expand: [] }, signal),
  async readOne(session, key, signal) {
    const { service, set, expand = [] } = productSource
    const product = await readRow(session, service, set, { Product: key }, expand, signal)
    return product === null ? null : recordOf(product)
  },
  toUnified: itemOf,
})

function recordOf(product: Row): RawRecord | null {
  const key = text(product['Product'])
  if (key === null) throw new TypeError('a product without number')
  requireDates(product, ['CreationDate'])
  const changed = sapInstant(product['LastChangeDateTime'])
  // never the creation date instead: it is a day in the system's zone, which may end after the first change
  return { key, version: changed ?? 0, modifiedAt: changed, payload: lean(product, KEPT) }
}

function itemOf(product: Row, settings: MappingSettings, key: string): Unified<'item'> {
  const number = text(product['Product']) ?? key
  const name = inLanguage(product['to_Description'], 'ProductDescription', settings)
  const type = text(product['ProductType'])
  const plants = plantsOf(product, settings)
  return {
    ...envelope(product, settings, {
      key,
      displayName: numbered(number, name),
      url: intent('Material-displayFactSheet', { Material: number }),
      createdAt: localInstant(product['CreationDate'], null, systemZone(settings)),
      updatedAt: sapInstant(product['LastChangeDateTime']),
      // the stamp does not move with every change
      version: null,
    }),
    item_number: number,
    name: name ?? number,
    description: inLanguage(product['to_ProductBasicText'], 'LongText', settings),
    item_type: fromVocabulary(settings, 'item.item_type', type, KNOWN_TYPES, VOCABULARIES.ItemType),
    source_item_type: type,
    category: text(product['ProductGroup']),
    ...unitsOf(text(product['BaseUnit']), settings),
    purchase_unit: text(product['PurchaseOrderQuantityUnit']),
    manufacturer: text(product['ManufacturerNumber']),
    manufacturer_part_number: text(product['ProductManufacturerNumber']),
    barcode: text(product['ProductStandardID']),
    // vendors of a product are in info records, which this service does not have
    preferred_vendor_id: null,
    vendor_item_number: null,
    lead_time_days: leadTimeOf(plants, settings),
    ...costOf(product, settings),
    is_lot_tracked: flag(product['IsBatchManagementRequired']),
    is_serial_tracked: isSerialTracked(product, plants),
    is_active: flag(product['IsMarkedForDeletion']) !== true,
  }
}

/** Rows of the connection's plants in its order; where it names none, of all plants. */
function plantsOf(product: Row, settings: MappingSettings): readonly Row[] {
  const rows = children(product['to_Plant'])
  const wanted = namedPlants(settings)
  return wanted === null ? rows : wanted.flatMap((plant) => rows.filter((row) => row['Plant'] === plant))
}

function namedPlants(settings: MappingSettings): readonly Json[] | null {
  const { plants } = settings.settings
  return Array.isArray(plants) && plants.length > 0 ? plants : null
}

/** Of the first plant of the connection that has one; where it names none: what all plants agree on. */
function leadTimeOf(plants: readonly Row[], settings: MappingSettings): number | null {
  const times = plants.map((row) => decimal(child(row['to_ProductSupplyPlanning'])?.['PlannedDeliveryDurationInDays']))
  const days = namedPlants(settings) === null ? shared(times) : times.find((each) => each !== null)
  return days == null ? null : Math.ceil(Number(days))
}

/** The valuation area is the plant; a row with a valuation type is a part of the stock only. */
function costOf(product: Row, settings: MappingSettings) {
  const rows = children(product['to_Valuation']).filter((row) => text(row['ValuationType']) === null)
  const wanted = namedPlants(settings)?.[0]
  const costs = (wanted === undefined ? rows : rows.filter((row) => row['ValuationArea'] === wanted)).map((row) => {
    const cost = unitCostOf(row)
    return cost === null ? null : `${cost} ${text(row['Currency']) ?? settings.currency ?? ''}`
  })
  const [cost = null, currency] = shared(costs)?.split(' ') ?? []
  return { unit_cost: cost, currency: currency || null }
}

function unitCostOf(row: Row): string | null {
  const procedure = text(row['InventoryValuationProcedure'])
  const field = procedure === 'S' ? 'StandardPrice' : procedure === 'V' ? 'MovingAveragePrice' : null
  const price = field === null ? null : decimal(row[field])
  return price === null ? null : decimals.ratio([price], [decimal(row['PriceUnitQty']) ?? '1'])
}

function isSerialTracked(product: Row, plants: readonly Row[]): boolean {
  return [product, ...plants].some((row) => text(row['SerialNumberProfile']) !== null)
}
