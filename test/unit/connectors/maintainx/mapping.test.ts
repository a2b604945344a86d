import { afterEach, beforeEach, expect, test } from 'vitest'
import { assets } from '../../../../connectors/maintainx/read/assets.ts'
import { items } from '../../../../connectors/maintainx/read/items.ts'
import { locations } from '../../../../connectors/maintainx/read/locations.ts'
import { purchaseOrders } from '../../../../connectors/maintainx/read/purchase-orders.ts'
import { stockLevels } from '../../../../connectors/maintainx/read/stock-levels.ts'
import { users } from '../../../../connectors/maintainx/read/users.ts'
import { vendors } from '../../../../connectors/maintainx/read/vendors.ts'
import { workOrders } from '../../../../connectors/maintainx/read/work-orders.ts'
import type { EntityName, JsonObject, RawRecord, ReadStream } from '../../../../core/index.ts'
import type { MaintainXSession } from '../../../../connectors/maintainx/session.ts'
import { type Doc, never, openStandIn, SETTINGS, type StandIn, snapshot } from './stand-in.ts'

let mx: StandIn
beforeEach(async () => {
  mx = await openStandIn()
  mx.records.set('/teams', [
    { id: 20, name: 'Night shift' },
    { id: 21, name: 'Electricians' },
  ])
  mx.records.set('/assetcriticalities', [{ id: 150, label: 'High', level: 1 }])
})
afterEach(() => mx.close())

const CREATED = '2026-01-01T10:00:00.000Z'
const UPDATED = '2026-02-01T10:00:00.123Z'
const stamped = { createdAt: CREATED, updatedAt: UPDATED }

const text = ({ key }: RawRecord) => (typeof key === 'string' ? key : key.join('|'))

/** The record from a list and by itself, which must be the same; mapped. */
async function mapped<E extends EntityName>(
  stream: ReadStream<MaintainXSession, E>,
  path: string,
  doc: Doc,
  { key = String(doc['id']), settings = SETTINGS, list = (each: Doc) => each } = {},
) {
  mx.records.set(path, [doc])
  mx.lists.set(path, list)
  const session = await mx.session()
  const one = await stream.readOne(session, key, never())
  for await (const { records } of stream.read(session, snapshot(10), never()))
    expect(JSON.stringify(records.find((each) => text(each) === key))).toBe(JSON.stringify(one))
  return stream.toUnified((one as RawRecord).payload, settings, key)
}

const without =
  (...names: string[]) =>
  (doc: Doc): Doc =>
    Object.fromEntries(Object.entries(doc).filter(([name]) => !names.includes(name)))

const WORK_ORDER: Doc = {
  id: 7001,
  sequentialId: 42,
  title: 'Replace bearing ',
  description: 'Noise at 3000 rpm',
  status: 'ON_HOLD',
  priority: 'HIGH',
  type: 'REACTIVE',
  assetId: 12,
  asset: { id: 12, name: 'Pump', serialNumber: null },
  locationId: 3,
  vendorIds: [5, 6],
  requesterId: 80,
  creatorId: 81,
  dueDate: '2026-03-01T08:00:00.000Z',
  startDate: '2026-02-20T08:00:00.000Z',
  completedAt: null,
  deletedAt: null,
  estimatedTime: 5400,
  assignees: [
    { type: 'TEAM', id: 20 },
    { type: 'USER', id: 80 },
    { type: 'USER', id: 'someone@plant.example' },
    { type: 'TEAM', id: 99 },
  ],
  categories: ['Mechanical'],
  parts: [
    {
      id: 9,
      name: 'Bearing',
      unitCost: 1999,
      quantityUsed: 3,
      locationId: 3,
      availableQuantity: 17,
      extraFields: { Batch: 'B7' },
    },
  ],
  timeItems: [
    { type: 'TIME', userId: 80, durationTotal: 5400, rowTotal: 4500, description: 'Dismantling' },
    { type: 'TIME', userId: 81, durationTotal: 1000, rowTotal: 833, description: null },
  ],
  expenditures: [{ type: 'EXPENSE', rowTotal: 1250, description: 'Taxi' }],
  procedure: { id: 1, title: 'Check', fields: [] },
  thumbnail: { id: 1, url: 'https://signed.example/1' },
  partsAvailability: 'PARTS_AVAILABLE',
  extraFields: { 'Cost code': 'C-1', Empty: '' },
  ...stamped,
}

