import { defineStream, type MappingSettings, type RawRecord, type Unified } from '../../../core/index.ts'
import type { NetSuiteConfig } from '../config.ts'
import type { NetSuiteSession } from '../session.ts'
import { isId, type Row, text } from '../values.ts'
import { envelope } from './envelope.ts'
import { type Lookups, lookupsOf } from './lookups.ts'
import { quantityOf, unitsOf, withConversion } from './quantities.ts'
import { idOf, keyIn, oneOf } from './references.ts'
import { display, optional, plain, type TableSource, type ToRecord } from './source.ts'
import { listKeysOf, readOneOf, readWhole } from './window.ts'

/**
 * One row for each location where an item is enabled, also when nothing was ever there. No column moves with every
 * change, so it is read whole each time.
 */
const levelSource = ({ subsidiaries }: NetSuiteConfig): TableSource => ({
  table: 'aggregateitemlocation',
  from: 'aggregateitemlocation a JOIN item i ON i.id = a.item',
  where: within(subsidiaries),
  columns: {
    item: plain('a.item'),
    location: plain('a.location'),
    itemid: plain('i.itemid'),
    locationname: optional(display('a.location')),
    stockunit: optional(plain('i.stockunit')),
    stockunitname: optional(display('i.stockunit')),
    quantityonhand: plain('a.quantityonhand'),
    quantityavailable: plain('a.quantityavailable'),
    quantitycommitted: optional(plain('a.quantitycommitted')),
    quantityonorder: optional(plain('a.quantityonorder')),
    quantityintransit: optional(plain('a.quantityintransit')),
    reorderpoint: optional(plain('a.reorderpoint')),
    preferredstocklevel: optional(plain('a.preferredstocklevel')),
  },
  key: ['item', 'location'],
})

/** Locations of these subsidiaries. */
function within(subsidiaries: readonly string[]) {
  const [own] = oneOf('l.subsidiary', subsidiaries)
  return own === undefined ? [] : [{ ...own, sql: `a.location IN (SELECT l.id FROM location l WHERE ${own.sql})` }]
}

export const stockLevels = defineStream<NetSuiteSession, 'stock_level'>({
  entity: 'stock_level',
  changes: 'full-scan',
  deletes: 'by-absence',
  mappingVersion: 1,
  ignoresWindow: true,
  async *read(session, range, signal) {
    const toRecord = recordWith(await lookupsOf(session, signal))
    yield* readWhole(session, levelSource(session.config), range, toRecord, signal)
  },
  listKeys: (session, signal) => listKeysOf(session, levelSource(session.config), signal),
  async readOne(session, key, signal) {
    const parts = key.split('|')
    if (parts.length !== 2 || !parts.every(isId)) return null
    const toRecord = recordWith(await lookupsOf(session, signal))
    return readOneOf(session, levelSource(session.config), parts, toRecord, signal)
  },
  toUnified: stockLevelOf,
  levelKey: (item, location) => [...item, ...location].join('|'),
})

const recordWith =
  (lookups: Lookups): ToRecord =>
  (row): RawRecord => ({
    key: [keyIn(row, 'item'), keyIn(row, 'location')],
    version: 0,
    modifiedAt: null,
    payload: withConversion(row, 'stockunit', lookups),
  })

function stockLevelOf(level: Row, settings: MappingSettings, key: string): Unified<'stock_level'> {
  const quantity = (column: string) => quantityOf(level, column, settings)
  const item = idOf(settings, 'item', level['item'])
  const location = idOf(settings, 'location', level['location'])
  if (item === null || location === null) throw new TypeError(`stock level ${key} without item or location`)
  const place = text(level['locationname']) ?? text(level['location'])
  const onHand = quantity('quantityonhand') ?? '0'
  return {
    ...envelope(level, settings, { key, displayName: `${text(level['itemid']) ?? key} ${place}`, page: null }),
    item_id: item,
    location_id: location,
    ...unitsOf(level, 'stockunitname', settings),
    quantity_on_hand: onHand,
    quantity_unrestricted: onHand,
    quantity_inspection: null,
    quantity_blocked: null,
    quantity_reserved: quantity('quantitycommitted'),
    quantity_available: quantity('quantityavailable'),
    quantity_on_order: quantity('quantityonorder'),
    quantity_in_transit: quantity('quantityintransit'),
    minimum_quantity: quantity('reorderpoint'),
    maximum_quantity: quantity('preferredstocklevel'),
  }
}
