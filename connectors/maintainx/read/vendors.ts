import type { MappingSettings, Unified } from '../../../core/index.ts'
import { COLLECTIONS } from '../collections.ts'
import type { MaintainXSession } from '../session.ts'
import { isRow, type Row, text, texts } from '../values.ts'
import { envelope } from './envelope.ts'
import { picked } from './records.ts'
import { streamOf } from './stream.ts'

/** Lists hold name and custom fields alone, and no vendor says when it was changed. */
export const vendors = streamOf<'vendor'>({
  entity: 'vendor',
  mappingVersion: 1,
  ignoresWindow: true,
  collection: COLLECTIONS.vendors,
  isTimed: false,
  expandMany: [],
  expandOne: [],
  detailed: true,
  payload: (row, names) => ({
    ...picked(row, ['id', 'name', 'emails', 'phoneNumbers', 'description', 'contactIds', 'extraFields']),
    organizationId: names.organization,
  }),
  complete: withContact,
  toUnified: vendorOf,
})

/** Has it no address or no number of its own, the first contact is asked for. */
async function withContact(vendor: Row, session: MaintainXSession, signal: AbortSignal): Promise<Row> {
  const [email, phone] = [texts(vendor['emails'])[0], texts(vendor['phoneNumbers'])[0]]
  const hasContacts = Array.isArray(vendor['contactIds']) && vendor['contactIds'].length > 0
  if (!session.config.vendor_contacts || !hasContacts || (email !== undefined && phone !== undefined)) return vendor
  const id = text(vendor['id']) ?? ''
  const collection = { path: `/vendors/${id}/contacts`, many: 'contacts', one: 'contact', title: 'contacts of vendors' }
  const { rows } = await session.client.list(collection, { limit: 200 }, signal)
  const contacts = rows.filter(isRow)
  const withMail = contacts.find((each) => text(each['email']) !== null)
  const withPhone = contacts.find((each) => text(each['phoneNumber']) !== null)
  return {
    ...vendor,
    contactEmail: withMail?.['email'] ?? null,
    contactPhone: withPhone?.['phoneNumber'] ?? null,
  }
}

function vendorOf(vendor: Row, settings: MappingSettings, key: string): Unified<'vendor'> {
  const name = text(vendor['name'])
  return {
    ...envelope(vendor, settings, key, name),
    vendor_number: null,
    name: name ?? key,
    email: texts(vendor['emails'])[0] ?? text(vendor['contactEmail']),
    phone: texts(vendor['phoneNumbers'])[0] ?? text(vendor['contactPhone']),
    tax_id: null,
    address_line1: null,
    address_line2: null,
    city: null,
    postal_code: null,
    region: null,
    country: null,
    currency: null,
    payment_terms: null,
    is_active: true,
    is_blocked: null,
    notes: text(vendor['description']),
  }
}