test('a work order with parts, time, cost, team and custom fields', async () => {
  const list = (doc: Doc) => without('assetId', 'procedure', 'thumbnail')(doc)
  const order = await mapped(workOrders, '/workorders', WORK_ORDER, { list })
  expect(order).toMatchObject({
    display_name: '42 Replace bearing',
    organization: '301',
    version: `ts:${UPDATED}`,
    updated_at: Date.parse(UPDATED),
    created_at: Date.parse(CREATED),
    custom_fields: '{"Cost code":"C-1"}',
    order_number: '42',
    title: 'Replace bearing',
    status: 'ON_HOLD',
    source_status: 'ON_HOLD',
    priority: 'HIGH',
    maintenance_type: 'CORRECTIVE',
    source_type: 'REACTIVE',
    asset_id: 'plant:asset:12',
    location_id: 'plant:location:3',
    parent_id: null,
    requester_id: 'plant:user:80',
    assignee_id: 'plant:user:80',
    assignee_ids: ['plant:user:80'],
    team: 'Night shift, 99',
    vendor_id: 'plant:vendor:5',
    due_at: Date.parse('2026-03-01T08:00:00Z'),
    scheduled_start_at: Date.parse('2026-02-20T08:00:00Z'),
    completed_at: null,
    estimated_hours: '1.5',
    actual_hours: '1.777777778',
    // 45.00 + 8.33 + 12.50 + 3 × 19.99
    actual_cost: '125.8',
    currency: 'USD',
    tasks: [],
  })
  expect(order.parts).toMatchObject([
    {
      line_id: 'plant:work_order_part:7001|9',
      item_id: 'plant:item:9',
      description: 'Bearing',
      quantity_used: '3',
      unit_cost: '19.99',
      location_id: 'plant:location:3',
      custom_fields: '{"Batch":"B7"}',
    },
  ])
  expect(order.labor).toMatchObject([
    {
      entry_id: 'plant:work_order_labor:7001|0',
      user_id: 'plant:user:80',
      hours: '1.5',
      cost: '45',
      description: 'Dismantling',
    },
    { entry_id: 'plant:work_order_labor:7001|1', user_id: 'plant:user:81', hours: '0.277777778', cost: '8.33' },
  ])
})

test.each([
  ['OPEN', 'OPEN'],
  ['IN_PROGRESS', 'IN_PROGRESS'],
  ['ON_HOLD', 'ON_HOLD'],
  ['DONE', 'COMPLETED'],
  ['CANCELED', 'CANCELED'],
  ['SKIPPED', 'CANCELED'],
  ['BRAND_NEW', 'UNKNOWN'],
])('status %s of a work order is %s', async (native, unified) => {
  const order = await mapped(workOrders, '/workorders', { ...WORK_ORDER, status: native })
  expect(order).toMatchObject({ status: unified, source_status: native })
})

test('a work order with nothing but what must be there', async () => {
  const bare = { id: 1, sequentialId: 1, title: 'T', status: 'OPEN', ...stamped }
  const order = await mapped(workOrders, '/workorders', bare)
  expect(order).toMatchObject({
    priority: 'UNKNOWN',
    maintenance_type: 'UNKNOWN',
    asset_id: null,
    team: null,
    estimated_hours: null,
    actual_hours: null,
    actual_cost: null,
    parts: [],
    labor: [],
    custom_fields: null,
  })
})

test('vocabularies and currency can be set for a connection, and native properties be asked for', async () => {
  const settings = {
    ...SETTINGS,
    remaps: { 'work_order.status': { ON_HOLD: 'IN_PROGRESS' }, 'work_order.maintenance_type': { REACTIVE: 'OTHER' } },
    customFields: ['partStatus', 'categories', 'creatorId'],
  }
  mx.records.set('/organizations', [{ id: 301, name: 'Plant', currency: null }])
  const order = await mapped(workOrders, '/workorders', { ...WORK_ORDER, partStatus: 'KITTED' }, { settings })
  expect(order).toMatchObject({ status: 'IN_PROGRESS', maintenance_type: 'OTHER', currency: 'EUR' })
  expect(order.custom_fields).toBe(
    '{"Cost code":"C-1","categories":["Mechanical"],"creatorId":"81","partStatus":"KITTED"}',
  )
})

