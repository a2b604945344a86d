import { createFindings, type Findings, type Json, type VendorWrite } from '../../../core/index.ts'
import { PHONE_TYPES } from '../read/contacts.ts'
import { idOf } from '../read/rows.ts'
import type { TrytonSession } from '../session.ts'
import { type Row, row, rows, text, truth } from '../values.ts'
import { lookUp, paymentTermId } from './lookups.ts'
import { customOf, given, native } from './natives.ts'

/** What of a party must be known before it is written. */
export const PARTY_FIELDS = [
  'tax_identifier',
  'addresses.street',
  'addresses.country.code',
  'addresses.active',
  'contact_mechanisms.type',
  'contact_mechanisms.value',
  'contact_mechanisms.active',
]

/**
 * A vendor as values of `party.party`; sub-records are written, created or deleted along with it.
 * @param party as it is now, with `PARTY_FIELDS`; null = it is created
 * @throws RejectedError
 */
export async function partyValues(
  session: TrytonSession,
  vendor: VendorWrite,
  party: Row | null,
  signal: AbortSignal,
): Promise<Row> {
  const findings = createFindings()
  const address = rows(party?.['addresses.']).find((each) => truth(each['active']) !== false) ?? null
  const addressChange = subRecord(address, await addressValues(session, vendor, address, findings, signal), party)
  const terms =
    vendor.payment_terms === null ? undefined : await paymentTermId(session, vendor.payment_terms, findings, signal)
  const values = given({
    name: native(vendor, 'name'),
    code: native(vendor, 'vendor_number'),
    active: native(vendor, 'is_active'),
    supplier_payment_term: native(vendor, 'payment_terms', () => terms ?? null),
    addresses: addressChange,
    contact_mechanisms: some([
      ...contactChange(vendor, 'email', ['email'], party),
      ...contactChange(vendor, 'phone', PHONE_TYPES, party),
    ]),
    identifiers: some(taxChange(vendor, session.config.tax_id_type, party)),
    ...customOf(vendor.custom_fields, 'custom_fields', findings),
  })
  findings.settle()
  return values
}

const some = (changes: readonly Json[]): Json | undefined => (changes.length === 0 ? undefined : changes)

/** A new party gets an address even when it is empty: orders need one to be invoiced to. */
function subRecord(current: Row | null, values: Row, party: Row | null): Json | undefined {
  if (current !== null) return Object.keys(values).length === 0 ? undefined : [['write', [idOf(current)], values]]
  return party !== null && Object.keys(values).length === 0 ? undefined : [['create', [values]]]
}

async function addressValues(
  session: TrytonSession,
  vendor: VendorWrite,
  address: Row | null,
  findings: Findings,
  signal: AbortSignal,
): Promise<Row> {
  const country =
    vendor.country === null
      ? undefined
      : await lookUp(
          session,
          { model: 'country.country', by: 'code', value: vendor.country, field: 'country' },
          findings,
          signal,
        )
  const countryCode = vendor.country ?? text(row(address?.['country.'])?.['code'])
  const region =
    vendor.region === null
      ? undefined
      : await lookUp(
          session,
          {
            model: 'country.subdivision',
            by: 'code',
            value: countryCode === null ? vendor.region : `${countryCode}-${vendor.region}`,
            field: 'region',
          },
          findings,
          signal,
        )
  // a region of the former country would be refused
  const moved = country !== undefined && region === undefined && address !== null ? null : undefined
  return given({
    street: streetOf(vendor, text(address?.['street'])),
    city: native(vendor, 'city'),
    postal_code: native(vendor, 'postal_code'),
    country: native(vendor, 'country', () => country ?? null),
    subdivision: native(vendor, 'region', () => region ?? null) ?? moved,
  })
}

/** Tryton has one text of several lines: the first is `address_line1`, the others are `address_line2`. */
function streetOf(vendor: VendorWrite, current: string | null): string | null | undefined {
  const first = native(vendor, 'address_line1')
  const second = native(vendor, 'address_line2')
  if (first === undefined && second === undefined) return undefined
  const [one = null, ...rest] = (current ?? '').split('\n').map((line) => line.trim())
  const lines = [first === undefined ? one : first, ...(second === undefined ? rest : [second])]
  return lines.filter((line) => typeof line === 'string' && line !== '').join('\n') || null
}

/** The mechanism that is read as this field is changed; without one it is created. */
function contactChange(
  vendor: VendorWrite,
  field: 'email' | 'phone',
  types: readonly string[],
  party: Row | null,
): readonly Json[] {
  const value = native(vendor, field)
  if (value === undefined) return []
  const active = rows(party?.['contact_mechanisms.']).filter(
    (each) => truth(each['active']) !== false && text(each['value']) !== null,
  )
  const [current] = types.flatMap((type) => active.filter((each) => each['type'] === type))
  return subChange(current === undefined ? null : idOf(current), value, { value }, types[0] ?? field)
}

function taxChange(vendor: VendorWrite, type: string, party: Row | null): readonly Json[] {
  const code = native(vendor, 'tax_id')
  if (code === undefined) return []
  const current = party?.['tax_identifier'] ?? null
  return subChange(typeof current === 'number' ? current : null, code, { code }, type)
}

function subChange(id: number | null, value: Json, values: Row, type: string): readonly Json[] {
  if (value === null) return id === null ? [] : [['delete', [id]]]
  return id === null ? [['create', [{ ...values, type }]]] : [['write', [id], values]]
}
