import type { Switches } from '../../../connectors/netsuite/sandbox/faults.ts'
import { asJson, type Names, type Removable, type Tables } from './table.ts'

/** The row shows a text that is no time in this column. */
export const spoilTime = (switches: Switches, id: string, column: string) => {
  switches.badRow = { where: { id }, column, value: '13/45/0026' }
  return async () => {
    switches.badRow = null
  }
}

/** Vendors with one address in their books. */
export function vendorWorld(tables: Tables, names: Names, switches: Switches): Removable {
  const world: Removable = {
    async add(count) {
      const ids = tables.ids(count, 'entity')
      const at = tables.stamp()
      tables.insert(
        'vendor',
        ids.map((id) => ({
          id,
          entityid: `V-${id}`,
          companyname: `Works ${id}`,
          isperson: false,
          isinactive: false,
          currency: 1,
          subsidiary: 1,
          datecreated: at,
          lastmodifieddate: at,
        })),
      )
      const addresses = tables.ids(count, 'entityaddress')
      tables.insert(
        'entityaddress',
        addresses.map((nkey) => ({ nkey, addr1: 'Kai 7', city: 'Ulm', country: 'DE' })),
      )
      tables.insert(
        'vendoraddressbook',
        ids.map((entity, at) => ({
          internalid: tables.store.nextId('vendoraddressbook'),
          entity,
          addressbookaddress: addresses[at],
          defaultbilling: true,
          defaultshipping: true,
        })),
      )
      return ids.map(String)
    },
    async change(key) {
      const companyname = names.fresh('Renamed')
      tables.edit('vendor', Number(key), { companyname })
      return asJson(companyname)
    },
    remove: async (key) => tables.erase('vendor', Number(key), 'vendor'),
    spoil: async (key) => spoilTime(switches, key, 'created'),
    fill: async (count) => void (await world.add(count)),
  }
  return world
}

export function userWorld(tables: Tables, names: Names, switches: Switches): Removable {
  const world: Removable = {
    async add(count) {
      const ids = tables.ids(count, 'entity')
      const at = tables.stamp()
      tables.insert(
        'employee',
        ids.map((id) => ({
          id,
          entityid: `E-${id}`,
          firstname: 'Ada',
          lastname: `Nr ${id}`,
          isinactive: false,
          subsidiary: 1,
          datecreated: at,
          lastmodifieddate: at,
        })),
      )
      return ids.map(String)
    },
    async change(key) {
      const lastname = names.fresh('Married')
      tables.edit('employee', Number(key), { lastname })
      return asJson(lastname)
    },
    remove: async (key) => tables.erase('employee', Number(key), 'employee'),
    spoil: async (key) => spoilTime(switches, key, 'created'),
    fill: async (count) => void (await world.add(count)),
  }
  return world
}
