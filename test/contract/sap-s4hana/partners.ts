import type { Activity } from '../../../connectors/sap-s4hana/sandbox/activity/index.ts'
import type { Row } from '../../../connectors/sap-s4hana/sandbox/model.ts'
import type { World } from '../kit/harness.ts'
import { type Names, one, pairOf, type Tables, times, unlessNew } from './table.ts'

const SERVICE = 'API_BUSINESS_PARTNER'

const changed = (tables: Tables) => {
  const { date, time } = pairOf(tables.stamp())
  return { LastChangeDate: date, LastChangeTime: time }
}

const created = (tables: Tables): Row => {
  const { date, time } = pairOf(tables.stamp())
  return { CreationDate: date, CreationTime: time }
}

const address = (BusinessPartner: string, n: number): Row => ({
  BusinessPartner,
  AddressID: String(7_000_000 + n),
  ValidityStartDate: Date.UTC(2020, 0, 1),
  ValidityEndDate: 253_402_214_400_000,
  CityName: 'Ulm',
  Country: 'DE',
})

/** Suppliers, whose partners have other numbers than they. */
export function vendorWorld(tables: Tables, names: Names, archive: Activity['archive']): World {
  const partnerOf = (supplier: string) =>
    one(tables.find(SERVICE, 'A_BusinessPartner', { Supplier: supplier }), `supplier ${supplier}`)
  const world: World = {
    async add(count) {
      const numbers = times(count, () => names.next())
      const partners = numbers.map((n) => ({ n, partner: String(20_800_000 + n), supplier: String(90_800_000 + n) }))
      tables.insert(
        SERVICE,
        'A_BusinessPartner',
        partners.map(({ n, partner, supplier }) => ({
          BusinessPartner: partner,
          Supplier: supplier,
          BusinessPartnerCategory: '2',
          OrganizationBPName1: `Works ${n}`,
          ...created(tables),
          ...unlessNew(n, changed(tables)),
        })),
      )
      tables.insert(
        SERVICE,
        'A_Supplier',
        partners.map(({ n, supplier }) => ({ Supplier: supplier, SupplierName: `Works ${n}` })),
      )
      tables.insert(
        SERVICE,
        'A_SupplierPurchasingOrg',
        partners.map(({ supplier }) => ({
          Supplier: supplier,
          PurchasingOrganization: '1010',
          PurchaseOrderCurrency: 'EUR',
        })),
      )
      tables.insert(
        SERVICE,
        'A_BusinessPartnerAddress',
        partners.map(({ n, partner }) => address(partner, n)),
      )
      return partners.map(({ supplier }) => supplier)
    },
    async change(key) {
      const SupplierName = names.fresh('Renamed')
      const { BusinessPartner = '' } = partnerOf(key)
      tables.update(SERVICE, 'A_Supplier', { Supplier: key }, { SupplierName })
      tables.update(SERVICE, 'A_BusinessPartner', { BusinessPartner }, changed(tables))
      return asJson(SupplierName)
    },
    remove: async (key) => void archive('A_BusinessPartner', String(partnerOf(key)['BusinessPartner'])),
    spoil: (key) => tables.spoil(SERVICE, 'A_BusinessPartner', partnerOf(key), 'CreationDate'),
    fill: async (count) => void (await world.add(count)),
  }
  return world
}

/** Persons who are employees. */
export function userWorld(tables: Tables, names: Names, archive: Activity['archive']): World {
  const personOf = (key: string) =>
    one(tables.find(SERVICE, 'A_BusinessPartner', { BusinessPartner: key }), `person ${key}`)
  const world: World = {
    async add(count) {
      const people = times(count, () => names.next()).map((n) => ({ n, key: String(50_800_000 + n) }))
      tables.insert(
        SERVICE,
        'A_BusinessPartner',
        people.map(({ n, key }) => ({
          BusinessPartner: key,
          BusinessPartnerCategory: '1',
          FirstName: 'Ada',
          LastName: `Nr ${n}`,
          PersonFullName: `Ada Nr ${n}`,
          ...created(tables),
          ...unlessNew(n, changed(tables)),
        })),
      )
      tables.insert(
        SERVICE,
        'A_BusinessPartnerRole',
        people.map(({ key }) => ({ BusinessPartner: key, BusinessPartnerRole: 'BUP003' })),
      )
      tables.insert(
        SERVICE,
        'A_BusinessPartnerAddress',
        people.map(({ n, key }) => address(key, n)),
      )
      return people.map(({ key }) => key)
    },
    async change(key) {
      const LastName = names.fresh('Married')
      const changes = { LastName, PersonFullName: `Ada ${LastName}`, ...changed(tables) }
      tables.update(SERVICE, 'A_BusinessPartner', { BusinessPartner: key }, changes)
      return asJson(LastName)
    },
    remove: async (key) => void archive('A_BusinessPartner', key),
    spoil: (key) => tables.spoil(SERVICE, 'A_BusinessPartner', personOf(key), 'CreationDate'),
    fill: async (count) => void (await world.add(count)),
  }
  return world
}

/** As it shows in JSON text. */
export const asJson = (text: string): string => JSON.stringify(text).slice(1, -1)
