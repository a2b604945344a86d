/**
 * UN/ECE Recommendation 20 common codes of units that every system knows, by the names systems give them
 * (upper case; unified-model.md 1.3). A connection may extend the map, a connector may bring the symbols of its system.
 */
const REC_20: { readonly [native: string]: string } = {
  EA: 'EA',
  EACH: 'EA',
  PC: 'H87',
  ST: 'H87',
  PCE: 'H87',
  UNIT: 'H87',
  UNITS: 'H87',
  KG: 'KGM',
  G: 'GRM',
  LB: 'LBR',
  M: 'MTR',
  FT: 'FOT',
  L: 'LTR',
  LT: 'LTR',
  GAL: 'GLL',
  H: 'HUR',
  HR: 'HUR',
  MIN: 'MIN',
  D: 'DAY',
  BOX: 'XBX',
  BX: 'XBX',
  SET: 'SET',
  M2: 'MTK',
  M3: 'MTQ',
}

type UnitMap = { readonly [native: string]: string }

/**
 * The Rec 20 code of a unit as the system writes it; null when nobody knows it (the verbatim text stays in `source_unit`).
 * The connection's own map comes first, then the connector's, then the built-in one (the only one blind to case).
 */
export function unitCode(native: string | null | undefined, ...maps: readonly UnitMap[]): string | null {
  const text = native?.trim()
  if (text === undefined || text === '') return null
  for (const map of maps) if (Object.hasOwn(map, text)) return map[text] as string
  const key = text.toUpperCase().replace('²', '2').replace('³', '3')
  return Object.hasOwn(REC_20, key) ? (REC_20[key] as string) : null
}
