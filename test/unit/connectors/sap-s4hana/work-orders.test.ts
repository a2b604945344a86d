import { describe, expect, test } from 'vitest'
import { workOrders } from '../../../../connectors/sap-s4hana/read/work-orders.ts'
import type { JsonObject, MappingSettings } from '../../../../core/index.ts'
import { fakeSession } from './fake-session.ts'
import { changedSince, instant, many, reading, settings, snapshot } from './payloads.ts'

const operation = (more: JsonObject = {}): JsonObject => ({
  MaintenanceOrder: '4000123',
  MaintenanceOrderOperation: '0010',
  MaintenanceOrderSubOperation: '',
  OperationControlKey: 'YBM1',
  WorkCenter: 'RES-0100',
  Plant: '1010',
  OperationDescription: 'Swap seal',
  MaintOrdOperationWorkDuration: '2.0',
  MaintOrdOpWorkDurationUnit: 'H',
  NumberOfCapacities: 1,
  IsMarkedForDeletion: false,
  ...more,
})
const component = (more: JsonObject = {}): JsonObject => ({
  MaintenanceOrder: '4000123',
  MaintenanceOrderOperation: '0010',
  MaintenanceOrderSubOperation: '',
  MaintOrderComponentInternalID: 'OR000004000123',
  MaintenanceOrderComponent: '0010',
  Product: 'SEAL-40',
  MaintOrdOperationComponentText: 'Seal 40 mm',
  MaintOrdOpCompRequiredQuantity: '2',
  QuantityWithdrawnInBaseUnit: '1.000',
  BaseUnit: 'PC',
  Plant: '1010',
  StorageLocation: '101A',
  MaintOrderOpComponentPrice: '95.00',
  MaintOrdOpCompPriceUnitQty: '10',
  IsDeleted: false,
  ...more,
})
const order = (more: JsonObject = {}, ...operations: readonly JsonObject[]): JsonObject => ({
  __metadata: { etag: `W/"datetimeoffset'2026-01-15T10%3A00%3A00Z'"` },
  MaintenanceOrder: '4000123',
  MaintenanceOrderType: 'YA01',
  MaintenanceOrderDesc: 'Replace seal pump 3',
  MaintOrdBasicStartDateTime: '/Date(1768723200000+0000)/',
  MaintOrdBasicEndDateTime: '/Date(1768752000000+0000)/',
  MaintenancePlanningPlant: '1010',
  MaintenancePlant: '1010',
  MainWorkCenter: 'RES-0100',
  MainWorkCenterPlant: '1010',
  Equipment: '10000045',
  FunctionalLocation: '',
  MaintPriority: '2',
  MaintenanceNotification: '',
  MaintOrdProcessPhaseCode: '03',
  MaintOrdProcessSubPhaseCode: '0001',
  SystemStatusText: 'REL  MANC PRC  SETC',
  UserStatusText: '',
  CompanyCode: '1010',
  MaintOrderCreationDateTime: '/Date(1768400000000+0000)/',
  LastChangeDateTime: '/Date(1768471200000+0000)/',
  to_MaintenanceOrderOperation: many(...(operations.length === 0 ? [operation()] : operations)),
  ...more,
})
const map = (payload: JsonObject, over: Partial<MappingSettings> = {}) =>
  workOrders.toUnified(payload, { ...settings, ...over }, '4000123')
const status = (line: string, more: JsonObject = {}, over: Partial<MappingSettings> = {}) =>
  map(order({ SystemStatusText: line, ...more }), over).status

