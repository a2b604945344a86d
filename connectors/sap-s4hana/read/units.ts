import { type MappingSettings, unitCode } from '../../../core/index.ts'

/**
 * Units as SAP delivers them (table T006A, English and German short forms) beyond the common ones → UN/ECE Rec 20.
 * A tenant may rename any of them: its own names go into `units` of the connection's mapping.
 */
const SAP_UNITS: { readonly [native: string]: string } = {
  TO: 'TNE',
  T: 'TNE',
  MG: 'MGM',
  OZ: 'ONZ',
  ML: 'MLT',
  CL: 'CLT',
  HL: 'HLT',
  MM: 'MMT',
  CM: 'CMT',
  KM: 'KMT',
  IN: 'INH',
  YD: 'YRD',
  MM2: 'MMK',
  CM2: 'CMK',
  FT2: 'FTK',
  CM3: 'CMQ',
  FT3: 'FTQ',
  S: 'SEC',
  STD: 'HUR',
  HUR: 'HUR',
  DAY: 'DAY',
  TAG: 'DAY',
  WK: 'WEE',
  MON: 'MON',
  DZ: 'DZN',
  PAA: 'PR',
  PR: 'PR',
  BT: 'XBO',
  CAR: 'XCT',
  CS: 'XCS',
  PAK: 'XPK',
  PAL: 'XPX',
  ROL: 'XRO',
  AU: 'C62',
  LE: 'C62',
}

/** `unit` and `source_unit` of a unit as the service wrote it. */
export function unitsOf(native: string | null, settings: MappingSettings) {
  return { unit: unitCode(native, settings.units, SAP_UNITS), source_unit: native }
}
