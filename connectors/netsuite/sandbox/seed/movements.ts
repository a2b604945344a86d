import { decimal, quantityText } from './decimals.ts'
import { type Item, itemAt } from './items.ts'
import { ACCOUNT } from './lists.ts'
import type { Location } from './locations.ts'
import type { Random } from './random.ts'
import { isEnabled, type OnOrder } from './stock.ts'
import type { Ledger } from './transactions.ts'
import { TEXTS } from './words.ts'
import type { World } from './world.ts'

/** Some item that may lie there, or null. */
export function stockedItem(world: World, dice: Random, place: Location): Item | null {
  const { items } = world.size
  const start = dice.int(0, items - 1)
  for (let step = 0; step < Math.min(items, 60); step++) {
    const item = itemAt(world, (start + step) % items)
    if (item.isStocked && !item.isUnused && isEnabled(world, item, place)) return item
  }
  return null
}

/** What the counts found: signed changes. */
export function seedAdjustments(ledger: Ledger, onOrder: OnOrder): void {
  const { world } = ledger
  for (let index = 0; index < world.size.adjustments; index++) {
    const dice = world.random('adjustment', index)
    const at = world.stamps('adjustment', index, world.size.adjustments)
    const location = dice.pick(world.stores)
    const subsidiary = world.oneWorld ? location.subsidiary : null
    const memo = dice.chance(0.5) ? `Inventur "${index}"` : null
    const id = ledger.nextId()
    ledger.header('InvAdjst', id, ledger.nextDocument('InvAdjst'), at, {
      memo,
      posting: true,
      subsidiary,
      location: location.id,
      account: ACCOUNT.adjustment,
    })
    ledger.main(id, { subsidiary, location: location.id, memo, linecreateddate: at.created })
    const count = dice.int(1, 4)
    for (let number = 1; number <= count; number++) {
      const item = stockedItem(world, dice, location)
      if (item === null) continue
      onOrder.add(item, location, 0)
      const change = (dice.chance(0.5) ? 1 : -1) * (dice.int(1, 40) * 1000 + (dice.chance(0.1) ? 250 : 0))
      ledger.line(id, number, {
        item: item.id,
        itemtype: item.type,
        quantity: quantityText(change),
        units: item.unit.id,
        unitcost: dice.chance(0.8) ? decimal(item.cost * 10 + 3, 5) : null,
        subsidiary,
        location: location.id,
        memo: dice.chance(0.1) ? dice.pick(TEXTS) : null,
        isinventoryaffecting: true,
        linecreateddate: at.created,
      })
    }
  }
}

/** Two lines for each item: out here, in there. */
export function seedTransfers(ledger: Ledger, onOrder: OnOrder): void {
  const { world } = ledger
  for (let index = 0; index < world.size.transfers; index++) {
    const dice = world.random('transfer', index)
    const at = world.stamps('transfer', index, world.size.transfers)
    const from = dice.pick(world.stores)
    const others = world.stores.filter((it) => it !== from && it.subsidiary === from.subsidiary)
    const to = others.length > 0 ? dice.pick(others) : from
    if (to === from) continue
    const subsidiary = world.oneWorld ? from.subsidiary : null
    const memo = dice.chance(0.3) ? dice.pick(TEXTS) : null
    const id = ledger.nextId()
    const transferlocation = to.id
    const places = { subsidiary, location: from.id, transferlocation }
    ledger.header('InvTrnfr', id, ledger.nextDocument('InvTrnfr'), at, { memo, posting: true, ...places })
    ledger.main(id, { memo, ...places, linecreateddate: at.created })
    const count = dice.int(1, 3)
    for (let pair = 0; pair < count; pair++) {
      const item = stockedItem(world, dice, from)
      if (item === null) continue
      const quantity = dice.int(1, 30) * 1000
      for (const [side, place] of [from, to].entries()) {
        onOrder.add(item, place, 0)
        ledger.line(id, pair * 2 + side + 1, {
          item: item.id,
          itemtype: item.type,
          quantity: quantityText(side === 0 ? -quantity : quantity),
          units: item.unit.id,
          subsidiary,
          location: place.id,
          transferlocation,
          isinventoryaffecting: true,
          linecreateddate: at.created,
        })
      }
    }
  }
}
