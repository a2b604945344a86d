import { userError } from '../errors.ts'
import type { Session } from '../system.ts'
import { defineRecord, type Tables } from './define.ts'
import type { Draft, Loaded, RecordType } from './model.ts'
import { childRows } from './sublists.ts'

const FIELDS = `
  entityId
  companyName
  legalName
  isPerson
  firstName
  lastName
  email
  phone
  altPhone
  fax
  url
  isInactive
  subsidiary !
  currency
  terms
  category
  vatRegNumber
  taxIdNum
  accountNumber
  creditLimit
  comments
  externalId
  dateCreated ro
  lastModifiedDate ro`

export function vendorType(tables: Tables): RecordType {
  const addressBook = childRows(tables, {
    name: 'addressBook',
    table: 'vendoraddressbook',
    parent: 'entity',
    key: 'internalId',
    sequence: 'vendoraddressbook',
    addressColumn: 'addressbookaddress',
    fields: `
      internalId ro
      label
      defaultBilling
      defaultShipping
      isResidential
      addressBookAddress as address:entityaddress`,
  })
  return defineRecord(tables, {
    name: 'vendor',
    title: 'Vendor',
    table: 'vendor',
    sequence: 'entity',
    permission: { name: 'Vendors', path: 'Lists -> Vendors' },
    fields: FIELDS,
    sublists: [addressBook],
    rules: { prepare, saved: setDefaultAddresses, mayDelete },
  })
}

function prepare(session: Session, { row }: Draft, before: Loaded | null): void {
  if (before !== null) return
  row['isinactive'] ??= 'F'
  row['isperson'] ??= 'F'
  const person = [row['firstname'], row['lastname']].filter((it) => it !== undefined && it !== null).join(' ')
  const name = row['isperson'] === 'T' ? person : (row['companyname'] ?? '')
  if (name === '') {
    throw userError(`Please enter value(s) for: ${row['isperson'] === 'T' ? 'First Name, Last Name' : 'Company Name'}.`)
  }
  row['entityid'] ??= name
  row['altname'] = name
  const base = session.store.rows('currency', { isbasecurrency: 'T' })[0]
  row['currency'] ??= base?.['id'] ?? null
}

/** The columns that queries join by follow the address book. */
function setDefaultAddresses(session: Session, record: Loaded): void {
  const rows = session.store.rows('vendoraddressbook', { entity: record.id })
  const marked = (column: string) => rows.find((row) => row[column] === 'T')?.['addressbookaddress'] ?? null
  session.store.update('vendor', record.id, {
    defaultbillingaddress: marked('defaultbilling'),
    defaultshippingaddress: marked('defaultshipping'),
  })
}

function mayDelete(session: Session, record: Loaded): void {
  if (session.store.count('transaction', { entity: record.id }) > 0) throw hasDependents()
}

export const hasDependents = () => userError('This record cannot be deleted because it has dependent records.')
