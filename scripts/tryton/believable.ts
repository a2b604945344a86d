import type { Random } from './random.ts'
import { decimal, type Values } from './rpc.ts'

/** Names, addresses, numbers that look like a maintenance supplier's. */
const FIRST = [
  'Northwind',
  'Halden',
  'Meridian',
  'Kessler',
  'Okafor',
  'Lindqvist',
  'Castellan',
  'Brightwater',
  'Petrov',
]
const SECOND = [
  'Industrial',
  'Bearings',
  'Hydraulics',
  'Fasteners',
  'Electric',
  'Tooling',
  'Seals & Gaskets',
  'Pneumatics',
]
const FORM = ['GmbH', 'Inc.', 'SARL', 'Ltd', 'AB', 'LLC', 'S.A.']
const STREETS = [
  'Harbour Road',
  'Rue de la République',
  'Industriestraße',
  'Mill Lane',
  'Foundry Way',
  'Chaussée Neuve',
]
const CITIES = [
  { city: 'Berlin', country: 'DE', region: 'DE-BE', postal: '10115' },
  { city: 'München', country: 'DE', region: 'DE-BY', postal: '80331' },
  { city: 'Lyon', country: 'FR', region: 'FR-69', postal: '69001' },
  { city: 'San Francisco', country: 'US', region: 'US-CA', postal: '94103' },
  { city: 'Austin', country: 'US', region: 'US-TX', postal: '73301' },
  { city: 'Malmö', country: 'SE', region: null, postal: '211 19' },
] as const
const PARTS = [
  'Ball bearing',
  'Hydraulic hose',
  'V-belt',
  'Hex bolt',
  'Contactor',
  'Proximity sensor',
  'Gasket',
  'Grease',
]
const GRADES = ['6204-2RS', 'DN12', 'SPA 1250', 'M8×40', '24 V DC', 'NPN NO', 'EPDM', 'NLGI 2', 'Ø 25 mm', '3/4"']
export const CATEGORIES = [
  'Bearings',
  'Hydraulics',
  'Drives',
  'Fasteners',
  'Electrical',
  'Sealing',
  'Lubricants',
] as const

export const COUNTRIES = [
  { name: 'Germany', code: 'DE', regions: { 'DE-BE': 'Berlin', 'DE-BY': 'Bayern' } },
  { name: 'France', code: 'FR', regions: { 'FR-69': 'Rhône' } },
  { name: 'United States', code: 'US', regions: { 'US-CA': 'California', 'US-TX': 'Texas' } },
  { name: 'Sweden', code: 'SE', regions: {} },
] as const

export const companyName = (random: Random, n: number) =>
  `${random.pick(FIRST)} ${random.pick(SECOND)} ${random.pick(FORM)} ${n}`

export const partName = (random: Random, n: number) => `${random.pick(PARTS)} ${random.pick(GRADES)} #${n}`

export interface Places {
  readonly countries: ReadonlyMap<string, number>
  readonly regions: ReadonlyMap<string, number>
}

export function address(random: Random, places: Places): Values {
  const { city, country, region, postal } = random.pick(CITIES)
  const street = `${random.pick(STREETS)} ${1 + random.below(200)}`
  return {
    street: random.chance(0.2) ? `${street}\nBuilding ${1 + random.below(9)}\nGate ${1 + random.below(4)}` : street,
    city,
    postal_code: postal,
    country: places.countries.get(country) ?? null,
    subdivision: region === null ? null : (places.regions.get(region) ?? null),
    invoice: true,
  }
}

export function contacts(random: Random, n: number): Values[] {
  const list: Values[] = [{ type: 'email', value: `orders${n}@supplier${n}.example` }]
  if (random.chance(0.8)) list.push({ type: 'phone', value: `+49 30 ${1_000_000 + random.below(9_000_000)}` })
  if (random.chance(0.3)) list.push({ type: 'mobile', value: `0171/${100_000 + random.below(900_000)}` })
  if (random.chance(0.3)) list.push({ type: 'website', value: `https://supplier${n}.example` })
  return list
}

/** A German VAT number with a right check digit (ISO 7064 mod 11,10): Tryton checks it. */
export function vatNumber(random: Random): string {
  const digits = Array.from({ length: 8 }, (_, at) => (at === 0 ? 1 + random.below(9) : random.below(10)))
  let product = 10
  for (const digit of digits) {
    const sum = (digit + product) % 10 || 10
    product = (2 * sum) % 11
  }
  return `DE${digits.join('')}${(11 - product) % 10}`
}

/** A price with up to four decimals. */
export const price = (random: Random) =>
  decimal(
    random.chance(0.2) ? (random.below(1_000_000) / 10_000).toFixed(4) : (1 + random.below(50_000) / 100).toFixed(2),
  )
