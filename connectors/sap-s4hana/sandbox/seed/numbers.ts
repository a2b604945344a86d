import type { Store } from '../store.ts'
import type { Size } from './size.ts'

/** The first number of each range; the write side counts on under the same names. */
export const FIRST_NUMBER = {
  purchaseOrder: 4_500_000_001,
  businessPartner: 10_300_001,
  address: 20_001,
  product: 1_000_001,
  maintenanceOrder: 4_000_001,
  notification: 10_000_001,
  equipment: 10_000_001,
  goodsReceipt: 5_000_000_001,
  goodsMovement: 4_900_000_001,
} as const

export type NumberRange = keyof typeof FIRST_NUMBER

/** Tells the ranges what the seed has used, so that the next order gets the next number at once. */
export function takeNumbers(store: Store, size: Size): void {
  const used: { [range in NumberRange]: number } = {
    purchaseOrder: size.purchaseOrders,
    businessPartner: size.vendors,
    address: size.vendors,
    product: size.items,
    maintenanceOrder: size.maintenanceOrders,
    notification: size.maintenanceOrders,
    equipment: size.equipment,
    goodsReceipt: size.materialDocuments,
    goodsMovement: size.materialDocuments,
  }
  for (const range of Object.keys(used) as NumberRange[]) {
    // The first call for a range returns its argument and remembers it as the last number given.
    if (used[range] > 0) store.nextNumber(range, FIRST_NUMBER[range] + used[range] - 1)
  }
}

/** The next number that no object holds. */
export function nextNumber(store: Store, range: NumberRange, isTaken: (number: string) => boolean): string {
  for (;;) {
    const number = String(store.nextNumber(range, FIRST_NUMBER[range]))
    if (!isTaken(number)) return number
  }
}
