import type { Store } from '../store.ts'
import { seedEquipment } from './equipment.ts'
import { seedFunctionalLocations } from './functional-locations.ts'
import { seedMaintenanceOrders } from './maintenance-orders.ts'
import { seedMaterialDocuments } from './material-documents.ts'
import { seedNotifications } from './notifications.ts'
import { takeNumbers } from './numbers.ts'
import { seedPartners } from './partners.ts'
import { seedPlants } from './plants.ts'
import { seedProducts } from './products.ts'
import { seedPurchaseOrders } from './purchase-orders.ts'
import type { Size } from './size.ts'
import { seedStock } from './stock.ts'
import { createWorld } from './world.ts'
import { createWriter } from './writer.ts'

export interface SeedOptions {
  /** The same seed, size, now and time zone make the same bytes. */
  seed: number
  size: Size
  /** Epoch ms; no object is younger. */
  now: number
  /** IANA zone of the columns that hold a date and a time apart. */
  timeZone: string
}

/** Fills an empty store with the data of a few plants; returns how many rows it wrote. */
export function seed(store: Store, options: SeedOptions): number {
  const world = createWorld(options)
  const writer = createWriter(store)
  seedPlants(world, writer)
  seedPartners(world, writer)
  seedProducts(world, writer)
  seedStock(world, writer)
  seedPurchaseOrders(world, writer)
  seedMaterialDocuments(world, writer)
  seedFunctionalLocations(world, writer)
  seedEquipment(world, writer)
  seedMaintenanceOrders(world, writer)
  seedNotifications(world, writer)
  writer.flush()
  takeNumbers(store, options.size)
  return writer.rows()
}
