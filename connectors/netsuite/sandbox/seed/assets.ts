import { idsOf } from './ids.ts'
import { itemAt } from './items.ts'
import { DAY } from './times.ts'
import { vendorAt } from './vendors.ts'
import { MACHINES, MAKERS, TEXTS } from './words.ts'
import type { World } from './world.ts'
import type { Writer } from './writer.ts'

const GROUP = 5

/** Machines of a custom record, some part of others. */
export function seedAssets(world: World, { write }: Writer): void {
  const ids = idsOf(world.size)
  for (let index = 0; index < world.size.assets; index++) {
    const dice = world.random('asset', index)
    const { created, changed } = world.stamps('asset', index, world.size.assets)
    const place = world.locations.length > 0 && dice.chance(0.85) ? dice.pick(world.locations) : null
    const day = world.calendar.day
    const acquired = created - dice.int(30, 4000) * DAY
    const isBought = dice.chance(0.7)
    write('customrecord_asset', {
      id: ids.asset(index),
      name: `${dice.pick(MACHINES)} ${index + 1}`,
      isinactive: dice.chance(0.05),
      externalid: dice.chance(0.3) ? `AS-${index + 1}` : null,
      owner: world.size.employees > 0 ? ids.employee(index % world.size.employees) : null,
      created,
      lastmodified: changed,
      custrecord_asset_number: `A-${String(index + 1).padStart(5, '0')}`,
      custrecord_asset_description: dice.chance(0.4) ? dice.pick(TEXTS) : null,
      custrecord_asset_type: dice.chance(0.9) ? dice.pick(['Equipment', 'Vehicle', 'Gebäude', 'Tool']) : null,
      custrecord_asset_status: dice.chance(0.95) ? dice.pick(['Operational', 'Operational', 'Down', 'Retired']) : null,
      custrecord_asset_criticality: dice.chance(0.7) ? dice.pick(['A', 'B', 'C']) : null,
      custrecord_asset_parent:
        index % GROUP === 0 ? null : ids.asset(index - (index % GROUP === 4 ? 1 : index % GROUP)),
      custrecord_asset_location: place?.id ?? null,
      custrecord_asset_manufacturer: dice.chance(0.7) ? dice.pick(MAKERS) : null,
      custrecord_asset_model: dice.chance(0.6) ? `MX-${dice.int(1, 9)} "Süd"` : null,
      custrecord_asset_serial: dice.chance(0.6) ? `SN${index}/${dice.int(100, 999)}` : null,
      custrecord_asset_tag: dice.chance(0.5) ? String(700_000 + index) : null,
      custrecord_asset_vendor:
        world.size.vendors > 0 && dice.chance(0.5) ? vendorAt(world, dice.int(0, world.size.vendors - 1)).id : null,
      custrecord_asset_item:
        world.size.items > 0 && dice.chance(0.3) ? itemAt(world, dice.int(0, world.size.items - 1)).id : null,
      custrecord_asset_acquired: isBought ? day(acquired) : null,
      custrecord_asset_commissioned: isBought && dice.chance(0.8) ? day(acquired + 20 * DAY) : null,
      custrecord_asset_warranty_end: isBought && dice.chance(0.6) ? day(acquired + 730 * DAY) : null,
      custrecord_asset_cost: isBought ? `${dice.int(100, 900_000)}.${dice.int(10, 99)}` : null,
      custrecord_asset_currency: isBought ? 1 : null,
      custrecord_asset_cost_center: dice.chance(0.4) ? `CC-${dice.int(100, 120)}` : null,
    })
  }
}
