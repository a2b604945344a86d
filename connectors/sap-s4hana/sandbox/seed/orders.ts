import { type Material, materialAt } from './materials.ts'
import { FIRST_NUMBER } from './numbers.ts'
import { type Plant, plantAt } from './plants.ts'
import { type Supplier, supplierAt } from './suppliers.ts'
import { DAY, HOUR } from './times.ts'
import type { World } from './world.ts'

export type OrderState = 'active' | 'held' | 'in release' | 'released' | 'rejected' | 'deleted' | 'items deleted'

/** A purchase order as the seed means it; its rows and its goods receipts are made from this alone. */
export interface Order {
  index: number
  key: string
  created: number
  changed: number
  state: OrderState
  supplier: Supplier
  plant: Plant
  items: readonly OrderItem[]
}

export interface OrderItem {
  /** `10`, `20`, ...: without leading zeros. */
  number: string
  /** Null for free text, services and limits. */
  material: Material | null
  /** Standard, consignment, subcontracting, limit, service. */
  category: '0' | '2' | '3' | 'A' | '9'
  deletion: '' | 'L' | 'S'
  storageLocation: string
  unit: string
  /** Ordered and received quantity, in thousandths of `unit`. */
  quantity: number
  received: number
  isInvoiced: boolean
  due: number
}

export function orderAt(world: World, index: number): Order {
  const dice = world.random('order', index)
  const { created, changed } = world.stamps('order', index, world.size.purchaseOrders)
  const state = dice.weighted([
    ['active', 70],
    ['held', 2],
    ['in release', 6],
    ['released', 15],
    ['rejected', 2],
    ['deleted', 3],
    ['items deleted', 2],
  ] as const)
  const first = materialAt(world, dice.int(0, world.size.items - 1))
  const plant = plantAt(dice.pick(first.plants))
  // Old orders are done, young ones are open.
  const age = (world.now - created) / DAY
  const isReceivable = state === 'active' || state === 'released'
  const progress = !isReceivable || age < 10 ? 0 : age > 120 ? 1 : dice.next()
  const isInvoiced = progress === 1 && dice.chance(0.8)
  const count = dice.weighted([
    [1, 25],
    [2, 22],
    [3, 20],
    [4, 15],
    [5, 10],
    [9, 6],
    [12, 2],
  ] as const)
  const items: OrderItem[] = []
  for (let at = 0; at < count; at++) {
    const isFree = dice.chance(0.08)
    const material = isFree ? null : at === 0 ? first : homeMaterial(world, plant, dice.next())
    const category = material
      ? dice.weighted([
          ['0', 94],
          ['2', 3],
          ['3', 3],
        ] as const)
      : dice.pick(['0', 'A', '9'] as const)
    const quantity = quantityOf(material, dice.int(1, 240), dice.int(1, 999))
    const done = progress === 1 ? 1 : progress === 0 ? 0 : dice.pick([0, 0.25, 0.5, 1])
    items.push({
      number: String((at + 1) * 10),
      material,
      category,
      deletion:
        state === 'deleted' || state === 'items deleted'
          ? 'L'
          : dice.weighted([
              ['', 95],
              ['L', 3],
              ['S', 2],
            ] as const),
      storageLocation: material && !dice.chance(0.1) ? dice.pick(plant.storageLocations) : '',
      unit: material?.orderUnit ?? (category === '9' ? 'H' : 'EA'),
      quantity,
      received: done === 1 ? quantity : Math.floor((quantity * done) / 1000) * 1000,
      isInvoiced: isInvoiced || (done === 1 && dice.chance(0.3)),
      due: created + dice.int(3, 90) * DAY + dice.int(0, 23) * HOUR,
    })
  }
  return {
    index,
    key: String(FIRST_NUMBER.purchaseOrder + index),
    created,
    changed,
    state,
    supplier: supplierAt(world, dice.int(0, world.size.vendors - 1)),
    plant,
    items,
  }
}

/** Some material of the plant: `position` in [0, 1) chooses among those whose home it is. */
export function homeMaterial(world: World, plant: Plant, position: number): Material {
  const { items, plants } = world.size
  const count = Math.ceil((items - plant.index) / plants)
  // A plant without materials of its own does not occur for the plant of a material; index 0 keeps the type honest.
  return materialAt(world, count <= 0 ? 0 : plant.index + plants * Math.floor(position * count))
}

/** Pieces are whole; litres, kilograms and metres have three places now and then. */
function quantityOf(material: Material | null, whole: number, fraction: number): number {
  const isDivisible = material !== null && ['L', 'KG', 'M'].includes(material.unit)
  return whole * 1000 + (isDivisible && fraction % 4 === 0 ? fraction : 0)
}
