import { describe, expect, test } from 'vitest'
import { assets } from '../../../../connectors/sap-s4hana/read/assets.ts'
import { CorruptCursorError, type JsonObject, type MappingSettings } from '../../../../core/index.ts'
import { fakeSession } from './fake-session.ts'
import { changedSince, day, instant, many, reading, settings, snapshot } from './payloads.ts'

const equipment = (more: JsonObject = {}): JsonObject => ({
  Equipment: '10000045',
  ValidityEndDate: '/Date(253402214400000)/',
  ValidityStartDate: '/Date(1735689600000)/',
  EquipmentName: 'Pump 3',
  EquipmentCategory: 'M',
  TechnicalObjectType: '',
  AssetManufacturerName: 'Acme',
  ManufacturerPartTypeName: 'P-3000',
  ManufacturerSerialNumber: 'SN-77',
  MaintenancePlant: '1010',
  FunctionalLocation: '1010-PUMPS',
  SuperordinateEquipment: '',
  EquipmentIsMarkedForDeletion: false,
  EquipmentIsInactive: false,
  LastChangeDateTime: '/Date(1768471200000+0000)/',
  ...more,
})
const place = (more: JsonObject = {}): JsonObject => ({
  FunctionalLocation: '1010-PUMPS',
  FunctionalLocationLabelName: '1010-PUMPS',
  FunctionalLocationName: 'Pump house',
  FuncLocationStructure: 'YBFL',
  SuperiorFunctionalLocation: '1010',
  MaintenancePlant: '1010',
  FuncnlLocIsMarkedForDeletion: false,
  FuncnlLocIsDeleted: false,
  FuncnlLocIsDeactivated: false,
  LastChangeDateTime: '/Date(1768471200000+0000)/',
  ...more,
})
const machine = (more: JsonObject = {}, over: Partial<MappingSettings> = {}) =>
  assets.toUnified(equipment(more), { ...settings, ...over }, 'equip|10000045')
const site = (more: JsonObject = {}, over: Partial<MappingSettings> = {}) =>
  assets.toUnified(place(more), { ...settings, ...over }, 'floc|1010-PUMPS')

test("the reference's equipment", () => {
  expect(machine()).toEqual({
    display_name: '10000045 Pump 3',
    source_url: 'https://s4.example/sap/bc/ui2/flp?sap-client=100#Equipment-displayFactSheet?Equipment=10000045',
    organization: null,
    created_at: null,
    updated_at: 1768471200000,
    version: null,
    custom_fields: null,
    asset_number: '10000045',
    name: 'Pump 3',
    description: null,
    kind: 'EQUIPMENT',
    asset_type: null,
    criticality: null,
    status: 'OPERATIONAL',
    source_status: null,
    parent_id: 'works:asset:floc|1010-PUMPS',
    location_id: 'works:location:plant|1010',
    manufacturer: 'Acme',
    model: 'P-3000',
    serial_number: 'SN-77',
    tag: null,
    vendor_id: null,
    item_id: null,
    acquired_date: null,
    commissioned_date: null,
    warranty_end_date: null,
    acquisition_cost: null,
    currency: null,
    cost_center: null,
    is_active: true,
  })
})

test("the reference's functional location", () => {
  const mapped = site()
  expect([mapped.display_name, mapped.kind, mapped.asset_number, mapped.parent_id, mapped.is_active]).toEqual([
    '1010-PUMPS Pump house',
    'FUNCTIONAL_LOCATION',
    '1010-PUMPS',
    'works:asset:floc|1010',
    true,
  ])
})

test('the superordinate equipment is nearer than the place', () =>
  expect(machine({ SuperordinateEquipment: '10000001' }).parent_id).toBe('works:asset:equip|10000001'))

test('the topmost place has no parent', () => expect(site({ SuperiorFunctionalLocation: '' }).parent_id).toBeNull())

test('a place with an internal key goes by its label', () => {
  const internal = { FunctionalLocation: '?0100000000000000042', FunctionalLocationLabelName: '1010-PUMPS-03' }
  expect(site(internal).asset_number).toBe('1010-PUMPS-03')
})

describe('out of use', () => {
  const seen = ({ status, source_status, is_active }: ReturnType<typeof site>) => [status, source_status, is_active]
  test.each(['EquipmentIsMarkedForDeletion', 'EquipmentIsInactive'])('%s', (name) =>
    expect(seen(machine({ [name]: true }))).toEqual(['INACTIVE', name, false]),
  )
  test.each(['FuncnlLocIsDeleted', 'FuncnlLocIsMarkedForDeletion', 'FuncnlLocIsDeactivated'])('%s', (name) =>
    expect(seen(site({ [name]: true }))).toEqual(['INACTIVE', name, false]),
  )
  test('the connection may say more about a flag', () => {
    const remaps = { 'asset.status': { EquipmentIsInactive: 'DISPOSED' } }
    expect(machine({ EquipmentIsInactive: true }, { remaps }).status).toBe('DISPOSED')
  })
  test('a place that is not active; one only created is in use', () => {
    const active = (FunctionalLocationIsActive: boolean, FunctionalLocationIsCreated: boolean) =>
      seen(site({ FunctionalLocationIsActive, FunctionalLocationIsCreated }))
    expect([active(true, false), active(false, true), active(false, false)]).toEqual([
      ['OPERATIONAL', null, true],
      ['OPERATIONAL', null, true],
      ['INACTIVE', 'not FunctionalLocationIsActive', false],
    ])
  })
})

