import { decimal, quantityText } from './decimals.ts'
import { type Item, itemAt } from './items.ts'
import { GOOD_STATUS } from './lists.ts'
import type { Location } from './locations.ts'
import { DAY } from './times.ts'
import type { World } from './world.ts'
import type { Writer } from './writer.ts'

/** Quantities on order by item and location, in thousandths: gathered while orders are made, written with the stock. */
export interface OnOrder {
  add(item: Item, location: Location, thousandths: number): void
  of(item: Item, location: Location): number
  /** Whether anything was ever moved or ordered there. */
  has(item: Item, location: Location): boolean
}

const STRIDE = 4096

export function createOnOrder(): OnOrder {
  const open = new Map<number, number>()
  const key = (item: Item, location: Location): number => item.index * STRIDE + location.index
  return {
    add(item, location, thousandths) {
      if (!item.isStocked) return
      const at = key(item, location)
      open.set(at, (open.get(at) ?? 0) + thousandths)
    },
    of: (item, location) => open.get(key(item, location)) ?? 0,
    has: (item, location) => open.has(key(item, location)),
  }
}

/** About six locations for every item. */
export function isEnabled(world: World, item: { index: number }, location: Location): boolean {
  const step = Math.max(1, Math.ceil(world.stores.length / 6))
  return (item.index + location.index) % step === 0
}

/** Thousandths on hand; null where the item never lay. */
function onHandAt(world: World, item: Item, location: Location): number | null {
  if (item.isUnused || !isEnabled(world, item, location)) return null
  const dice = world.random('on hand', item.index * STRIDE + location.index)
  if (dice.chance(0.08)) return null
  if (dice.chance(0.1)) return 0
  const whole = dice.int(1, 500) * 1000
  return item.good.units !== 'Each' && dice.chance(0.5) ? whole + dice.int(1, 999) : whole
}

/** Thousandths in all locations. */
export function totalOnHand(world: World, item: Item): number {
  return world.stores.reduce((sum, location) => sum + (onHandAt(world, item, location) ?? 0), 0)
}

export function seedStock(world: World, { write }: Writer, onOrder: OnOrder): void {
  for (let index = 0; index < world.size.items; index++) {
    const item = itemAt(world, index)
    if (!item.isStocked) continue
    for (const location of world.stores) {
      if (!isEnabled(world, item, location) && !onOrder.has(item, location)) continue
      seedPlace(world, write, item, location, onOrder)
    }
  }
}

function seedPlace(world: World, write: Writer['write'], item: Item, location: Location, onOrder: OnOrder): void {
  const dice = world.random('stock', item.index * STRIDE + location.index)
  const lay = onHandAt(world, item, location)
  const isKnown = lay !== null || onOrder.has(item, location)
  const onHand = lay ?? 0
  const committed = dice.chance(0.3) ? Math.floor((onHand * dice.int(1, 100)) / 100_000) * 1000 : 0
  const hasRule = dice.chance(0.5)
  const least = dice.int(1, 50)
  const average = Math.round((item.cost * dice.int(850, 1150)) / 100) // hundred-thousandths
  const quantity = (thousandths: number): string | null => (isKnown ? quantityText(thousandths) : null)
  write('aggregateitemlocation', {
    item: item.id,
    location: location.id,
    quantityonhand: quantity(onHand),
    quantityavailable: quantity(onHand - committed),
    quantitycommitted: quantity(committed),
    quantityonorder: quantity(onOrder.of(item, location)),
    quantitybackordered: quantity(onHand === 0 && dice.chance(0.2) ? 3000 : 0),
    quantityintransit: quantity(dice.chance(0.03) ? 2000 : 0),
    reorderpoint: hasRule ? String(least) : null,
    preferredstocklevel: hasRule && dice.chance(0.7) ? String(least * 4) : null,
    safetystocklevel: hasRule && dice.chance(0.3) ? '1' : null,
    leadtime: dice.chance(0.3) ? dice.int(0, 30) : null,
    averagecostmli: isKnown ? decimal(average, 5) : null,
    onhandvaluemli: isKnown ? decimal((onHand * average) / 1_000_000, 2) : null,
    lastpurchasepricemli: isKnown && dice.chance(0.5) ? decimal(item.cost, 4) : null,
    lastinvtcountdate: dice.chance(0.2) ? world.calendar.day(world.now - dice.int(1, 400) * DAY) : null,
    lastquantityavailablechange: isKnown ? world.now - dice.int(0, 600 * 86_400) * 1000 : null,
  })
  if (location.bins.length > 0 && isKnown) seedBins(write, item, location, onHand, committed)
}

/** What lies in a location lies in its bins, most of it in the first. */
function seedBins(write: Writer['write'], item: Item, location: Location, onHand: number, committed: number): void {
  const [first = 0, second] = location.bins
  const inSecond = second === undefined || item.index % 3 > 0 ? 0 : Math.floor((onHand - committed) / 2000) * 1000
  const row = (bin: number, lies: number, free: number): void =>
    write('inventorybalance', {
      item: item.id,
      location: location.id,
      binnumber: bin,
      inventorystatus: GOOD_STATUS,
      quantityonhand: quantityText(lies),
      quantityavailable: quantityText(free),
      quantitypicked: '0',
    })
  row(first, onHand - inSecond, onHand - committed - inSecond)
  if (second !== undefined && inSecond > 0) row(second, inSecond, inSecond)
}
