import type { Switches } from '../../../connectors/netsuite/sandbox/faults.ts'
import { spoilTime } from './parties.ts'
import { asJson, type Names, type Removable, type Tables } from './table.ts'

/** Stock items, without units. */
const insertItems = (tables: Tables, count: number): number[] => {
  const ids = tables.ids(count, 'item')
  const at = tables.stamp()
  tables.insert(
    'item',
    ids.map((id) => ({
      id,
      itemid: `SEAL-${id}/A`,
      displayname: `Seal ${id}`,
      itemtype: 'InvtPart',
      isinactive: false,
      subsidiary: 1,
      averagecost: '12345678901.23457',
      totalquantityonhand: '0',
      createddate: at,
      lastmodifieddate: at,
    })),
  )
  return ids
}

export function itemWorld(tables: Tables, names: Names, switches: Switches): Removable {
  const world: Removable = {
    add: async (count) => insertItems(tables, count).map(String),
    async change(key) {
      const displayname = names.fresh('Renamed')
      tables.edit('item', Number(key), { displayname })
      return asJson(displayname)
    },
    async exact() {
      const [key = ''] = await world.add(1)
      tables.edit('item', Number(key), { averagecost: '9007199254740993.00001' })
      return { key, shows: ['"unit_cost":"9007199254740993.00001"'] }
    },
    remove: async (key) => tables.erase('item', Number(key), 'InvtPart'),
    spoil: async (key) => spoilTime(switches, key, 'created'),
    fill: async (count) => void (await world.add(count)),
  }
  return world
}

export function locationWorld(tables: Tables, names: Names, switches: Switches): Removable {
  const world: Removable = {
    async add(count) {
      const ids = tables.ids(count, 'location')
      const at = tables.stamp()
      tables.insert(
        'location',
        ids.map((id) => ({
          id,
          name: `Shelf ${id}`,
          fullname: `Shelf ${id}`,
          isinactive: false,
          subsidiary: 1,
          makeinventoryavailable: true,
          lastmodifieddate: at,
        })),
      )
      return ids.map(String)
    },
    async change(key) {
      const name = names.fresh('Renamed')
      tables.edit('location', Number(key), { name, fullname: name })
      return asJson(name)
    },
    remove: async (key) => tables.erase('location', Number(key), 'location'),
    spoil: async (key) => spoilTime(switches, key, 'lastmodified'),
    fill: async (count) => void (await world.add(count)),
  }
  return world
}

/** Levels of items of their own at one place; nothing says when they changed. */
export function stockWorld(tables: Tables, names: Names, switches: Switches): Removable {
  const TABLE = 'aggregateitemlocation'
  let place: number | null = null
  const placeId = () => {
    place ??= Number(tables.ids(1, 'location')[0])
    if (tables.store.get('location', place) === null)
      tables.insert('location', [{ id: place, name: `Shed ${place}`, isinactive: false, subsidiary: 1 }])
    return place
  }
  const keyOf = (key: string) => key.split('|').map(Number)
  const world: Removable = {
    async add(count) {
      const location = placeId()
      const items = insertItems(tables, count)
      tables.insert(
        TABLE,
        items.map((item) => ({ item, location, quantityonhand: '0.1', quantityavailable: '0.1' })),
      )
      return items.map((item) => `${item}|${location}`)
    },
    async change(key) {
      const quantityonhand = `${9_007_199_254_740 + names.next()}.125`
      tables.update(TABLE, keyOf(key), { quantityonhand })
      return `"quantity_on_hand":"${quantityonhand}"`
    },
    async exact() {
      const [key = ''] = await world.add(1)
      const quantityonhand = '12345678901234567.30000000000001'
      tables.update(TABLE, keyOf(key), { quantityonhand })
      return { key, shows: [`"quantity_on_hand":"${quantityonhand}"`] }
    },
    remove: async (key) => void tables.store.remove(TABLE, keyOf(key)),
    async spoil(key) {
      const [item = '', location = ''] = key.split('|')
      switches.badRow = { where: { item, location }, column: 'stockunit', value: 'plenty' }
      return async () => {
        switches.badRow = null
      }
    },
    fill: async (count) => void (await world.add(count)),
  }
  return world
}

/** Records of the account's own. */
export function assetWorld(tables: Tables, names: Names, switches: Switches): Removable {
  const TABLE = 'customrecord_asset'
  const world: Removable = {
    async add(count) {
      const ids = tables.ids(count, TABLE)
      const at = tables.stamp()
      tables.insert(
        TABLE,
        ids.map((id) => ({
          id,
          name: `Pump ${id}`,
          isinactive: false,
          created: at,
          lastmodified: at,
          custrecord_asset_number: `A-${id}`,
          custrecord_asset_status: 'In use',
          custrecord_asset_cost: '0.07',
          custrecord_asset_acquired: '2024-02-29',
        })),
      )
      return ids.map(String)
    },
    async change(key) {
      const name = names.fresh('Renamed')
      tables.edit(TABLE, Number(key), { name })
      return asJson(name)
    },
    async exact() {
      const [key = ''] = await world.add(1)
      tables.edit(TABLE, Number(key), { custrecord_asset_cost: '9007199254740993.07' })
      return { key, shows: ['"acquisition_cost":"9007199254740993.07"'] }
    },
    remove: async (key) => tables.erase(TABLE, Number(key), TABLE),
    spoil: async (key) => spoilTime(switches, key, 'created'),
    fill: async (count) => void (await world.add(count)),
  }
  return world
}
