/** Where plants and partners are; with the cases that addresses must survive: no region, no postal code, other scripts. */

export interface City {
  country: string
  region: string
  name: string
  postalCode: string
  street: string
  dial: string
  currency: string
  taxType: string
}

export const CITIES: readonly City[] = [
  {
    country: 'DE',
    region: 'HH',
    name: 'Hamburg',
    postalCode: '20095',
    street: 'Kai',
    dial: '+4940',
    currency: 'EUR',
    taxType: 'DE0',
  },
  {
    country: 'DE',
    region: 'NW',
    name: 'Köln',
    postalCode: '50667',
    street: 'Große Neugasse',
    dial: '+49221',
    currency: 'EUR',
    taxType: 'DE0',
  },
  {
    country: 'DE',
    region: 'BY',
    name: 'München',
    postalCode: '80331',
    street: 'Straße "Am Tor"',
    dial: '+4989',
    currency: 'EUR',
    taxType: 'DE0',
  },
  {
    country: 'AT',
    region: '',
    name: 'Wien',
    postalCode: '1010',
    street: 'Kärntner Straße',
    dial: '+431',
    currency: 'EUR',
    taxType: 'AT0',
  },
  {
    country: 'FR',
    region: '69',
    name: 'Lyon',
    postalCode: '69002',
    street: "Rue de l'Arbre Sec",
    dial: '+334',
    currency: 'EUR',
    taxType: 'FR0',
  },
  {
    country: 'US',
    region: 'MI',
    name: 'Grand Rapids',
    postalCode: '49503-1234',
    street: "Saint John's Ave",
    dial: '+1616',
    currency: 'USD',
    taxType: 'US1',
  },
  {
    country: 'US',
    region: 'CA',
    name: 'Palo Alto',
    postalCode: '94304',
    street: 'Deer Creek Road',
    dial: '+1650',
    currency: 'USD',
    taxType: 'US1',
  },
  {
    country: 'GB',
    region: 'LND',
    name: 'London',
    postalCode: 'EC1A 1BB',
    street: 'Saint Martin’s Le Grand',
    dial: '+4420',
    currency: 'GBP',
    taxType: 'GB0',
  },
  {
    country: 'CZ',
    region: '',
    name: 'Plzeň',
    postalCode: '301 00',
    street: 'náměstí Republiky',
    dial: '+420377',
    currency: 'CZK',
    taxType: 'CZ0',
  },
  {
    country: 'JP',
    region: '13',
    name: '東京',
    postalCode: '100-0001',
    street: '千代田',
    dial: '+813',
    currency: 'JPY',
    taxType: '',
  },
  {
    country: 'KW',
    region: '',
    name: 'Kuwait City',
    postalCode: '',
    street: 'Gulf Road',
    dial: '+965',
    currency: 'KWD',
    taxType: '',
  },
]

export interface PlantPlace {
  key: string
  name: string
  company: string
  companyName: string
  currency: string
  country: string
}

export const PLANT_PLACES: readonly PlantPlace[] = [
  { key: '1010', name: 'Hamburg', company: '1010', companyName: 'Nordhafen AG', currency: 'EUR', country: 'DE' },
  {
    key: '1710',
    name: 'Palo Alto',
    company: '1710',
    companyName: 'Nordhafen US, Inc.',
    currency: 'USD',
    country: 'US',
  },
  {
    key: '1020',
    name: 'Köln-Mülheim (Süd)',
    company: '1010',
    companyName: 'Nordhafen AG',
    currency: 'EUR',
    country: 'DE',
  },
  {
    key: '1720',
    name: "Grand Rapids 'East'",
    company: '1710',
    companyName: 'Nordhafen US, Inc.',
    currency: 'USD',
    country: 'US',
  },
  { key: '1510', name: '東京', company: '1510', companyName: 'Nordhafen KK', currency: 'JPY', country: 'JP' },
  {
    key: '6310',
    name: 'Kuwait',
    company: '6310',
    companyName: 'Nordhafen Gulf & Partners',
    currency: 'KWD',
    country: 'KW',
  },
]

export const STORAGE_LOCATIONS = [
  ['A', 'Spare parts'],
  ['B', 'Öl & Fett'],
  ['C', "Tool crib 'West'"],
  ['D', 'Sperrlager'],
] as const
