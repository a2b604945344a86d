/** Quantities in the units of a material. */
import type { Row } from '../model.ts'
import { divide, multiply } from './decimals.ts'
import { business } from './refusals.ts'
import { find, textOf, type Work } from './work.ts'

/** From an entry unit to the base unit, three decimals as quantities have. @throws SapError M3/066 */
export function toBase(work: Work, material: Row, quantity: string, unit: string): string {
  const [numerator, denominator] = factor(work, material, unit)
  return divide(multiply(quantity, numerator), denominator, 3)
}

export function fromBase(work: Work, material: Row, quantity: string, unit: string): string {
  const [numerator, denominator] = factor(work, material, unit)
  return divide(multiply(quantity, denominator), numerator, 3)
}

/** Base units per unit, as a fraction. */
function factor(work: Work, material: Row, unit: string): readonly [string, string] {
  if (unit === textOf(material, 'BaseUnit')) return ['1', '1']
  const product = textOf(material, 'Product')
  const row = find(work, 'API_PRODUCT_SRV', 'A_ProductUnitsOfMeasure', { Product: product, AlternativeUnit: unit })
  const [numerator, denominator] = [textOf(row, 'QuantityNumerator'), textOf(row, 'QuantityDenominator')]
  if (row === null || Number(numerator) === 0)
    throw business('M3/066', `Unit of measure ${unit} is not defined for material ${product}`, 'EntryUnit')
  return [numerator, denominator === '' || denominator === '0' ? '1' : denominator]
}