const ASSET: Doc = {
  id: 12,
  name: 'Pump',
  description: null,
  parentId: 11,
  locationId: 3,
  criticalityId: 150,
  serialNumber: 'SN-1',
  barcode: 'BC-1',
  assetTypes: ['tool'],
  vendorIds: [5],
  manufacturer: 'KSB',
  model: 'Etanorm',
  teamIds: [],
  extraFields: {},
  status: { id: 1, status: 'OFFLINE', downtimeType: 'PLANNED', startedAt: CREATED, customStatus: null },
  depreciation: { purchasePrice: 12500.05, purchaseDate: '2025-05-31T00:00:00.000Z', currentBookValue: 11000 },
  attachments: [{ url: 'https://signed.example/2' }],
  ...stamped,
}

test('an asset with status, criticality and purchase', async () => {
  expect(await mapped(assets, '/assets', ASSET, { list: without('attachments') })).toMatchObject({
    display_name: 'Pump',
    kind: 'EQUIPMENT',
    asset_type: 'tool',
    criticality: 'High',
    status: 'DOWN',
    source_status: 'OFFLINE',
    parent_id: 'plant:asset:11',
    location_id: 'plant:location:3',
    manufacturer: 'KSB',
    model: 'Etanorm',
    serial_number: 'SN-1',
    tag: 'BC-1',
    vendor_id: 'plant:vendor:5',
    acquired_date: '2025-05-31',
    acquisition_cost: '12500.05',
    currency: 'USD',
    is_active: true,
  })
})

test("a status of the customer's own is told by its label, and means what the connection says", async () => {
  const doc = { ...ASSET, status: { status: 'IGNORE', customStatus: { id: 5, label: 'Decommissioned' } } }
  expect(await mapped(assets, '/assets', doc)).toMatchObject({ status: 'UNKNOWN', source_status: 'Decommissioned' })
  const settings = { ...SETTINGS, remaps: { 'asset.status': { Decommissioned: 'DISPOSED' } } }
  expect(await mapped(assets, '/assets', doc, { settings })).toMatchObject({ status: 'DISPOSED' })
})

test('a location at the top is a site, the others are areas', async () => {
  const doc = {
    id: 3,
    name: 'Hall 1',
    address: '1090 main street, Franklin',
    barcode: 'L3',
    parentId: 2,
    extraFields: { Dept: 'A' },
    ...stamped,
  }
  expect(await mapped(locations, '/locations', doc)).toMatchObject({
    location_type: 'AREA',
    parent_id: 'plant:location:2',
    location_code: 'L3',
    address_line1: '1090 main street, Franklin',
    holds_stock: true,
    custom_fields: '{"Dept":"A"}',
  })
  expect(await mapped(locations, '/locations', { ...doc, parentId: null })).toMatchObject({
    location_type: 'SITE',
    parent_id: null,
  })
})

const PART: Doc = {
  id: 9,
  name: 'Bearing',
  description: '',
  barcode: '4006381333931',
  unitCost: 120,
  partTypes: ['Mechanical', 'Wear'],
  vendors: [{ vendorId: 5, partNumber: 'XC230' }, { vendorId: 6 }],
  extraFields: { Grade: 'C3' },
  locations: [
    {
      locationId: 3,
      availableQuantity: 10,
      minimumQuantity: 5,
      maximumQuantity: 100,
      area: 'A1',
      committedQuantities: { reserved: 3, kitted: 1, staged: 2 },
    },
    { locationId: 4, availableQuantity: 2.5, minimumQuantity: null, reservedQuantity: 1 },
    { locationId: 5 },
  ],
  orderedQuantity: 15,
  ...stamped,
}

test('a part, with its cost in cents made exact', async () => {
  expect(await mapped(items, '/parts', PART)).toMatchObject({
    name: 'Bearing',
    description: null,
    item_type: 'INVENTORY',
    category: 'Mechanical, Wear',
    barcode: '4006381333931',
    preferred_vendor_id: 'plant:vendor:5',
    vendor_item_number: 'XC230',
    unit_cost: '1.2',
    currency: 'USD',
    custom_fields: '{"Grade":"C3"}',
  })
})

