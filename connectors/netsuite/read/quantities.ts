import { decimals, type MappingSettings, unitCode } from '../../../core/index.ts'
import { decimal, type Row, ref, text } from '../values.ts'
import type { Lookups } from './lookups.ts'

/**
 * SuiteQL gives quantities of lines and of stock, and costs of items, in the base unit of the item's units type, whatever
 * unit the row names (seen in public code; connections to accounts where it does not set `quantities_in: named-unit`).
 * A row that names another unit than the base one carries `conversionrate`: how many base units that unit is.
 */
export function withConversion(row: Row, unit: string, { conversionOf }: Lookups): Row {
  const conversionrate = conversionOf(ref(row[unit]))
  return conversionrate === null || conversionrate === '1' ? row : { ...row, conversionrate }
}

/** Base units in one of the row's unit. */
export function conversionIn(row: Row, settings: MappingSettings): string {
  if (settings.settings['quantities_in'] === 'named-unit') return '1'
  return decimal(row['conversionrate']) ?? '1'
}

/** A quantity column in the row's own unit. */
export function quantityOf(row: Row, column: string, settings: MappingSettings): string | null {
  const quantity = decimal(row[column])
  if (quantity === null) return null
  const conversion = conversionIn(row, settings)
  return conversion === '1' ? quantity : (decimals.ratio([quantity], [conversion]) ?? quantity)
}

/** `unit` and `source_unit` of a unit's name. */
export function unitsOf(row: Row, column: string, settings: MappingSettings) {
  const native = text(row[column])
  return { unit: unitCode(native, settings.units), source_unit: native }
}
