import {
  decimals,
  defineStream,
  type MappingSettings,
  type RawRecord,
  type Unified,
  unifiedId,
} from '../../../core/index.ts'
import type { SapSession } from '../session.ts'
import { child, type Row, text } from '../values.ts'
import { envelope } from './envelope.ts'
import { type Key, keyOf } from './filters.ts'
import { listKeysOf } from './keyset.ts'
import { keyIn, locationId } from './references.ts'
import { levelSource, ownPlants, readLevel, readLevels } from './stock-rows.ts'
import { unitsOf } from './units.ts'

/**
 * Own stock of a material in a storage location, or of the plant itself (goods in transit). Stock has no stamp and is
 * read whole each time; a level whose rows are gone is found by sweep, one whose rows are there with 0 stays.
 */
export const stockLevels = defineStream<SapSession, 'stock_level'>({
  entity: 'stock_level',
  changes: 'full-scan',
  deletes: 'by-absence',
  mappingVersion: 1,
  ignoresWindow: true,
  read: readLevels,
  listKeys: (session, signal) =>
    listKeysOf(session, { ...ownPlants(session), select: levelSource.key }, signal, once()),
  readOne,
  toUnified: stockLevelOf,
  levelKey: (item, [kind, plant = '', storage = '']) =>
    kind === 'sloc' || kind === 'plant' ? [...item, plant, storage].join('|') : null,
})

/** Rows come in the order of the levels: each is named once. */
function once(): (row: Row) => readonly string[] | null {
  let last: string | null = null
  return (row) => {
    const key = keyOf(levelSource.key, row)?.map(String)
    // left out, its record would count as deleted
    if (key === undefined) throw new TypeError(`a stock row without ${levelSource.key.join(', ')}`)
    const name = JSON.stringify(key)
    if (name === last) return null
    last = name
    return key
  }
}

async function readOne(session: SapSession, key: string, signal: AbortSignal): Promise<RawRecord | null> {
  const level = partsOf(key)
  const { plants } = session.config
  if (level === null || (plants.length > 0 && !plants.includes(String(level[1])))) return null
  const found = await readLevel(session, level, signal)
  if (found !== null && 'reason' in found) throw new TypeError(`stock of ${key}: ${found.reason}`)
  return found
}

/** A plant and a storage location have no "|" in their names; a material may. */
function partsOf(key: string): Key | null {
  const parts = key.split('|')
  return parts.length < 3 ? null : [parts.slice(0, -2).join('|'), ...parts.slice(-2)]
}

/** On their way between plants or storage locations: in nobody's hands. */
const IN_TRANSIT = ['04', '05', '06']

function stockLevelOf(level: Row, settings: MappingSettings, key: string): Unified<'stock_level'> {
  const material = keyIn(level, 'Material')
  const plant = keyIn(level, 'Plant')
  const storage = text(level['StorageLocation'])
  const location = locationId(settings, plant, storage)
  if (location === null) throw new TypeError('a stock level without plant')
  const quantities = Object.entries(child(level['MatlWrhsStkQtyInMatlBaseUnit']) ?? {})
  const of = (isMeant: (type: string) => boolean) =>
    decimals.sum(
      quantities.flatMap(([type, quantity]) => (isMeant(type) && typeof quantity === 'string' ? [quantity] : [])),
    )
  return {
    ...envelope(level, settings, {
      key,
      displayName: `${material} ${storage === null ? plant : `${plant}/${storage}`}`,
      createdAt: null,
      updatedAt: null,
      version: null,
    }),
    item_id: unifiedId(settings.connectionId, 'item', material),
    location_id: location,
    ...unitsOf(text(level['MaterialBaseUnit']), settings),
    quantity_on_hand: of((type) => !IN_TRANSIT.includes(type)),
    quantity_unrestricted: of((type) => type === '01'),
    quantity_inspection: of((type) => type === '02'),
    quantity_blocked: of((type) => type === '07'),
    quantity_reserved: null,
    quantity_available: null,
    quantity_on_order: null,
    quantity_in_transit: of((type) => IN_TRANSIT.includes(type)),
    // planning data are kept by plant, not by storage location
    minimum_quantity: null,
    maximum_quantity: null,
  }
}
