/** Internal number ranges. The seed takes its numbers from here too; numbers that rows hold already are passed over. */
import type { EntitySet, Row } from '../model.ts'
import type { Store } from '../store.ts'
import { textOf } from './work.ts'

/** The last number before the range begins. */
export const NUMBER_RANGES = {
  purchaseOrder: 4_500_000_000,
  businessPartner: 10_300_000,
  address: 20_000,
  product: 1_000_000,
  maintenanceOrder: 4_000_000,
  notification: 10_000_000,
  equipment: 10_000_000,
  goodsReceipt: 5_000_000_000,
  goodsMovement: 4_900_000_000,
  reservation: 100_000,
} as const

export type NumberRange = keyof typeof NUMBER_RANGES

/** The next free number for `property` of `set`; `further`: the rest of the key, where the number alone is none. */
export function assignNumber(
  store: Store,
  range: NumberRange,
  set: EntitySet,
  property: string,
  further: Row = {},
): string {
  for (;;) {
    const number = takeNumber(store, range)
    if (store.get(set, { ...further, [property]: number }) === null) return number
  }
}

export function takeNumber(store: Store, range: NumberRange): string {
  return String(store.nextNumber(range, NUMBER_RANGES[range] + 1))
}

/** Item numbers in steps: 10, 20, 30 or 0010, 0020, … after the highest there is. */
export function nextItem(existing: readonly Row[], property: string, step: number, width = 0): string {
  const highest = existing.reduce((most, row) => Math.max(most, Number(textOf(row, property)) || 0), 0)
  return String((Math.floor(highest / step) + 1) * step).padStart(width, '0')
}
