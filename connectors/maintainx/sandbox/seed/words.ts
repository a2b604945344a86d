export const SITE = 'Plant Lyon'
/** Building → its areas. */
export const BUILDINGS: Readonly<Record<string, readonly string[]>> = {
  'Production Hall A': ['Line 1', 'Line 2', 'Line 3', 'Mixing'],
  'Production Hall B': ['Line 4', 'Line 5', 'Packaging'],
  Utilities: ['Boiler House', 'Compressor Room', 'Water Treatment'],
  'Main Store': ['Spare Parts Store', 'Tool Room', 'Oil Store'],
  Logistics: ['Loading Dock', 'High-Bay Warehouse'],
}
export const STORES: readonly string[] = ['Spare Parts Store', 'Tool Room', 'Oil Store']
export const TEAMS = ['Mechanics', 'Electricians', 'Utilities', 'Stores'] as const
export const CATEGORIES = [
  'Electrical',
  'Mechanical',
  'Safety',
  'Preventive',
  'Inspection',
  'Cleaning',
  'Project',
  'Damage',
] as const
export const CRITICALITIES = ['Low', 'Medium', 'High'] as const
export const FIRST_NAMES = [
  'Claire',
  'Marc',
  'Amélie',
  'Jonas',
  'Sofia',
  'Piotr',
  'Fatima',
  'Luca',
  'Ingrid',
  'Tomás',
  'Nadia',
  'Henrik',
  'Yuki',
  'Aoife',
] as const
export const LAST_NAMES = [
  'Bernard',
  'Moreau',
  'Keller',
  'Nowak',
  'Rossi',
  'Haddad',
  'Lindqvist',
  'Ferreira',
  'Dubois',
  'Okafor',
  'Tanaka',
  'Byrne',
  'Schmid',
  'Peeters',
] as const
export const VENDOR_NAMES = [
  'Alpine Bearings',
  'Rhône Hydraulics',
  'Nordic Seals',
  'Volta Drives',
  'Meridian Filters',
  'Castor Pneumatics',
  'Delta Belts',
  'Sirius Lubricants',
  'Atlas Fasteners',
  'Orion Sensors',
  'Baltic Pumps',
  'Helix Gears',
] as const
export const VENDOR_FORMS = ['SAS', 'GmbH', 'AB', 'S.p.A.', 'Ltd', 'BV'] as const
export const MACHINES = [
  { name: 'Centrifugal Pump', maker: 'Grundfos', model: 'CR 32-4', type: 'Pump' },
  { name: 'Conveyor', maker: 'Interroll', model: 'MCP 450', type: 'Conveyor' },
  { name: 'Filling Machine', maker: 'Krones', model: 'Modulfill', type: 'Filler' },
  { name: 'Screw Compressor', maker: 'Kaeser', model: 'ASD 60', type: 'Compressor' },
  { name: 'Gear Motor', maker: 'SEW', model: 'R77 DRN', type: 'Motor' },
  { name: 'Palletizer', maker: 'KUKA', model: 'KR 120', type: 'Robot' },
  { name: 'Steam Boiler', maker: 'Bosch', model: 'UL-S 4000', type: 'Boiler' },
  { name: 'Forklift', maker: 'Linde', model: 'E20', type: 'Vehicle' },
] as const
export const PARTS = [
  'Deep Groove Bearing',
  'V-Belt',
  'Shaft Seal',
  'Proximity Sensor',
  'Air Filter',
  'Hydraulic Hose',
  'Gear Oil 5 l',
  'Contactor',
  'Locknut',
  'O-Ring Set',
  'Solenoid Valve',
  'Coupling Insert',
] as const
export const JOBS = [
  'Replace bearing',
  'Lubricate',
  'Inspect guard',
  'Check alignment',
  'Clean filter',
  'Replace belt',
  'Repair leak',
  'Calibrate sensor',
  'Tighten bolts',
  'Check oil level',
  'Replace seal',
  'Thermographic inspection',
] as const
