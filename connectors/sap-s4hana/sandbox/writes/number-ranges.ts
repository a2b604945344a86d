/** Internal number ranges. The seed takes its numbers here too, so that both never meet. */
import type { EntitySet } from '../model.ts'
import type { Store } from '../store.ts'

export const NUMBER_RANGES = {
  purchaseOrder: 4_500_000_000,
  businessPartner: 10_300_000,
  address: 20_000,
  maintenanceOrder: 4_000_000,
  notification: 10_000_000,
  equipment: 10_000_000,
  goodsReceipt: 5_000_000_000,
  goodsMovement: 4_900_000_000,
  reservation: 100_000,
  product: 1_000_000,
} as const

export type NumberRange = keyof typeof NUMBER_RANGES

/** The next free number; numbers that rows hold already (written past the range) are passed over. */
export function assignNumber(store: Store, range: NumberRange, taken?: (number: string) => boolean): string {
  for (;;) {
    const number = String(store.nextNumber(range, NUMBER_RANGES[range] + 1))
    if (taken === undefined || !taken(number)) return number
  }
}

/** Item numbers in steps: 10, 20, 30 or 0010, 0020, … after the highest there is. */
export function nextItem(existing: readonly string[], step: number, width = 0): string {
  const highest = existing.reduce((most, item) => Math.max(most, Number(item) || 0), 0)
  return String((Math.floor(highest / step) + 1) * step).padStart(width, '0')
}

export function isTaken(store: Store, set: EntitySet, key: string): (number: string) => boolean {
  return (number) => store.get(set, { [key]: number }) !== null
}
