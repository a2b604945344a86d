/** The words that names are made of, with the characters that break careless code: umlauts, quotes, ampersands, other scripts. */

export interface Place {
  country: string
  region: string
  city: string
  postalCode: string
  street: string
  dial: string
  currency: string
  taxType: string
}

export const COMPANY_NAMES = [
  'Nordhafen',
  'Müller & Söhne',
  "O'Brien",
  'Grüne Kälte "Präzision"',
  'Ångström',
  'Škoda Ložiska',
  'Weiß',
  'Süd-Öl',
  'Acme',
  'Hanse Hydraulik',
  'Lefèvre',
  'Peña & Núñez',
  'Kowalski',
  'De Vries',
  'Smith, Jones',
  "D'Angelo",
  'Great Lakes',
  '東京バルブ',
  'Ирбис',
  'Kuwait Gulf',
] as const

export const TRADES = [
  'Dichtungen',
  'Bearings',
  'Pumpen',
  'Valves',
  'Fördertechnik',
  'Industrial Supply',
  'Elektro',
  'Lubricants',
  'Filtration',
  'Werkzeuge',
  'Safety',
  'Antriebe',
] as const

export const LEGAL_FORMS = [
  'GmbH',
  'GmbH & Co. KG',
  'AG',
  'Inc.',
  'Ltd.',
  'AB',
  's.r.o.',
  'S.p.A.',
  'B.V.',
  '',
] as const

export const PLACES: readonly Place[] = [
  {
    country: 'DE',
    region: 'HH',
    city: 'Hamburg',
    postalCode: '20095',
    street: 'Kai',
    dial: '+4940',
    currency: 'EUR',
    taxType: 'DE0',
  },
  {
    country: 'DE',
    region: 'NW',
    city: 'Köln',
    postalCode: '50667',
    street: 'Große Neugasse',
    dial: '+49221',
    currency: 'EUR',
    taxType: 'DE0',
  },
  {
    country: 'DE',
    region: 'BY',
    city: 'München',
    postalCode: '80331',
    street: 'Straße "Am Tor"',
    dial: '+4989',
    currency: 'EUR',
    taxType: 'DE0',
  },
  {
    country: 'AT',
    region: '',
    city: 'Wien',
    postalCode: '1010',
    street: 'Kärntner Straße',
    dial: '+431',
    currency: 'EUR',
    taxType: 'AT0',
  },
  {
    country: 'FR',
    region: '69',
    city: 'Lyon',
    postalCode: '69002',
    street: "Rue de l'Arbre Sec",
    dial: '+334',
    currency: 'EUR',
    taxType: 'FR0',
  },
  {
    country: 'US',
    region: 'MI',
    city: 'Grand Rapids',
    postalCode: '49503-1234',
    street: "Saint John's Ave",
    dial: '+1616',
    currency: 'USD',
    taxType: 'US1',
  },
  {
    country: 'US',
    region: 'CA',
    city: 'Palo Alto',
    postalCode: '94304',
    street: 'Deer Creek Road',
    dial: '+1650',
    currency: 'USD',
    taxType: 'US1',
  },
  {
    country: 'GB',
    region: 'LND',
    city: 'London',
    postalCode: 'EC1A 1BB',
    street: 'Saint Martin’s Le Grand',
    dial: '+4420',
    currency: 'GBP',
    taxType: 'GB0',
  },
  {
    country: 'CZ',
    region: '',
    city: 'Plzeň',
    postalCode: '301 00',
    street: 'náměstí Republiky',
    dial: '+420377',
    currency: 'CZK',
    taxType: 'CZ0',
  },
  {
    country: 'JP',
    region: '13',
    city: '東京',
    postalCode: '100-0001',
    street: '千代田',
    dial: '+813',
    currency: 'JPY',
    taxType: '',
  },
  {
    country: 'KW',
    region: '',
    city: 'Kuwait City',
    postalCode: '',
    street: 'Gulf Road',
    dial: '+965',
    currency: 'KWD',
    taxType: '',
  },
]