test('stock of a part at each of its locations', async () => {
  const level = (place: number) => mapped(stockLevels, '/parts', PART, { key: `9|${place}` })
  expect(await level(3)).toMatchObject({
    item_id: 'plant:item:9',
    location_id: 'plant:location:3',
    quantity_on_hand: '10',
    quantity_unrestricted: '10',
    quantity_reserved: '6',
    quantity_available: '4',
    minimum_quantity: '5',
    maximum_quantity: '100',
    version: `ts:${UPDATED}`,
  })
  expect(await level(4)).toMatchObject({
    quantity_on_hand: '2.5',
    quantity_reserved: '1',
    quantity_available: '1.5',
    minimum_quantity: null,
  })
  expect(await level(5)).toMatchObject({
    quantity_on_hand: '0',
    quantity_unrestricted: null,
    quantity_reserved: null,
    quantity_available: null,
  })
})

const ORDER: Doc = {
  id: 135,
  status: 'PARTIALLY_FULFILLED',
  title: 'Supplies',
  note: 'By noon',
  reviewNote: null,
  dueDate: '2026-03-01T00:00:00.000Z',
  creatorId: 80,
  vendorId: 5,
  autoGeneratedNumber: 987,
  overrideNumber: null,
  items: [
    {
      id: 23,
      partId: 9,
      name: 'Bearing',
      partNumber: 'XC230',
      price: 25000,
      priceDecimal: '250.000000',
      quantityOrdered: 4,
      quantityReceived: 4,
      unitCost: 6250,
      unitCostDecimal: '62.500000',
      fulfillments: [{ id: 1, locationId: 3, quantityReceived: '4.000000' }],
      lineExtraFields: { Plant: 'P1' },
    },
    {
      id: 24,
      partId: null,
      name: 'Grease',
      quantityOrdered: 3,
      quantityReceived: 1,
      unitCost: 333,
      unitCostDecimal: '3.3333333',
      price: null,
    },
  ],
  costs: [{ id: 1, name: 'Freight', type: 'AMOUNT_NON_TAXABLE', amount: 1999 }],
  shippingAddress: {
    street: '1909 Avenue',
    city: 'Montreal',
    state: 'Quebec',
    postalCode: 'H4B 5G0',
    country: 'Canada',
    label: null,
  },
  billingAddress: null,
  extraFields: {},
  ...stamped,
}

test('a purchase order with exact prices, received lines and costs', async () => {
  const order = await mapped(purchaseOrders, '/purchaseorders', ORDER, {
    list: ({ id, status, createdAt, updatedAt }) => ({ id, status, createdAt, updatedAt }),
  })
  expect(order).toMatchObject({
    display_name: '987 Supplies',
    order_number: '987',
    vendor_id: 'plant:vendor:5',
    buyer_id: 'plant:user:80',
    status: 'PARTIALLY_RECEIVED',
    source_status: 'PARTIALLY_FULFILLED',
    billing_status: 'UNKNOWN',
    order_date: '2026-01-01',
    expected_date: '2026-03-01',
    currency: 'USD',
    subtotal_amount: '259.9999999',
    tax_amount: null,
    total_amount: '279.9899999',
    ship_to_location_id: null,
    ship_to_address: '1909 Avenue, Montreal, Quebec, H4B 5G0, Canada',
    bill_to_address: null,
    notes: 'By noon',
  })
  expect(order.lines).toMatchObject([
    {
      line_id: 'plant:purchase_order_line:135|23',
      line_number: '1',
      item_id: 'plant:item:9',
      vendor_item_number: 'XC230',
      quantity_ordered: '4',
      quantity_received: '4',
      unit_price: '62.5',
      line_amount: '250',
      location_id: 'plant:location:3',
      is_closed: true,
      custom_fields: '{"Plant":"P1"}',
    },
    {
      line_id: 'plant:purchase_order_line:135|24',
      item_id: null,
      unit_price: '3.3333333',
      line_amount: '9.9999999',
      is_closed: false,
    },
  ])
})

