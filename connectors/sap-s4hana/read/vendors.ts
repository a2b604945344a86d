import { defineStream, type MappingSettings, type RawRecord, type Unified } from '../../../core/index.ts'
import { literal } from '../literals.ts'
import type { SapSession } from '../session.ts'
import { child, children, flag, localInstant, type Row, text } from '../values.ts'
import { ADDRESS_EXPAND, addressOf, emailOf, phoneOf, postalAddress } from './addresses.ts'
import { envelope, intent, numbered, systemZone } from './envelope.ts'
import { type DatedSource, listKeysOf, readByDate } from './keyset.ts'
import { lean } from './lean.ts'
import { stampsOf } from './partner-stamps.ts'
import { requireDates } from './references.ts'
import { nextRows } from './rows.ts'

/**
 * Business partners with a supplier number. Only the partner has a change stamp (date and time in the system's zone;
 * empty until the first change): what is changed on the supplier, its company codes, purchasing organizations or
 * addresses alone may not move it. Such changes are found when the stream is read whole again (README.md).
 */
const vendorSource: DatedSource = {
  service: 'API_BUSINESS_PARTNER',
  set: 'A_BusinessPartner',
  key: ['BusinessPartner'],
  filter: "Supplier ne ''",
  expand: [
    'to_Supplier/to_SupplierCompany',
    'to_Supplier/to_SupplierPurchasingOrg',
    'to_BusinessPartnerTax',
    ...ADDRESS_EXPAND,
  ],
  date: 'LastChangeDate',
  time: 'LastChangeTime',
  createdDate: 'CreationDate',
  createdTime: 'CreationTime',
  nativeKey: keyOf,
}

export const vendors = defineStream<SapSession, 'vendor'>({
  entity: 'vendor',
  changes: 'incremental',
  deletes: 'by-absence',
  mappingVersion: 1,
  ignoresWindow: true,
  read: (session, range, signal) => readByDate(session, vendorSource, range, recordIn(session), signal),
  listKeys: (session, signal) =>
    listKeysOf(session, { ...vendorSource, select: ['BusinessPartner', 'Supplier'], expand: [] }, signal, keyOf),
  readOne,
  toUnified: vendorOf,
})

function keyOf(partner: Row): string | null {
  return text(partner['Supplier'])
}

const recordIn =
  ({ timeZone }: SapSession) =>
  (partner: Row): RawRecord | null => {
    requireDates(partner, ['CreationDate'])
    for (const address of children(partner['to_BusinessPartnerAddress'])) requireDates(address, ['ValidityEndDate'])
    const key = keyOf(partner)
    return key === null ? null : { key, ...stampsOf(partner, timeZone), payload: lean(partner) }
  }

/** A partner is addressed by its own number, which need not be the supplier's. */
async function readOne(session: SapSession, key: string, signal: AbortSignal): Promise<RawRecord | null> {
  const wanted = { conditions: [`Supplier eq ${literal.string(key)}`], after: null, top: 2 }
  const { rows, undecodable } = await nextRows(session, vendorSource, wanted, signal)
  if (undecodable[0] !== undefined) throw new TypeError(`vendor ${key}: ${undecodable[0].reason}`)
  return rows[0] === undefined ? null : recordIn(session)(rows[0])
}

