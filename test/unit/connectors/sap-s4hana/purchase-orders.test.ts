import { describe, expect, test } from 'vitest'
import { purchaseOrders } from '../../../../connectors/sap-s4hana/read/purchase-orders.ts'
import type { JsonObject, MappingSettings } from '../../../../core/index.ts'
import { fakeSession } from './fake-session.ts'
import { changedSince, day, many, reading, settings, snapshot } from './payloads.ts'

const schedule = (on: string) => ({ ScheduleLineDeliveryDate: day(on) })
const item = (more: JsonObject = {}): JsonObject => ({
  PurchaseOrder: '4500000001',
  PurchaseOrderItem: '10',
  PurchasingDocumentDeletionCode: '',
  PurchaseOrderItemText: 'Seal 40 mm',
  Plant: '1010',
  StorageLocation: '101A',
  Material: 'SEAL-40',
  OrderQuantity: '12',
  PurchaseOrderQuantityUnit: 'PC',
  NetPriceAmount: '9.50',
  NetPriceQuantity: '1',
  OrderPriceUnit: 'PC',
  DocumentCurrency: 'EUR',
  IsCompletelyDelivered: false,
  IsFinallyInvoiced: false,
  to_ScheduleLine: many(schedule('2026-02-01')),
  ...more,
})
const delivered = (more: JsonObject = {}) => item({ IsCompletelyDelivered: true, ...more })
const deleted = (more: JsonObject = {}) => item({ PurchasingDocumentDeletionCode: 'L', ...more })
const order = (more: JsonObject = {}, ...items: readonly JsonObject[]): JsonObject => ({
  PurchaseOrder: '4500000001',
  CompanyCode: '1010',
  PurchaseOrderType: 'NB',
  PurchasingDocumentDeletionCode: '',
  PurchasingProcessingStatus: '02',
  CreationDate: '/Date(1768435200000)/',
  LastChangeDateTime: '/Date(1768471200000+0000)/',
  Supplier: '10300001',
  PurchasingOrganization: '1010',
  PurchasingGroup: '001',
  PurchaseOrderDate: '/Date(1768435200000)/',
  DocumentCurrency: 'EUR',
  PaymentTerms: '0004',
  ReleaseIsNotCompleted: false,
  to_PurchaseOrderItem: many(...(items.length === 0 ? [item()] : items)),
  ...more,
})
const map = (payload: JsonObject, over: Partial<MappingSettings> = {}) =>
  purchaseOrders.toUnified(payload, { ...settings, ...over }, '4500000001')
const line = (more: JsonObject) => map(order({}, item(more))).lines[0]

test("the reference's order", () => {
  expect(map(order())).toEqual({
    display_name: '4500000001',
    source_url:
      'https://s4.example/sap/bc/ui2/flp?sap-client=100#PurchaseOrder-displayFactSheet?PurchaseOrder=4500000001',
    organization: '1010',
    created_at: 1768435200000,
    updated_at: 1768471200000,
    version: null,
    custom_fields: '{"PurchasingGroup":"001"}',
    order_number: '4500000001',
    title: null,
    vendor_id: 'works:vendor:10300001',
    vendor_reference: null,
    buyer_id: null,
    status: 'APPROVED',
    source_status: '02',
    billing_status: 'UNKNOWN',
    order_date: '2026-01-15',
    expected_date: '2026-02-01',
    currency: 'EUR',
    subtotal_amount: '114',
    tax_amount: null,
    total_amount: null,
    payment_terms: '0004',
    ship_to_location_id: 'works:location:sloc|1010|101A',
    ship_to_address: null,
    bill_to_address: null,
    notes: null,
    lines: [
      {
        line_id: 'works:purchase_order_line:4500000001|10',
        line_number: '10',
        item_id: 'works:item:SEAL-40',
        description: 'Seal 40 mm',
        vendor_item_number: null,
        quantity_ordered: '12',
        unit: 'H87',
        source_unit: 'PC',
        unit_price: '9.5',
        line_amount: '114',
        tax_amount: null,
        quantity_received: null,
        quantity_billed: null,
        expected_date: '2026-02-01',
        location_id: 'works:location:sloc|1010|101A',
        cost_center: null,
        work_order_id: null,
        is_closed: false,
        is_canceled: false,
        custom_fields: null,
      },
    ],
  })
})

