import type { MappingSettings, Unified } from '../../../core/index.ts'
import { COLLECTIONS } from '../collections.ts'
import { type Row, text } from '../values.ts'
import { envelope, reference } from './envelope.ts'
import { picked } from './records.ts'
import { streamOf } from './stream.ts'

/** They say when they were changed, but cannot be asked for by it. */
export const locations = streamOf<'location'>({
  entity: 'location',
  mappingVersion: 1,
  ignoresWindow: true,
  collection: COLLECTIONS.locations,
  isTimed: false,
  expandMany: ['extra_fields', 'team_ids', 'vendor_ids', 'barcode'],
  expandOne: [],
  detailed: false,
  payload: (row, names) => ({
    ...picked(row, ['id', 'name', 'description', 'address', 'barcode', 'parentId', 'createdAt', 'updatedAt']),
    ...picked(row, ['teamIds', 'vendorIds', 'extraFields']),
    organizationId: names.organization,
  }),
  toUnified: locationOf,
})

function locationOf(location: Row, settings: MappingSettings, key: string): Unified<'location'> {
  const name = text(location['name'])
  const parent = reference(settings, 'location', location['parentId'])
  return {
    ...envelope(location, settings, key, name),
    location_code: text(location['barcode']),
    name: name ?? key,
    location_type: parent === null ? 'SITE' : 'AREA',
    source_location_type: null,
    parent_id: parent,
    holds_stock: true,
    // one text, in no particular form
    address_line1: text(location['address']),
    city: null,
    region: null,
    postal_code: null,
    country: null,
    is_active: true,
  }
}
