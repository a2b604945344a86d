import { type Row, text } from '../values.ts'
import type { Column, Columns } from './source.ts'
import { optional, plain } from './source.ts'

/** Columns of an address table (`<alias>.addr1` …). */
export const addressColumns = (alias: string): Columns => {
  const column = (name: string): Column => optional(plain(`${alias}.${name}`))
  return {
    addr1: column('addr1'),
    addr2: column('addr2'),
    city: column('city'),
    zip: column('zip'),
    state: column('state'),
    country: column('country'),
  }
}

/** The address fields of the unified model; null = no address. */
export function postalAddress(address: Row | undefined) {
  const field = (name: string) => text(address?.[name])
  const country = field('country')
  return {
    address_line1: field('addr1'),
    address_line2: field('addr2'),
    city: field('city'),
    postal_code: field('zip'),
    region: field('state'),
    country: country !== null && /^[A-Z]{2}$/.test(country) ? country : null,
  }
}
