import { CITIES } from './cities.ts'
import { fit } from './decimals.ts'
import { FIRST_NUMBER } from './numbers.ts'
import { addressRow, emailRow, type Person, partnerRow, phoneRow, roleRow, userRow } from './partner-rows.ts'
import { plantAt } from './plants.ts'
import { type Supplier, supplierAt } from './suppliers.ts'
import { UNLIMITED } from './times.ts'
import { FIRST_NAMES, LAST_NAMES } from './words.ts'
import type { World } from './world.ts'
import type { Writer } from './writer.ts'

const SERVICE = 'API_BUSINESS_PARTNER'

type Sets = ReturnType<typeof setsOf>

/** Suppliers with all that hangs on them, partners who are only customers or contacts, and the people of the plants. */
export function seedPartners(world: World, writer: Writer): void {
  const sets = setsOf(writer)
  for (let index = 0; index < world.size.vendors; index++) seedSupplier(world, sets, supplierAt(world, index))
  const others = Math.floor(world.size.vendors / 10)
  for (let index = 0; index < others; index++) seedOther(world, sets, index)
  for (let index = 0; index < world.size.users; index++) seedUser(world, sets, index)
}

/** Number of the business partner of a user: eight digits, so that it fits `OperationPersonResponsible`. */
export function userKey(index: number): string {
  return String(50000001 + index)
}

function setsOf(writer: Writer) {
  return {
    partner: writer.into(SERVICE, 'A_BusinessPartner'),
    supplier: writer.into(SERVICE, 'A_Supplier'),
    company: writer.into(SERVICE, 'A_SupplierCompany'),
    purchasing: writer.into(SERVICE, 'A_SupplierPurchasingOrg'),
    address: writer.into(SERVICE, 'A_BusinessPartnerAddress'),
    usage: writer.into(SERVICE, 'A_BuPaAddressUsage'),
    email: writer.into(SERVICE, 'A_AddressEmailAddress'),
    phone: writer.into(SERVICE, 'A_AddressPhoneNumber'),
    role: writer.into(SERVICE, 'A_BusinessPartnerRole'),
    tax: writer.into(SERVICE, 'A_BusinessPartnerTaxNumber'),
  }
}

function seedSupplier(world: World, sets: Sets, supplier: Supplier): void {
  const { index, key, partner, city } = supplier
  const dice = world.random('supplier rows', index)
  const { created, changed } = world.stamps('vendor', index, world.size.vendors)
  const person = supplier.isPerson ? personOf(world, index) : null
  const name = person ? `${person.first} ${person.last}` : supplier.name
  const isUntouched = created === changed && dice.chance(0.4)
  sets.partner({
    ...partnerRow(
      { calendar: world.calendar, dice },
      { key: partner, name, person, created, changed: isUntouched ? null : changed },
    ),
    Supplier: key,
    Customer: dice.chance(0.05) ? key : '',
    IsMarkedForArchiving: supplier.state === 'archiving',
    BusinessPartnerIsBlocked: supplier.state === 'blocked' && dice.chance(0.3),
  })
  for (const role of ['FLVN00', 'FLVN01']) sets.role(roleRow(partner, role, created))
  const number = String(100000000 + index * 7919)
  const vat = city.taxType.endsWith('0') && dice.chance(0.8) ? city.country + number : ''
  if (vat) sets.tax({ BusinessPartner: partner, BPTaxType: city.taxType, BPTaxNumber: vat, BPTaxLongNumber: '' })
  sets.supplier({
    Supplier: key,
    SupplierName: fit(name, 80),
    SupplierFullName: fit(`${name}/${city.postalCode} ${city.name}`, 220),
    SupplierAccountGroup: 'SUPL',
    CreatedByUser: 'CC0000000001',
    CreationDate: world.calendar.local(created).date,
    VATRegistration: vat,
    TaxNumber1: !vat && dice.chance(0.5) ? number : '',
    PostingIsBlocked: supplier.state === 'blocked' && dice.chance(0.5),
    PurchasingIsBlocked: supplier.state === 'blocked',
    PaymentIsBlockedForSupplier: dice.chance(0.02),
    DeletionIndicator: supplier.state === 'deleted',
    IsNaturalPerson: person ? 'X' : '',
  })
  seedOrganizations(world, sets, supplier)
  const kind = dice.weighted([
    ['full', 82],
    ['no street', 6],
    ['country', 4],
    ['box', 4],
    ['none', 4],
  ] as const)
  if (kind === 'none') return
  const addressId = String(FIRST_NUMBER.address + index)
  sets.address(addressRow(partner, addressId, name, city, kind, dice.int(1, 199)))
  sets.usage({
    BusinessPartner: partner,
    ValidityEndDate: UNLIMITED,
    AddressUsage: 'XXDEFAULT',
    AddressID: addressId,
    ValidityStartDate: Date.UTC(2015, 0, 1),
    StandardUsage: true,
    AuthorizationGroup: '',
  })
  if (dice.chance(0.85)) sets.email(emailRow(addressId, '', 1, `orders+${key.toLowerCase()}@example.com`))
  if (dice.chance(0.15)) sets.email(emailRow(addressId, '', 2, `o'service.${index}@münchen.example`))
  if (dice.chance(0.8)) sets.phone(phoneRow(addressId, '', 1, city, `${dice.int(20, 99)} ${dice.int(1000, 9999)}`, '1'))
  if (dice.chance(0.2))
    sets.phone(phoneRow(addressId, '', 2, city, `${dice.int(150, 179)}/${dice.int(100000, 999999)}`, '3'))
}

