import { fromVocabulary, type MappingSettings, type Unified, unifiedId, VOCABULARIES } from '../../../core/index.ts'
import { type Row, reference, row, text, truth } from '../values.ts'
import { type Source, streamOf } from './by-id.ts'
import { addressFields, postalAddress } from './contacts.ts'
import { envelope, numbered } from './envelope.ts'

const KNOWN_TYPES = {
  warehouse: 'WAREHOUSE',
  storage: 'STORAGE',
  view: 'STORAGE',
  supplier: 'VIRTUAL',
  customer: 'VIRTUAL',
  lost_found: 'VIRTUAL',
  drop: 'VIRTUAL',
  rental: 'VIRTUAL',
  production: 'VIRTUAL',
} as const

/** `stock.location`: one tree. */
export const locationSource: Source<'location'> = {
  entity: 'location',
  mappingVersion: 1,
  ignoresWindow: true,
  model: 'stock.location',
  models: ['stock.location', 'party.address'],
  fields: ['code', 'name', 'type', 'parent', 'active', ...addressFields('address.')],
  touchedBy: ['', 'address.'],
  toUnified: locationOf,
}

export const locations = streamOf(locationSource)

function locationOf(location: Row, settings: MappingSettings, key: string): Unified<'location'> {
  const code = text(location['code'])
  const name = text(location['name'])
  const type = text(location['type'])
  const parent = reference(location['parent'])
  const { address_line2: _none, ...address } = postalAddress(row(location['address.']))
  return {
    ...envelope(location, settings, 'stock.location', key, numbered(code === null ? null : `[${code}]`, name)),
    location_code: code,
    name: name ?? code ?? key,
    location_type: fromVocabulary(settings, 'location.location_type', type, KNOWN_TYPES, VOCABULARIES.LocationType),
    source_location_type: type,
    parent_id: parent === null ? null : unifiedId(settings.connectionId, 'location', String(parent)),
    holds_stock: type === 'storage',
    ...address,
    is_active: truth(location['active']) ?? true,
  }
}
