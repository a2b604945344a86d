/** Internal number ranges. Numbers that rows hold already (the seed's) are never given again. */
import type { EntitySet, Row } from '../model.ts'
import type { Store } from '../store.ts'
import { textOf } from './work.ts'

interface NumberRange {
  readonly from: number
  /** Exclusive; as many digits as `from`. */
  readonly to: number
}

const RANGES = {
  purchaseOrder: { from: 4_500_000_001, to: 4_600_000_000 },
  businessPartner: { from: 10_300_001, to: 20_000_000 },
  product: { from: 1_000_001, to: 2_000_000 },
  maintenanceOrder: { from: 4_000_001, to: 5_000_000 },
  notification: { from: 10_000_001, to: 20_000_000 },
  equipment: { from: 10_000_001, to: 20_000_000 },
  goodsReceipt: { from: 5_000_000_001, to: 5_100_000_000 },
  goodsMovement: { from: 4_900_000_001, to: 5_000_000_000 },
} as const satisfies Record<string, NumberRange>

/** The next free number for `property` of `set`; `further`: the rest of the key, where the number alone is none. */
export function assignNumber(
  store: Store,
  range: keyof typeof RANGES,
  set: EntitySet,
  property: string,
  further: Row = {},
): string {
  const { from, to } = RANGES[range]
  const scope = Object.keys(further)
  const [highest] = store.select(set, {
    where: {
      sql: [`"${property}" >= ? AND "${property}" < ?`, ...scope.map((name) => `"${name}" = ?`)].join(' AND '),
      params: [String(from), String(to), ...scope.map((name) => further[name] as string | number)],
    },
    orderBy: [{ property, descending: true }],
    limit: 1,
  })
  const name = [range, ...Object.values(further)].join('/')
  const start = highest === undefined ? from : Number(textOf(highest, property)) + 1
  for (;;) {
    const number = String(store.nextNumber(name, start))
    if (store.get(set, { ...further, [property]: number }) === null) return number
  }
}

/** Item numbers in steps: 10, 20, 30 or 0010, 0020, … after the highest there is. */
export function nextItem(existing: readonly string[], step: number, width = 0): string {
  const highest = existing.reduce((most, item) => Math.max(most, Number(item) || 0), 0)
  return String((Math.floor(highest / step) + 1) * step).padStart(width, '0')
}
