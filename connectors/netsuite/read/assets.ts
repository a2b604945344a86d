import {
  type AssetStatus,
  fromVocabulary,
  type MappingSettings,
  type Unified,
  VOCABULARIES,
} from '../../../core/index.ts'
import type { NetSuiteConfig } from '../config.ts'
import { date, decimal, flag, type Row, text } from '../values.ts'
import { customRecordOf, customRecordSource, refuseSource, withStamp } from './custom-records.ts'
import { envelope, numbered } from './envelope.ts'
import { isoCode } from './lookups.ts'
import { type Mappable, nativeColumns } from './native-fields.ts'
import { idOf } from './references.ts'
import type { WindowSource } from './source.ts'
import { streamOf } from './stream.ts'

const FIELDS: Mappable = {
  asset_number: 'text',
  name: 'text',
  description: 'text',
  asset_type: 'list',
  criticality: 'list',
  status: 'list',
  parent_id: 'record',
  location_id: 'record',
  vendor_id: 'record',
  item_id: 'record',
  subsidiary: 'record',
  manufacturer: 'text',
  model: 'text',
  serial_number: 'text',
  tag: 'text',
  acquired_date: 'date',
  commissioned_date: 'date',
  warranty_end_date: 'date',
  acquisition_cost: 'number',
  currency: 'list',
  cost_center: 'list',
}

/** Words of such lists, in lower case; an account's own ones go into its remap of asset.status. */
const WORDS: { readonly [word: string]: AssetStatus } = {
  operational: 'OPERATIONAL',
  active: 'OPERATIONAL',
  'in use': 'OPERATIONAL',
  'in service': 'OPERATIONAL',
  running: 'OPERATIONAL',
  down: 'DOWN',
  broken: 'DOWN',
  'out of order': 'DOWN',
  'out of service': 'DOWN',
  'under repair': 'DOWN',
  inactive: 'INACTIVE',
  stored: 'INACTIVE',
  retired: 'INACTIVE',
  disposed: 'DISPOSED',
  sold: 'DISPOSED',
  scrapped: 'DISPOSED',
}

/** NetSuite has no assets of its own but those of accounting: the connection names a custom record, or there are none. */
function sourceOf({ asset_source, asset_fields }: NetSuiteConfig): WindowSource | null {
  const chosen = asset_source.trim()
  const table = customRecordOf(chosen)
  if (table !== null) return customRecordSource(table, nativeColumns('asset_fields', asset_fields, FIELDS, 'r'))
  return chosen === 'none' ? null : refuseSource('asset_source', chosen, ['custom_record:<id>', 'none'])
}

export const assets = streamOf<'asset'>({
  entity: 'asset',
  mappingVersion: 1,
  ignoresWindow: true,
  source: sourceOf,
  prepare: withStamp,
  toUnified: assetOf,
})

function assetOf(row: Row, settings: MappingSettings, key: string): Unified<'asset'> {
  const number = text(row['asset_number'])
  const name = text(row['name']) ?? text(row['altname']) ?? text(row['recordname'])
  const cost = decimal(row['acquisition_cost'])
  const isActive = flag(row['isinactive']) !== true
  const id = (entity: string, field: string) => idOf(settings, entity, row[field])
  return {
    ...envelope(row, settings, { key, displayName: numbered(number, name), page: null }),
    asset_number: number,
    name: name ?? number ?? key,
    description: text(row['description']),
    kind: 'EQUIPMENT',
    asset_type: text(row['asset_type']),
    criticality: text(row['criticality']),
    status: isActive ? statusOf(text(row['status']), settings) : 'INACTIVE',
    source_status: text(row['status']),
    parent_id: id('asset', 'parent_id'),
    location_id: id('location', 'location_id'),
    manufacturer: text(row['manufacturer']),
    model: text(row['model']),
    serial_number: text(row['serial_number']),
    tag: text(row['tag']),
    vendor_id: id('vendor', 'vendor_id'),
    item_id: id('item', 'item_id'),
    acquired_date: date(row['acquired_date']),
    commissioned_date: date(row['commissioned_date']),
    warranty_end_date: date(row['warranty_end_date']),
    acquisition_cost: cost,
    currency: isoCode(row['currency']) ?? (cost === null ? null : settings.currency),
    cost_center: text(row['cost_center']),
    is_active: isActive,
  }
}

/** Without a status an asset that is not inactive is in use. */
function statusOf(native: string | null, settings: MappingSettings): AssetStatus {
  if (native === null) return 'OPERATIONAL'
  const word = WORDS[native.toLowerCase()]
  return fromVocabulary(
    settings,
    'asset.status',
    native,
    word === undefined ? {} : { [native]: word },
    VOCABULARIES.AssetStatus,
  )
}
