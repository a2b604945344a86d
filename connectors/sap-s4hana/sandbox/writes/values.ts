/** JSON values of request bodies → values of rows, by the property's EDM type and facets. */
import type { Property, Value } from '../model.ts'
import { canonical, isDecimal, sizeOf } from './decimals.ts'
import { facetViolated, invalidValue } from './refusals.ts'

const DATE = /^\/Date\((-?\d+)(?:[+-]\d{4})?\)\/$/
const ISO = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,7})?)?(Z|[+-]\d{2}:\d{2})?$/
const TIME = /^PT(?:(\d{1,2})H)?(?:(\d{1,2})M)?(?:(\d{1,2})(?:\.\d+)?S)?$/
const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
const INTEGERS: Readonly<Record<string, readonly [number, number]>> = {
  'Edm.Byte': [0, 255],
  'Edm.SByte': [-128, 127],
  'Edm.Int16': [-32768, 32767],
  'Edm.Int32': [-2147483648, 2147483647],
}
const DAY = 86_400_000

/** What a property holds when nothing was given: '' for texts, never null. */
export function initialValue(property: Property): Value {
  switch (property.type) {
    case 'Edm.String':
      return ''
    case 'Edm.Boolean':
      return false
    case 'Edm.Decimal':
    case 'Edm.Int64':
    case 'Edm.Double':
    case 'Edm.Single':
      return '0'
    case 'Edm.Byte':
    case 'Edm.SByte':
    case 'Edm.Int16':
    case 'Edm.Int32':
      return 0
    default:
      return null
  }
}

/** Throws the system's 400 for a value that does not fit. null resets to the initial value. */
export function readValue(property: Property, given: unknown): Value {
  if (given === null || given === undefined) {
    if (!property.nullable) throw invalidValue(property.name, given ?? null)
    return initialValue(property)
  }
  switch (property.type) {
    case 'Edm.String':
    case 'Edm.Binary':
      return readText(property, given)
    case 'Edm.Guid':
      if (typeof given !== 'string' || !GUID.test(given)) throw invalidValue(property.name, given)
      return given.toLowerCase()
    case 'Edm.Boolean':
      if (typeof given !== 'boolean') throw invalidValue(property.name, given)
      return given
    case 'Edm.Decimal':
    case 'Edm.Int64':
    case 'Edm.Double':
    case 'Edm.Single':
      return readNumberText(property, given)
    case 'Edm.DateTime':
    case 'Edm.DateTimeOffset':
      return readInstant(property, given)
    case 'Edm.Time':
      return readTime(property, given)
    default:
      return readInteger(property, given)
  }
}

function readText(property: Property, given: unknown): string {
  if (typeof given !== 'string') throw invalidValue(property.name, given)
  const text = given.replace(/ +$/, '')
  if (property.maxLength !== null && text.length > property.maxLength)
    throw facetViolated(property.name, `MaxLength=${property.maxLength}`)
  return text
}

function readNumberText(property: Property, given: unknown): string {
  const text = typeof given === 'number' ? plain(given) : given
  if (typeof text !== 'string' || !isDecimal(text)) throw invalidValue(property.name, given)
  if (property.type === 'Edm.Decimal') {
    const { whole, fraction } = sizeOf(text)
    const scale = property.scale ?? 0
    if (fraction > scale) throw facetViolated(property.name, `Scale=${scale}`)
    if (property.precision !== null && whole > property.precision - scale)
      throw facetViolated(property.name, `Precision=${property.precision}`)
  }
  return canonical(text)
}

/** 1e-7 → "0.0000001": JSON numbers reach us as doubles, exponents included. */
function plain(value: number): string {
  const text = String(value)
  return /e/i.test(text) ? value.toFixed(20).replace(/0+$/, '').replace(/\.$/, '') : text
}

function readInstant(property: Property, given: unknown): number {
  const dateOnly = property.type === 'Edm.DateTime'
  const ms = typeof given === 'string' ? instantOf(given) : Number.NaN
  if (!Number.isFinite(ms)) throw invalidValue(property.name, given)
  if (!dateOnly) return Math.floor(ms / 1000) * 1000
  return Math.floor(ms / DAY) * DAY
}

function instantOf(text: string): number {
  const ticks = DATE.exec(text)
  if (ticks !== null) return Number(ticks[1])
  const iso = ISO.exec(text)
  if (iso === null) return Number.NaN
  return Date.parse(iso[1] === undefined ? `${text}Z` : text)
}

function readTime(property: Property, given: unknown): string {
  const match = typeof given === 'string' && given !== 'PT' ? TIME.exec(given) : null
  if (match === null) throw invalidValue(property.name, given)
  const [hours, minutes, seconds] = [match[1], match[2], match[3]].map((part) => Number(part ?? 0))
  if (
    hours === undefined ||
    minutes === undefined ||
    seconds === undefined ||
    hours > 24 ||
    minutes > 59 ||
    seconds > 59
  )
    throw invalidValue(property.name, given)
  const two = (value: number): string => String(value).padStart(2, '0')
  return `PT${two(hours)}H${two(minutes)}M${two(seconds)}S`
}

function readInteger(property: Property, given: unknown): number {
  const range = INTEGERS[property.type]
  const value = typeof given === 'string' && /^-?\d+$/.test(given) ? Number(given) : given
  if (
    range === undefined ||
    typeof value !== 'number' ||
    !Number.isInteger(value) ||
    value < range[0] ||
    value > range[1]
  )
    throw invalidValue(property.name, given)
  return value
}
