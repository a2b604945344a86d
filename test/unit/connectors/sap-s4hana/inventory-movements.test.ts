import { describe, expect, test } from 'vitest'
import { inventoryMovements } from '../../../../connectors/sap-s4hana/read/inventory-movements.ts'
import type { JsonObject, MappingSettings } from '../../../../core/index.ts'
import { fakeSession } from './fake-session.ts'
import { changedSince, day, many, reading, settings, snapshot } from './payloads.ts'

const item = (more: JsonObject = {}): JsonObject => ({
  MaterialDocumentYear: '2026',
  MaterialDocument: '4900000001',
  MaterialDocumentItem: '1',
  Material: 'SEAL-40',
  Plant: '1010',
  StorageLocation: '101A',
  Batch: '',
  GoodsMovementType: '101',
  QuantityInEntryUnit: '3',
  EntryUnit: 'PC',
  QuantityInBaseUnit: '3',
  MaterialBaseUnit: 'PC',
  GoodsMovementIsCancelled: false,
  ReversedMaterialDocumentYear: '0000',
  ReversedMaterialDocument: '',
  IsAutomaticallyCreated: '',
  ...more,
})
const document = (more: JsonObject = {}, ...items: readonly JsonObject[]): JsonObject => ({
  MaterialDocumentYear: '2026',
  MaterialDocument: '4900000001',
  DocumentDate: '/Date(1768435200000)/',
  PostingDate: '/Date(1768435200000)/',
  CreationDate: '/Date(1768435200000)/',
  CreationTime: 'PT10H00M00S',
  MaterialDocumentHeaderText: 'cycle count',
  ReferenceDocument: 'TRB-7F3A9C21',
  GoodsMovementCode: '',
  to_MaterialDocumentItem: many(...(items.length === 0 ? [item()] : items)),
  ...more,
})
const map = (payload: JsonObject, over: Partial<MappingSettings> = {}) =>
  inventoryMovements.toUnified(payload, { ...settings, ...over }, '2026|4900000001')
const HERE = 'works:location:sloc|1010|101A'
const THERE = 'works:location:sloc|1010|101B'
const moved = (more: JsonObject, header: JsonObject = {}, over: Partial<MappingSettings> = {}) => {
  const { kind, lines } = map(document(header, item(more)), over)
  return [kind, lines[0]?.quantity, lines[0]?.from_location_id, lines[0]?.to_location_id]
}

test('a receipt for an order', () => {
  const received = item({ PurchaseOrder: '4500000001', PurchaseOrderItem: '00010', Supplier: '10300001', Batch: 'B7' })
  expect(map(document({}, received))).toEqual({
    display_name: '4900000001/2026',
    source_url: null,
    organization: null,
    created_at: 1768471200000,
    updated_at: null,
    version: null,
    custom_fields: null,
    movement_number: '4900000001',
    kind: 'RECEIPT',
    status: 'POSTED',
    source_kind: '101',
    document_date: '2026-01-15',
    posting_date: '2026-01-15',
    vendor_id: 'works:vendor:10300001',
    purchase_order_id: 'works:purchase_order:4500000001',
    work_order_id: null,
    reference: 'TRB-7F3A9C21',
    reverses_id: null,
    notes: 'cycle count',
    lines: [
      {
        line_id: 'works:inventory_movement_line:2026|4900000001|1',
        line_number: '1',
        item_id: 'works:item:SEAL-40',
        quantity: '3',
        quantity_counted: null,
        unit: 'H87',
        source_unit: 'PC',
        from_location_id: null,
        to_location_id: HERE,
        purchase_order_line_id: 'works:purchase_order_line:4500000001|10',
        work_order_id: null,
        lot_number: 'B7',
        serial_numbers: null,
        unit_cost: null,
        reason: null,
        custom_fields: null,
      },
    ],
  })
})

