import { createFindings, defineOperation, issue, type WriteRequest } from '../../../core/index.ts'
import type { BatchRequest } from '../batch.ts'
import { addressOf } from '../read/addresses.ts'
import type { SapSession } from '../session.ts'
import { entityPath, type Row, text } from '../values.ts'
import { valuesOf } from './mapped.ts'
import { checksOf } from './purchase-order-create.ts'
import { type Sent, sentOf } from './sent.ts'
import { changing, type Check, matching, type Plan, type Updating } from './updating.ts'
import { emailCheck, phoneCheck, taxTypeOf } from './vendor-create.ts'
import {
  ADDRESS,
  PARTNER,
  PARTNER_SERVICE,
  PURCHASING,
  SUPPLIER,
  VENDOR_FIELDS,
  VENDOR_NAMES,
} from './vendor-fields.ts'
import { companyOf, purchasingOf, readVendor, standardOf, supplierOf, taxOf } from './vendor-kind.ts'

/** Each field is changed in the set that owns it, all of them in one changeset. */
export const updateVendor = defineOperation<SapSession, 'vendor'>({
  entity: 'vendor',
  operation: 'UPDATE',
  conflicts: 'compare',
  atomic: true,
  fields: VENDOR_FIELDS.filter(({ on }) => on.includes('UPDATE')),
  ...changing((session, request) => updating(session, request)),
})

/** A supplier is never deleted: it gets the deletion indicator. */
export const deleteVendor = defineOperation<SapSession, 'vendor'>({
  entity: 'vendor',
  operation: 'DELETE',
  conflicts: 'compare',
  atomic: true,
  fields: [],
  ...changing((session, request) => deleting(session, request)),
})

const base = (session: SapSession, { target }: WriteRequest) => ({
  service: PARTNER_SERVICE,
  read: (signal: AbortSignal) => readVendor(session, target ?? '', signal),
})

const updating = (session: SapSession, request: WriteRequest): Updating => ({
  ...base(session, request),
  doing: `changing vendor ${request.target ?? ''}`,
  plan: (partner) => planOf(session, partner, request),
})

const deleting = (session: SapSession, request: WriteRequest): Updating => ({
  ...base(session, request),
  doing: `deleting vendor ${request.target ?? ''}`,
  goneIsDone: true,
  plan(partner) {
    const supplier = supplierOf(partner) ?? {}
    const body = { DeletionIndicator: true }
    return {
      requests: [{ method: 'PATCH', path: supplierPath(partner), body, ...matching(supplier) }],
      checks: [{ field: null, native: 'DeletionIndicator', holds: (row) => row === null || isMarked(row) }],
      names: { header: VENDOR_NAMES },
      warnings: [issue(null, 'UNSUPPORTED_OPERATION', 'SAP keeps the supplier and marks it for deletion')],
    }
  },
})

const isMarked = (partner: Row): boolean => supplierOf(partner)?.['DeletionIndicator'] === true

const supplierPath = (partner: Row): string => entityPath('A_Supplier', { Supplier: text(partner['Supplier']) ?? '' })

interface Changes {
  readonly requests: BatchRequest[]
  readonly checks: Check[]
}

function planOf(session: SapSession, partner: Row, request: WriteRequest): Plan {
  const sent = sentOf(request.payload)
  const findings = createFindings()
  const changes: Changes = { requests: [], checks: [] }
  const patch = (values: Row, row: Row | null, path: string, of: (record: Row) => Row | null) => {
    if (Object.keys(values).length === 0) return
    changes.requests.push({ method: 'PATCH', path, body: values, ...matching(row ?? {}) })
    changes.checks.push(...checksOf(values, VENDOR_NAMES, '', of))
  }
  const missing = (fields: readonly string[], message: string) => {
    for (const field of fields)
      if (sent.text(field) !== null || sent.cleared(field)) findings.add(field, 'STATE_NOT_ALLOWED', message)
  }
  const number = text(partner['BusinessPartner']) ?? ''
  if (sent.cleared('name')) findings.add('name', 'INVALID_VALUE', 'cannot be empty in SAP')
  const header = { ...valuesOf(PARTNER, sent), ...sent.custom(findings) }
  patch(header, partner, entityPath('A_BusinessPartner', { BusinessPartner: number }), (row) => row)
  const address = addressOf(partner)
  if (address === null)
    missing([...ADDRESS.map(({ field }) => field), 'email', 'phone'], 'the partner has no address in SAP')
  else {
    const street = valuesOf(ADDRESS, sent)
    // the number is part of the line that was sent
    const values =
      'StreetName' in street && text(address['HouseNumber']) !== null ? { ...street, HouseNumber: '' } : street
    patch(
      values,
      address,
      entityPath('A_BusinessPartnerAddress', { BusinessPartner: number, AddressID: address['AddressID'] ?? '' }),
      addressOf,
    )
    contact(sent, 'email', address, EMAIL, changes)
    contact(sent, 'phone', address, PHONE, changes)
  }
  taxNumber(sent, partner, number, address, changes)
  patch(valuesOf(SUPPLIER, sent), supplierOf(partner), supplierPath(partner), supplierOf)
  terms(session, sent, partner, patch, missing)
  findings.settle(`changing vendor ${request.target ?? ''}`)
  return { ...changes, names: { header: VENDOR_NAMES } }
}

