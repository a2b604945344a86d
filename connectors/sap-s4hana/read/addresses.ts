import type { Json } from '../../../core/index.ts'
import { children, flag, type Row, sapInstant, text } from '../values.ts'

/** Navigations under A_BusinessPartner that an address is read with. */
export const ADDRESS_EXPAND = [
  'to_BusinessPartnerAddress/to_AddressUsage',
  'to_BusinessPartnerAddress/to_EmailAddress',
  'to_BusinessPartnerAddress/to_PhoneNumber',
] as const

const UNLIMITED = Number.MAX_SAFE_INTEGER

/**
 * The address of a business partner: the one valid longest (without a clock nothing tells which is valid today; the
 * current one has no end), of these the standard one (usage XXDEFAULT), of these the first.
 */
export function addressOf(partner: Row): Row | null {
  const ranked = children(partner['to_BusinessPartnerAddress']).map((row) => ({
    row,
    until: sapInstant(row['ValidityEndDate']) ?? UNLIMITED,
    standard: children(row['to_AddressUsage']).some((usage) => usage['AddressUsage'] === 'XXDEFAULT'),
    id: text(row['AddressID']) ?? '',
  }))
  ranked.sort((a, b) => Math.sign(b.until - a.until) || Number(b.standard) - Number(a.standard) || byText(a.id, b.id))
  return ranked[0]?.row ?? null
}

/** The street fields of the unified model. */
export function postalAddress(address: Row | null) {
  const field = (name: string) => text(address?.[name])
  const country = field('Country')
  return {
    address_line1: joined(field('StreetName'), field('HouseNumber')),
    address_line2: field('StreetPrefixName'),
    city: field('CityName'),
    postal_code: field('PostalCode'),
    region: field('Region'),
    // SAP's country keys are ISO 3166-1 by default; a tenant may have made up its own
    country: country !== null && /^[A-Z]{2}$/.test(country) ? country : null,
  }
}

/** Standard e-mail address of an address, else its first. */
export const emailOf = (address: Row | null): string | null =>
  firstOf(address?.['to_EmailAddress'], 'IsDefaultEmailAddress', (row) => text(row['EmailAddress']))

/** Standard telephone number of an address, else its first: E.164 where SAP knows it, else as it was typed. */
export const phoneOf = (address: Row | null): string | null =>
  firstOf(address?.['to_PhoneNumber'], 'IsDefaultPhoneNumber', numberOf)

function numberOf(row: Row): string | null {
  const international = text(row['InternationalPhoneNumber'])
  if (international !== null) return e164(international)
  const number = text(row['PhoneNumber'])
  const extension = text(row['PhoneNumberExtension'])
  return number === null ? null : e164(extension === null ? number : `${number}-${extension}`)
}

/** E.164 when the number is written with its country, else as it was typed. */
function e164(typed: string): string {
  if (!/^\+[\d\s()./-]+$/.test(typed)) return typed
  const digits = typed.replace(/\(0\)/, '').replace(/\D/g, '')
  return digits.length >= 7 && digits.length <= 15 ? `+${digits}` : typed
}

function firstOf(value: Json | undefined, standard: string, read: (row: Row) => string | null): string | null {
  const rows = [...children(value)]
  rows.sort(
    (a, b) =>
      Number(flag(b[standard]) ?? false) - Number(flag(a[standard]) ?? false) ||
      byText(text(a['OrdinalNumber']) ?? '', text(b['OrdinalNumber']) ?? ''),
  )
  for (const row of rows) {
    const found = read(row)
    if (found !== null) return found
  }
  return null
}

const byText = (a: string, b: string) => (a < b ? -1 : Number(a > b))

const joined = (...parts: readonly (string | null)[]): string | null =>
  parts.filter((part) => part !== null).join(' ') || null
