import { divide, multiply } from './records/decimals.ts'
import type { StoredRow } from './store.ts'

type Get = (table: string, key: number) => StoredRow | null
type Cell = string | number | null | undefined

/** How many base units of its type a unit is: decimal text. */
function rateOf(get: Get, units: Cell): string {
  const row = units === null || units === undefined ? null : get('unitstypeuom', Number(units))
  return String(row?.['conversionrate'] ?? '1')
}

/** What a line says in its own unit, as stock counts it. */
export function inBaseUnits(get: Get, units: Cell, quantity: string): string {
  const rate = rateOf(get, units)
  return rate === '1' ? quantity : multiply(quantity, rate)
}

/** The price of one unit of a line, for one of stock. */
export function priceOfBaseUnit(get: Get, units: Cell, price: string): string {
  const rate = rateOf(get, units)
  return rate === '1' ? price : divide(price, rate, 8)
}
