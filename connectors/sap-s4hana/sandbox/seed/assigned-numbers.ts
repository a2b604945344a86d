import type { Store } from '../store.ts'
import { NUMBER_RANGES, type NumberRange } from '../writes/number-ranges.ts'
import type { Size } from './size.ts'

/** Tells the number ranges what the seed has used, so that the next order gets the next number. */
export function assignedNumbers(store: Store, size: Size): void {
  const used: { readonly [range in NumberRange]?: number } = {
    purchaseOrder: size.purchaseOrders,
    businessPartner: size.vendors,
    address: size.vendors,
    maintenanceOrder: size.maintenanceOrders,
    equipment: size.equipment,
    goodsReceipt: size.materialDocuments,
    goodsMovement: size.materialDocuments,
    product: size.items,
  }
  for (const [range, count] of Object.entries(used)) {
    // The first call sets the range to its argument; nothing to do where the range starts with the first number.
    if (count > 0) store.nextNumber(range, NUMBER_RANGES[range as NumberRange] + count)
  }
}
