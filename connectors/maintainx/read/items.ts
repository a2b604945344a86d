import type { MappingSettings, Unified } from '../../../core/index.ts'
import { COLLECTIONS } from '../collections.ts'
import { cents, children, type Row, text, texts } from '../values.ts'
import { currencyOf, envelope, reference } from './envelope.ts'
import { picked } from './records.ts'
import { streamOf } from './stream.ts'

export const items = streamOf<'item'>({
  entity: 'item',
  mappingVersion: 1,
  ignoresWindow: true,
  collection: COLLECTIONS.parts,
  isTimed: true,
  expandMany: ['extra_fields', 'vendors'],
  expandOne: [],
  detailed: false,
  payload: (row, names) => ({
    ...picked(row, ['id', 'name', 'description', 'barcode', 'unitCost', 'partTypes', 'vendors', 'extraFields']),
    ...picked(row, ['createdAt', 'updatedAt']),
    organizationId: names.organization,
    organizationCurrency: names.currency,
  }),
  toUnified: itemOf,
})

function itemOf(part: Row, settings: MappingSettings, key: string): Unified<'item'> {
  const name = text(part['name'])
  const vendor = children(part['vendors'])[0] ?? {}
  const cost = cents(part['unitCost'])
  const types = texts(part['partTypes'])
  return {
    ...envelope(part, settings, key, name),
    item_number: null,
    name: name ?? key,
    description: text(part['description']),
    item_type: 'INVENTORY',
    source_item_type: null,
    category: types.length === 0 ? null : types.join(', '),
    unit: null,
    source_unit: null,
    purchase_unit: null,
    manufacturer: null,
    manufacturer_part_number: null,
    barcode: text(part['barcode']),
    preferred_vendor_id: reference(settings, 'vendor', vendor['vendorId']),
    vendor_item_number: text(vendor['partNumber']),
    lead_time_days: null,
    unit_cost: cost,
    currency: cost === null ? null : currencyOf(part, settings),
    is_lot_tracked: null,
    is_serial_tracked: null,
    is_active: true,
  }
}