test("the reference's order", () => {
  const { tasks, parts, ...header } = map(order())
  expect(header).toEqual({
    display_name: '4000123 Replace seal pump 3',
    source_url:
      'https://s4.example/sap/bc/ui2/flp?sap-client=100#MaintenanceOrder-displayFactSheet?MaintenanceOrder=4000123',
    organization: '1010',
    created_at: 1768400000000,
    updated_at: 1768471200000,
    version: `etag:W/"datetimeoffset'2026-01-15T10%3A00%3A00Z'"`,
    custom_fields: null,
    order_number: '4000123',
    title: 'Replace seal pump 3',
    description: null,
    status: 'OPEN',
    source_status: 'REL  MANC PRC  SETC',
    priority: 'HIGH',
    source_priority: '2',
    maintenance_type: 'CORRECTIVE',
    source_type: 'YA01',
    asset_id: 'works:asset:equip|10000045',
    location_id: 'works:location:plant|1010',
    parent_id: null,
    requester_id: null,
    assignee_id: null,
    assignee_ids: [],
    team: 'RES-0100',
    vendor_id: null,
    scheduled_start_at: 1768723200000,
    scheduled_end_at: 1768752000000,
    due_at: null,
    started_at: null,
    completed_at: null,
    estimated_hours: '2',
    actual_hours: null,
    actual_cost: null,
    currency: null,
    labor: [],
  })
  expect(parts).toEqual([])
  expect(tasks).toEqual([
    {
      task_id: 'works:work_order_task:4000123|0010|',
      task_number: '0010',
      description: 'Swap seal',
      status: 'UNKNOWN',
      source_status: null,
      assignee_id: null,
      team: 'RES-0100',
      vendor_id: null,
      estimated_hours: '2',
      actual_hours: null,
      scheduled_start_at: null,
      scheduled_end_at: null,
      custom_fields: null,
    },
  ])
})

describe('status', () => {
  test.each([
    ['CRTD MANC', 'DRAFT'],
    ['REL  MANC PRC  SETC', 'OPEN'],
    ['REL  PCNF PRC', 'IN_PROGRESS'],
    ['REL  PCNF LKD', 'ON_HOLD'],
    ['REL  CNF  PRC', 'COMPLETED'],
    ['TECO CNF  PRC  SETC', 'COMPLETED'],
    ['CLSD CNF', 'CLOSED'],
    ['CRTD DLFL MANC', 'CANCELED'],
    ['TECO NCMP', 'CANCELED'],
  ])('%s is %s, whatever the phase says', (line, expected) =>
    expect([status(line), status(line, { MaintOrdProcessPhaseCode: '' })]).toEqual([expected, expected]),
  )
  test('a created order in the approval phase waits for approval', () => {
    expect(status('CRTD MANC', { MaintOrdProcessPhaseCode: '04' })).toBe('PENDING_APPROVAL')
    expect(status('REL  MANC', { MaintOrdProcessPhaseCode: '04' })).toBe('OPEN')
  })
  test('main work completed is completed', () =>
    expect(status('REL', { MainWorkCompletedDateTime: instant('2026-01-16T12:00:00Z') })).toBe('COMPLETED'))
  test('a line in another language leaves it to the phase', () => {
    expect(status('EROF KKMP', { MaintOrdProcessPhaseCode: '04' })).toBe('PENDING_APPROVAL')
    expect(status('FREI KKMP', { MaintOrdProcessPhaseCode: '07' })).toBe('IN_PROGRESS')
  })
  test('what nobody knows is unknown, and shown', () => {
    const strange = map(order({ SystemStatusText: 'FREI XYZ', MaintOrdProcessPhaseCode: '77' }))
    expect([strange.status, strange.source_status]).toEqual(['UNKNOWN', 'FREI XYZ'])
    expect(map(order({ SystemStatusText: '', MaintOrdProcessPhaseCode: '77' })).source_status).toBe('77')
  })
  test('codes and phases can be remapped', () => {
    const remaps = { 'work_order.status': { FREI: 'OPEN', '77': 'ON_HOLD' } }
    expect(status('FREI', {}, { remaps })).toBe('OPEN')
    expect(status('XYZ', { MaintOrdProcessPhaseCode: '77' }, { remaps })).toBe('ON_HOLD')
  })
  test('a code is a whole word', () => expect(status('RELX', { MaintOrdProcessPhaseCode: '' })).toBe('UNKNOWN'))
  test('operations have their own', () => {
    const tasks = map(
      order(
        {},
        operation({ SystemStatusText: 'CNF  REL' }),
        operation({ MaintenanceOrderOperation: '0020', SystemStatusText: 'REL', IsMarkedForDeletion: true }),
      ),
    ).tasks
    expect(tasks.map((task) => [task.status, task.source_status])).toEqual([
      ['COMPLETED', 'CNF  REL'],
      ['CANCELED', 'REL'],
    ])
  })
})

