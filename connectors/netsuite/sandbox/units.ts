import { divide, multiply } from './records/decimals.ts'
import type { StoredRow } from './store.ts'

/** Where units are looked up. */
interface Tables {
  get(table: string, key: number): StoredRow | null
}
type Cell = string | number | null | undefined

/** How many base units of its type a unit is: decimal text. */
function rateOf(tables: Tables, units: Cell): string {
  const row = units === null || units === undefined ? null : tables.get('unitstypeuom', Number(units))
  return String(row?.['conversionrate'] ?? '1')
}

/** What a line says in its own unit, as stock counts it. */
export function inBaseUnits(tables: Tables, units: Cell, quantity: string): string {
  const rate = rateOf(tables, units)
  return rate === '1' ? quantity : multiply(quantity, rate)
}

/** The price of one unit of a line, for one of stock. */
export function priceOfBaseUnit(tables: Tables, units: Cell, price: string): string {
  const rate = rateOf(tables, units)
  return rate === '1' ? price : divide(price, rate, 8)
}
