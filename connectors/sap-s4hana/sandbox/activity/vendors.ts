import type { Row } from '../model.ts'
import { CITIES } from '../seed/cities.ts'
import { fit } from '../seed/decimals.ts'
import { nextNumber } from '../seed/numbers.ts'
import { addressRow, emailRow, partnerRow, phoneRow, roleRow } from '../seed/partner-rows.ts'
import { UNLIMITED } from '../seed/times.ts'
import { COMPANY_NAMES, TRADES } from '../seed/words.ts'
import { type Desk, type Done, NothingToDo, text } from './desk.ts'
import { partnerStamp } from './stamps.ts'

const SERVICE = 'API_BUSINESS_PARTNER'

/** `key`: number of a supplier; without it some supplier. */
export function vendorActions(desk: Desk) {
  const partnerOf = (key?: string): Row => {
    if (key === undefined) return desk.pick(SERVICE, 'A_BusinessPartner', (row) => row['Supplier'] !== '')
    const [row] = desk.find(SERVICE, 'A_BusinessPartner', { Supplier: key })
    if (!row) throw new NothingToDo(`no partner has the supplier number ${key}`)
    return row
  }
  const stamp = (partner: Row, changes: Row = {}): void => {
    const key = { BusinessPartner: text(partner, 'BusinessPartner') }
    desk.update(SERVICE, 'A_BusinessPartner', key, { ...changes, ...partnerStamp(desk) })
  }

  return {
    /** Moves the partner's change date and time. */
    renameVendor(key?: string): Done {
      const partner = partnerOf(key)
      const supplier = text(partner, 'Supplier')
      const name = `${desk.dice.pick(COMPANY_NAMES)} ${desk.dice.pick(TRADES)} ${desk.dice.int(1, 99_999)}`
      const isPerson = partner['BusinessPartnerCategory'] === '1'
      const names = isPerson
        ? { LastName: fit(name, 40), PersonFullName: fit(name, 80) }
        : { OrganizationBPName1: fit(name, 40) }
      stamp(partner, { ...names, BusinessPartnerName: fit(name, 81), BusinessPartnerFullName: fit(name, 81) })
      desk.update(
        SERVICE,
        'A_Supplier',
        { Supplier: supplier },
        { SupplierName: fit(name, 80), SupplierFullName: name },
      )
      return { action: 'renameVendor', key: supplier }
    },

    /** Blocks the supplier for purchasing, or lifts the block. Moves the partner's change date and time. */
    blockVendor(key?: string): Done {
      const partner = partnerOf(key)
      const supplier = text(partner, 'Supplier')
      const isBlocked = desk.get(SERVICE, 'A_Supplier', { Supplier: supplier })?.['PurchasingIsBlocked'] === true
      desk.update(SERVICE, 'A_Supplier', { Supplier: supplier }, { PurchasingIsBlocked: !isBlocked })
      stamp(partner)
      return { action: 'blockVendor', key: supplier }
    },

    /** Moves the partner's change date and time. */
    changeAddress(key?: string): Done {
      const partner = partnerOf(key)
      moveHouse(partner)
      stamp(partner)
      return { action: 'changeAddress', key: text(partner, 'Supplier') }
    },

    /** Moves nothing: only reading all partners shows it. */
    changeAddressUnseen(key?: string): Done {
      const partner = partnerOf(key)
      moveHouse(partner)
      return { action: 'changeAddressUnseen', key: text(partner, 'Supplier') }
    },

    newVendor(): Done {
      const key = nextNumber(
        desk.store,
        'businessPartner',
        (number) => desk.get(SERVICE, 'A_BusinessPartner', { BusinessPartner: number }) !== null,
      )
      const name = `${desk.dice.pick(COMPANY_NAMES)} ${desk.dice.pick(TRADES)} "neu" ${key}`
      const city = desk.dice.pick(CITIES)
      const now = desk.now()
      const changed = desk.switches.changeDateNullUntilChange ? null : now
      desk.insert(SERVICE, 'A_BusinessPartner', {
        ...partnerRow(desk, { key, name, person: null, created: now, changed }),
        Supplier: key,
      })
      for (const role of ['FLVN00', 'FLVN01']) desk.insert(SERVICE, 'A_BusinessPartnerRole', roleRow(key, role, now))
      desk.insert(SERVICE, 'A_Supplier', {
        Supplier: key,
        SupplierName: fit(name, 80),
        SupplierFullName: name,
        SupplierAccountGroup: 'SUPL',
        CreationDate: desk.today().date,
        CreatedByUser: desk.user,
      })
      insertOrganizations(key, city.currency)
      const addressId = freeAddress(desk)
      desk.insert(
        SERVICE,
        'A_BusinessPartnerAddress',
        addressRow(key, addressId, name, city, 'full', desk.dice.int(1, 99)),
      )
      desk.insert(SERVICE, 'A_BuPaAddressUsage', {
        BusinessPartner: key,
        AddressID: addressId,
        AddressUsage: 'XXDEFAULT',
        ValidityStartDate: Date.UTC(2015, 0, 1),
        ValidityEndDate: UNLIMITED,
        StandardUsage: true,
      })
      desk.insert(SERVICE, 'A_AddressEmailAddress', emailRow(addressId, '', 1, `neu.${key}@example.com`))
      desk.insert(SERVICE, 'A_AddressPhoneNumber', phoneRow(addressId, '', 1, city, '12 3456', '1'))
      return { action: 'newVendor', key }
    },
  }

  function moveHouse(partner: Row): void {
    const key = { BusinessPartner: text(partner, 'BusinessPartner') }
    const [address] = desk.find(SERVICE, 'A_BusinessPartnerAddress', key)
    if (!address) throw new NothingToDo(`partner ${key.BusinessPartner} has no address`)
    const city = desk.dice.pick(CITIES)
    const addressId = text(address, 'AddressID')
    const moved = addressRow(key.BusinessPartner, addressId, '', city, 'full', desk.dice.int(200, 999))
    const columns = ['StreetName', 'HouseNumber', 'CityName', 'PostalCode', 'Region', 'Country']
    const changes = Object.fromEntries(columns.map((column) => [column, moved[column] ?? '']))
    desk.update(SERVICE, 'A_BusinessPartnerAddress', { ...key, AddressID: addressId }, changes)
  }

  function insertOrganizations(supplier: string, currency: string): void {
    const plants = desk.store.select(desk.set('API_PLANT_SRV', 'A_Plant'))
    for (const company of new Set(plants.map((plant) => text(plant, 'CompanyCode')))) {
      desk.insert(SERVICE, 'A_SupplierCompany', {
        Supplier: supplier,
        CompanyCode: company,
        PaymentTerms: '0004',
        ReconciliationAccount: '21100000',
      })
      desk.insert(SERVICE, 'A_SupplierPurchasingOrg', {
        Supplier: supplier,
        PurchasingOrganization: company,
        PurchaseOrderCurrency: currency,
        PaymentTerms: 'NT30',
      })
    }
  }
}

/** The next address number that no partner has. */
export function freeAddress(desk: Desk): string {
  const isTaken = (number: string): boolean =>
    desk.find(SERVICE, 'A_BusinessPartnerAddress', { AddressID: number }).length > 0
  return nextNumber(desk.store, 'address', isTaken)
}
