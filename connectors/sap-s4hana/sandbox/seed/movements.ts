import { type Material, materialAt } from './materials.ts'
import { FIRST_NUMBER } from './numbers.ts'
import { homeMaterial, type Order, type OrderItem, orderAt } from './orders.ts'
import { type Plant, plantAt } from './plants.ts'
import type { Random } from './random.ts'
import { DAY, HOUR, wholeSecond } from './times.ts'
import { workOrderKey } from './work.ts'
import type { World } from './world.ts'

/** A material document as the seed means it. */
export interface Movement {
  index: number
  year: string
  key: string
  created: number
  /** Goods movement type of every item. */
  type: string
  plant: Plant
  order: Order | null
  lines: readonly MovementLine[]
  /** The document that this one undoes. */
  reverses: Movement | null
  /** A later document undoes this one. */
  isReversed: boolean
}

export interface MovementLine {
  item: string
  material: Material
  storageLocation: string
  batch: string
  /** In thousandths of `unit`. */
  quantity: number
  unit: string
  orderItem: OrderItem | null
  workOrder: string
  /** The receiving side of a transfer is a line of its own, made by the system. */
  isOtherSide: boolean
}

/** The documents of the first stock load: all posted within one second. */
export function initialLoad(count: number): number {
  return Math.min(1500, Math.floor(count * 0.25))
}

export function movementAt(world: World, index: number): Movement {
  const count = world.size.materialDocuments
  if (isReversal(world, index)) {
    const reverses = postedAt(world, index - 1)
    const created = Math.min(world.now, reverses.created + HOUR)
    const type = String(Number(reverses.type) + 1)
    return { ...reverses, ...named(world, index, created, type), type, reverses, isReversed: false }
  }
  const isReversed = index + 1 < count && isReversal(world, index + 1)
  return { ...postedAt(world, index), isReversed }
}

/** Whether the document undoes the one before it. */
function isReversal(world: World, index: number): boolean {
  const load = initialLoad(world.size.materialDocuments)
  const wants = (at: number): boolean => at > load && world.random('reversal', at).chance(0.05)
  if (!wants(index)) return false
  let before = index - 1
  while (wants(before)) before--
  // Of several wishes in a row every other one is met: a reversal is not itself reversed.
  return (index - before) % 2 === 1 && REVERSIBLE.has(postedAt(world, index - 1).type)
}

const REVERSIBLE = new Set(['101', '201', '261', '551', '501'])

function named(
  world: World,
  index: number,
  created: number,
  type: string,
): Pick<Movement, 'index' | 'key' | 'year' | 'created'> {
  const isReceipt = type === '101' || type === '102'
  const year = String(new Date(world.calendar.local(created).date).getUTCFullYear())
  return {
    index,
    created,
    year,
    key: String((isReceipt ? FIRST_NUMBER.goodsReceipt : FIRST_NUMBER.goodsMovement) + index),
  }
}

/** The document as it would be if it were no reversal. */
function postedAt(world: World, index: number): Movement {
  const dice = world.random('movement', index)
  const count = world.size.materialDocuments
  const load = initialLoad(count)
  const start = world.now - 729 * DAY
  const position = (index - load + dice.next()) / Math.max(1, count - load)
  const created = index < load ? start : wholeSecond(start + DAY + (world.now - start - DAY) * position)
  const receipt = index >= load && dice.chance(0.5) ? receiptOf(world, index, Math.max(0, position), dice) : null
  if (receipt) return receipt
  const type = index < load ? '561' : dice.weighted(TYPES)
  const first = materialAt(world, dice.int(0, world.size.items - 1))
  const plant = plantAt(dice.pick(first.plants))
  const lines: MovementLine[] = []
  for (let at = 0; at < dice.int(1, 3); at++) {
    const material = at === 0 ? first : homeMaterial(world, plant, dice.next())
    const line = lineOf(dice, lines.length, material, plant, dice.int(1, 40) * 1000)
    const hasWork = type === '261' && world.size.maintenanceOrders > 0
    const workOrder = hasWork ? workOrderKey(dice.int(0, world.size.maintenanceOrders - 1)) : ''
    lines.push({ ...line, workOrder })
    if (type === '311' || type === '321') lines.push({ ...line, item: String(lines.length + 1), isOtherSide: true })
  }
  return { ...named(world, index, created, type), type, plant, order: null, lines, reverses: null, isReversed: false }
}

/** The receipt of the order that lies at the same place in its own sequence, if that order has received anything. */
function receiptOf(world: World, index: number, position: number, dice: Random): Movement | null {
  const { purchaseOrders } = world.size
  if (purchaseOrders === 0) return null
  const order = orderAt(world, Math.min(purchaseOrders - 1, Math.floor(position * purchaseOrders)))
  const lines: MovementLine[] = []
  for (const orderItem of order.items) {
    if (!orderItem.material || orderItem.received === 0 || orderItem.deletion === 'L') continue
    const line = lineOf(dice, lines.length, orderItem.material, order.plant, orderItem.received)
    const storageLocation = orderItem.storageLocation || line.storageLocation
    lines.push({ ...line, storageLocation, unit: orderItem.unit, orderItem })
  }
  const created = order.created + dice.int(3, 9) * DAY + dice.int(0, 20 * 3600) * 1000
  if (lines.length === 0 || created > world.now) return null
  const type = dice.chance(0.05) ? '122' : dice.chance(0.03) ? '161' : '101'
  return {
    ...named(world, index, created, type),
    type,
    plant: order.plant,
    order,
    lines,
    reverses: null,
    isReversed: false,
  }
}

function lineOf(dice: Random, at: number, material: Material, plant: Plant, quantity: number): MovementLine {
  return {
    item: String(at + 1),
    material,
    storageLocation: dice.pick(plant.storageLocations),
    batch: material.isBatchManaged ? batchOf(material, dice.int(0, 2)) : '',
    quantity,
    unit: material.unit,
    orderItem: null,
    workOrder: '',
    isOtherSide: false,
  }
}

export function batchOf(material: Material, number: number): string {
  return `CH${material.index % 100_000}-${number}`
}

const TYPES = [
  ['201', 14],
  ['261', 34],
  ['311', 14],
  ['321', 6],
  ['501', 6],
  ['551', 8],
  ['561', 4],
  ['701', 5],
  ['702', 5],
  ['Z61', 1],
] as const
