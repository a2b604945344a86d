import { describe, expect, test } from 'vitest'
import { vendors } from '../../../../connectors/sap-s4hana/read/vendors.ts'
import type { JsonObject, MappingSettings, Page, RawRecord } from '../../../../core/index.ts'
import { fakeSession, type Tables } from './fake-session.ts'
import { settings } from './payloads.ts'

const many = (...results: readonly JsonObject[]) => ({ results })
const never = { to_BusinessPartnerRole: { __deferred: { uri: 'https://s4.example/x' } } }
const supplier = (more: JsonObject = {}): JsonObject => ({
  Supplier: '10300001',
  SupplierName: 'Nordhafen Dichtungen GmbH',
  PostingIsBlocked: false,
  PurchasingIsBlocked: false,
  DeletionIndicator: false,
  CreationDate: '/Date(1767225600000)/',
  to_SupplierCompany: many({ CompanyCode: '1010', PaymentTerms: '0001' }),
  to_SupplierPurchasingOrg: many({
    PurchasingOrganization: '1010',
    PurchaseOrderCurrency: 'EUR',
    PaymentTerms: '0004',
    PurchasingIsBlockedForSupplier: false,
  }),
  ...more,
})
const address = (more: JsonObject = {}): JsonObject => ({
  AddressID: '22001',
  ValidityStartDate: '/Date(1767225600000+0000)/',
  ValidityEndDate: '/Date(253402300799000+0000)/',
  Country: 'DE',
  Region: 'HH',
  CityName: 'Hamburg',
  PostalCode: '20095',
  StreetName: 'Kai',
  HouseNumber: '7',
  StreetPrefixName: '',
  to_AddressUsage: many({ AddressUsage: 'XXDEFAULT' }),
  to_EmailAddress: many({ OrdinalNumber: '1', IsDefaultEmailAddress: true, EmailAddress: 'orders@example.com' }),
  to_PhoneNumber: many({ OrdinalNumber: '1', PhoneNumber: '4012345', DestinationLocationCountry: 'DE' }),
  ...more,
})
const partner = (more: JsonObject = {}): JsonObject => ({
  __metadata: { uri: 'https://s4.example/A_BusinessPartner(…)', type: 'API_BUSINESS_PARTNER.A_BusinessPartnerType' },
  BusinessPartner: '10300001',
  BusinessPartnerCategory: '2',
  OrganizationBPName1: 'Nordhafen Dichtungen GmbH',
  Customer: '',
  Supplier: '10300001',
  BusinessPartnerIsBlocked: false,
  IsMarkedForArchiving: false,
  CreationDate: '/Date(1767225600000)/',
  CreationTime: 'PT08H15M00S',
  LastChangeDate: '/Date(1768435200000)/',
  LastChangeTime: 'PT10H00M00S',
  to_Supplier: supplier(),
  to_BusinessPartnerAddress: many(address()),
  to_BusinessPartnerTax: many(
    { BPTaxType: 'DE1', BPTaxNumber: '22/111/222' },
    { BPTaxType: 'DE0', BPTaxNumber: 'DE123456789' },
  ),
  ...never,
  ...more,
})
const map = (payload: JsonObject, over: Partial<MappingSettings> = {}) =>
  vendors.toUnified(payload, { ...settings, ...over }, '10300001')
const mapWith = (more: JsonObject, own: JsonObject) =>
  map(partner(more), { settings: { ...settings.settings, ...own } as MappingSettings['settings'] })

