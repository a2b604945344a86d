import { type Row, rows, text, truth } from '../values.ts'

/** First active contact mechanism of the first of these types that has one. */
export function contact(party: Row, ...types: readonly string[]): string | null {
  const active = rows(party['contact_mechanisms.']).filter((each) => truth(each['active']) !== false)
  for (const type of types) {
    for (const mechanism of active) {
      const value = mechanism['type'] === type ? text(mechanism['value']) : null
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
  const lines = (address === null ? '' : (text(address['street']) ?? ''))
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
  const subdivision = address?.['subdivision.']
  const country = address?.['country.']
  const region = code(subdivision)
  return {
    address_line1: lines[0] ?? null,
    address_line2: lines.length > 1 ? lines.slice(1).join(', ') : null,
    city: address === null ? null : text(address['city']),
    postal_code: address === null ? null : text(address['postal_code']),
    // Tryton keeps ISO 3166-2 whole ("DE-BE")
    region: region === null ? null : region.replace(/^[A-Z]{2}-/, ''),
    country: code(country),
  }
}

const code = (value: unknown): string | null => {
  const row = (value ?? null) as Row | null
  return row === null ? null : text(row['code'])
}
