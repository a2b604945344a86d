import { type Row, rows, text, truth } from '../values.ts'

/** First active contact mechanism of the first of these types that has one. */
export function contact(party: Row, ...types: readonly string[]): string | null {
  const mechanisms = rows(party['contact_mechanisms.'])
  for (const type of types) {
    for (const mechanism of mechanisms) {
      if (mechanism['type'] !== type || truth(mechanism['active']) === false) continue
      const value = text(mechanism['value'])
      if (value !== null) return value
    }
  }
  return null
}

/** E.164 when the number is written with its country, else as it was typed. */
export function phoneNumber(typed: string | null): string | null {
  if (typed === null || !/^\+[\d\s()./-]+$/.test(typed)) return typed
  const digits = typed.replace(/\(0\)/, '').replace(/\D/g, '')
  return digits.length >= 7 && digits.length <= 15 ? `+${digits}` : typed
}

export const CONTACT_FIELDS = [
  'contact_mechanisms.type',
  'contact_mechanisms.value',
  'contact_mechanisms.active',
] as const

export const PHONE_TYPES = ['phone', 'mobile'] as const

export interface PostalAddress {
  readonly address_line1: string | null
  readonly address_line2: string | null
  readonly city: string | null
  readonly postal_code: string | null
  readonly region: string | null
  readonly country: string | null
}

/** Fields of `party.address` that `postalAddress` needs, behind a relation. */
export const addressFields = (path: string): string[] =>
  ['street', 'city', 'postal_code', 'subdivision.code', 'country.code', 'active'].map((field) => `${path}${field}`)

/** `street` is one text: its first line, and the rest joined. */
export function postalAddress(address: Row | null): PostalAddress {
  const lines = linesOf(address === null ? null : text(address['street']))
  const subdivision = address?.['subdivision.']
  const country = address?.['country.']
  const region = code(subdivision)
  return {
    address_line1: lines[0] ?? null,
    address_line2: lines.length > 1 ? restOf(lines) : null,
    city: address === null ? null : text(address['city']),
    postal_code: address === null ? null : text(address['postal_code']),
    // Tryton keeps ISO 3166-2 whole ("DE-BE")
    region: region === null ? null : region.replace(/^[A-Z]{2}-/, ''),
    country: code(country),
  }
}

/** Most streets are one or two lines: no expression and no intermediate lists for these. */
function linesOf(street: string | null): string[] {
  const lines: string[] = []
  if (street === null) return lines
  for (let from = 0; from <= street.length; ) {
    const end = street.indexOf('\n', from)
    const line = street.slice(from, end < 0 ? street.length : end).trim()
    if (line !== '') lines.push(line)
    if (end < 0) break
    from = end + 1
  }
  return lines
}

const restOf = (lines: readonly string[]): string =>
  lines.length === 2 ? (lines[1] as string) : lines.slice(1).join(', ')

const code = (value: unknown): string | null => {
  const row = (value ?? null) as Row | null
  return row === null ? null : text(row['code'])
}