describe('kinds and directions', () => {
  test.each([
    ['101', 'RECEIPT', '3', null, HERE],
    ['102', 'RECEIPT', '3', HERE, null],
    ['501', 'RECEIPT', '3', null, HERE],
    ['561', 'RECEIPT', '3', null, HERE],
    ['122', 'VENDOR_RETURN', '3', HERE, null],
    ['123', 'VENDOR_RETURN', '3', null, HERE],
    ['201', 'ISSUE', '3', HERE, null],
    ['261', 'ISSUE', '3', HERE, null],
    ['262', 'ISSUE', '3', null, HERE],
    ['551', 'SCRAP', '3', HERE, null],
    ['701', 'COUNT', '3', null, HERE],
    ['702', 'COUNT', '-3', HERE, null],
    ['708', 'COUNT', '-3', HERE, null],
    ['901', 'UNKNOWN', '3', null, null],
  ])('%s is %s of %s from %s to %s', (GoodsMovementType, ...expected) =>
    expect(moved({ GoodsMovementType })).toEqual(expected),
  )
  test.each([
    ['311', HERE, THERE],
    ['312', THERE, HERE],
    ['313', HERE, THERE],
    ['315', THERE, HERE],
    ['316', HERE, THERE],
  ])('%s is a transfer from %s to %s', (GoodsMovementType, from, to) => {
    const other = { IssuingOrReceivingPlant: '1010', IssuingOrReceivingStorageLoc: '101B' }
    expect(moved({ GoodsMovementType, ...other })).toEqual(['TRANSFER', '3', from, to])
  })
  test('to another plant; within the plant when only a storage location is named', () => {
    expect(moved({ GoodsMovementType: '303', IssuingOrReceivingPlant: '1020' })[3]).toBe('works:location:plant|1020')
    expect(moved({ GoodsMovementType: '311', IssuingOrReceivingStorageLoc: '101B' })[3]).toBe(THERE)
  })
  test('a change of stock type stays where it is', () =>
    expect(moved({ GoodsMovementType: '321' })).toEqual(['TRANSFER', '3', HERE, HERE]))
  test("a customer's own type goes by the code of the document, and stays unknown", () => {
    expect(moved({ GoodsMovementType: '901' }, { GoodsMovementCode: '03' })).toEqual(['UNKNOWN', '3', HERE, null])
    const back = { GoodsMovementType: '902', ReversedMaterialDocument: '4900000000' }
    expect(moved(back, { GoodsMovementCode: '03' })).toEqual(['UNKNOWN', '3', null, HERE])
  })
  test('and can be remapped; an adjustment carries a sign', () => {
    const remaps = { 'inventory_movement.kind': { '901': 'ISSUE', '201': 'ADJUSTMENT', '202': 'ADJUSTMENT' } }
    expect(moved({ GoodsMovementType: '901' }, {}, { remaps })).toEqual(['ISSUE', '3', HERE, null])
    expect(moved({ GoodsMovementType: '201' }, {}, { remaps })).toEqual(['ADJUSTMENT', '-3', HERE, null])
    expect(moved({ GoodsMovementType: '202' }, {}, { remaps })).toEqual(['ADJUSTMENT', '3', null, HERE])
  })
})

describe('lines that SAP adds', () => {
  const across = { GoodsMovementType: '311', IssuingOrReceivingStorageLoc: '101B' }
  test('the other side of a transfer is in the posted line already', () => {
    const mirror = item({ ...across, MaterialDocumentItem: '2', StorageLocation: '101B', IsAutomaticallyCreated: 'X' })
    const { lines, kind } = map(document({}, item(across), mirror))
    expect([kind, lines.map((line) => line.line_number)]).toEqual(['TRANSFER', ['1']])
  })
  test('components of a subcontracted receipt are lines, and do not blur the kind', () => {
    const component = item({ MaterialDocumentItem: '2', GoodsMovementType: '543', IsAutomaticallyCreated: 'X' })
    const { lines, kind, source_kind } = map(document({}, item(), component))
    expect([kind, source_kind, lines.length]).toEqual(['RECEIPT', '101,543', 2])
  })
})

test('different kinds in one document are unknown', () =>
  expect(map(document({}, item(), item({ GoodsMovementType: '201' }))).kind).toBe('UNKNOWN'))

describe('cancellation', () => {
  test('names what it takes back', () => {
    const back = { GoodsMovementType: '102', ReversedMaterialDocument: '4900000000' }
    const year = { ReversedMaterialDocumentYear: '2025' }
    expect(map(document({}, item({ ...back, ...year }))).reverses_id).toBe('works:inventory_movement:2025|4900000000')
    expect(map(document({}, item(back))).reverses_id).toBe('works:inventory_movement:2026|4900000000')
  })
  test('reversed once every line is', () => {
    const canceled = item({ GoodsMovementIsCancelled: true })
    expect([map(document({}, canceled)).status, map(document({}, canceled, item())).status]).toEqual([
      'REVERSED',
      'POSTED',
    ])
  })
})

