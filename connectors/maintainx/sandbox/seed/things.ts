import type { Json } from '../description/index.ts'
import { type Shelf, totalsOf } from '../writes/parts.ts'
import type { Sowing } from './index.ts'
import * as words from './words.ts'

/** Ids of what the plant is made of. */
export interface Things {
  readonly users: readonly number[]
  readonly teams: readonly number[]
  readonly areas: readonly number[]
  readonly stores: readonly number[]
  readonly vendors: readonly number[]
  readonly contacts: ReadonlyMap<number, number>
  readonly assets: readonly number[]
  readonly parts: readonly number[]
}

/** When most of it was put in. */
const START = { createdAt: 0.01, updatedAt: 0.02 }

export function seedThings(sowing: Sowing): Things {
  const { add, at, dice, size, organizationId, organizationName } = sowing
  const stamps = { createdAt: at(START.createdAt), updatedAt: at(START.updatedAt) }
  sowing.plant.store.insert('organizations', {
    id: organizationId,
    organizationId,
    name: organizationName,
    timeZone: 'Europe/Paris',
    imageUrl: null,
    currency: 'EUR',
    dateFormatLocale: 'fr-FR',
    ...stamps,
  })
  for (const label of words.CATEGORIES)
    add('categories', { label, description: `Everything ${label.toLowerCase()}`, ...stamps })
  const criticalities = words.CRITICALITIES.map((label, level) =>
    add('assetcriticalities', { label, level: level + 1, ...stamps }),
  )
  add('assetcustomstatuses', {
    label: 'Waiting for parts',
    baseAssetStatus: 'OFFLINE',
    downtimeType: 'UNPLANNED',
    ...stamps,
  })
  for (const [entity, label] of [
    ['assets', 'Cost Center'],
    ['parts', 'ERP Number'],
    ['vendors', 'ERP Number'],
    ['purchaseOrders', 'ERP Number'],
    ['workOrders', 'ERP Order'],
  ] as const) {
    add('customfields', { entity, label, type: 'oneline', options: [], sortOrder: 0, ...stamps })
  }
  const users = Array.from({ length: size.users }, (_, n) => addUser(sowing, n))
  const teams = words.TEAMS.map((name, n) =>
    add('teams', {
      name,
      description: '',
      assetIds: [],
      locationIds: [],
      members: users.filter((__, m) => m % words.TEAMS.length === n).map((id) => ({ id, teamRole: 'MEMBER' })),
      ...stamps,
    }),
  )
  const { areas, stores } = addLocations(sowing)
  const vendors = Array.from({ length: size.vendors }, (_, n) => addVendor(sowing, n))
  const contacts = new Map(
    vendors.map((vendorId) => {
      const [first, last] = [dice.pick(words.FIRST_NAMES), dice.pick(words.LAST_NAMES)]
      const email = `${first}.${last}@vendor${vendorId}.example`
        .toLowerCase()
        .normalize('NFD')
        .replace(/[\u0300-\u036f]/g, '')
      return [
        vendorId,
        add('contacts', {
          vendorId,
          name: `${first} ${last}`,
          role: 'Sales',
          email,
          phoneNumber: `+33 4 72 ${dice.whole(10, 99)} ${dice.whole(10, 99)} 00`,
          extension: null,
          ...stamps,
        }),
      ]
    }),
  )
  const assets: number[] = []
  for (let n = 0; n < size.assets; n++)
    assets.push(addAsset(sowing, n, { assets, areas, criticalities, vendors, teams }))
  const parts = Array.from({ length: size.parts }, (_, n) => addPart(sowing, n, { stores, vendors, assets }))
  return { users, teams, areas, stores, vendors, contacts, assets, parts }
}

function addUser({ add, dice, at }: Sowing, n: number): number {
  const [firstName, lastName] = [dice.pick(words.FIRST_NAMES), dice.pick(words.LAST_NAMES)]
  const plain = `${firstName}.${lastName}`
    .toLowerCase()
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
  return add('users', {
    firstName,
    lastName,
    email: `${plain}.${n}@plant.example`,
    phoneNumber: dice.chance(0.6) ? `+33 6 ${dice.whole(10, 99)} 55 ${dice.whole(10, 99)} 00` : null,
    role: n === 0 ? 'ADMIN' : dice.chance(0.15) ? 'REQUESTER' : 'MEMBER',
    customRole: null,
    authType: 'NORMAL',
    hourlyRate: dice.chance(0.7) ? dice.whole(32, 68) * 100 : null,
    externalData: null,
    extraFields: {},
    lastVisitedAt: at(0.99),
    createdAt: at(0.01),
    updatedAt: at(0.01),
  })
}

function addLocations({ add, at, dice }: Sowing): { areas: number[]; stores: number[] } {
  const blank = {
    description: null,
    barcode: null,
    vendorIds: [],
    teamIds: [],
    extraFields: {},
    createdAt: at(0.01),
    updatedAt: at(0.02),
  }
  const site = add('locations', {
    ...blank,
    name: words.SITE,
    address: '12 rue de Gerland, 69007 Lyon, France',
    parentId: null,
  })
  const [areas, stores]: [number[], number[]] = [[], []]
  for (const [building, names] of Object.entries(words.BUILDINGS)) {
    const parentId = add('locations', { ...blank, name: building, address: null, parentId: site })
    for (const name of names) {
      const id = add('locations', { ...blank, name, address: null, parentId, barcode: `LOC-${dice.whole(1000, 9999)}` })
      ;(words.STORES.includes(name) ? stores : areas).push(id)
    }
  }
  return { areas, stores }
}