function vendorOf(partner: Row, settings: MappingSettings, key: string): Unified<'vendor'> {
  const zone = systemZone(settings)
  const supplier = child(partner['to_Supplier']) ?? {}
  const organization = ordering(supplier, settings)
  const company = accounting(supplier, settings)
  const number = text(partner['Supplier']) ?? key
  const name = nameOf(partner, supplier)
  const address = addressOf(partner)
  return {
    ...envelope(partner, settings, {
      key,
      displayName: numbered(number, name),
      url: intent('Supplier-displayFactSheet', { Supplier: number }),
      organization: text(company?.['CompanyCode']),
      createdAt: localInstant(partner['CreationDate'], partner['CreationTime'], zone),
      updatedAt: localInstant(partner['LastChangeDate'], partner['LastChangeTime'], zone),
      // the stamp does not move with every change
      version: null,
      extended: [supplier],
    }),
    vendor_number: number,
    name: name ?? number,
    email: emailOf(address),
    phone: phoneOf(address),
    tax_id: taxIdOf(partner, supplier),
    ...postalAddress(address),
    currency: text(organization[0]?.['PurchaseOrderCurrency']),
    payment_terms: text(organization[0]?.['PaymentTerms']) ?? text(company?.['PaymentTerms']),
    is_active: flag(supplier['DeletionIndicator']) !== true && flag(partner['IsMarkedForArchiving']) !== true,
    is_blocked: isBlocked(partner, supplier, organization),
    notes: null,
  }
}

const nameOf = (partner: Row, supplier: Row): string | null =>
  text(supplier['SupplierName']) ??
  text(partner['BusinessPartnerFullName']) ??
  text(partner['BusinessPartnerName']) ??
  text(partner['OrganizationBPName1']) ??
  text(partner['PersonFullName'])

/** The connection's purchasing organization; where it names none, all of them, those in use first. */
function ordering(supplier: Row, settings: MappingSettings): readonly Row[] {
  const rows = inUseFirst(children(supplier['to_SupplierPurchasingOrg']), 'PurchasingOrganization')
  const wanted = settings.settings['purchasing_organization']
  return typeof wanted === 'string' && wanted !== ''
    ? rows.filter((row) => row['PurchasingOrganization'] === wanted)
    : rows
}

/** The connection's company code; where it names none, the first in use. */
function accounting(supplier: Row, settings: MappingSettings): Row | null {
  const rows = inUseFirst(children(supplier['to_SupplierCompany']), 'CompanyCode')
  const wanted = settings.settings['company_code']
  const named = typeof wanted === 'string' && wanted !== ''
  return (named ? rows.find((row) => row['CompanyCode'] === wanted) : rows[0]) ?? null
}

function inUseFirst(rows: readonly Row[], code: string): readonly Row[] {
  const rank = (row: Row) => `${flag(row['DeletionIndicator']) === true ? 1 : 0}${text(row[code]) ?? ''}`
  return [...rows].sort((a, b) => (rank(a) < rank(b) ? -1 : 1))
}

/** No new orders: blocked as a whole, or in every purchasing organization that counts. */
function isBlocked(partner: Row, supplier: Row, organizations: readonly Row[]): boolean | null {
  const whole = [flag(supplier['PurchasingIsBlocked']), flag(partner['BusinessPartnerIsBlocked'])]
  if (whole.includes(true)) return true
  const each = organizations.map((row) => flag(row['PurchasingIsBlockedForSupplier']))
  if (each.length > 0 && each.every((blocked) => blocked === true)) return true
  return whole[0] ?? (each.length > 0 ? false : null)
}

/** VAT number first. Categories of tax numbers are country and digit; 0 is the VAT number (`DE0`). */
function taxIdOf(partner: Row, supplier: Row): string | null {
  const numbers = [...children(partner['to_BusinessPartnerTax'])].sort((a, b) => (typeOf(a) < typeOf(b) ? -1 : 1))
  const vat = numbers.find((row) => /^[A-Z]{2}0$/.test(typeOf(row)))
  return (
    text(supplier['VATRegistration']) ??
    taxNumberOf(vat) ??
    text(supplier['TaxNumber1']) ??
    numbers.map(taxNumberOf).find((number) => number !== null) ??
    null
  )
}

const typeOf = (row: Row) => text(row['BPTaxType']) ?? ''

const taxNumberOf = (row: Row | undefined): string | null =>
  row === undefined ? null : (text(row['BPTaxNumber']) ?? text(row['BPTaxLongNumber']))
