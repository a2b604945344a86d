import type { WriteField } from '../../../core/index.ts'
import { type Mapped, rulesOf } from './mapped.ts'

export const PARTNER_SERVICE = 'API_BUSINESS_PARTNER'
const BOTH = ['CREATE', 'UPDATE'] as const

export const PARTNER: readonly Mapped[] = [
  { field: 'name', native: 'OrganizationBPName1', kind: 'text', on: BOTH, maxLength: 40, required: true },
]

/** `address_line1` is the whole street: the house number stays in it. */
export const ADDRESS: readonly Mapped[] = [
  { field: 'address_line1', native: 'StreetName', kind: 'text', on: BOTH, maxLength: 60 },
  { field: 'address_line2', native: 'StreetPrefixName', kind: 'text', on: BOTH, maxLength: 40 },
  { field: 'city', native: 'CityName', kind: 'text', on: BOTH, maxLength: 40 },
  { field: 'postal_code', native: 'PostalCode', kind: 'text', on: BOTH, maxLength: 10 },
  { field: 'region', native: 'Region', kind: 'text', on: BOTH, maxLength: 3 },
  { field: 'country', native: 'Country', kind: 'text', on: BOTH, maxLength: 3, default: 'vendor_country' },
]

export const SUPPLIER: readonly Mapped[] = [
  { field: 'is_active', native: 'DeletionIndicator', kind: 'not-flag', on: BOTH },
  { field: 'is_blocked', native: 'PurchasingIsBlocked', kind: 'flag', on: BOTH },
]

export const PURCHASING: readonly Mapped[] = [
  {
    field: 'currency',
    native: 'PurchaseOrderCurrency',
    kind: 'text',
    on: BOTH,
    maxLength: 5,
    default: 'vendor_currency',
  },
  {
    field: 'payment_terms',
    native: 'PaymentTerms',
    kind: 'text',
    on: BOTH,
    maxLength: 4,
    default: 'vendor_payment_terms',
  },
]

export const VENDOR_NAMES: { readonly [native: string]: string } = {
  OrganizationBPName1: 'name',
  StreetName: 'address_line1',
  HouseNumber: 'address_line1',
  StreetPrefixName: 'address_line2',
  CityName: 'city',
  PostalCode: 'postal_code',
  Region: 'region',
  Country: 'country',
  DeletionIndicator: 'is_active',
  PurchasingIsBlocked: 'is_blocked',
  PurchaseOrderCurrency: 'currency',
  PaymentTerms: 'payment_terms',
  EmailAddress: 'email',
  PhoneNumber: 'phone',
  BPTaxNumber: 'tax_id',
  CompanyCode: 'organization',
}

const of = (set: string) => `$metadata ${PARTNER_SERVICE} ${set}`

export const VENDOR_FIELDS: readonly WriteField[] = [
  ...rulesOf(PARTNER, `${PARTNER_SERVICE} A_BusinessPartner`),
  {
    path: 'organization',
    on: ['CREATE'],
    maxLength: 4,
    default: 'company_code',
    source: of('A_SupplierCompany.CompanyCode'),
  },
  { path: 'email', on: BOTH, maxLength: 241, source: of('A_AddressEmailAddress.EmailAddress') },
  { path: 'phone', on: BOTH, maxLength: 30, source: of('A_AddressPhoneNumber.PhoneNumber') },
  { path: 'tax_id', on: BOTH, maxLength: 20, source: of('A_BusinessPartnerTaxNumber.BPTaxNumber') },
  ...rulesOf(ADDRESS, `${PARTNER_SERVICE} A_BusinessPartnerAddress`),
  ...rulesOf(PURCHASING, `${PARTNER_SERVICE} A_SupplierPurchasingOrg`),
  ...rulesOf(SUPPLIER, `${PARTNER_SERVICE} A_Supplier`),
  { path: 'custom_fields', on: BOTH, source: of('A_BusinessPartner') },
]