function addVendor({ add, at, dice }: Sowing, n: number): number {
  const base = words.VENDOR_NAMES[n % words.VENDOR_NAMES.length] ?? ''
  const name = `${base}${n < words.VENDOR_NAMES.length ? '' : ` ${Math.floor(n / words.VENDOR_NAMES.length) + 1}`} ${dice.pick(words.VENDOR_FORMS)}`
  const made = dice.share() * 0.9
  return add('vendors', {
    name,
    description: dice.chance(0.5) ? 'Framework contract' : null,
    emails: [`orders@${base.toLowerCase().replace(/[^a-z]+/g, '-')}.example`],
    phoneNumbers: dice.chance(0.7) ? [`+33 4 78 ${dice.whole(10, 99)} 00 ${dice.whole(10, 99)}`] : [],
    extraFields: dice.chance(0.6) ? { 'ERP Number': `V${100_000 + n}` } : {},
    createdAt: at(made),
    updatedAt: at(made),
  })
}

function addAsset(
  sowing: Sowing,
  n: number,
  from: {
    assets: readonly number[]
    areas: readonly number[]
    criticalities: readonly number[]
    vendors: readonly number[]
    teams: readonly number[]
  },
): number {
  const { add, at, dice, plant, organizationId } = sowing
  const machine = dice.pick(words.MACHINES)
  const parentId = n > 5 && dice.chance(0.4) ? dice.pick(from.assets) : null
  const parent = parentId === null ? null : plant.store.get('assets', parentId)
  const made = dice.share() * 0.9
  const stamps = { createdAt: at(made), updatedAt: at(made + dice.share() * 0.09) }
  const locationId = (parent?.['locationId'] ?? dice.pick(from.areas)) as number
  const id = add('assets', {
    name: `${machine.name} ${String(n + 1).padStart(3, '0')}`,
    description: dice.chance(0.4) ? `${machine.maker} ${machine.model}` : null,
    barcode: `A${100_000 + n}`,
    criticalityId: dice.chance(0.8) ? dice.pick(from.criticalities) : null,
    parentId,
    locationId,
    serialNumber: dice.chance(0.8) ? `SN-${dice.whole(100_000, 999_999)}` : null,
    teamIds: [dice.pick(from.teams)],
    assetTypes: [machine.type],
    vendorIds: from.vendors.length > 0 && dice.chance(0.6) ? [dice.pick(from.vendors)] : [],
    manufacturer: machine.maker,
    model: machine.model,
    globalUuid: null,
    creatorId: null,
    extraFields: dice.chance(0.5) ? { 'Cost Center': `CC${dice.whole(10, 40)}` } : {},
    depreciation: dice.chance(0.2)
      ? { purchasePrice: dice.whole(2, 90) * 1000, purchaseDate: at(0), usefulLifeYears: 10 }
      : null,
    ...stamps,
  })
  const statusId = add('assetstatuses', {
    assetId: id,
    status: dice.chance(0.92) ? 'ONLINE' : 'OFFLINE',
    customStatusId: null,
    downtimeType: null,
    startedAt: stamps.createdAt,
    endedAt: null,
    description: null,
    creatorId: null,
    updaterId: null,
    ...stamps,
  })
  plant.store.update('assets', id, { statusId, organizationId }, false)
  return id
}

function addPart(
  sowing: Sowing,
  n: number,
  from: { stores: readonly number[]; vendors: readonly number[]; assets: readonly number[] },
): number {
  const { add, at, dice } = sowing
  const places = dice.chance(0.8) ? [dice.pick(from.stores)] : [...from.stores].slice(0, 2)
  const shelves: Shelf[] = places.map((locationId) => {
    const minimumQuantity = dice.whole(0, 8)
    return {
      locationId,
      availableQuantity: dice.whole(0, 60),
      minimumQuantity,
      maximumQuantity: dice.chance(0.5) ? minimumQuantity + 40 : null,
      area: dice.chance(0.6) ? `R${dice.whole(1, 20)}-${dice.whole(1, 9)}` : null,
    }
  })
  const name = `${words.PARTS[n % words.PARTS.length]} ${dice.whole(10, 999)}`
  const made = dice.share() * 0.9
  return add('parts', {
    name,
    description: dice.chance(0.3) ? `For ${dice.pick(words.MACHINES).name.toLowerCase()}` : null,
    unitCost: dice.chance(0.9) ? dice.whole(150, 45_000) : null,
    barcode: dice.chance(0.7) ? `P${200_000 + n}` : null,
    partTypes: dice.chance(0.5) ? ['Spare'] : [],
    assetIds: from.assets.length > 0 && dice.chance(0.6) ? [dice.pick(from.assets)] : [],
    teamIds: [],
    vendors:
      from.vendors.length === 0
        ? []
        : [{ vendorId: dice.pick(from.vendors), partNumber: `${dice.whole(100, 999)}-${dice.whole(1000, 9999)}` }],
    extraFields: dice.chance(0.5) ? { 'ERP Number': `M${300_000 + n}` } : {},
    orderedQuantity: 0,
    reservedQuantity: 0,
    committedQuantities: { kitted: 0, reserved: 0, staged: 0 },
    assignedQuantity: 0,
    locations: shelves as unknown as Json,
    ...totalsOf(shelves),
    createdAt: at(made),
    updatedAt: at(made + dice.share() * 0.09),
  })
}
