import { FIRST_NUMBER } from './numbers.ts'
import { GOODS, type Good } from './words.ts'
import type { World } from './world.ts'

/** A material, before it becomes rows; orders and movements refer to it. */
export interface Material {
  index: number
  key: string
  good: Good
  english: string
  german: string
  /** Unit of stock, as in `good.unit`. */
  unit: string
  /** Unit of purchase orders with its conversion: 1 `orderUnit` = `perOrderUnit` `unit`. */
  orderUnit: string
  perOrderUnit: number
  /** Price of `priceUnit` units of stock, in thousandths of the currency of the plant. */
  price: number
  priceUnit: 1 | 10 | 100 | 1000
  isBatchManaged: boolean
  isSerialized: boolean
  isMarkedForDeletion: boolean
  /** Indexes of the plants that know it. */
  plants: readonly number[]
}

const known = new WeakMap<World, (Material | undefined)[]>()

export function materialAt(world: World, index: number): Material {
  let made = known.get(world)
  if (!made) {
    made = []
    known.set(world, made)
  }
  made[index] ??= createMaterial(world, index)
  return made[index] as Material
}

function createMaterial(world: World, index: number): Material {
  const dice = world.random('material', index)
  const good = GOODS[index % GOODS.length] as Good
  const size = dice.int(2, 400)
  const isBoxed = good.unit === 'PC' && dice.chance(0.2)
  const home = index % world.size.plants
  const plants = Array.from({ length: world.size.plants }, (_, plant) => plant).filter(
    (plant) => plant === home || index < 5 || dice.chance(0.3),
  )
  return {
    index,
    key: materialKey(good, index, size),
    good,
    english: `${good.english} ${size}`,
    german: `${good.german} ${size}`,
    unit: good.unit,
    orderUnit: isBoxed ? 'BX' : good.unit,
    perOrderUnit: isBoxed ? dice.pick([6, 12, 144]) : 1,
    price: dice.int(50, 900_000),
    priceUnit: dice.weighted([
      [1, 80],
      [10, 5],
      [100, 10],
      [1000, 5],
    ] as const),
    isBatchManaged: good.code === 'OIL' || good.code === 'GREASE',
    isSerialized: good.code === 'MOTOR',
    isMarkedForDeletion: index >= 5 && dice.chance(0.03),
    plants,
  }
}

/** Material numbers of a grown system: readable, purely numeric, and with characters that must be encoded in addresses. */
function materialKey(good: Good, index: number, size: number): string {
  if (index === 0) return 'SEAL-40'
  if (index % 7 === 3) return String(FIRST_NUMBER.product + index)
  if (index % 29 === 5) return `${good.code}'${size}/${index}`
  if (index % 31 === 6) return `ÖL&FETT ${size}% ${index}`
  return `${good.code}-${size}-${index}`
}
