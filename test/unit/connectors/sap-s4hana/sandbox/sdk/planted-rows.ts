/** Rows that use the facets to the full: every field has a value, as long and as awkward as its type allows. */
import type { Row, Value } from '../../../../../../connectors/sap-s4hana/sandbox/model.ts'
import type { Field, SetModel } from './independent-model.ts'

/** Signs that addresses, literals and JSON escape in different ways. No blank at the end at any length. */
const AWKWARD = `'Ä/%+&#?"<\\É;=,€ 'X' (Ö)`
export const AWKWARD_INSTANT = Date.UTC(2024, 1, 29, 23, 59, 59)
/** Before 1970: a negative number of ms. */
export const AWKWARD_DATE = Date.UTC(1969, 6, 20)

export function awkwardRow(set: SetModel): Row {
  return Object.fromEntries(set.fields.map((field) => [field.name, awkwardValue(field)]))
}

export function awkwardValue(field: Field): Value {
  switch (field.type) {
    case 'Edm.String':
      return awkwardText(field)
    case 'Edm.Boolean':
      return true
    case 'Edm.DateTime':
      return field.format === 'Date' ? AWKWARD_DATE : AWKWARD_INSTANT
    case 'Edm.DateTimeOffset':
      return AWKWARD_INSTANT
    case 'Edm.Time':
      return 'PT23H05M09S'
    case 'Edm.Decimal':
      return awkwardDecimal(field)
    case 'Edm.Guid':
      return '005056ab-1234-1ed7-8f9a-0123456789ab'
    case 'Edm.Int64':
      return '9007199254740993'
    case 'Edm.Double':
    case 'Edm.Single':
      return '-0.125'
    case 'Edm.Byte':
      return 255
    case 'Edm.Int16':
      return -32_768
    case 'Edm.Int32':
      return -2_147_483_648
    default:
      throw new Error(`no value for ${field.type}`)
  }
}

function awkwardText({ format, maxLength }: Field): string {
  if (format === 'NonNegative') return '9'.repeat(Math.min(maxLength ?? 1, 20))
  return AWKWARD.slice(0, maxLength ?? AWKWARD.length).trimEnd()
}

/** All the digits that the facets allow, up to the 15 that a filter compares. */
function awkwardDecimal({ precision, scale }: Field): string {
  const decimals = Math.min(scale ?? 0, 6)
  const whole = Math.max(1, Math.min((precision ?? 15) - (scale ?? 0), 15 - decimals))
  const text = '987654321987654'.slice(0, whole)
  return decimals === 0 ? `-${text}` : `-${text}.${'123457'.slice(0, decimals)}`
}
