import type { Store } from '../store.ts'
import { seedAssets } from './assets.ts'
import { seedDeletions } from './deletions.ts'
import { seedEmployees } from './employees.ts'
import { idsOf, takeNumbers } from './ids.ts'
import { seedItems } from './items.ts'
import { seedLists } from './lists.ts'
import { seedLocations } from './locations.ts'
import { seedAdjustments, seedTransfers } from './movements.ts'
import { seedPurchaseOrders } from './purchase-orders.ts'
import { seedCases, seedMaintenance, seedTasks } from './service.ts'
import { createOnOrder, seedStock, totalOnHand } from './stock.ts'
import { createLedger } from './transactions.ts'
import { seedVendors } from './vendors.ts'
import { seedOtherTransactions, seedWorkOrders } from './work-orders.ts'
import { createWorld, type WorldOptions } from './world.ts'
import { createWriter } from './writer.ts'

/** Fills an empty store with the data of a manufacturer; returns how many rows it wrote. Size 0 leaves only the lists. */
export function seed(store: Store, options: WorldOptions): number {
  const world = createWorld(options)
  const writer = createWriter(store)
  seedLists(world, writer)
  seedLocations(world, writer)
  seedEmployees(world, writer)
  seedVendors(world, writer)
  seedItems(world, writer, (item) => totalOnHand(world, item))
  const ledger = createLedger(world, writer, idsOf(world.size).order(world.size.purchaseOrders))
  const onOrder = createOnOrder()
  seedPurchaseOrders(ledger, onOrder)
  seedAdjustments(ledger, onOrder)
  seedTransfers(ledger, onOrder)
  seedWorkOrders(ledger)
  seedOtherTransactions(ledger)
  seedStock(world, writer, onOrder)
  seedAssets(world, writer)
  seedCases(world, writer)
  seedTasks(world, writer)
  seedMaintenance(world, writer)
  seedDeletions(world, writer)
  writer.flush()
  takeNumbers(store)
  return writer.rows()
}
