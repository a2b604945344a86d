import { amountText, priceText, quantityText } from './decimals.ts'
import { type Item, itemAt } from './items.ts'
import { stockedItem } from './movements.ts'
import type { Random } from './random.ts'
import { DAY } from './times.ts'
import type { Ledger } from './transactions.ts'
import { vendorAt } from './vendors.ts'
import type { World } from './world.ts'

const STATES = [
  ['A', 2],
  ['B', 5],
  ['D', 4],
  ['G', 6],
  ['H', 2],
  ['C', 1],
] as const

/** Production orders: assemblies to build, and what goes into them. */
export function seedWorkOrders(ledger: Ledger): void {
  const { world } = ledger
  for (let index = 0; index < world.size.workOrders; index++) {
    const dice = world.random('work order', index)
    const at = world.stamps('work order', index, world.size.workOrders)
    const location = dice.pick(world.stores)
    const assembly = assemblyOf(world, dice)
    const status = STATES[index]?.[0] ?? dice.weighted(STATES)
    const quantity = dice.int(1, 40) * 1000
    const built = status === 'G' ? quantity : status === 'D' || status === 'H' ? Math.floor(quantity / 2000) * 1000 : 0
    const subsidiary = world.oneWorld ? location.subsidiary : null
    const memo = dice.chance(0.4) ? `Auftrag "${index}"` : null
    const id = ledger.nextId()
    ledger.header('WorkOrd', id, ledger.nextDocument('WorkOrd'), at, {
      status,
      memo,
      startdate: dice.chance(0.9) ? world.calendar.day(at.created + 2 * DAY) : null,
      enddate: dice.chance(0.8) ? world.calendar.day(at.created + dice.int(3, 20) * DAY) : null,
      posting: false,
      postingperiod: null,
      externalid: dice.chance(0.2) ? `WO-EXT-${id}` : null,
      subsidiary,
      location: location.id,
      _extra: JSON.stringify({ iswip: dice.chance(0.2) ? 'T' : 'F' }),
    })
    ledger.main(id, {
      subsidiary,
      location: location.id,
      memo,
      item: assembly.id,
      itemtype: assembly.type,
      quantity: quantityText(quantity),
      quantityshiprecv: quantityText(built),
      units: assembly.unit.id,
      linecreateddate: at.created,
    })
    const count = dice.int(1, 4)
    for (let number = 1; number <= count; number++) {
      const part = stockedItem(world, dice, location)
      if (part === null) continue
      const needed = quantity * dice.int(1, 3)
      ledger.line(id, number, {
        item: part.id,
        itemtype: part.type,
        quantity: quantityText(needed),
        quantitycommitted: quantityText(status === 'B' ? needed : 0),
        units: part.unit.id,
        subsidiary,
        location: location.id,
        linecreateddate: at.created,
      })
    }
  }
}

function assemblyOf(world: World, dice: Random): Item {
  const { items } = world.size
  const start = dice.int(0, items - 1)
  for (let step = 0; step < items; step++) {
    const item = itemAt(world, (start + step) % items)
    if (item.type === 'Assembly') return item
  }
  return itemAt(world, 0)
}

/** Bills and sales orders: in the same tables, and nobody's orders or movements. */
export function seedOtherTransactions(ledger: Ledger): void {
  const { world } = ledger
  for (let index = 0; index < world.size.otherTransactions; index++) {
    const dice = world.random('other transaction', index)
    const at = world.stamps('other transaction', index, world.size.otherTransactions)
    const isSale = index % 2 === 1
    const type = isSale ? 'SalesOrd' : 'VendBill'
    const entity = isSale ? null : vendorAt(world, dice.int(0, world.size.vendors - 1)).id
    const item = itemAt(world, 0)
    const quantity = dice.int(1, 9) * 1000
    const amount = amountText((quantity * item.cost) / 100_000)
    const subsidiary = world.oneWorld ? 1 : null
    const id = ledger.nextId()
    ledger.header(type, id, ledger.nextDocument(type), at, {
      status: isSale ? 'B' : dice.pick(['A', 'B']),
      entity,
      currency: 1,
      exchangerate: '1',
      foreigntotal: amount,
      posting: !isSale,
      subsidiary,
    })
    ledger.main(id, { entity, subsidiary, foreignamount: amount })
    ledger.line(id, 1, {
      item: item.id,
      itemtype: item.type,
      quantity: quantityText(isSale ? -quantity : quantity),
      units: item.unit.id,
      rate: priceText(item.cost),
      foreignamount: isSale ? `-${amount}` : amount,
      subsidiary,
      location: world.stores[0]?.id ?? null,
      isclosed: false,
    })
  }
}