test.each([
  ['REQUESTED', 'DRAFT'],
  ['PENDING', 'PENDING_APPROVAL'],
  ['DECLINED', 'REJECTED'],
  ['APPROVED', 'APPROVED'],
  ['PARTIALLY_FULFILLED', 'PARTIALLY_RECEIVED'],
  ['COMPLETED', 'RECEIVED'],
  ['CANCELED', 'CANCELED'],
  ['SENT_TO_MARS', 'UNKNOWN'],
])('status %s of a purchase order is %s', async (native, unified) => {
  expect(await mapped(purchaseOrders, '/purchaseorders', { ...ORDER, status: native })).toMatchObject({
    status: unified,
    source_status: native,
  })
})

test('a percentage on top leaves the total unknown: of what it is taken, MaintainX does not say', async () => {
  const costs = [{ name: 'Tax', type: 'PERCENT_TAXABLE', amount: 15 }]
  expect(await mapped(purchaseOrders, '/purchaseorders', { ...ORDER, costs })).toMatchObject({
    subtotal_amount: '259.9999999',
    total_amount: null,
  })
})

test('days are those of the zone, but midnight in UTC is a day that somebody gave without a time', async () => {
  const settings = { ...SETTINGS, timeZone: 'America/New_York' }
  const doc = { ...ORDER, createdAt: '2026-01-02T03:30:00.000Z', dueDate: '2026-03-01T00:00:00.000Z' }
  expect(await mapped(purchaseOrders, '/purchaseorders', doc, { settings })).toMatchObject({
    order_date: '2026-01-01',
    expected_date: '2026-03-01',
  })
})

test('a vendor without address or number has those of its contacts', async () => {
  const vendor = {
    id: 5,
    name: 'Acme',
    emails: [],
    phoneNumbers: ['415-555-0100'],
    description: 'Bearings',
    contactIds: [1, 2],
    extraFields: { Rating: 'A' },
  }
  mx.play(({ path }) =>
    path === '/vendors/5/contacts'
      ? {
          body: {
            contacts: [
              { id: 1, name: 'X', email: null, phoneNumber: '1' },
              { id: 2, name: 'Y', email: 'y@acme.example', phoneNumber: null },
            ],
            nextCursor: null,
          },
        }
      : null,
  )
  const list = ({ id, name }: Doc) => ({ id, name })
  expect(await mapped(vendors, '/vendors', vendor, { list })).toMatchObject({
    name: 'Acme',
    email: 'y@acme.example',
    phone: '415-555-0100',
    notes: 'Bearings',
    version: null,
    custom_fields: '{"Rating":"A"}',
    is_active: true,
  })
  expect(await mapped(vendors, '/vendors', { ...vendor, emails: ['a@acme.example'] }, { list })).toMatchObject({
    email: 'a@acme.example',
  })
})

test('a user has the role of its own where there is one, and keeps neither pay nor visits', async () => {
  const user = {
    id: 80,
    firstName: 'Jo',
    lastName: 'Doe',
    email: 'jo@plant.example',
    role: 'MEMBER',
    customRole: 'Planner',
    hourlyRate: 4500,
    lastVisitedAt: CREATED,
  }
  const list = without('customRole')
  expect(await mapped(users, '/users', user, { list })).toMatchObject({
    name: 'Jo Doe',
    first_name: 'Jo',
    role: 'Planner',
    email: 'jo@plant.example',
  })
  const one = await users.readOne(await mx.session(), '80', never())
  expect(Object.keys((one as RawRecord).payload)).not.toContain('hourlyRate')
  expect(
    await mapped(users, '/users', { ...user, customRole: null, firstName: '', lastName: '' }, { list }),
  ).toMatchObject({
    name: 'jo@plant.example',
    role: 'MEMBER',
  })
})

test('what is of another kind than it should be is named, not guessed', () => {
  const payload: JsonObject = { id: 9, name: 'x', unitCost: { cents: 3 }, ...stamped }
  expect(() => items.toUnified(payload, SETTINGS, '9')).toThrow(/expected a number, got {"cents":3}/)
  expect(() => workOrders.toUnified({ id: 9, title: 'x', dueDate: 'soon' }, SETTINGS, '9')).toThrow(
    /expected an instant/,
  )
})
