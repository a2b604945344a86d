import { fromVocabulary, type MappingSettings, type Unified, VOCABULARIES } from '../../../core/index.ts'
import { COLLECTIONS } from '../collections.ts'
import { date, decimal, isRow, type Row, ref, text, texts } from '../values.ts'
import { currencyOf, envelope, reference } from './envelope.ts'
import { picked } from './records.ts'
import { streamOf } from './stream.ts'

export const assets = streamOf<'asset'>({
  entity: 'asset',
  mappingVersion: 1,
  ignoresWindow: true,
  collection: COLLECTIONS.assets,
  isTimed: true,
  expandMany: [
    'barcode',
    'team_ids',
    'asset_types',
    'extra_fields',
    'vendor_ids',
    'depreciation',
    'status',
    'manufacturer',
    'model',
  ],
  expandOne: [],
  detailed: false,
  names: ['criticalities'],
  payload(row, names) {
    const { status, depreciation } = row
    return {
      ...picked(row, ['id', 'name', 'description', 'parentId', 'locationId', 'criticalityId', 'serialNumber']),
      ...picked(row, ['barcode', 'teamIds', 'assetTypes', 'vendorIds', 'manufacturer', 'model', 'extraFields']),
      ...picked(row, ['creatorId', 'createdAt', 'updatedAt']),
      criticality: names.criticalities.get(ref(row['criticalityId']) ?? '') ?? null,
      ...(isRow(status) ? { status: statusIn(status) } : {}),
      // what it is worth today changes by itself
      ...(isRow(depreciation) ? { depreciation: picked(depreciation, ['purchasePrice', 'purchaseDate']) } : {}),
      organizationId: names.organization,
      organizationCurrency: names.currency,
    }
  },
  toUnified: assetOf,
})

function statusIn(status: Row): Row {
  const custom = isRow(status['customStatus']) ? text(status['customStatus']['label']) : null
  return { ...picked(status, ['status', 'downtimeType']), ...(custom === null ? {} : { customStatus: custom }) }
}

const STATUS = { ONLINE: 'OPERATIONAL', OFFLINE: 'DOWN', IGNORE: 'UNKNOWN' } as const

function assetOf(asset: Row, settings: MappingSettings, key: string): Unified<'asset'> {
  const name = text(asset['name'])
  const depreciation = isRow(asset['depreciation']) ? asset['depreciation'] : {}
  const cost = decimal(depreciation['purchasePrice'])
  return {
    ...envelope(asset, settings, key, name),
    asset_number: null,
    name: name ?? key,
    description: text(asset['description']),
    kind: 'EQUIPMENT',
    asset_type: texts(asset['assetTypes'])[0] ?? null,
    criticality: text(asset['criticality']),
    ...statusOf(isRow(asset['status']) ? asset['status'] : {}, settings),
    parent_id: reference(settings, 'asset', asset['parentId']),
    location_id: reference(settings, 'location', asset['locationId']),
    manufacturer: text(asset['manufacturer']),
    model: text(asset['model']),
    serial_number: text(asset['serialNumber']),
    tag: text(asset['barcode']),
    vendor_id: firstVendor(asset, settings),
    item_id: null,
    acquired_date: date(depreciation['purchaseDate'], settings.timeZone),
    commissioned_date: null,
    warranty_end_date: null,
    acquisition_cost: cost,
    currency: cost === null ? null : currencyOf(asset, settings),
    cost_center: null,
    is_active: true,
  }
}

/** A status of the customer's own hides one of the three; a connection may say what it means by its label. */
function statusOf(status: Row, settings: MappingSettings): Pick<Unified<'asset'>, 'status' | 'source_status'> {
  const [base, custom] = [text(status['status']), text(status['customStatus'])]
  const isRemapped = custom !== null && Object.hasOwn(settings.remaps['asset.status'] ?? {}, custom)
  const native = isRemapped ? custom : base
  return {
    status: fromVocabulary(settings, 'asset.status', native, STATUS, VOCABULARIES.AssetStatus),
    source_status: custom ?? base,
  }
}

export function firstVendor(row: Row, settings: MappingSettings): string | null {
  const ids = row['vendorIds']
  return Array.isArray(ids) ? reference(settings, 'vendor', ids[0]) : null
}