describe('a vendor', () => {
  test('is put together from partner, supplier, address and tax numbers', () => {
    expect(map(partner())).toEqual({
      display_name: '10300001 Nordhafen Dichtungen GmbH',
      source_url: 'https://s4.example/sap/bc/ui2/flp?sap-client=100#Supplier-displayFactSheet?Supplier=10300001',
      organization: '1010',
      created_at: Date.parse('2026-01-01T08:15:00Z'),
      updated_at: Date.parse('2026-01-15T10:00:00Z'),
      version: null,
      custom_fields: null,
      vendor_number: '10300001',
      name: 'Nordhafen Dichtungen GmbH',
      email: 'orders@example.com',
      phone: '4012345',
      tax_id: 'DE123456789',
      address_line1: 'Kai 7',
      address_line2: null,
      city: 'Hamburg',
      postal_code: '20095',
      region: 'HH',
      country: 'DE',
      currency: 'EUR',
      payment_terms: '0004',
      is_active: true,
      is_blocked: false,
      notes: null,
    })
  })
  test('has what the partner says where the supplier was not read', () => {
    const { name, is_active, is_blocked, currency } = map(partner({ to_Supplier: null }))
    expect({ name, is_active, is_blocked, currency }).toEqual({
      name: 'Nordhafen Dichtungen GmbH',
      is_active: true,
      is_blocked: null,
      currency: null,
    })
  })
  test('never changed has no time of change', () =>
    expect(map(partner({ LastChangeDate: null, LastChangeTime: null })).updated_at).toBeNull())
  test("has its times in the system's zone", () =>
    expect(mapWith({}, { system_time_zone: 'Europe/Berlin' }).updated_at).toBe(Date.parse('2026-01-15T09:00:00Z')))
  test('prefers the VAT number that the supplier has itself', () =>
    expect(map(partner({ to_Supplier: supplier({ VATRegistration: 'DE999', TaxNumber1: '1' }) })).tax_id).toBe('DE999'))
  test('without VAT number has its first tax number', () =>
    expect(map(partner({ to_BusinessPartnerTax: many({ BPTaxType: 'DE1', BPTaxNumber: '22/1' }) })).tax_id).toBe(
      '22/1',
    ))
})

describe('what makes a vendor inactive or blocked', () => {
  test.each([
    ['the supplier is marked for deletion', { to_Supplier: supplier({ DeletionIndicator: true }) }, false, false],
    ['the partner is marked for archiving', { IsMarkedForArchiving: true }, false, false],
    ['purchasing is blocked', { to_Supplier: supplier({ PurchasingIsBlocked: true }) }, true, true],
    ['the partner is blocked', { BusinessPartnerIsBlocked: true }, true, true],
  ])('%s', (_reason, more, active, blocked) =>
    expect(map(partner(more))).toMatchObject({ is_active: active, is_blocked: blocked }),
  )

  const two = supplier({
    to_SupplierPurchasingOrg: many(
      { PurchasingOrganization: '2020', PurchaseOrderCurrency: 'USD', PurchasingIsBlockedForSupplier: true },
      { PurchasingOrganization: '1010', PurchaseOrderCurrency: 'EUR', PurchasingIsBlockedForSupplier: false },
    ),
  })
  test('a block in one purchasing organization of two leaves the other', () =>
    expect(map(partner({ to_Supplier: two })).is_blocked).toBe(false))
  test("the connection's purchasing organization decides alone", () =>
    expect(mapWith({ to_Supplier: two }, { purchasing_organization: '2020' })).toMatchObject({
      is_blocked: true,
      currency: 'USD',
    }))
  test('without one the first counts, in whichever order they come', () =>
    expect(map(partner({ to_Supplier: two })).currency).toBe('EUR'))
  test("terms of the company code stand in for the purchasing organization's", () =>
    expect(mapWith({}, { purchasing_organization: '9999' }).payment_terms).toBe('0001'))
})

describe('addresses', () => {
  const cityOf = (...addresses: readonly JsonObject[]) =>
    map(partner({ to_BusinessPartnerAddress: many(...addresses) })).city
  test('the standard address wins', () =>
    expect(
      cityOf(
        address({ CityName: 'Kiel', to_AddressUsage: many({ AddressUsage: 'SHIP_TO' }) }),
        address({ AddressID: '9' }),
      ),
    ).toBe('Hamburg'))
  test('an address that has an end gives way to one without', () =>
    expect(
      cityOf(
        address({ CityName: 'Kiel', ValidityEndDate: '/Date(1735689600000+0000)/' }),
        address({ AddressID: '9', to_AddressUsage: many() }),
      ),
    ).toBe('Hamburg'))
  test('a vendor without address has none', () =>
    expect(map(partner({ to_BusinessPartnerAddress: many() }))).toMatchObject({
      address_line1: null,
      email: null,
      phone: null,
      country: null,
    }))
  test('the international number is preferred, as E.164', () =>
    expect(
      map(
        partner({
          to_BusinessPartnerAddress: many(
            address({ to_PhoneNumber: many({ PhoneNumber: '12345', InternationalPhoneNumber: '+49 (40) 12345-6' }) }),
          ),
        }),
      ).phone,
    ).toBe('+4940123456'))
})

