import type { WriteRequest } from '../../../core/index.ts'
import { literal } from '../literals.ts'
import { ADDRESS_EXPAND } from '../read/addresses.ts'
import { readRow } from '../read/keyset.ts'
import type { SapSession } from '../session.ts'
import { child, children, type Row, text } from '../values.ts'
import type { Anchor, Kind } from './creating.ts'
import { PARTNER_SERVICE } from './vendor-fields.ts'

const EXPAND = [
  'to_Supplier/to_SupplierCompany',
  'to_Supplier/to_SupplierPurchasingOrg',
  'to_BusinessPartnerTax',
  ...ADDRESS_EXPAND,
] as const

const readPartner = (session: SapSession, BusinessPartner: string, signal: AbortSignal) =>
  readRow(session, PARTNER_SERVICE, 'A_BusinessPartner', { BusinessPartner }, EXPAND, signal)

/** A vendor is known by its supplier number, the partner it belongs to by its own. */
export const partnerKind: Kind = {
  noun: 'vendor',
  service: PARTNER_SERVICE,
  set: 'A_BusinessPartner',
  keyOf: (row) => text(row['BusinessPartner']),
  targetOf: (record) => text(record['Supplier']),
  read: readPartner,
}

export async function readVendor(session: SapSession, supplier: string, signal: AbortSignal): Promise<Row | null> {
  const query = { $filter: `Supplier eq ${literal.string(supplier)}`, $top: '2' }
  const { rows } = await session.client.page(PARTNER_SERVICE, 'A_BusinessPartner', query, signal)
  const partner = rows[0] === undefined ? null : text(rows[0]['BusinessPartner'])
  return partner === null ? null : readPartner(session, partner, signal)
}

export const vendorAnchor = (request: WriteRequest): Anchor => ({
  property: 'BusinessPartnerIDByExtSystem',
  value: request.token(20),
  createdOn: 'CreationDate',
})

export const supplierOf = (partner: Row): Row | null => child(partner['to_Supplier'])

/** Of the connection's purchasing organization, else the first. */
export const purchasingOf = ({ config }: SapSession, partner: Row): Row | null =>
  named(
    children(supplierOf(partner)?.['to_SupplierPurchasingOrg']),
    'PurchasingOrganization',
    config.purchasing_organization,
  )

export const companyOf = ({ config }: SapSession, partner: Row): Row | null =>
  named(children(supplierOf(partner)?.['to_SupplierCompany']), 'CompanyCode', config.company_code)

const named = (rows: readonly Row[], property: string, wanted: string | null): Row | null =>
  (wanted === null ? rows[0] : rows.find((row) => text(row[property]) === wanted)) ?? null

/** The row that is read as the vendor's: the standard one, else the first. */
export function standardOf(rows: Row[string] | undefined, flag: string): Row | null {
  const found = [...children(rows)].sort(
    (a, b) => Number(b[flag] === true) - Number(a[flag] === true) || order(a) - order(b),
  )
  return found[0] ?? null
}

const order = (row: Row): number => Number(text(row['OrdinalNumber']) ?? 0)

/** VAT numbers first, as they are read. */
export const taxOf = (partner: Row): Row | null =>
  [...children(partner['to_BusinessPartnerTax'])].sort((a, b) => rank(a) - rank(b))[0] ?? null

const rank = (row: Row): number => (/^[A-Z]{2}0$/.test(text(row['BPTaxType']) ?? '') ? 0 : 1)
