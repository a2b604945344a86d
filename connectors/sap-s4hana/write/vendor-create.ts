import { createFindings, defineOperation, type WriteRequest } from '../../../core/index.ts'
import { addressOf } from '../read/addresses.ts'
import type { SapSession } from '../session.ts'
import { children, type Row } from '../values.ts'
import { create, type Creation, findCreated } from './creating.ts'
import { valuesOf } from './mapped.ts'
import { checksOf } from './purchase-order-create.ts'
import { type Sent, sentOf } from './sent.ts'
import { type Check, holding } from './updating.ts'
import { ADDRESS, PARTNER, PURCHASING, SUPPLIER, VENDOR_FIELDS, VENDOR_NAMES } from './vendor-fields.ts'
import { companyOf, partnerKind, purchasingOf, standardOf, supplierOf, taxOf, vendorAnchor } from './vendor-kind.ts'

/** A business partner with its roles, address, supplier, company code and purchasing organization, in one deep POST. */
export const createVendor = defineOperation<SapSession, 'vendor'>({
  entity: 'vendor',
  operation: 'CREATE',
  anchor: 'searchable',
  conflicts: 'none',
  atomic: true,
  fields: VENDOR_FIELDS.filter(({ on }) => on.includes('CREATE')),
  execute: async (session, request, signal) => create(session, partnerKind, creationOf(session, request), signal),
  find: (session, request, signal) =>
    findCreated(session, partnerKind, vendorAnchor(request), request, undefined, signal),
})

function creationOf(session: SapSession, request: WriteRequest): Creation {
  const { config } = session
  const sent = sentOf(request.payload)
  const findings = createFindings()
  const custom = sent.custom(findings) ?? {}
  const anchor = vendorAnchor(request)
  if (sent.text('name') === null) findings.add('name', 'REQUIRED', 'must be given')
  if (config.bp_grouping === null && custom['BusinessPartnerGrouping'] === undefined)
    findings.add(null, 'REQUIRED', 'BusinessPartnerGrouping must be given: set bp_grouping')
  const country = sent.text('country') ?? (sent.cleared('country') ? null : config.vendor_country)
  if (country === null)
    findings.add('country', 'REQUIRED', 'an address needs a country: give it, or set vendor_country')
  if (custom[anchor.property] !== undefined)
    findings.add('custom_fields', 'INVALID_VALUE', `${anchor.property} holds the mark of the command`)
  const partner: Row = { ...valuesOf(PARTNER, sent), [anchor.property]: anchor.value, ...custom }
  const address: Row = { ...valuesOf(ADDRESS, sent), ...(country === null ? {} : { Country: country }) }
  const supplier = valuesOf(SUPPLIER, sent)
  const purchasing = withDefaults(valuesOf(PURCHASING, sent), sent, config)
  const { email, phone, tax } = contactsOf(sent, country)
  findings.settle('creating a vendor')
  const company = sent.text('organization') ?? config.company_code
  return {
    body: {
      BusinessPartnerCategory: '2',
      ...(config.bp_grouping === null ? {} : { BusinessPartnerGrouping: config.bp_grouping }),
      ...partner,
      to_BusinessPartnerRole: config.bp_roles.map((BusinessPartnerRole) => ({ BusinessPartnerRole })),
      to_BusinessPartnerAddress: [
        {
          Language: config.language,
          ...address,
          to_AddressUsage: [{ AddressUsage: 'XXDEFAULT' }],
          ...(email === null ? {} : { to_EmailAddress: [email] }),
          ...(phone === null ? {} : { to_PhoneNumber: [phone] }),
        },
      ],
      ...(tax === null ? {} : { to_BusinessPartnerTax: [tax] }),
      to_Supplier: {
        ...supplier,
        ...(company === null
          ? {}
          : {
              to_SupplierCompany: [
                {
                  CompanyCode: company,
                  ...(config.reconciliation_account === null
                    ? {}
                    : { ReconciliationAccount: config.reconciliation_account }),
                  ...('PaymentTerms' in purchasing ? { PaymentTerms: purchasing['PaymentTerms'] ?? '' } : {}),
                },
              ],
            }),
        ...(config.purchasing_organization === null
          ? {}
          : {
              to_SupplierPurchasingOrg: [{ PurchasingOrganization: config.purchasing_organization, ...purchasing }],
            }),
      },
    },
    names: { header: VENDOR_NAMES },
    checks: [
      ...checksOf(partner, VENDOR_NAMES, '', (row) => row),
      ...addressChecks(address, email, phone),
      ...(tax === null ? [] : checksOf(tax, { BPTaxNumber: 'tax_id' }, '', taxOf)),
      ...checksOf(supplier, VENDOR_NAMES, '', supplierOf),
      ...checksOf(purchasing, VENDOR_NAMES, '', (row) => purchasingOf(session, row) ?? companyOf(session, row)),
    ],
  }
}

function withDefaults(values: Row, sent: Sent, config: SapSession['config']): Row {
  const filled: { [native: string]: Row[string] } = { ...values }
  if (config.vendor_currency !== null && !sent.cleared('currency'))
    filled['PurchaseOrderCurrency'] ??= config.vendor_currency
  if (config.vendor_payment_terms !== null && !sent.cleared('payment_terms'))
    filled['PaymentTerms'] ??= config.vendor_payment_terms
  return filled as Row
}

/** Rows of their own; null = not given. A tax number is the VAT number of the country. */
function contactsOf(sent: Sent, country: string | null) {
  const [email, phone, tax] = [sent.text('email'), sent.text('phone'), sent.text('tax_id')]
  return {
    email: email === null ? null : { EmailAddress: email, IsDefaultEmailAddress: true },
    phone: phone === null ? null : { PhoneNumber: phone, IsDefaultPhoneNumber: true },
    tax: tax === null ? null : { BPTaxType: taxTypeOf(tax, country), BPTaxNumber: tax },
  }
}

/** Categories are country and digit; 0 is the VAT number. */
export const taxTypeOf = (tax: string, country: string | null): string =>
  `${/^[A-Z]{2}(?=\w*\d)/.exec(tax)?.[0] ?? country ?? ''}0`

function addressChecks(address: Row, email: Row | null, phone: Row | null): readonly Check[] {
  return [
    ...checksOf(address, VENDOR_NAMES, '', addressOf),
    ...(email === null ? [] : [emailCheck(email['EmailAddress'] ?? '')]),
    ...(phone === null ? [] : [phoneCheck(phone['PhoneNumber'] ?? '')]),
  ]
}

export const emailCheck = (value: Row[string]): Check =>
  holding('email', 'EmailAddress', value, (row) =>
    standardOf(addressOf(row)?.['to_EmailAddress'], 'IsDefaultEmailAddress'),
  )

/** SAP may keep the digits alone. */
export const phoneCheck = (value: Row[string]): Check => ({
  field: 'phone',
  native: 'PhoneNumber',
  holds: (row) =>
    row !== null &&
    children(addressOf(row)?.['to_PhoneNumber']).some((each) =>
      [each['PhoneNumber'], each['InternationalPhoneNumber']].some(
        (found) => digits(found) !== '' && digits(value).endsWith(digits(found)),
      ),
    ),
})

const digits = (value: Row[string] | undefined): string =>
  String(value ?? '')
    .replace(/\D/g, '')
    .replace(/^0+/, '')
