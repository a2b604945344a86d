/** The words that names are made of, with the characters that break careless code: umlauts, quotes, ampersands, other scripts. */

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
