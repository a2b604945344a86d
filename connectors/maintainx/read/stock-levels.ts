import { decimals, type Json, type MappingSettings, type Unified, unifiedId } from '../../../core/index.ts'
import { COLLECTIONS } from '../collections.ts'
import { children, decimal, isRow, type Row, ref, text } from '../values.ts'
import { envelope } from './envelope.ts'
import { picked } from './records.ts'
import { streamOf } from './stream.ts'

const stream = streamOf<'stock_level'>({
  entity: 'stock_level',
  mappingVersion: 1,
  ignoresWindow: true,
  collection: COLLECTIONS.parts,
  isTimed: true,
  expandMany: [],
  expandOne: [],
  detailed: false,
  payload: (row, names) => ({
    ...picked(row, ['id', 'name', 'createdAt', 'updatedAt', 'locations']),
    organizationId: names.organization,
  }),
  split(part) {
    const { locations, ...rest } = part
    return children(locations).map((level) => ({
      key: [ref(part['id']) as string, requiredRef(level['locationId'])],
      payload: {
        ...rest,
        level: picked(level, [
          'locationId',
          'availableQuantity',
          'minimumQuantity',
          'maximumQuantity',
          'area',
          'committedQuantities',
          'reservedQuantity',
        ]),
      },
    }))
  },
  toUnified: stockLevelOf,
})

/** A part at each of its locations. A change of stock is a change of the part. */
export const stockLevels: typeof stream = {
  ...stream,
  levelKey: (item, location) => [...item, ...location].join('|'),
}

function requiredRef(value: Json | undefined): string {
  const id = ref(value)
  if (id === null) throw new TypeError('a location of the part has no id')
  return id
}

function stockLevelOf(part: Row, settings: MappingSettings, key: string): Unified<'stock_level'> {
  const level = isRow(part['level']) ? part['level'] : {}
  const [item = '', location = ''] = key.split('|')
  const onHand = decimal(level['availableQuantity'])
  const reserved = reservedIn(level)
  const own = envelope(part, settings, key, text(part['name']))
  const area = text(level['area'])
  return {
    ...own,
    // a part's own fields are the item's
    custom_fields: area === null || !settings.customFields.includes('area') ? null : JSON.stringify({ area }),
    item_id: unifiedId(settings.connectionId, 'item', item),
    location_id: unifiedId(settings.connectionId, 'location', location),
    unit: null,
    source_unit: null,
    quantity_on_hand: onHand ?? '0',
    quantity_unrestricted: onHand,
    quantity_inspection: null,
    quantity_blocked: null,
    quantity_reserved: reserved,
    quantity_available: onHand === null || reserved === null ? null : decimals.subtract(onHand, reserved),
    quantity_on_order: null,
    quantity_in_transit: null,
    minimum_quantity: decimal(level['minimumQuantity']),
    maximum_quantity: decimal(level['maximumQuantity']),
  }
}

/** For work orders, at whatever stage; older answers know only `reservedQuantity`. null = not told. */
function reservedIn(level: Row): string | null {
  const committed = level['committedQuantities']
  if (!isRow(committed)) return decimal(level['reservedQuantity'])
  const stages = ['reserved', 'kitted', 'staged'].map((stage) => decimal(committed[stage]))
  const told = stages.filter((each) => each !== null)
  return told.length === 0 ? null : decimals.sum(told)
}