describe('status', () => {
  test.each([
    ['02', 'APPROVED'],
    ['03', 'PENDING_APPROVAL'],
    ['05', 'APPROVED'],
    ['08', 'REJECTED'],
    ['', 'APPROVED'],
    ['77', 'UNKNOWN'],
  ])('processing status "%s" is %s', (code, status) =>
    expect(map(order({ PurchasingProcessingStatus: code })).status).toBe(status),
  )
  test('the first that holds, in the order of the model', () => {
    const all = { PurchasingCompletenessStatus: true, ReleaseIsNotCompleted: true, PurchasingProcessingStatus: '08' }
    expect([
      map(order({ ...all, PurchasingDocumentDeletionCode: 'L' })).status,
      map(order(all)).status,
      map(order({ ...all, PurchasingCompletenessStatus: false })).status,
      map(order({ ReleaseIsNotCompleted: true }, delivered())).status,
    ]).toEqual(['CANCELED', 'DRAFT', 'REJECTED', 'PENDING_APPROVAL'])
  })
  test('by what is delivered and invoiced', () => {
    expect([
      map(order({}, item(), delivered())).status,
      map(order({}, delivered(), delivered())).status,
      map(order({}, delivered({ IsFinallyInvoiced: true }), delivered())).status,
      map(order({}, delivered({ IsFinallyInvoiced: true }))).status,
    ]).toEqual(['PARTIALLY_RECEIVED', 'RECEIVED', 'RECEIVED', 'CLOSED'])
  })
  test('deleted items do not count, unless all are deleted', () => {
    expect(map(order({}, delivered(), deleted())).status).toBe('RECEIVED')
    expect(map(order({}, deleted(), deleted())).status).toBe('CANCELED')
  })
  test('an order without items is not canceled', () =>
    expect(map(order({ to_PurchaseOrderItem: many() })).status).toBe('APPROVED'))
  test('blocked is not deleted', () => {
    const blocked = map(order({}, item({ PurchasingDocumentDeletionCode: 'S' })))
    expect([blocked.status, blocked.lines[0]?.is_canceled]).toEqual(['APPROVED', false])
  })
  test('what nobody knows stays visible, and hides what would follow from approval', () => {
    const strange = map(order({ PurchasingProcessingStatus: '77', PurchasingDocumentDeletionCode: 'S' }, delivered()))
    expect([strange.status, strange.source_status]).toEqual(['UNKNOWN', '77/S'])
  })
  test("the connection's remap wins", () => {
    const remaps = { 'purchase_order.status': { '77': 'PENDING_APPROVAL' } }
    expect(map(order({ PurchasingProcessingStatus: '77' }), { remaps }).status).toBe('PENDING_APPROVAL')
  })
})

describe('billing status', () => {
  const status = (...invoiced: readonly boolean[]) =>
    map(order({}, ...invoiced.map((IsFinallyInvoiced) => item({ IsFinallyInvoiced })))).billing_status
  test('is known by final invoices alone', () =>
    expect([status(true, true), status(true, false), status(false, false)]).toEqual([
      'BILLED',
      'PARTIALLY_BILLED',
      'UNKNOWN',
    ]))
})

