import type { Plant } from '../plant.ts'
import { createDice, type Dice } from '../random.ts'
import type { NewDoc, Resource } from '../store.ts'
import { seedOrders } from './orders.ts'
import { seedThings } from './things.ts'
import type { Size } from './size.ts'
import { seedWork } from './work.ts'

export interface SeedOptions {
  readonly seed: number
  readonly size: Size
  /** Epoch ms: the year before it is filled. */
  readonly now: number
  readonly organizationId: number
  readonly organizationName: string
}

/** What the parts of the seed share. */
export interface Sowing extends SeedOptions {
  readonly plant: Plant
  readonly dice: Dice
  /** A time within the year before now, as text; `share` 0 = a year ago, 1 = now. */
  readonly at: (share: number) => string
  /** @returns its id */
  readonly add: (resource: Resource, fields: Omit<NewDoc, 'organizationId'>) => number
}

const YEAR = 365 * 86_400_000

/** Fills the organization with a plant. Nothing is told to subscribers. */
export function seed(plant: Plant, options: SeedOptions): void {
  const { now, organizationId } = options
  const sowing: Sowing = {
    ...options,
    plant,
    dice: createDice(options.seed, `seed ${organizationId}`),
    at: (share) => new Date(Math.floor(now - YEAR + YEAR * share)).toISOString(),
    add: (resource, fields) => plant.store.insert(resource, { ...fields, organizationId } as NewDoc).id,
  }
  plant.store.transaction(() => {
    const things = seedThings(sowing)
    seedOrders(sowing, things)
    seedWork(sowing, things)
  })
}
