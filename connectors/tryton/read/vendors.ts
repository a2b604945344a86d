import type { MappingSettings, Unified } from '../../../core/index.ts'
import { type Row, row, rows, text, truth } from '../values.ts'
import { type Source, streamOf } from './by-id.ts'
import { addressFields, CONTACT_FIELDS, contact, PHONE_TYPES, phoneNumber, postalAddress } from './contacts.ts'
import { envelope, numbered, textOf } from './envelope.ts'
import { onlySuppliers } from './suppliers.ts'

/** `party.party` with addresses, contact mechanisms and identifiers. */
export const partySource: Source<'vendor'> = {
  entity: 'vendor',
  mappingVersion: 1,
  ignoresWindow: true,
  model: 'party.party',
  models: ['party.party', 'party.address', 'party.contact_mechanism', 'party.identifier'],
  fields: [
    'code',
    'name',
    'active',
    'tax_identifier.code',
    ...addressFields('addresses.'),
    ...CONTACT_FIELDS,
    'identifiers.type',
    'identifiers.code',
  ],
  touchedBy: ['', 'addresses.', 'contact_mechanisms.', 'identifiers.'],
  optional: [
    {
      models: ['account.invoice.payment_term', 'party.party.payment_term'],
      // the value itself is a computed field, four times as slow to read
      fields: ['payment_terms.supplier_payment_term.name'],
      touchedBy: ['payment_terms.'],
    },
  ],
  toUnified: vendorOf,
}

export const vendors = onlySuppliers(streamOf(partySource), partySource)

function vendorOf(party: Row, settings: MappingSettings, key: string): Unified<'vendor'> {
  const number = text(party['code'])
  const name = text(party['name'])
  const address = rows(party['addresses.']).find((each) => truth(each['active']) !== false) ?? null
  return {
    ...envelope(party, settings, 'party.party', key, numbered(number, name)),
    vendor_number: number,
    // a party may be nameless in Tryton
    name: name ?? number ?? key,
    email: contact(party, 'email'),
    phone: phoneNumber(contact(party, ...PHONE_TYPES)),
    tax_id: textOf(row(party['tax_identifier.']), 'code'),
    ...postalAddress(address),
    currency: null,
    payment_terms: paymentTermOf(party),
    is_active: truth(party['active']) ?? true,
    is_blocked: null,
    notes: null,
  }
}

function paymentTermOf(party: Row): string | null {
  const [terms = null] = rows(party['payment_terms.'])
  return textOf(row(terms?.['supplier_payment_term.']), 'name')
}
