import { describe, expect, it } from 'vitest'
import { BP, createLandscape, ITEM_BODY, type Landscape, ORDER_BODY, PO, refusalOf } from './landscape.ts'

const DAY = Date.UTC(2026, 0, 15)
const SUPPLIER = {
  BusinessPartnerCategory: '2',
  BusinessPartnerGrouping: 'BP02',
  OrganizationBPName1: 'Nordhafen Dichtungen GmbH',
  SearchTerm1: 'NORDHAFEN',
  to_BusinessPartnerRole: [{ BusinessPartnerRole: 'FLVN00' }, { BusinessPartnerRole: 'FLVN01' }],
  to_BusinessPartnerAddress: [
    {
      Country: 'DE',
      CityName: 'Hamburg',
      PostalCode: '20095',
      StreetName: 'Kai',
      HouseNumber: '7',
      Language: 'EN',
      to_AddressUsage: [{ AddressUsage: 'XXDEFAULT' }],
      to_EmailAddress: [{ EmailAddress: 'orders@example.com' }],
      to_PhoneNumber: [{ PhoneNumber: '4012345', DestinationLocationCountry: 'DE' }],
    },
  ],
  to_BusinessPartnerTax: [{ BPTaxType: 'DE0', BPTaxNumber: 'DE123456789' }],
  to_Supplier: {
    to_SupplierCompany: [{ CompanyCode: '1010', ReconciliationAccount: '21100000', PaymentTerms: '0004' }],
    to_SupplierPurchasingOrg: [{ PurchasingOrganization: '1010', PurchaseOrderCurrency: 'EUR', PaymentTerms: '0004' }],
  },
}

const create = (landscape: Landscape, body: object = SUPPLIER) => {
  const { entity } = landscape.post(BP, 'A_BusinessPartner', body)
  return String(entity?.row['BusinessPartner'])
}

describe('a partner with supplier roles', () => {
  it('becomes a supplier with company, purchasing and address rows, and can be ordered from', () => {
    const landscape = createLandscape()
    const number = create(landscape)
    expect(number).toBe('10300002')
    expect(landscape.row(BP, 'A_BusinessPartner', { BusinessPartner: number })).toMatchObject({
      Supplier: number,
      BusinessPartnerFullName: 'Nordhafen Dichtungen GmbH',
      CreationDate: DAY,
      CreationTime: 'PT10H00M00S',
      LastChangeDate: DAY,
      LastChangeTime: 'PT10H00M00S',
    })
    expect(landscape.row(BP, 'A_Supplier', { Supplier: number })).toMatchObject({
      SupplierName: 'Nordhafen Dichtungen GmbH',
      SupplierAccountGroup: 'SUPL',
      PurchasingIsBlocked: false,
    })
    expect(landscape.row(BP, 'A_SupplierCompany', { Supplier: number, CompanyCode: '1010' })).toMatchObject({
      CompanyCodeName: 'AG',
    })
    const [address] = landscape.rows(BP, 'A_BusinessPartnerAddress')
    expect(address).toMatchObject({ BusinessPartner: number, CityName: 'Hamburg' })
    const below = { AddressID: address?.['AddressID'] ?? '', Person: '', OrdinalNumber: '1' }
    expect(landscape.row(BP, 'A_AddressEmailAddress', below)).toMatchObject({
      SearchEmailAddress: 'ORDERS@EXAMPLE.COM',
      IsDefaultEmailAddress: true,
    })
    expect(landscape.row(BP, 'A_AddressPhoneNumber', below)).toMatchObject({
      InternationalPhoneNumber: '+494012345',
      PhoneNumberType: '1',
    })
    const items = [ITEM_BODY]
    const body = { ...ORDER_BODY, Supplier: number, to_PurchaseOrderItem: items }
    expect(landscape.post(PO, 'A_PurchaseOrder', body).status).toBe(201)
  })

  it('may also get the role later', () => {
    const landscape = createLandscape()
    const { to_BusinessPartnerRole: _, to_Supplier: __, ...bare } = SUPPLIER
    const number = create(landscape, bare)
    expect(landscape.has(BP, 'A_Supplier', { Supplier: number })).toBe(false)
    landscape.post(BP, 'A_BusinessPartnerRole', { BusinessPartner: number, BusinessPartnerRole: 'FLVN01' })
    expect(landscape.has(BP, 'A_Supplier', { Supplier: number })).toBe(true)
    const purchasing = { Supplier: number, PurchasingOrganization: '1010', PurchaseOrderCurrency: 'EUR' }
    expect(landscape.post(BP, 'A_SupplierPurchasingOrg', purchasing).status).toBe(201)
    const company = { Supplier: number, CompanyCode: '1010', ReconciliationAccount: '21100000' }
    expect(refusalOf(() => landscape.post(BP, 'A_SupplierCompany', company)).message).toContain('FLVN00')
  })

  it('without a role has no supplier data', () => {
    const landscape = createLandscape()
    const refused = refusalOf(() => create(landscape, { ...SUPPLIER, to_BusinessPartnerRole: [] }))
    expect(refused.status).toBe(400)
    expect(landscape.rows(BP, 'A_BusinessPartner')).toHaveLength(1)
  })
})

