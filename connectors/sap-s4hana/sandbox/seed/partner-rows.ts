import type { Row } from '../model.ts'
import type { City } from './cities.ts'
import { fit } from './decimals.ts'
import type { Random } from './random.ts'
import { type Calendar, dayOf, UNLIMITED } from './times.ts'

export interface Person {
  first: string
  last: string
}

/** The columns that every business partner has. */
export function partnerRow(
  system: { calendar: Pick<Calendar, 'local'>; dice: Random },
  partner: { key: string; name: string; person: Person | null; created: number; changed: number | null },
): Row {
  const { calendar, dice } = system
  const created = calendar.local(partner.created)
  const changed = partner.changed === null ? null : calendar.local(partner.changed)
  const { person } = partner
  return {
    BusinessPartner: partner.key,
    BusinessPartnerCategory: person ? '1' : '2',
    BusinessPartnerFullName: fit(partner.name, 81),
    BusinessPartnerName: fit(partner.name, 81),
    BusinessPartnerGrouping: 'BP02',
    BusinessPartnerUUID: uuid(dice),
    CorrespondenceLanguage: dice.pick(['EN', 'DE', '']),
    Language: person ? 'EN' : '',
    CreatedByUser: 'CC0000000001',
    CreationDate: created.date,
    CreationTime: created.time,
    LastChangeDate: changed?.date ?? null,
    LastChangeTime: changed?.time ?? null,
    LastChangedByUser: changed ? 'CB9980000012' : '',
    FirstName: person?.first ?? '',
    LastName: person?.last ?? '',
    PersonFullName: person ? partner.name : '',
    IsNaturalPerson: person ? 'X' : '',
    OrganizationBPName1: person ? '' : fit(partner.name, 40),
    OrganizationBPName2: person ? '' : partner.name.slice(40).trim(),
    SearchTerm1: fit(partner.name.toUpperCase(), 20),
    BusinessPartnerIsBlocked: false,
    IsMarkedForArchiving: false,
    ETag: '',
  }
}

/** A person who works in the plants. */
export function userRow(
  system: { calendar: Pick<Calendar, 'local'>; dice: Random },
  key: string,
  person: Person,
  created: number,
  changed: number | null,
): Row {
  return {
    ...partnerRow(system, { key, name: `${person.first} ${person.last}`, person, created, changed }),
    BusinessPartnerGrouping: 'BPEE',
    Supplier: '',
  }
}

/** A full address, one without street, one of a country alone, a post-office box. */
export function addressRow(
  partner: string,
  addressId: string,
  name: string,
  city: City,
  kind: 'full' | 'no street' | 'country' | 'box',
  houseNumber: number,
): Row {
  const withStreet = kind === 'full'
  const withCity = kind !== 'country'
  return {
    BusinessPartner: partner,
    AddressID: addressId,
    ValidityStartDate: Date.UTC(2015, 0, 1),
    ValidityEndDate: UNLIMITED,
    FullName: fit(name, 80),
    Country: city.country,
    Region: withCity ? city.region : '',
    CityName: withCity ? city.name : '',
    PostalCode: withCity && kind !== 'box' ? city.postalCode : '',
    StreetName: withStreet ? city.street : '',
    HouseNumber: withStreet ? `${houseNumber}${houseNumber % 9 === 4 ? 'b' : ''}` : '',
    StreetPrefixName: withStreet && houseNumber % 7 === 3 ? 'Hinterhof, 2. OG' : '',
    POBox: kind === 'box' ? String(1000 + houseNumber) : '',
    POBoxPostalCode: kind === 'box' ? city.postalCode.slice(0, 10) : '',
    Language: city.country === 'DE' || city.country === 'AT' ? 'DE' : 'EN',
    AddressTimeZone: 'CET',
    Person: '',
  }
}

export function emailRow(addressId: string, person: string, ordinal: number, address: string): Row {
  return {
    AddressID: addressId,
    Person: person,
    OrdinalNumber: String(ordinal),
    IsDefaultEmailAddress: ordinal === 1,
    EmailAddress: address,
    SearchEmailAddress: fit(address.toUpperCase(), 20),
    AddressCommunicationRemarkText: '',
  }
}

export function phoneRow(
  addressId: string,
  person: string,
  ordinal: number,
  city: City,
  local: string,
  type: '1' | '3',
): Row {
  return {
    AddressID: addressId,
    Person: person,
    OrdinalNumber: String(ordinal),
    DestinationLocationCountry: city.country,
    IsDefaultPhoneNumber: ordinal === 1,
    PhoneNumber: local,
    PhoneNumberExtension: local.endsWith('7') ? '42' : '',
    InternationalPhoneNumber: city.dial + local.replaceAll(/\D/g, '') + (local.endsWith('7') ? '42' : ''),
    PhoneNumberType: type,
    AddressCommunicationRemarkText: '',
  }
}

export function roleRow(partner: string, role: string, from: number): Row {
  return {
    BusinessPartner: partner,
    BusinessPartnerRole: role,
    ValidFrom: dayOf(from),
    ValidTo: UNLIMITED,
    AuthorizationGroup: '',
  }
}

function uuid(dice: Random): string {
  const hex = Array.from({ length: 8 }, () => dice.int(0, 65535).toString(16).padStart(4, '0'))
  return `${hex[0]}${hex[1]}-${hex[2]}-${hex[3]}-${hex[4]}-${hex[5]}${hex[6]}${hex[7]}`
}