describe('lines', () => {
  test('what they share stands in the header', () => {
    const to = (ManufacturingOrder: string, Supplier: string) => item({ ManufacturingOrder, Supplier })
    const mapped = map(document({}, to('4000123', 'A'), to('4000123', 'B')))
    expect([mapped.work_order_id, mapped.vendor_id]).toEqual(['works:work_order:4000123', null])
  })
  test('goods without a material are no line', () => {
    const mapped = map(document({}, item({ Material: '', PurchaseOrder: '4500000001' })))
    expect([mapped.lines, mapped.purchase_order_id]).toEqual([[], 'works:purchase_order:4500000001'])
  })
  test('the base quantity where none was entered', () => {
    const bare = { QuantityInEntryUnit: null, EntryUnit: '', QuantityInBaseUnit: '3.500', MaterialBaseUnit: 'KG' }
    const [line] = map(document({}, item(bare))).lines
    expect([line?.quantity, line?.unit]).toEqual(['3.5', 'KGM'])
  })
  test('a reason of zeros is none', () => {
    const reason = (GoodsMovementReasonCode: string) =>
      map(document({}, item({ GoodsMovementReasonCode }))).lines[0]?.reason
    expect([reason('0000'), reason('0012')]).toEqual([null, '0012'])
  })
})

test('created when it was entered, in the zone of the system', () => {
  const zone = { settings: { ...settings.settings, system_time_zone: 'Europe/Berlin' } }
  expect(map(document(), zone).created_at).toBe(Date.parse('2026-01-15T09:00:00Z'))
})

describe('reading', () => {
  const posted = (MaterialDocument: string, on: string, CreationTime: string, more: JsonObject = {}) =>
    document({ MaterialDocument, CreationDate: day(on), CreationTime }, item({ MaterialDocument, ...more }))
  const tables = (more: JsonObject = {}) => ({
    'API_MATERIAL_DOCUMENT_SRV/A_MaterialDocumentHeader': [
      posted('4900000001', '2026-01-10', 'PT10H00M00S', more),
      posted('4900000002', '2026-01-15', 'PT10H00M00S'),
      posted('4900000003', '2026-01-15', 'PT10H00M00S'),
      posted('4900000004', '2026-01-15', 'PT12H00M00S', {
        GoodsMovementType: '102',
        ReversedMaterialDocumentYear: '2026',
        ReversedMaterialDocument: '4900000001',
      }),
    ],
  })
  const ALL = [1, 2, 3, 4].map((at) => `2026|490000000${at}`)

  test('every document once; the same one by one', async () => {
    const reader = reading(inventoryMovements, fakeSession(tables()).session)
    expect(await reader.keys({ ...snapshot, pageSize: 1 })).toEqual(ALL)
    expect(await Promise.all(ALL.map(reader.one))).toEqual(await reader.records(snapshot))
    expect(await reader.one('2026|4999999999')).toBeNull()
  })
  test('a window leaves out what was posted before', async () => {
    const reader = reading(inventoryMovements, fakeSession(tables()).session)
    const window = { ...snapshot, since: Date.parse('2026-01-12T00:00:00Z') }
    expect(await reader.keys(window)).toEqual(ALL.slice(1))
  })
  test('new ones to the second, and with a cancellation what it takes back, as that is now', async () => {
    const { session, asked } = fakeSession(tables({ GoodsMovementIsCancelled: true }))
    const reader = reading(inventoryMovements, session)
    const records = await reader.records(changedSince('2026-01-15T11:00:00Z'))
    expect(records.map(({ key }) => String(key))).toEqual(['2026,4900000004', '2026,4900000001'])
    expect(map(records[1]?.payload ?? {}).status).toBe('REVERSED')
    asked.length = 0
    expect(await reader.keys(changedSince('2026-01-16T11:00:00Z'))).toEqual([])
    expect(asked).toHaveLength(1)
  })
  test('what a cancellation takes back is read once when both are new', async () => {
    const reader = reading(inventoryMovements, fakeSession(tables()).session)
    expect((await reader.keys(changedSince('2026-01-01T00:00:00Z'))).sort()).toEqual(ALL)
  })
  test('a document with a date that is none is reported under its key', async () => {
    const spoiled = [document({ PostingDate: '/Date(1)' }), posted('4900000002', '2026-01-15', 'PT10H00M00S')]
    const { session } = fakeSession({ 'API_MATERIAL_DOCUMENT_SRV/A_MaterialDocumentHeader': spoiled })
    const reader = reading(inventoryMovements, session)
    expect(await reader.keys(snapshot)).toEqual(['2026|4900000002'])
    expect((await reader.undecodable(snapshot)).map(({ key }) => key)).toEqual(['2026|4900000001'])
  })
})