/** Company codes and purchasing organizations share their numbers with the companies of the plants. */
function seedOrganizations(world: World, sets: Sets, supplier: Supplier): void {
  const dice = world.random('supplier organizations', supplier.index)
  if (supplier.index % 41 === 11) return
  const companies = new Map(
    Array.from({ length: world.size.plants }, (_, index) => plantAt(index)).map((plant) => [plant.company, plant]),
  )
  for (const [company, plant] of companies) {
    if (supplier.index >= 5 && company !== '1010' && companies.size > 1 && !dice.chance(0.5)) continue
    sets.company({
      Supplier: supplier.key,
      CompanyCode: company,
      CompanyCodeName: plant.companyName,
      PaymentTerms: supplier.paymentTerms,
      ReconciliationAccount: '21100000',
      PaymentMethodsList: 'TU',
      SupplierIsBlockedForPosting: false,
      DeletionIndicator: false,
      Currency: plant.currency,
      CheckPaidDurationInDays: '0',
      BillOfExchLmtAmtInCoCodeCrcy: '0.00',
      SupplierAccountGroup: 'SUPL',
    })
    sets.purchasing({
      Supplier: supplier.key,
      PurchasingOrganization: company,
      PurchaseOrderCurrency: supplier.currency,
      PaymentTerms: dice.chance(0.7) ? supplier.paymentTerms : '',
      PurchasingIsBlockedForSupplier: supplier.state === 'blocked here',
      DeletionIndicator: false,
      IncotermsClassification: dice.pick(['EXW', 'FCA', 'DAP', '']),
      IncotermsLocation1: supplier.city.name,
      MaterialPlannedDeliveryDurn: String(dice.int(0, 60)),
      MinimumOrderAmount: dice.chance(0.2) ? '250.00' : '0.00',
      PurchasingGroup: '001',
      InvoiceIsGoodsReceiptBased: true,
      SupplierRespSalesPersonName: dice.chance(0.3) ? 'Frau Groß' : '',
      SupplierAccountGroup: 'SUPL',
    })
  }
}

/** A partner without supplier number: a customer's company, or a contact person. */
function seedOther(world: World, sets: Sets, index: number): void {
  const { created, changed } = world.stamps('other partner', index, Math.max(1, Math.floor(world.size.vendors / 10)))
  const isContact = index % 2 === 1
  const person = isContact ? personOf(world, 500_000 + index) : null
  const key = String(30000001 + index)
  const name = person ? `${person.first} ${person.last}` : `Kunde ${index} "Nord"`
  sets.partner({
    ...partnerRow(
      { calendar: world.calendar, dice: world.random('other partner', index) },
      { key, name, person, created, changed },
    ),
    Customer: isContact ? '' : key,
    Supplier: '',
  })
  sets.role(roleRow(key, isContact ? 'BUP001' : 'FLCU00', created))
}

function seedUser(world: World, sets: Sets, index: number): void {
  const key = userKey(index)
  const dice = world.random('user', index)
  const { created, changed } = world.stamps('user', index, world.size.users)
  const person = personOf(world, 900_000 + index)
  const city = dice.pick(CITIES)
  const isUntouched = created === changed
  sets.partner({
    ...userRow({ calendar: world.calendar, dice }, key, person, created, isUntouched ? null : changed),
    PersonNumber: String(70000 + index),
    BusinessPartnerIsBlocked: dice.chance(0.06),
  })
  sets.role(roleRow(key, 'BUP003', created))
  const addressId = String(10_000_001 + index)
  const number = String(70000 + index)
  const kind = dice.chance(0.8) ? 'full' : 'country'
  sets.address({ ...addressRow(key, addressId, `${person.first} ${person.last}`, city, kind, 1), Person: number })
  if (dice.chance(0.9)) sets.email(emailRow(addressId, number, 1, `u${index}.${person.last.length}@plant.example`))
  if (dice.chance(0.5)) sets.phone(phoneRow(addressId, number, 1, city, `${dice.int(1000, 9999)}`, '1'))
}

function personOf(world: World, index: number): Person {
  const dice = world.random('person', index)
  return { first: dice.pick(FIRST_NAMES), last: dice.pick(LAST_NAMES) }
}
