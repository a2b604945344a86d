/** The words that names are made of, with the characters that break careless code: umlauts, quotes, ampersands, other scripts. */

export const COMPANY_NAMES = [
  'Nordhafen',
  'Müller & Söhne',
  "O'Brien",
  'Grüne Kälte "Präzision"',
  'Ångström',
  'Škoda Ložiska',
  'Weiß',
  'Acme',
  'Lefèvre',
  'Peña & Núñez',
  'Smith, Jones',
  "D'Angelo",
  'Great Lakes',
  '東京バルブ',
  'Ирбис',
  'Süd-Öl <West>',
  'Bits \\ Bolts',
  'Hanse | Hydraulik',
] as const

export const TRADES = [
  'Dichtungen',
  'Bearings',
  'Pumpen',
  'Valves',
  'Industrial Supply',
  'Lubricants',
  'Filtration',
  'Werkzeuge',
  'Safety',
] as const

export const LEGAL_FORMS = ['GmbH', 'GmbH & Co. KG', 'AG', 'Inc.', 'Ltd.', 'AB', 's.r.o.', 'B.V.'] as const

export const FIRST_NAMES = [
  'Jürgen',
  'Anna',
  "Ma'ya",
  'Zoë',
  'Søren',
  'Maria',
  'Chloé',
  'Grace',
  'Łukasz',
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

export const TITLES = ['Buyer', 'Maintenance Planner', 'Storekeeper', 'Technician', 'Schichtführer', 'Plant Manager']

export interface Good {
  readonly code: string
  readonly name: string
  readonly text: string
  /** Name of a units type; see lists.ts. */
  readonly units: string
}

/** The first ones are things that lie in a store, the last ones are not. */
export const GOODS: readonly Good[] = [
  { code: 'SEAL', name: 'Seal 40 mm', text: 'Dichtung 40 mm', units: 'Each' },
  { code: 'BRG', name: 'Ball bearing', text: 'Rillenkugellager "6204"', units: 'Each' },
  { code: 'VALVE', name: 'Ball valve 3/4"', text: 'Kugelhahn 3/4"', units: 'Each' },
  { code: 'OIL', name: 'Hydraulic oil', text: 'Hydrauliköl HLP 46', units: 'Volume' },
  { code: 'GREASE', name: 'Grease, food-grade', text: 'Fett, lebensmittelecht', units: 'Weight' },
  { code: 'CABLE', name: 'Cable 4x2.5 mm²', text: 'Kabel 4x2,5 mm²', units: 'Length' },
  { code: 'BOLT', name: "Bolt M12 'A2'", text: "Schraube M12 'A2'", units: 'Each' },
  { code: 'MOTOR', name: 'Motor 7.5 kW & brake', text: 'Motor 7,5 kW & Bremse', units: 'Each' },
]

export const SERVICES: readonly Good[] = [
  { code: 'CALIB', name: 'Calibration service', text: 'Kalibrierung vor Ort', units: 'Time' },
  { code: 'FREIGHT', name: 'Inbound freight', text: 'Fracht', units: 'Each' },
]

export const MACHINES = ['Pump', 'Conveyor', 'Kompressor "Süd"', 'Cooling fan', 'Kugelmühle', "O'Hara drive", 'Presse']

export const MAKERS = ['Acme', 'Grundfos', "O'Hara Drives", 'Flender & Söhne', 'Ebara 荏原'] as const

export const JOBS = [
  'Replace seal',
  'Ölwechsel',
  "Check operator's report: noise",
  'Inspect & lubricate',
  'Riemen "B-57" tauschen',
  'Calibrate sensor ±0.5 %',
  'Leak test',
] as const

export const TEXTS = [
  'Deliver to gate 3.\nCall ahead: "Herr Groß", ext. 42.',
  'Achtung: nur mit Schutzbrille öffnen!\r\nLOTO required.',
  "Don't stack; keep dry <below 30 °C> & upright.",
  'One line.',
  '50 % off, see ?quote=4711',
] as const
