import { decimal, priceText } from './decimals.ts'
import { idsOf } from './ids.ts'
import { ACCOUNT, COUNTS, UNITS, type Unit } from './lists.ts'
import { GOODS, type Good, MAKERS, SERVICES, TEXTS } from './words.ts'
import type { World } from './world.ts'
import type { Writer } from './writer.ts'

export interface Item {
  readonly index: number
  readonly id: number
  readonly code: string
  readonly good: Good
  readonly type: string
  readonly subtype: string | null
  /** PARENT, CHILD or neither. */
  readonly matrix: string | null
  /** Index of the matrix parent. */
  readonly parent: number | null
  readonly unit: Unit
  readonly purchaseUnit: Unit
  readonly unitsType: number
  /** Ten-thousandths of the base currency. */
  readonly cost: number
  readonly isStocked: boolean
  readonly isPurchased: boolean
  /** Enabled in its locations, and never in stock. */
  readonly isUnused: boolean
}

/** Kinds of items by index; the pattern repeats. M = matrix parent, followed by its children (C); U = never bought or moved. */
const PATTERN = 'IINIAISINIMCCIINIAKIISINIOIIDAIGINIXISIU'
type Kind = readonly [type: string, subtype: string | null]
const STOCK_ITEM: Kind = ['InvtPart', null]
const KINDS: { readonly [letter: string]: Kind } = {
  I: STOCK_ITEM,
  M: STOCK_ITEM,
  C: STOCK_ITEM,
  U: STOCK_ITEM,
  A: ['Assembly', null],
  N: ['NonInvtPart', 'Purchase'],
  S: ['Service', 'Purchase'],
  K: ['Kit', null],
  O: ['OthCharge', 'Resale'],
  D: ['Description', null],
  G: ['Group', null],
  X: ['Discount', null],
}

export function itemAt(world: World, index: number): Item {
  const at = index % PATTERN.length
  const letter = PATTERN[at] ?? 'I'
  const [type, subtype] = KINDS[letter] ?? STOCK_ITEM
  const dice = world.random('item', index)
  const good = dice.pick(letter === 'S' || letter === 'O' ? SERVICES : GOODS)
  const { id: unitsType, units } = UNITS[good.units] ?? { id: 1, units: [] }
  const [unit, further] = units as readonly [Unit, Unit]
  const hasUnit = type !== 'Description' && type !== 'Discount'
  return {
    index,
    id: idsOf(world.size).item(index),
    code: `${good.code}-${String(index + 1).padStart(4, '0')}`,
    good,
    type,
    subtype: subtype !== null && dice.chance(0.2) ? 'Resale' : subtype,
    matrix: letter === 'M' ? 'PARENT' : letter === 'C' ? 'CHILD' : null,
    parent: letter === 'C' ? index - at + PATTERN.indexOf('M') : null,
    unit,
    // orders of parts of a base unit would leave stock with more digits than people write
    purchaseUnit: hasUnit && dice.chance(0.1) && Number.isInteger(Number(further.rate)) ? further : unit,
    unitsType,
    cost: dice.chance(0.3) ? dice.int(1, 9_999) : dice.int(1, 90_000) * 100,
    isStocked: (type === 'InvtPart' || type === 'Assembly') && letter !== 'M',
    isPurchased: 'ICANSO'.includes(letter),
    isUnused: letter === 'U',
  }
}

/** `onHand`: thousandths in all locations together. */
export function seedItems(world: World, { write }: Writer, onHand: (item: Item) => number): void {
  const vendors = idsOf(world.size).vendor
  for (let index = 0; index < world.size.items; index++) {
    const item = itemAt(world, index)
    const { id, good } = item
    const dice = world.random('item rows', index)
    const { created, changed } = world.stamps('item', index, world.size.items)
    const parent = item.parent === null ? null : itemAt(world, item.parent)
    const itemid = item.matrix === 'CHILD' ? `${item.code}-${dice.pick(['S', 'M', 'Größe "L"'])}` : item.code
    const hasUnits = item.type !== 'Description' && item.type !== 'Discount'
    const average = Math.round((item.cost * dice.int(850, 1150)) / 10) // millionths
    write('item', {
      id,
      itemid,
      fullname: parent === null ? itemid : `${parent.code} : ${itemid}`,
      displayname: dice.chance(0.9) ? good.name : null,
      description: dice.chance(0.7) ? good.text : null,
      purchasedescription: dice.chance(0.3) ? `${good.text}\n${dice.pick(TEXTS)}` : null,
      itemtype: item.type,
      subtype: item.subtype,
      isinactive: dice.chance(0.05),
      isserialitem: item.isStocked && good.code === 'MOTOR' && dice.chance(0.5),
      islotitem: item.isStocked && (good.code === 'OIL' || good.code === 'GREASE') && dice.chance(0.5),
      class: dice.chance(0.5) ? dice.int(1, COUNTS.classes) : null,
      department: dice.chance(0.2) ? dice.int(1, COUNTS.departments) : null,
      subsidiary: world.oneWorld ? 1 : null,
      unitstype: hasUnits ? item.unitsType : null,
      stockunit: hasUnits ? item.unit.id : null,
      purchaseunit: hasUnits && dice.chance(0.9) ? item.purchaseUnit.id : null,
      cost: item.isPurchased && dice.chance(0.8) ? priceText(item.cost) : null,
      averagecost: item.isStocked && dice.chance(0.9) ? decimal(average, 6) : null,
      lastpurchaseprice: item.isPurchased && dice.chance(0.6) ? priceText(item.cost - 1) : null,
      costingmethod: item.isStocked ? dice.pick(['AVG', 'AVG', 'FIFO', 'STANDARD']) : null,
      totalquantityonhand: item.isStocked ? decimal(onHand(item), 3) : null,
      leadtime: item.isPurchased && dice.chance(0.4) ? dice.int(0, 60) : null,
      manufacturer: dice.chance(0.4) ? dice.pick(MAKERS) : null,
      mpn: dice.chance(0.4) ? `M/${index} "R"` : null,
      upccode: dice.chance(0.2) ? String(4_000_000_000_000 + index) : null,
      vendorname: dice.chance(0.2) ? `V/${item.code}` : null,
      parent: parent?.id ?? null,
      assetaccount: item.isStocked ? ACCOUNT.asset : null,
      expenseaccount: item.isStocked ? null : ACCOUNT.expense,
      incomeaccount: ACCOUNT.income,
      cogsaccount: item.isStocked ? ACCOUNT.cogs : null,
      matrixtype: item.matrix,
      usebins: item.isStocked,
      externalid: dice.chance(0.4) ? `IT-${id}` : null,
      createddate: created,
      lastmodifieddate: changed,
      ...world.customValues('item', dice),
    })
    if (!item.isPurchased || world.size.vendors === 0) continue
    const first = dice.int(0, world.size.vendors - 1)
    const count = Math.min(world.size.vendors, dice.pick([0, 1, 1, 1, 2]))
    for (let at = 0; at < count; at++) {
      write('itemvendor', {
        item: id,
        vendor: vendors((first + at) % world.size.vendors),
        preferredvendor: at === 0 && dice.chance(0.9),
        vendorcode: dice.chance(0.7) ? `${good.code}/${index}.${at}` : null,
        purchaseprice: dice.chance(0.8) ? priceText(item.cost + at) : null,
        vendorcurrency: 1,
        subsidiary: world.oneWorld ? 1 : null,
      })
    }
  }
}