interface Contact {
  readonly navigation: string
  readonly set: string
  readonly native: string
  readonly standard: string
  readonly check: (value: string) => Check
}

const EMAIL: Contact = {
  navigation: 'to_EmailAddress',
  set: 'A_AddressEmailAddress',
  native: 'EmailAddress',
  standard: 'IsDefaultEmailAddress',
  check: emailCheck,
}
const PHONE: Contact = {
  navigation: 'to_PhoneNumber',
  set: 'A_AddressPhoneNumber',
  native: 'PhoneNumber',
  standard: 'IsDefaultPhoneNumber',
  check: phoneCheck,
}

function contact(
  sent: Sent,
  field: string,
  address: Row,
  { navigation, set, native, standard, check }: Contact,
  changes: Changes,
): void {
  const value = sent.text(field)
  const row = standardOf(address[navigation], standard)
  const path =
    row === null
      ? set
      : entityPath(set, {
          AddressID: row['AddressID'] ?? '',
          Person: row['Person'] ?? '',
          OrdinalNumber: row['OrdinalNumber'] ?? '',
        })
  if (value !== null) {
    const body =
      row === null ? { AddressID: address['AddressID'] ?? '', [native]: value, [standard]: true } : { [native]: value }
    changes.requests.push({ method: row === null ? 'POST' : 'PATCH', path, body })
    changes.checks.push(check(value))
  } else if (sent.cleared(field)) {
    if (row !== null) changes.requests.push({ method: 'DELETE', path, body: null })
    const holds = (record: Row | null) =>
      record !== null && standardOf(addressOf(record)?.[navigation], standard)?.[native] !== row?.[native]
    changes.checks.push({ field, native, holds: (record) => row === null || holds(record) })
  }
}

function taxNumber(sent: Sent, partner: Row, number: string, address: Row | null, { requests, checks }: Changes): void {
  const value = sent.text('tax_id')
  const row = taxOf(partner)
  const path = (BPTaxType: Row[string]) =>
    entityPath('A_BusinessPartnerTaxNumber', { BusinessPartner: number, BPTaxType })
  if (value !== null) {
    if (row !== null)
      requests.push({ method: 'PATCH', path: path(row['BPTaxType'] ?? ''), body: { BPTaxNumber: value } })
    else {
      const BPTaxType = taxTypeOf(value, text(address?.['Country']))
      requests.push({
        method: 'POST',
        path: 'A_BusinessPartnerTaxNumber',
        body: { BusinessPartner: number, BPTaxType, BPTaxNumber: value },
      })
    }
    checks.push(...checksOf({ BPTaxNumber: value }, VENDOR_NAMES, '', taxOf))
  } else if (sent.cleared('tax_id')) {
    if (row !== null) requests.push({ method: 'DELETE', path: path(row['BPTaxType'] ?? ''), body: null })
    const holds = (record: Row | null) => record !== null && taxOf(record)?.['BPTaxType'] !== row?.['BPTaxType']
    checks.push({ field: 'tax_id', native: 'BPTaxNumber', holds: (record) => row === null || holds(record) })
  }
}

/** Currency and terms of the purchasing organization; the terms of the company code where there is none. */
function terms(
  session: SapSession,
  sent: Sent,
  partner: Row,
  patch: (values: Row, row: Row | null, path: string, of: (record: Row) => Row | null) => void,
  missing: (fields: readonly string[], message: string) => void,
): void {
  const Supplier = text(partner['Supplier']) ?? ''
  const organization = purchasingOf(session, partner)
  const company = companyOf(session, partner)
  const values = valuesOf(PURCHASING, sent)
  if (organization !== null) {
    const key = { Supplier, PurchasingOrganization: organization['PurchasingOrganization'] ?? '' }
    patch(values, organization, entityPath('A_SupplierPurchasingOrg', key), (row) => purchasingOf(session, row))
    return
  }
  missing(['currency'], 'the vendor is not set up in the purchasing organization of the connection')
  if (company === null)
    return missing(['payment_terms'], 'the vendor has neither purchasing organization nor company code')
  if (!('PaymentTerms' in values)) return
  const key = { Supplier, CompanyCode: company['CompanyCode'] ?? '' }
  patch({ PaymentTerms: values['PaymentTerms'] ?? '' }, company, entityPath('A_SupplierCompany', key), (row) =>
    companyOf(session, row),
  )
}