describe('reading', () => {
  const tables = (...partners: readonly JsonObject[]): Tables => ({
    'API_BUSINESS_PARTNER/A_BusinessPartner': partners,
  })
  const range = {
    mode: 'snapshot',
    since: null,
    until: Date.parse('2026-02-01T00:00:00Z'),
    cursor: null,
    pageSize: 500,
  } as const
  const signal = new AbortController().signal
  const pagesOf = async (pages: AsyncIterable<Page>) => {
    const found: Page[] = []
    for await (const page of pages) found.push(page)
    return found
  }
  const recordsOf = (pages: readonly Page[]): readonly RawRecord[] => pages.flatMap((page) => page.records)
  const clerk = partner({ BusinessPartner: '9', Supplier: '' })

  test('only partners with a supplier number are read, under that number', async () => {
    const { session } = fakeSession(tables(clerk, partner({ BusinessPartner: '77' })))
    const records = recordsOf(await pagesOf(vendors.read(session, range, signal)))
    expect(records.map(({ key }) => key)).toEqual(['10300001'])
  })
  test('the change counts, and until the first change the creation', async () => {
    const fresh = partner({ BusinessPartner: '2', Supplier: '2', LastChangeDate: null, LastChangeTime: null })
    const { session } = fakeSession(tables(partner(), fresh))
    const records = recordsOf(await pagesOf(vendors.read(session, range, signal)))
    expect(records.map(({ key, version, modifiedAt }) => [key, version, modifiedAt])).toEqual([
      ['10300001', Date.parse('2026-01-15T10:00:00Z'), Date.parse('2026-01-15T10:00:00Z')],
      ['2', Date.parse('2026-01-01T08:15:00Z'), Date.parse('2026-01-01T08:15:00Z')],
    ])
  })
  test('no version falls in the night when the clock is put back', async () => {
    const night = '/Date(1761436800000)/' // 2025-10-26
    const at = (BusinessPartner: string, LastChangeTime: string) =>
      partner({ BusinessPartner, Supplier: BusinessPartner, LastChangeDate: night, LastChangeTime })
    const { session } = fakeSession(
      tables(at('1', 'PT01H59M00S'), at('2', 'PT02H50M00S'), at('3', 'PT02H10M00S'), at('4', 'PT03H00M00S')),
      {
        system_time_zone: 'Europe/Berlin',
      },
    )
    const versions = recordsOf(await pagesOf(vendors.read(session, range, signal))).map(({ version }) => version)
    expect(versions).toEqual([...versions].sort((a, b) => a - b))
    expect(versions[1]).toBe(versions[2])
  })
  test.each([
    ['of change', { LastChangeDate: '/Date(tomorrow)/' }],
    ['of creation', { CreationDate: '2026-13-45' }],
    ['in an address', { to_BusinessPartnerAddress: many(address({ ValidityEndDate: '/Date(never)/' })) }],
  ])('an impossible date %s is reported under the supplier number, and the others are read', async (_where, more) => {
    const broken = partner({ BusinessPartner: '1', Supplier: '555', ...more })
    const { session } = fakeSession(tables(broken, partner()))
    const pages = await pagesOf(vendors.read(session, range, signal))
    expect(recordsOf(pages).map(({ key }) => key)).toEqual(['10300001'])
    expect(pages.flatMap((page) => page.undecodable ?? []).map(({ key }) => key)).toEqual(['555'])
  })
  test('links to other entities are not carried along', async () => {
    const { session } = fakeSession(tables(partner()))
    const [record] = recordsOf(await pagesOf(vendors.read(session, range, signal)))
    expect(JSON.stringify(record?.payload)).not.toMatch(/__deferred|s4\.example/)
  })
  test('one vendor is found by its supplier number and reads the same as in a list', async () => {
    const { session } = fakeSession(tables(clerk, partner({ BusinessPartner: '77' })))
    const [listed] = recordsOf(await pagesOf(vendors.read(session, range, signal)))
    expect(await vendors.readOne(session, '10300001', signal)).toEqual(listed)
    expect(await vendors.readOne(session, '77', signal)).toBeNull()
  })
  test('the keys of a sweep are supplier numbers', async () => {
    const { session } = fakeSession(tables(clerk, partner({ BusinessPartner: '77' })))
    const keys: unknown[] = []
    for await (const page of vendors.listKeys?.(session, signal) ?? []) keys.push(...page)
    expect(keys).toEqual(['10300001'])
  })
})
