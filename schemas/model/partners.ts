import type { EntityModel } from './notation.ts'

export const VENDOR: EntityModel = {
  name: 'vendor',
  record: 'Vendor',
  doc: 'A party that we buy from.',
  fields: [
    ['vendor_number', 'str?', 'Number shown to people.'],
    ['name', 'str', 'Trading name.'],
    ['email', 'str?', 'Main e-mail address.'],
    ['phone', 'str?', 'E.164 where it can be parsed, else verbatim.'],
    ['tax_id', 'str?', 'Tax number; the VAT id is preferred.'],
    ['address_line1', 'str?', 'Street and house number.'],
    ['address_line2', 'str?', 'Rest of the street address.'],
    ['city', 'str?', 'City.'],
    ['postal_code', 'str?', 'Postal code.'],
    ['region', 'str?', 'ISO 3166-2 suffix where the source has it, else verbatim.'],
    ['country', 'str?', 'ISO 3166-1 alpha-2.'],
    ['currency', 'str?', 'Ordering currency, ISO 4217.'],
    ['payment_terms', 'str?', 'Code or name of the payment terms.'],
    ['is_active', 'bool', 'False = archived or inactive in the source.'],
    ['is_blocked', 'bool?', 'True = no new orders may be placed.'],
    ['notes', 'str?', 'Free text, plain.'],
  ],
}

export const USER: EntityModel = {
  name: 'user',
  record: 'User',
  doc: 'A person who works in or is known to the source: user, employee.',
  fields: [
    ['user_number', 'str?', 'Number or login shown to people.'],
    ['name', 'str', 'Full name.'],
    ['first_name', 'str?', 'First name.'],
    ['last_name', 'str?', 'Last name.'],
    ['email', 'str?', 'Main e-mail address.'],
    ['phone', 'str?', 'E.164 where it can be parsed, else verbatim.'],
    ['job_title', 'str?', 'Job title.'],
    ['role', 'str?', 'Role in the source, verbatim.'],
    ['is_active', 'bool', 'False = blocked, left or removed.'],
  ],
}