export const FIRST_NAMES = [
  'Jürgen',
  'Anna',
  "Ma'ya",
  'Zoë',
  'Søren',
  'Maria',
  'Ivan',
  'Chloé',
  'Grace',
  'Łukasz',
  'Emma',
  'Noah',
] as const

export const LAST_NAMES = [
  'Müller',
  "O'Neill",
  'Groß',
  'Smith-Jones',
  'Ødegård',
  'García',
  'Nguyễn',
  'de la Cruz',
  'Öztürk',
  'Kim',
] as const

export interface Good {
  code: string
  english: string
  german: string
  type: string
  group: string
  unit: string
}

export const GOODS: readonly Good[] = [
  { code: 'SEAL', english: 'Seal', german: 'Dichtung', type: 'ERSA', group: 'L001', unit: 'PC' },
  { code: 'BRG', english: 'Ball bearing', german: 'Rillenkugellager', type: 'ERSA', group: 'L001', unit: 'PC' },
  { code: 'VALVE', english: 'Ball valve 3/4"', german: 'Kugelhahn 3/4"', type: 'ERSA', group: 'L002', unit: 'PC' },
  { code: 'FILT', english: 'Filter cartridge', german: 'Filterpatrone', type: 'ERSA', group: 'L003', unit: 'PC' },
  { code: 'OIL', english: 'Hydraulic oil', german: 'Hydrauliköl', type: 'HIBE', group: 'L004', unit: 'L' },
  {
    code: 'GREASE',
    english: 'Grease, food-grade',
    german: 'Fett, lebensmittelecht',
    type: 'HIBE',
    group: 'L004',
    unit: 'KG',
  },
  { code: 'CABLE', english: 'Cable 4x2.5 mm²', german: 'Kabel 4x2,5 mm²', type: 'ROH', group: 'L005', unit: 'M' },
  { code: 'BOLT', english: "Bolt M12 'A2'", german: "Schraube M12 'A2'", type: 'ROH', group: 'L006', unit: 'PC' },
  {
    code: 'GLOVE',
    english: 'Gloves, cut-resistant',
    german: 'Schnittschutzhandschuhe',
    type: 'NLAG',
    group: 'L007',
    unit: 'EA',
  },
  { code: 'SRV', english: 'Calibration service', german: 'Kalibrierung', type: 'SERV', group: 'P001', unit: 'H' },
  {
    code: 'MOTOR',
    english: 'Motor 7.5 kW & brake',
    german: 'Motor 7,5 kW & Bremse',
    type: 'HAWA',
    group: 'L008',
    unit: 'PC',
  },
]

export const MACHINES = [
  ['PUMP', 'Pump', 'Pumpe'],
  ['CONV', 'Conveyor', 'Förderband'],
  ['COMP', 'Compressor', 'Kompressor'],
  ['FAN', 'Cooling fan', 'Kühlgebläse'],
  ['MILL', 'Ball mill', 'Kugelmühle'],
  ['HX', 'Heat exchanger', 'Wärmetauscher'],
] as const

export const MAKERS = ['Acme', 'Grundfos', "O'Hara Drives", 'Flender & Söhne', 'Ebara 荏原', ''] as const

export const JOBS = [
  'Replace seal',
  'Ölwechsel',
  "Check operator's report: noise",
  'Inspect & lubricate',
  'Riemen "B-57" tauschen',
  'Calibrate sensor ±0.5 %',
  'Leak test',
  'Rebuild gearbox',
] as const

export const LONG_TEXTS = [
  'Deliver to gate 3.\nCall ahead: "Herr Groß", ext. 42.',
  'Achtung: nur mit Schutzbrille öffnen!\r\nLOTO required.',
  "Don't stack; keep dry <below 30 °C> & upright.",
  'One line.',
] as const

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
