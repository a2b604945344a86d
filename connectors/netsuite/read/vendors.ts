import type { MappingSettings, Unified } from '../../../core/index.ts'
import { children, flag, type Row, ref, text } from '../values.ts'
import { addressColumns, postalAddress } from './addresses.ts'
import { envelope, numbered } from './envelope.ts'
import { isoCode } from './lookups.ts'
import { type ChildSource, display, instantOf, optional, plain, type WindowSource } from './source.ts'
import { streamOf } from './stream.ts'

/** Address book: entries of a vendor, each with an address of its own. */
const addresses: ChildSource = {
  as: 'addresses',
  table: 'vendoraddressbook',
  from: 'vendoraddressbook b JOIN vendoraddressbookentityaddress a ON a.nkey = b.addressbookaddress',
  columns: {
    entity: plain('b.entity'),
    addressid: plain('b.addressbookaddress'),
    defaultbilling: optional(plain('b.defaultbilling')),
    defaultshipping: optional(plain('b.defaultshipping')),
    ...addressColumns('a'),
  },
  parent: 'entity',
  key: 'addressid',
  optional: true,
}

/** Vendors, whatever subsidiary they belong to: they are shared. */
const vendorSource = (): WindowSource => ({
  table: 'vendor',
  from: 'vendor v',
  columns: {
    id: plain('v.id'),
    entityid: plain('v.entityid'),
    companyname: plain('v.companyname'),
    legalname: optional(plain('v.legalname')),
    isperson: optional(plain('v.isperson')),
    firstname: optional(plain('v.firstname')),
    lastname: optional(plain('v.lastname')),
    email: plain('v.email'),
    phone: plain('v.phone'),
    isinactive: plain('v.isinactive'),
    currency: optional(plain('v.currency')),
    currencyname: optional(display('v.currency')),
    terms: optional(display('v.terms')),
    vatregnumber: optional(plain('v.vatregnumber')),
    taxidnum: optional(plain('v.taxidnum')),
    comments: optional(plain('v.comments')),
    subsidiary: optional(plain('v.subsidiary')),
    created: instantOf('v.datecreated'),
    lastmodified: instantOf('v.lastmodifieddate'),
  },
  key: ['id'],
  modified: 'lastmodified',
  deletedAs: ['vendor'],
  children: [addresses],
})

export const vendors = streamOf<'vendor'>({
  entity: 'vendor',
  mappingVersion: 1,
  ignoresWindow: true,
  source: vendorSource,
  complete(vendor, lookups) {
    const code = lookups.currencyOf(ref(vendor['currency'])) ?? isoCode(vendor['currencyname'])
    return code === null ? vendor : { ...vendor, currencycode: code }
  },
  toUnified: vendorOf,
})

function vendorOf(vendor: Row, settings: MappingSettings, key: string): Unified<'vendor'> {
  const number = text(vendor['entityid'])
  const person = [text(vendor['firstname']), text(vendor['lastname'])].filter((part) => part !== null).join(' ')
  const company = text(vendor['companyname']) ?? text(vendor['legalname'])
  const name = (flag(vendor['isperson']) === true && person !== '' ? person : company) ?? number
  return {
    ...envelope(vendor, settings, { key, displayName: numbered(number, name), page: '/app/common/entity/vendor.nl' }),
    vendor_number: number,
    name: name ?? key,
    email: text(vendor['email']),
    phone: text(vendor['phone']),
    tax_id: text(vendor['vatregnumber']) ?? text(vendor['taxidnum']),
    ...postalAddress(addressOf(vendor)),
    currency: isoCode(vendor['currencycode']),
    payment_terms: text(vendor['terms']),
    is_active: flag(vendor['isinactive']) !== true,
    is_blocked: null,
    notes: text(vendor['comments']),
  }
}

/** The default for bills, else for deliveries, else the first. */
function addressOf(vendor: Row): Row | undefined {
  const all = children(vendor['addresses'])
  return (
    all.find((each) => flag(each['defaultbilling']) === true) ??
    all.find((each) => flag(each['defaultshipping']) === true) ??
    all[0]
  )
}
