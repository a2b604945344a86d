import { exchangeRate } from './currencies.ts'
import { amountOf } from './decimals.ts'
import { idsOf } from './ids.ts'
import { type Item, itemAt } from './items.ts'
import { subsidiaryCurrency } from './lists.ts'
import type { Location } from './locations.ts'
import type { LineProgress } from './order-status.ts'
import type { Random } from './random.ts'
import { isEnabled } from './stock.ts'
import { DAY } from './times.ts'
import { type Vendor, vendorAt } from './vendors.ts'
import type { World } from './world.ts'

export interface Order {
  readonly index: number
  readonly id: number
  readonly status: string
  readonly vendor: Vendor
  readonly location: Location
  /** The lines go to different places, and the header names none. */
  readonly isScattered: boolean
  /** Millionths of the subsidiary's currency that one of the vendor's costs. */
  readonly exchange: number
  readonly created: number
  readonly changed: number
  readonly lines: readonly OrderLine[]
  /** Hundredths of the order's currency. */
  readonly subtotal: number
  readonly tax: number
}

/** Without item: an expense. Quantities in thousandths. */
export interface OrderLine extends LineProgress {
  readonly id: number
  readonly item: Item | null
  readonly location: Location
  /** Ten-thousandths of the order's currency. */
  readonly price: number
  /** Hundredths of the order's currency. */
  readonly amount: number
  readonly due: number | null
}

const STATES = [
  ['A', 8],
  ['B', 22],
  ['C', 3],
  ['D', 7],
  ['E', 10],
  ['F', 10],
  ['G', 32],
  ['H', 8],
] as const

export function orderAt(world: World, index: number): Order {
  const dice = world.random('order', index)
  const { created, changed } = world.stamps('order', index, world.size.purchaseOrders)
  // the first eight show every status, however small the account
  const status = STATES[index]?.[0] ?? dice.weighted(STATES)
  const vendor = vendorAt(world, dice.int(0, world.size.vendors - 1))
  const location = (world.stores.length > 0 ? dice.pick(world.stores) : world.locations[0]) as Location
  const isScattered = dice.chance(0.08)
  const from = world.currencies[vendor.currency]
  const to = world.currencies[subsidiaryCurrency(world, location.subsidiary)]
  const exchange = from === undefined || to === undefined ? 1_000_000 : exchangeRate(from, to)
  const currency = { exchange, places: from?.precision ?? 2 }
  const lines = linesOf(world, dice, { status, location, isScattered, created, ...currency })
  const subtotal = lines.reduce((sum, line) => sum + line.amount, 0)
  const tax = vendor.city.hasVat && dice.chance(0.25) ? Math.round(subtotal * 0.19) : 0
  return {
    index,
    id: idsOf(world.size).order(index),
    status,
    vendor,
    location,
    isScattered,
    exchange,
    created,
    changed,
    lines,
    subtotal,
    tax: currency.places === 0 ? Math.round(tax / 100) * 100 : tax,
  }
}

interface Frame {
  status: string
  location: Location
  isScattered: boolean
  created: number
  exchange: number
  places: number
}

function linesOf(world: World, dice: Random, frame: Frame): OrderLine[] {
  const { status, location, places } = frame
  const count = dice.weighted([
    [1, 18],
    [2, 24],
    [3, 24],
    [4, 18],
    [5, 10],
    [9, 4],
  ] as const)
  const hasExpense = count > 1 && dice.chance(0.08)
  const lines: OrderLine[] = []
  let id = 0
  for (let at = 0; at < count; at++) {
    // line ids of removed lines are not given again
    id += dice.chance(0.06) ? 2 : 1
    const isLast = at === count - 1
    const place = frame.isScattered ? dice.pick(world.stores) : location
    if (hasExpense && isLast) {
      const amount = dice.int(1, 90) * 100
      const common = { id, item: null, location: place, price: 0, amount, due: null }
      lines.push({ ...common, ordered: 0, received: 0, billed: 0, isClosed: status === 'H' })
      continue
    }
    const item = pickItem(world, dice, place)
    const whole = dice.int(2, 60) * 1000
    const ordered = item.good.units !== 'Each' && dice.chance(0.4) ? whole + dice.int(1, 999) : whole
    const cost = (item.cost * 1_000_000) / frame.exchange
    const price = places === 0 ? Math.max(1, Math.round(cost / 10_000)) * 10_000 : Math.max(1, Math.round(cost))
    const exact = amountOf(ordered, price)
    const isClosed = status === 'H' || (!isLast && at > 0 && 'BDE'.includes(status) && dice.chance(0.1))
    lines.push({
      id,
      item,
      location: place,
      ordered,
      ...progressOf(status, ordered, at, isClosed, dice),
      price,
      amount: places === 0 ? Math.round(exact / 100) * 100 : exact,
      isClosed,
      due: dice.chance(0.85) ? frame.created + dice.int(3, 60) * DAY : null,
    })
  }
  return lines
}

/** The first line alone makes the status true; the others vary within it. */
function progressOf(status: string, ordered: number, at: number, isClosed: boolean, dice: Random) {
  const part = Math.ceil(ordered / 2000) * 1000 >= ordered ? Math.floor(ordered / 2) : Math.ceil(ordered / 2000) * 1000
  const received = (): number => {
    if ('ABC'.includes(status)) return 0
    if ('FG'.includes(status)) return ordered
    if (status === 'H') return dice.chance(0.5) ? 0 : part
    if (at === 0) return part
    return isClosed ? 0 : dice.pick([0, part, ordered])
  }
  const got = received()
  const billed = (): number => {
    if (status === 'D' || status === 'G') return got
    if (status === 'H') return dice.chance(0.5) ? got : 0
    if (at === 0) return status === 'E' && dice.chance(0.5) ? Math.floor(got / 2) : 0
    return dice.chance(0.3) ? got : 0
  }
  return { received: got, billed: billed() }
}

/** Something that is bought, and that the place may hold. */
function pickItem(world: World, dice: Random, place: Location): Item {
  const { items } = world.size
  const start = dice.int(0, items - 1)
  for (let step = 0; step < 60; step++) {
    const index = (start + step) % items
    const item = itemAt(world, index)
    if (item.isPurchased && (!item.isStocked || isEnabled(world, item, place))) return item
  }
  return itemAt(world, 0)
}