describe('prices', () => {
  test('per price unit, exactly', () => {
    const priced = line({ OrderQuantity: '250', NetPriceAmount: '12345.00', NetPriceQuantity: '1000' })
    expect([priced?.unit_price, priced?.line_amount]).toEqual(['12.345', '3086.25'])
  })
  test('the line amount is not computed from a rounded price', () => {
    const priced = line({ OrderQuantity: '3', NetPriceAmount: '1.00', NetPriceQuantity: '3' })
    expect([priced?.unit_price, priced?.line_amount]).toEqual(['0.333333333', '1'])
  })
  test('ordered in boxes, priced by the piece', () => {
    const boxes = { PurchaseOrderQuantityUnit: 'BOX', OrderPriceUnitToOrderUnitNmrtr: '12' }
    const priced = line({ ...boxes, OrdPriceUnitToOrderUnitDnmntr: '1', OrderQuantity: '2', NetPriceAmount: '0.50' })
    expect([priced?.unit, priced?.unit_price, priced?.line_amount]).toEqual(['XBX', '6', '12'])
  })
  test('factors of 0 are none', () => {
    const unset = { OrderPriceUnitToOrderUnitNmrtr: '0', OrdPriceUnitToOrderUnitDnmntr: '0', NetPriceQuantity: '0' }
    expect(line(unset)?.unit_price).toBe('9.5')
  })
  test('digits beyond floating point survive', () =>
    expect(line({ OrderQuantity: '1', NetPriceAmount: '12345678901234567.891' })?.line_amount).toBe(
      '12345678901234567.891',
    ))
  test('deleted lines are not in the subtotal', () => {
    const mapped = map(order({}, item(), deleted({ PurchaseOrderItem: '20' })))
    expect([mapped.subtotal_amount, mapped.lines[1]?.is_canceled]).toEqual(['114', true])
  })
  test('a line without a price leaves the subtotal open', () => {
    const mapped = map(order({}, item(), item({ PurchaseOrderItem: '20', NetPriceAmount: null })))
    expect([mapped.subtotal_amount, mapped.lines[1]?.line_amount]).toEqual([null, null])
  })
})

describe('lines', () => {
  test('in the order of their numbers, padded or not', () => {
    const numbers = ['00100', '20', '00010']
    const mapped = map(order({}, ...numbers.map((PurchaseOrderItem) => item({ PurchaseOrderItem }))))
    expect(mapped.lines.map((each) => each.line_number)).toEqual(['10', '20', '100'])
    expect(mapped.lines[0]?.line_id).toBe('works:purchase_order_line:4500000001|10')
  })
  test('free text has no item; no storage location means the plant', () => {
    const free = line({ Material: '', StorageLocation: '' })
    expect([free?.item_id, free?.location_id]).toEqual([null, 'works:location:plant|1010'])
  })
  test('the earliest delivery of its schedule; the order waits for its earliest open line', () => {
    const early = delivered({ to_ScheduleLine: many(schedule('2026-01-20')) })
    const late = item({
      PurchaseOrderItem: '20',
      to_ScheduleLine: many(schedule('2026-03-02'), schedule('2026-03-01')),
    })
    const mapped = map(order({}, early, late))
    expect([mapped.lines.map((each) => each.expected_date), mapped.expected_date]).toEqual([
      ['2026-01-20', '2026-03-01'],
      '2026-03-01',
    ])
  })
  test('the cost center and order that it is bought for, if it is one', () => {
    const to = (CostCenter: string, OrderID = '', more: JsonObject = {}) => ({ CostCenter, OrderID, ...more })
    const one = line({ to_AccountAssignment: many(to('10101301', '4000123')) })
    expect([one?.cost_center, one?.work_order_id]).toEqual(['10101301', 'works:work_order:4000123'])
    expect(line({ to_AccountAssignment: many(to('A'), to('B')) })?.cost_center).toBeNull()
    expect(line({ to_AccountAssignment: many(to('A'), to('B', '', { IsDeleted: true })) })?.cost_center).toBe('A')
  })
  test('extension fields of header and line', () => {
    const mapped = map(order({ YY1_Urgent_PDH: 'X' }, item({ YY1_Tag_PDI: 'T-1' })))
    expect([mapped.custom_fields, mapped.lines[0]?.custom_fields]).toEqual([
      '{"PurchasingGroup":"001","YY1_Urgent_PDH":"X"}',
      '{"YY1_Tag_PDI":"T-1"}',
    ])
  })
})

test('one address for all lines is where it goes', () => {
  const address = {
    DeliveryAddressName: 'Works',
    DeliveryAddressStreetName: 'Kai',
    DeliveryAddressHouseNumber: '7',
    DeliveryAddressPostalCode: '20095',
    DeliveryAddressCityName: 'Hamburg',
    DeliveryAddressCountry: 'DE',
  }
  const other = item({ ...address, DeliveryAddressName: 'Other', Plant: '1020' })
  expect(map(order({}, item(address), item(address))).ship_to_address).toBe('Works\nKai 7\n20095 Hamburg\nDE')
  const mixed = map(order({}, item(address), other))
  expect([mixed.ship_to_address, mixed.ship_to_location_id]).toEqual([null, null])
})

