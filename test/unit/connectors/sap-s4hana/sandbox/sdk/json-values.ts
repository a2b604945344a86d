/** What OData V2 JSON may hold in place of a field, by the field's type and facets. */
import type { Field, SetModel } from './independent-model.ts'

const DATE = /^\/Date\((-?\d+)\)\/$/
const INSTANT = /^\/Date\((-?\d+)[+-]\d{4}\)\/$/
const TIME = /^PT\d{2}H\d{2}M\d{2}S$/
const NUMBER = /^-?\d+(\.\d+)?$/
const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
/** Put together from names in mixed case, whatever its format says. */
const MIXED_CASE = new Set(['SupplierFullName'])
const DAY_MS = 86_400_000
const WHOLE: { readonly [type: string]: readonly [least: number, most: number] } = {
  'Edm.Byte': [0, 255],
  'Edm.SByte': [-128, 127],
  'Edm.Int16': [-32_768, 32_767],
  'Edm.Int32': [-2_147_483_648, 2_147_483_647],
}

/** What is wrong with the value of a field, or null. */
export function wrongValue(field: Field, value: unknown): string | null {
  if (value === undefined) return 'is missing'
  if (value === null) {
    if (field.type === 'Edm.String') return 'is null: empty text is ""'
    return field.nullable ? null : 'is null, but not nullable'
  }
  const whole = WHOLE[field.type]
  if (whole !== undefined) {
    const right = typeof value === 'number' && Number.isInteger(value) && value >= whole[0] && value <= whole[1]
    return right ? null : 'is no whole number of its range'
  }
  if (field.type === 'Edm.Boolean') return typeof value === 'boolean' ? null : 'is no boolean'
  if (typeof value !== 'string') return `is no text but ${typeof value}`
  return wrongText(field, value)
}

function wrongText(field: Field, value: string): string | null {
  switch (field.type) {
    case 'Edm.String':
      if (field.maxLength !== null && value.length > field.maxLength) return `is longer than ${field.maxLength}`
      if (field.format === 'UpperCase' && !MIXED_CASE.has(field.name) && value !== value.toUpperCase())
        return 'is not upper case'
      return value === value.trimEnd() ? null : 'has blanks at its end'
    case 'Edm.Decimal':
      return wrongDecimal(field, value)
    case 'Edm.DateTime': {
      const ms = DATE.exec(value)?.[1]
      if (ms === undefined) return 'is no /Date(ms)/'
      return field.format === 'Date' && Number(ms) % DAY_MS !== 0 ? 'is a date that is not midnight' : null
    }
    case 'Edm.DateTimeOffset': {
      const ms = INSTANT.exec(value)?.[1]
      if (ms === undefined) return 'is no /Date(ms+0000)/'
      return field.precision === 0 && Number(ms) % 1000 !== 0 ? 'is not in whole seconds' : null
    }
    case 'Edm.Time':
      return TIME.test(value) ? null : 'is no PT00H00M00S'
    case 'Edm.Guid':
      return GUID.test(value) ? null : 'is no GUID'
    case 'Edm.Int64':
      return /^-?\d+$/.test(value) ? null : 'is no whole number'
    case 'Edm.Double':
    case 'Edm.Single':
      return Number.isFinite(Number(value)) && value !== '' ? null : 'is no number'
    default:
      return `has the type ${field.type}, which nothing is known of`
  }
}

function wrongDecimal({ precision, scale }: Field, value: string): string | null {
  if (!NUMBER.test(value)) return 'is no decimal number'
  const [whole = '', fraction = ''] = value.replace('-', '').split('.')
  const digits = whole.replace(/^0+/, '').length
  if (fraction.length > (scale ?? 0)) return `has more than ${scale ?? 0} decimals`
  return precision !== null && digits > precision - (scale ?? 0) ? `has more than ${precision} digits` : null
}

/** Complaints about an entity as JSON: names, values, links (those of `expanded` hold entities), `__metadata`. */
export function complaints(
  set: SetModel,
  entity: any,
  origin: string,
  expanded: ReadonlySet<string> = new Set(),
): string[] {
  const found: string[] = []
  const say = (text: string) => found.push(`${set.name}${text}: ${JSON.stringify(entity).slice(0, 200)}`)
  const { __metadata: head, ...rest } = entity
  if (head?.type !== set.type) say(` has the type ${head?.type}`)
  if (typeof head?.uri !== 'string' || !head.uri.startsWith(`${origin}/sap/opu/odata/sap/`)) say(' has no uri')
  if (head?.id !== head?.uri) say(' has an id other than its uri')
  const known = new Set<string>()
  for (const field of set.fields) {
    known.add(field.name)
    const wrong = wrongValue(field, rest[field.name])
    if (wrong !== null) found.push(`${set.name}.${field.name} ${wrong}: ${JSON.stringify(rest[field.name])}`)
  }
  for (const link of set.links) {
    known.add(link.name)
    const value = rest[link.name]
    if (expanded.has(link.name)) {
      const right = link.many ? Array.isArray(value?.results) : value === null || value?.__metadata !== undefined
      if (!right) say(`/${link.name} is not expanded`)
    } else if (value?.__deferred?.uri !== `${head?.uri}/${link.name}`) say(`/${link.name} is not deferred`)
  }
  for (const name of Object.keys(rest)) if (!known.has(name)) say(` has ${name}, which the metadata lacks`)
  return found
}
