import { badRequest } from '../errors.ts'
import type { Property, Value } from '../model.ts'

/** A typed literal of a filter, a key or a function parameter; values as rows hold them (model.ts). */
export interface Literal {
  readonly type: string
  readonly value: Value
}

const NUMERIC = new Set([
  'Edm.Byte',
  'Edm.SByte',
  'Edm.Int16',
  'Edm.Int32',
  'Edm.Int64',
  'Edm.Decimal',
  'Edm.Double',
  'Edm.Single',
])

export function isNumeric(type: string): boolean {
  return NUMERIC.has(type)
}

/** Types the system compares with each other; there is no silent conversion between date types. */
export function comparable(one: string, other: string): boolean {
  return one === other || one === 'null' || other === 'null' || (isNumeric(one) && isNumeric(other))
}

const SUFFIXES: { readonly [letter: string]: string } = {
  m: 'Edm.Decimal',
  l: 'Edm.Int64',
  d: 'Edm.Double',
  f: 'Edm.Single',
}

/** `12`, `-1.5`, `12.50M`, `5L`, `1e3`. @returns null when the word is no number */
export function numberLiteral(word: string): Literal | null {
  const suffix = SUFFIXES[word.slice(-1).toLowerCase()]
  const digits = suffix === undefined ? word : word.slice(0, -1)
  if (!/^[-+]?\d+(\.\d+)?([eE][-+]?\d+)?$/.test(digits)) return null
  if (suffix === 'Edm.Int64' && !/^[-+]?\d+$/.test(digits)) return null
  if (suffix !== undefined) return { type: suffix, value: digits }
  if (/[.eE]/.test(digits)) return { type: 'Edm.Double', value: digits }
  return Number.isSafeInteger(Number(digits)) && Math.abs(Number(digits)) < 2 ** 31
    ? { type: 'Edm.Int32', value: Number(digits) }
    : { type: 'Edm.Int64', value: digits }
}

/** `datetime'…'` and its like. `prefix` in any case. @throws SapError 400 */
export function prefixedLiteral(prefix: string, text: string): Literal {
  switch (prefix.toLowerCase()) {
    case 'datetime':
      return { type: 'Edm.DateTime', value: instant(text, /^(\d{4}-\d\d-\d\dT\d\d:\d\d)(:\d\d)?(\.\d{1,7})?()$/) }
    case 'datetimeoffset':
      return {
        type: 'Edm.DateTimeOffset',
        value: instant(text, /^(\d{4}-\d\d-\d\dT\d\d:\d\d)(:\d\d)?(\.\d{1,7})?(Z|[-+]\d\d:\d\d)$/i),
      }
    case 'time':
      return { type: 'Edm.Time', value: timeOfDay(text) }
    case 'guid':
      if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)) throw invalid(text)
      return { type: 'Edm.Guid', value: text.toLowerCase() }
    case 'x':
    case 'binary':
      if (!/^([0-9a-f]{2})*$/i.test(text)) throw invalid(text)
      return { type: 'Edm.Binary', value: Buffer.from(text, 'hex').toString('base64') }
    default:
      throw invalid(`${prefix}'${text}'`)
  }
}

function instant(text: string, form: RegExp): number {
  const match = form.exec(text)
  if (match === null) throw invalid(text)
  const [, minute = '', second = ':00', fraction = '', zone = ''] = match
  const at = Date.parse(
    `${minute}${second}${(fraction || '.0').padEnd(4, '0').slice(0, 4)}${zone.toUpperCase() || 'Z'}`,
  )
  // Date.parse lets 31 April slip into May
  if (
    Number.isNaN(at) ||
    new Date(`${minute.slice(0, 10)}T00:00:00Z`).toISOString().slice(0, 10) !== minute.slice(0, 10)
  )
    throw invalid(text)
  return at
}

/** Any ISO duration below a day, in the fixed width that sorts. */
function timeOfDay(text: string): string {
  const match = /^PT(?:(\d{1,2})H)?(?:(\d{1,2})M)?(?:(\d{1,2})(?:\.\d+)?S)?$/.exec(text)
  if (match === null || text === 'PT') throw invalid(text)
  const [hours, minutes, seconds] = [match[1], match[2], match[3]].map((part) => Number(part ?? 0))
  if ((hours ?? 0) > 24 || (minutes ?? 0) > 59 || (seconds ?? 0) > 59) throw invalid(text)
  const two = (value = 0) => String(value).padStart(2, '0')
  return `PT${two(hours)}H${two(minutes)}M${two(seconds)}S`
}

/** A literal from a key predicate or a function parameter: the whole text is one literal. @throws SapError 400 */
export function parseLiteral(text: string): Literal {
  if (text.startsWith("'")) return { type: 'Edm.String', value: unquote(text) }
  const quote = text.indexOf("'")
  if (quote > 0) return prefixedLiteral(text.slice(0, quote), unquote(text.slice(quote)))
  if (text === 'null') return { type: 'null', value: null }
  if (text === 'true' || text === 'false') return { type: 'Edm.Boolean', value: text === 'true' }
  const number = numberLiteral(text)
  if (number === null) throw invalid(text)
  return number
}

/** The literal as a value of a property or parameter of `type`. @throws SapError 400 when the types differ */
export function valueFor(property: Pick<Property, 'name' | 'type'>, literal: Literal): Value {
  if (!comparable(property.type, literal.type)) {
    throw badRequest(
      '/IWBEP/CM_MGW_RT/022',
      `Invalid value for '${property.name}': ${property.type} expected, ${literal.type} given`,
    )
  }
  if (literal.value === null || !isNumeric(property.type)) return literal.value
  return ['Edm.Decimal', 'Edm.Int64', 'Edm.Double', 'Edm.Single'].includes(property.type)
    ? String(literal.value)
    : Number(literal.value)
}

function unquote(text: string): string {
  if (text.length < 2 || !text.endsWith("'")) throw invalid(text)
  const inner = text.slice(1, -1)
  const single = inner.replaceAll("''", '')
  if (single.includes("'")) throw invalid(text)
  return inner.replaceAll("''", "'")
}

function invalid(text: string): Error {
  return badRequest('/IWCOR/CX_DS_EDM_SYNTAX_ERROR', `Invalid literal '${text}'`)
}