it.each([
  [{ BusinessPartnerCategory: '9' }, 'R11/405'],
  [{ OrganizationBPName1: '' }, 'ME/083'],
  [{ BusinessPartnerCategory: '1' }, 'ME/083'],
])('a partner with %j is refused with %s', (changed, code) => {
  const landscape = createLandscape()
  expect(refusalOf(() => create(landscape, { ...SUPPLIER, ...changed })).code).toBe(code)
})

it('a partner cannot be deleted, a supplier not be created by itself', () => {
  const landscape = createLandscape()
  const key = { BusinessPartner: '10300001' }
  expect(refusalOf(() => landscape.send('DELETE', BP, 'A_BusinessPartner', key, undefined)).status).toBe(405)
  expect(refusalOf(() => landscape.post(BP, 'A_Supplier', { Supplier: '1' })).status).toBe(405)
})

describe('the change date of a partner', () => {
  const key = { BusinessPartner: '10300001' }
  const stamp = (landscape: Landscape) => {
    const { LastChangeDate, LastChangeTime } = landscape.row(BP, 'A_BusinessPartner', key)
    return [LastChangeDate, LastChangeTime]
  }

  it('moves with the supplier, in the two columns', () => {
    const landscape = createLandscape()
    landscape.wait(61_000)
    landscape.patch(BP, 'A_Supplier', { Supplier: '10300001' }, { PostingIsBlocked: true, PurchasingIsBlocked: true })
    expect(stamp(landscape)).toEqual([DAY, 'PT10H01M01S'])
    expect(landscape.row(BP, 'A_Supplier', { Supplier: '10300001' })).toMatchObject({
      PostingIsBlocked: true,
      PurchasingIsBlocked: true,
    })
  })

  it('stays where the switch says so', () => {
    const landscape = createLandscape({ headerMovesWithItems: false })
    landscape.patch(BP, 'A_SupplierCompany', { Supplier: '10300001', CompanyCode: '1010' }, { PaymentTerms: '0001' })
    expect(stamp(landscape)).toEqual([0, 'PT00H00M00S'])
  })

  it('is null until the first change where the switch says so', () => {
    const landscape = createLandscape({ changeDateNullUntilChange: true })
    const number = create(landscape)
    expect(landscape.row(BP, 'A_BusinessPartner', { BusinessPartner: number })['LastChangeDate']).toBeNull()
    landscape.patch(BP, 'A_BusinessPartner', { BusinessPartner: number }, { OrganizationBPName1: 'Südhafen' })
    expect(landscape.row(BP, 'A_BusinessPartner', { BusinessPartner: number })['LastChangeDate']).toBe(DAY)
    expect(landscape.row(BP, 'A_Supplier', { Supplier: number })['SupplierName']).toBe('Südhafen')
  })
})

it('category and grouping are decided once', () => {
  const landscape = createLandscape()
  const number = create(landscape)
  const run = () =>
    landscape.patch(BP, 'A_BusinessPartner', { BusinessPartner: number }, { BusinessPartnerGrouping: 'BP01' })
  expect(refusalOf(run).status).toBe(400)
})