describe('completion', () => {
  const reference = { MaintOrderReferenceDateTime: instant('2026-01-17T08:00:00Z') }
  const completed = (line: string, more: JsonObject = {}) =>
    map(order({ SystemStatusText: line, ...reference, ...more })).completed_at
  test('the main work, else the reference time once technically completed', () => {
    const mainWork = { MainWorkCompletedDateTime: instant('2026-01-16T12:00:00Z') }
    expect(completed('REL', mainWork)).toBe(Date.parse('2026-01-16T12:00:00Z'))
    expect(completed('TECO CNF')).toBe(Date.parse('2026-01-17T08:00:00Z'))
    expect(completed('FREI', { MaintOrdProcessPhaseCode: '08' })).toBe(Date.parse('2026-01-17T08:00:00Z'))
  })
  test('the reference time of an order that is not completed says nothing', () =>
    expect([completed('REL'), completed('REL CNF')]).toEqual([null, null]))
})

test('priorities', () => {
  const priority = (MaintPriority: string) => map(order({ MaintPriority })).priority
  expect(['1', '2', '3', '4', '', 'A'].map(priority)).toEqual(['URGENT', 'HIGH', 'MEDIUM', 'LOW', 'NONE', 'UNKNOWN'])
})

test('types are the map of the connection; an order of a maintenance plan is preventive', () => {
  const type = (MaintenanceOrderType: string, more: JsonObject = {}, over: Partial<MappingSettings> = {}) =>
    map(order({ MaintenanceOrderType, ...more }), over).maintenance_type
  const remaps = { 'work_order.maintenance_type': { ZINS: 'INSPECTION', YA02: 'IMPROVEMENT' } }
  expect(type('ZINS')).toBe('UNKNOWN')
  expect(type('ZINS', { MaintenancePlan: '77' })).toBe('PREVENTIVE')
  expect(type('ZINS', { MaintenancePlan: '77' }, { remaps })).toBe('INSPECTION')
  expect([type('YA02'), type('YA02', {}, { remaps })]).toEqual(['PREVENTIVE', 'IMPROVEMENT'])
})

describe('who and where', () => {
  test('the functional location when there is no equipment', () =>
    expect(map(order({ Equipment: '', FunctionalLocation: '1010-PUMPS' })).asset_id).toBe(
      'works:asset:floc|1010-PUMPS',
    ))
  test('a number of zeros is nobody', () => {
    const people = (number: string) => map(order({ MaintOrdPersonResponsible: number })).assignee_ids
    expect([people('00000000'), people('9980000012')]).toEqual([[], ['works:user:9980000012']])
  })
  test('due at the end of the day, where the system is', () => {
    const zone = { settings: { ...settings.settings, system_time_zone: 'Europe/Berlin' } }
    expect(map(order({ LatestAcceptableCompletionDate: '/Date(1768435200000)/' }), zone).due_at).toBe(
      Date.parse('2026-01-15T22:59:59Z'),
    )
  })
})

describe('hours', () => {
  const hours = (...operations: readonly JsonObject[]) => {
    const mapped = map(order({}, ...operations.map(operation)))
    return [mapped.estimated_hours, mapped.actual_hours]
  }
  test('in hours, whatever the unit', () =>
    expect(
      hours(
        { MaintOrdOperationWorkDuration: '90', MaintOrdOpWorkDurationUnit: 'MIN', ActualWorkQuantity: '45.000' },
        { MaintOrdOperationWorkDuration: '1.5', MaintOrdOpWorkDurationUnit: 'STD', ActualWorkQuantity: '0' },
      ),
    ).toEqual(['3', '0.75']))
  test('a unit that is none of time leaves the sum open', () =>
    expect(hours({}, { MaintOrdOpWorkDurationUnit: 'PC' })).toEqual([null, null]))
  test('no work needs no unit', () =>
    expect(hours({}, { MaintOrdOperationWorkDuration: '0.0', MaintOrdOpWorkDurationUnit: '' })[0]).toBe('2'))
  test('deleted operations are not planned', () => expect(hours({}, { IsMarkedForDeletion: true })[0]).toBe('2'))
  test('work began with the first operation that did', () => {
    const started = (iso: string | null) =>
      operation({ OpActualExecutionStartDateTime: iso === null ? null : instant(iso) })
    const mapped = map(order({}, started('2026-01-16T09:00:00Z'), started('2026-01-16T07:00:00Z'), started(null)))
    expect(mapped.started_at).toBe(Date.parse('2026-01-16T07:00:00Z'))
  })
})

