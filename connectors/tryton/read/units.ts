import { type MappingSettings, unitCode } from '../../../core/index.ts'
import { type Row, text } from '../values.ts'

/** Symbols of the units that come with Tryton 6.0 (product/uom.xml) beyond the common ones → UN/ECE Rec 20. */
const TRYTON_UNITS: { readonly [symbol: string]: string } = {
  u: 'H87',
  oz: 'ONZ',
  c: 'CTM',
  s: 'SEC',
  wd: 'E49',
  km: 'KMT',
  cm: 'CMT',
  mm: 'MMT',
  mi: 'SMI',
  yd: 'YRD',
  in: 'INH',
  'cm³': 'CMQ',
  'in³': 'INQ',
  'ft³': 'FTQ',
  'cm²': 'CMK',
  'in²': 'INK',
  'ft²': 'FTK',
  'yd²': 'YDK',
  a: 'ARE',
  ha: 'HAR',
}

/** `unit` and `source_unit` of a record of `product.uom` (its symbol is what people see). */
export function unitsOf(uom: Row | null, settings: MappingSettings) {
  const symbol = uom === null ? null : (text(uom['symbol']) ?? text(uom['name']))
  return { unit: unitCode(symbol, settings.units, TRYTON_UNITS), source_unit: symbol }
}
