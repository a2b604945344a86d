import type { Findings, MappingSettings } from '../../../core/index.ts'
import { unitsOf } from '../read/units.ts'
import type { Sent } from './sent.ts'

/** Rec 20 → SAP's short form in English, where several read back alike. */
const PREFERRED: { readonly [code: string]: string } = {
  EA: 'EA',
  H87: 'PC',
  C62: 'AU',
  KGM: 'KG',
  GRM: 'G',
  MGM: 'MG',
  TNE: 'TO',
  LBR: 'LB',
  ONZ: 'OZ',
  MTR: 'M',
  MMT: 'MM',
  CMT: 'CM',
  KMT: 'KM',
  FOT: 'FT',
  INH: 'IN',
  YRD: 'YD',
  LTR: 'L',
  MLT: 'ML',
  CLT: 'CL',
  HLT: 'HL',
  GLL: 'GAL',
  MTK: 'M2',
  MTQ: 'M3',
  HUR: 'H',
  MIN: 'MIN',
  SEC: 'S',
  DAY: 'DAY',
  WEE: 'WK',
  MON: 'MON',
  DZN: 'DZ',
  PR: 'PAA',
  SET: 'SET',
  XBX: 'BOX',
  XBO: 'BT',
  XCT: 'CAR',
  XCS: 'CS',
  XPK: 'PAK',
  XPX: 'PAL',
  XRO: 'ROL',
}

/** The unit as SAP writes it: `source_unit`, else the connection's or the common name of `unit`; null = not given. */
export function unitIn(sent: Sent, mapping: MappingSettings, findings: Findings): string | null {
  const native = sent.text('source_unit')
  if (native !== null) return native
  const code = sent.text('unit')
  if (code === null) return null
  const own = Object.entries(mapping.units).find(([, each]) => each === code)?.[0]
  const found = own ?? PREFERRED[code]
  if (found !== undefined && unitsOf(found, mapping).unit === code) return found
  findings.add(
    `${sent.at}unit`,
    'UNIT_UNKNOWN',
    `no SAP unit is known for ${code}; give source_unit, or map it in units`,
  )
  return null
}
