import { fromVocabulary, type MappingSettings, type MovementKind, VOCABULARIES } from '../../../core/index.ts'

/** Movement types as SAP delivers them (unified-model.md 4.4); the next number takes one back. */
const FORWARD: { readonly [type: string]: MovementKind } = {
  '101': 'RECEIPT',
  '105': 'RECEIPT',
  '501': 'RECEIPT',
  '561': 'RECEIPT',
  '122': 'VENDOR_RETURN',
  '161': 'VENDOR_RETURN',
  '201': 'ISSUE',
  '221': 'ISSUE',
  '261': 'ISSUE',
  '281': 'ISSUE',
  '301': 'TRANSFER',
  '303': 'TRANSFER',
  '305': 'TRANSFER',
  '307': 'TRANSFER',
  '309': 'TRANSFER',
  '311': 'TRANSFER',
  '313': 'TRANSFER',
  '315': 'TRANSFER',
  '321': 'TRANSFER',
  '343': 'TRANSFER',
  '551': 'SCRAP',
}
const BACKWARD = Object.fromEntries(
  Object.entries(FORWARD).map(([type, kind]) => [String(Number(type) + 1), kind] as const),
)
/** Differences of a count: odd ones were found, even ones missing. */
const COUNTS = Object.fromEntries(
  ['701', '702', '703', '704', '705', '706', '707', '708'].map((type) => [type, 'COUNT' as const]),
)
const KNOWN: { readonly [type: string]: MovementKind } = { ...BACKWARD, ...FORWARD, ...COUNTS }

export const kindOf = (type: string | null, settings: MappingSettings): MovementKind =>
  fromVocabulary(settings, 'inventory_movement.kind', type, KNOWN, VOCABULARIES.MovementKind)

/**
 * Where the goods of a line go, seen from its plant and storage location; `out-across` and `in-across`: to or from the
 * other place that the line names.
 */
export type Direction = 'in' | 'out' | 'out-across' | 'in-across'

/** The second step of a transfer, put into storage, is posted at the place that receives. */
const PUT_AWAY: readonly string[] = ['305', '315']
const DIRECTIONS: { readonly [kind in MovementKind]?: Direction } = {
  RECEIPT: 'in',
  ISSUE: 'out',
  SCRAP: 'out',
  VENDOR_RETURN: 'out',
  TRANSFER: 'out-across',
}
/** By the code of the whole document, for movement types that nobody knows. */
const DIRECTIONS_BY_CODE: { readonly [code: string]: Direction } = {
  '01': 'in',
  '02': 'in',
  '03': 'out',
  '04': 'out-across',
  '05': 'in',
}
const OPPOSITE: { readonly [direction in Direction]: Direction } = {
  in: 'out',
  out: 'in',
  'out-across': 'in-across',
  'in-across': 'out-across',
}

/**
 * null = nobody knows.
 * @param isReversal the line names the line that it takes back; tells only for types that nobody knows
 */
export function directionOf(
  type: string | null,
  kind: MovementKind,
  code: string | null,
  isReversal: boolean,
): Direction | null {
  const number = Number(type)
  if (type !== null && type in COUNTS) return number % 2 === 1 ? 'in' : 'out'
  const isKnown = type !== null && type in KNOWN
  const isBack = isKnown ? !(type in FORWARD) : isReversal
  const origin = isBack && isKnown ? String(number - 1) : (type ?? '')
  const forward = PUT_AWAY.includes(origin)
    ? 'in-across'
    : (DIRECTIONS[FORWARD[origin] ?? kind] ?? DIRECTIONS_BY_CODE[code ?? ''])
  if (forward === undefined) return null
  return isBack ? OPPOSITE[forward] : forward
}