test("notes in the connection's language", () => {
  const note = (Language: string, TextObjectType: string, PlainLongText: string) => ({
    Language,
    TextObjectType,
    PlainLongText,
  })
  const notes = many(note('DE', 'F01', 'Eilt'), note('EN', 'F01', 'Urgent'), note('EN', 'F02', 'Ring the bell'))
  expect(map(order({ to_PurchaseOrderNote: notes })).notes).toBe('Urgent\n\nRing the bell')
  expect(map(order({ to_PurchaseOrderNote: notes }), { language: 'fr' }).notes).toBe('Urgent\n\nRing the bell')
  const german = many(note('DE', 'F01', 'Eilt'))
  expect(map(order({ to_PurchaseOrderNote: german }), { language: 'fr' }).notes).toBe('Eilt')
})

test('what was not expanded is not there', () => {
  const deferred = { __deferred: { uri: 'https://s4.example/x' } }
  const bare = map(order({ to_PurchaseOrderNote: deferred }, item({ to_ScheduleLine: deferred })))
  expect([bare.notes, bare.lines[0]?.expected_date]).toEqual([null, null])
})

describe('reading', () => {
  const SET = 'API_PURCHASEORDER_PROCESS_SRV/A_PurchaseOrder'
  const stamped = (PurchaseOrder: string, LastChangeDateTime: string | null) =>
    order({ PurchaseOrder, LastChangeDateTime })
  const tables = {
    [SET]: [
      stamped('4500000001', '/Date(1768471200000+0000)/'),
      stamped('4500000002', '/Date(1768471200000+0000)/'),
      stamped('4500000003', null),
      stamped('4500000004', '/Date(1768557600000+0000)/'),
    ],
  }

  test('every order once, whatever shares a stamp; the same row by row', async () => {
    const { session, asked } = fakeSession(tables)
    const reader = reading(purchaseOrders, session)
    expect(await reader.keys({ ...snapshot, pageSize: 1 })).toEqual(await reader.listed())
    expect(asked[0]?.query['$expand']).toBe(
      'to_PurchaseOrderItem/to_ScheduleLine,to_PurchaseOrderItem/to_AccountAssignment,to_PurchaseOrderNote',
    )
    const [first] = await reader.records(snapshot)
    expect(await reader.one('4500000001')).toEqual(first)
    expect(await reader.one('4599999999')).toBeNull()
  })
  test('what changed since, and what was created then and never changed', async () => {
    const { session, asked } = fakeSession(tables)
    expect(await reading(purchaseOrders, session).keys(changedSince('2026-01-16T00:00:00Z'))).toEqual(['4500000004'])
    expect(await reading(purchaseOrders, session).keys(changedSince('2026-01-15T12:00:00Z'))).toEqual([
      '4500000003',
      '4500000004',
    ])
    asked.length = 0
    expect(await reading(purchaseOrders, session).keys(changedSince('2026-02-01T00:00:00Z'))).toEqual([])
    expect(asked).toHaveLength(1)
  })
  test('any change comes after the creation', async () => {
    const [created] = await reading(purchaseOrders, fakeSession({ [SET]: [stamped('1', null)] }).session).records(
      snapshot,
    )
    expect([created?.version, created?.modifiedAt]).toEqual([0, 1768435200000])
  })
  test('an order with a date that is none is reported, and the others are read', async () => {
    const spoiled = [
      order({ PurchaseOrder: '1', LastChangeDateTime: '/Date(soon)/' }),
      order({ PurchaseOrder: '2' }, item({ to_ScheduleLine: many({ ScheduleLineDeliveryDate: '0000-00-00' }) })),
      order({ PurchaseOrder: '3', PurchaseOrderDate: '2026-02-30' }),
      order({ PurchaseOrder: '4' }),
    ]
    const reader = reading(purchaseOrders, fakeSession({ [SET]: spoiled }).session)
    expect(await reader.keys(snapshot)).toEqual(['4'])
    expect((await reader.undecodable(snapshot)).map(({ key }) => key)).toEqual(['1', '2', '3'])
    expect((await reader.undecodable(snapshot))[1]?.reason).toMatch(/^ScheduleLineDeliveryDate: expected a date/)
  })
})