test('value, dates, type, cost center', () => {
  const mapped = machine({
    AcquisitionValue: '12500.500',
    Currency: 'EUR',
    AcquisitionDate: day('2020-03-01'),
    OperationStartDate: day('2020-04-01'),
    TechnicalObjectType: 'PUMP',
    ABCIndicator: 'A',
    CostCenter: '10101301',
    Material: 'PUMP-3000',
    TechnicalObjectSortCode: 'P-003',
    CompanyCode: '1010',
    CreationDate: day('2020-02-01'),
  })
  expect(mapped).toMatchObject({
    acquisition_cost: '12500.5',
    currency: 'EUR',
    acquired_date: '2020-03-01',
    commissioned_date: '2020-04-01',
    asset_type: 'PUMP',
    criticality: 'A',
    cost_center: '10101301',
    item_id: 'works:item:PUMP-3000',
    tag: 'P-003',
    organization: '1010',
    created_at: Date.parse('2020-02-01T00:00:00Z'),
  })
})

test('long text, the last warranty, the vendor', () => {
  const mapped = machine({
    to_LongText: { EquipmentLongText: 'Feeds the boiler' },
    to_Warranty: many(
      { WarrantyEndDate: day('2026-03-01') },
      { WarrantyEndDate: day('2027-03-01') },
      { WarrantyEndDate: null },
    ),
    to_Partner: many({ PartnerFunction: 'AG', Partner: '17100001' }, { PartnerFunction: 'VN', Partner: '10300001' }),
  })
  expect([mapped.description, mapped.warranty_end_date, mapped.vendor_id]).toEqual([
    'Feeds the boiler',
    '2027-03-01',
    'works:vendor:10300001',
  ])
  expect(site({ to_LongText: many({ FuncnlLocLongText: 'Hall 3' }) }).description).toBe('Hall 3')
  expect(site({ to_LongText: { __deferred: { uri: 'https://s4.example/x' } } }).description).toBeNull()
})

test('without a name it is called by its number', () => expect(machine({ EquipmentName: '' }).name).toBe('10000045'))

describe('reading', () => {
  const past = { ValidityEndDate: day('2025-06-30'), EquipmentName: 'Pump 3, before' }
  const later = { LastChangeDateTime: instant('2026-01-16T10:00:00Z') }
  const tables = {
    'API_EQUIPMENT/Equipment': [equipment(past), equipment(), equipment({ Equipment: '10000046', ...later })],
    'API_FUNCTIONALLOCATION/FunctionalLocation': [place(), place({ FunctionalLocation: '1010', ...later })],
  }
  const ALL = ['equip|10000045', 'equip|10000046', 'floc|1010', 'floc|1010-PUMPS']

  test('equipment as it is at present, then places', async () => {
    const reader = reading(assets, fakeSession(tables).session)
    expect([await reader.keys(snapshot), await reader.listed()]).toEqual([ALL, ALL])
    const records = await reader.records(snapshot)
    expect(records[0]?.payload['EquipmentName']).toBe('Pump 3')
    expect(await Promise.all(ALL.map(reader.one))).toEqual(records)
    expect([await reader.one('equip|1'), await reader.one('other|1')]).toEqual([null, null])
  })
  test('from any page on, the rest', async () => {
    const reader = reading(assets, fakeSession(tables).session)
    const range = { ...snapshot, pageSize: 1 }
    for (const [at, { cursor }] of (await reader.pages(range)).entries())
      expect(await reader.keys({ ...range, cursor: JSON.parse(JSON.stringify(cursor)) })).toEqual(ALL.slice(at + 1))
    await expect(reader.keys({ ...range, cursor: { room: {} } })).rejects.toThrow(CorruptCursorError)
  })
  test('what changed since, of both; a poll of nothing is a request for each', async () => {
    const { session, asked } = fakeSession(tables)
    const reader = reading(assets, session)
    expect(await reader.keys(changedSince('2026-01-16T00:00:00Z'))).toEqual(['equip|10000046', 'floc|1010'])
    asked.length = 0
    expect(await reader.keys(changedSince('2026-02-01T00:00:00Z'))).toEqual([])
    expect(asked).toHaveLength(2)
  })
  test('an asset with a date that is none is reported under its key', async () => {
    const spoiled = { ...tables, 'API_EQUIPMENT/Equipment': [equipment({ AcquisitionDate: 'yesterday' })] }
    const reader = reading(assets, fakeSession(spoiled).session)
    expect([await reader.keys(snapshot), (await reader.undecodable(snapshot)).map(({ key }) => key)]).toEqual([
      ALL.slice(2),
      ['equip|10000045'],
    ])
  })
})