describe('operations and components', () => {
  test('in the order of their numbers; suboperations behind theirs', () => {
    const numbers = [
      ['0020', ''],
      ['0010', '0010'],
      ['0010', ''],
    ]
    const operations = numbers.map(([MaintenanceOrderOperation = '', MaintenanceOrderSubOperation = '']) =>
      operation({ MaintenanceOrderOperation, MaintenanceOrderSubOperation }),
    )
    const { tasks } = map(order({}, ...operations))
    expect(tasks.map(({ task_number, task_id }) => [task_number, task_id])).toEqual([
      ['0010', 'works:work_order_task:4000123|0010|'],
      ['0010/0010', 'works:work_order_task:4000123|0010|0010'],
      ['0020', 'works:work_order_task:4000123|0020|'],
    ])
  })
  test('a component with what was taken, at the price of one', () => {
    const { parts } = map(order({}, operation({ to_MaintOrderOpComponent_2: many(component()) })))
    expect(parts).toEqual([
      {
        line_id: 'works:work_order_part:4000123|0010||OR000004000123',
        task_id: 'works:work_order_task:4000123|0010|',
        item_id: 'works:item:SEAL-40',
        description: 'Seal 40 mm',
        quantity_planned: '2',
        quantity_used: '1',
        unit: 'H87',
        source_unit: 'PC',
        unit_cost: '9.5',
        location_id: 'works:location:sloc|1010|101A',
        custom_fields: null,
      },
    ])
  })
  test('text items have no item; deleted components are gone', () => {
    const components = many(
      component({ IsDeleted: true }),
      component({ Product: '', MaintenanceOrderComponent: '0020' }),
    )
    const { parts } = map(order({}, operation({ to_MaintOrderOpComponent_2: components })))
    expect(parts.map((part) => part.item_id)).toEqual([null])
  })
})

test('the long text in the language of the connection', () => {
  const long = (Language: string, MaintenanceOrderLongText: string) => ({ Language, MaintenanceOrderLongText })
  const texts = many(long('DE', 'Dichtung tauschen'), long('EN', 'Change the seal'))
  expect(map(order({ to_MaintenanceOrderLongText: texts })).description).toBe('Change the seal')
  expect(map(order({ to_MaintenanceOrderLongText: texts }), { language: 'de-CH' }).description).toBe(
    'Dichtung tauschen',
  )
})

test('an order without a description is called by its number', () =>
  expect(map(order({ MaintenanceOrderDesc: '' })).title).toBe('4000123'))

describe('reading', () => {
  const SET = 'API_MAINTENANCEORDER;v=0002/MaintenanceOrder'
  const tables = {
    [SET]: [
      order({ MaintenanceOrder: '4000001' }),
      order({ MaintenanceOrder: '4000002', LastChangeDateTime: null }),
      order({ MaintenanceOrder: '4000003', LastChangeDateTime: instant('2026-01-16T10:00:00Z') }),
    ],
  }

  test('in English, for the codes of the status line', async () => {
    const { session, asked } = fakeSession(tables, { language: 'DE' })
    const reader = reading(workOrders, session)
    const [first] = await reader.records(snapshot)
    expect(await reader.one('4000001')).toEqual(first)
    expect(asked.map(({ query }) => query['sap-language'])).toEqual(['EN', 'EN'])
    expect(await reader.listed()).toEqual(['4000001', '4000002', '4000003'])
  })
  test('an order that was never changed is as old as its creation', async () => {
    const reader = reading(workOrders, fakeSession(tables).session)
    const created = (await reader.records(snapshot))[1]
    expect([created?.version, created?.modifiedAt]).toEqual([1768400000000, 1768400000000])
    expect(await reader.keys(changedSince('2026-01-14T14:00:00Z'))).toEqual(['4000001', '4000002', '4000003'])
    expect(await reader.keys(changedSince('2026-01-16T00:00:00Z'))).toEqual(['4000003'])
  })
  test('an order with a date that is none is reported, and the others are read', async () => {
    const spoiled = [
      order({ MaintenanceOrder: '1' }, operation({ OpActualExecutionStartDateTime: '/Date(99999999999999999)/' })),
      order({ MaintenanceOrder: '2' }),
    ]
    const reader = reading(workOrders, fakeSession({ [SET]: spoiled }).session)
    expect([await reader.keys(snapshot), (await reader.undecodable(snapshot)).map(({ key }) => key)]).toEqual([
      ['2'],
      ['1'],
    ])
  })
})
