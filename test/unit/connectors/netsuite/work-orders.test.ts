import { describe, expect, test } from 'vitest'
import { hoursOf } from '../../../../connectors/netsuite/read/tasks.ts'
import { workOrders } from '../../../../connectors/netsuite/read/work-orders.ts'
import { AuthError, type JsonObject } from '../../../../core/index.ts'
import { type Account, fakeSession } from './fake-session.ts'
import { reading } from './payloads.ts'

const stamps = { created: '2026-01-15 09:58:00', lastmodified: '2026-01-15 10:00:00' }
const over = (tables: Account['tables'], config: Account['config'] = {}, unknown: readonly string[] = []) =>
  fakeSession({ tables, config, unknown })
const map = (account: ReturnType<typeof over>) => reading(workOrders, account.session).unified()

describe('manufacturing, the default', () => {
  const order = {
    id: '900',
    tranid: 'WO7',
    status: 'D',
    statusname: 'Work Order : In Process',
    trandate: '2026-01-15',
    startdate: '2026-01-16',
    enddate: '2026-01-17',
    memo: 'for stock',
    assembly: 'PUMP-3',
    subsidiary: '1',
    location: '3',
    ...stamps,
  }
  const component = {
    transaction: '900',
    lineid: '1',
    item: '88',
    memo: 'Seal 40 mm',
    quantity: '-24',
    quantityshiprecv: '12',
    units: '2',
    unitname: 'Box',
  }
  const account = (row: JsonObject = {}) =>
    over({
      'transaction t': [{ ...order, ...row }],
      'transactionline l': [component],
      unitstypeuom: [{ internalid: '2', conversionrate: '12' }],
    })

  test('an order with its components', async () => {
    expect(await map(account())).toMatchObject({
      display_name: 'WO7 PUMP-3',
      order_number: 'WO7',
      title: 'PUMP-3',
      description: 'for stock',
      status: 'IN_PROGRESS',
      source_status: 'D',
      priority: 'UNKNOWN',
      maintenance_type: 'OTHER',
      source_type: 'WorkOrd',
      asset_id: null,
      location_id: 'books:location:3',
      // days of the connection's zone
      scheduled_start_at: Date.parse('2026-01-16T00:00:00+01:00'),
      scheduled_end_at: Date.parse('2026-01-17T23:59:59+01:00'),
      assignee_ids: [],
      tasks: [],
      labor: [],
      parts: [
        {
          line_id: 'books:work_order_part:900|1',
          item_id: 'books:item:88',
          description: 'Seal 40 mm',
          quantity_planned: '2',
          quantity_used: '1',
          unit: 'XBX',
          location_id: 'books:location:3',
        },
      ],
    })
  })
  test.each([
    ['A', null, 'DRAFT'],
    ['WorkOrd:B', null, 'OPEN'],
    ['C', 'Work Order : Cancelled', 'CANCELED'],
    ['G', 'Work Order : Built', 'COMPLETED'],
    ['H', null, 'CLOSED'],
    ['Q', 'Work Order : Anything', 'UNKNOWN'],
  ])('%s "%s" is %s', async (status, statusname, unified) =>
    expect((await map(account({ status, statusname }))).status).toBe(unified),
  )
})

test('tasks', async () => {
  const task = {
    id: '31',
    title: 'Grease the bearing',
    status: 'PROGRESS',
    priority: 'HIGH',
    message: 'both sides',
    assigned: '40',
    owner: '41',
    duedate: '2026-07-01',
    estimatedtime: '1:30',
    ...stamps,
  }
  expect(await map(over({ task: [task] }, { work_order_source: 'task' }))).toMatchObject({
    display_name: '31 Grease the bearing',
    title: 'Grease the bearing',
    status: 'IN_PROGRESS',
    source_status: 'PROGRESS',
    priority: 'HIGH',
    source_priority: 'HIGH',
    assignee_id: 'books:user:40',
    assignee_ids: ['books:user:40'],
    requester_id: 'books:user:41',
    due_at: Date.parse('2026-07-01T23:59:59+02:00'),
    estimated_hours: '1.5',
  })
})

test('support cases', async () => {
  const row = {
    id: '5',
    casenumber: 'C-5',
    title: 'Pump leaks',
    status: '2',
    statusname: 'In Bearbeitung',
    priority: '1',
    priorityname: 'High',
    category: 'Repair',
    assigned: '40',
    started: '2026-01-15 08:00:00',
    ...stamps,
  }
  expect(await map(over({ supportcase: [row] }, { work_order_source: 'support_case' }))).toMatchObject({
    order_number: 'C-5',
    title: 'Pump leaks',
    status: 'IN_PROGRESS',
    source_status: 'In Bearbeitung',
    priority: 'HIGH',
    source_type: 'Repair',
    assignee_id: 'books:user:40',
    started_at: Date.parse('2026-01-15T08:00:00Z'),
    completed_at: null,
  })
})

describe('a custom record', () => {
  const config = {
    work_order_source: 'custom_record:customrecord_order',
    work_order_fields: [
      'title=custrecord_subject',
      'status=custrecord_state',
      'asset_id=custrecord_asset',
      'due_at=custrecord_due',
      'started_at=custrecord_begun:datetime',
      'actual_hours=custrecord_hours',
    ],
  }
  const row = {
    id: '8',
    title: 'Replace the seal',
    status: 'Waiting',
    asset_id: '77',
    due_at: '2026-02-01',
    started_at: '2026-01-15 08:30:00',
    actual_hours: '.25',
    isinactive: 'F',
    ...stamps,
  }
  const account = (more: JsonObject = {}, unknown: readonly string[] = []) =>
    over({ customrecord_order: [{ ...row, ...more }] }, config, unknown)

  test('by the pairs of the connection', async () => {
    expect(await map(account())).toMatchObject({
      display_name: '8 Replace the seal',
      order_number: '8',
      title: 'Replace the seal',
      status: 'ON_HOLD',
      source_status: 'Waiting',
      priority: 'UNKNOWN',
      asset_id: 'books:asset:77',
      due_at: Date.parse('2026-02-01T23:59:59+01:00'),
      started_at: Date.parse('2026-01-15T08:30:00Z'),
      actual_hours: '0.25',
      updated_at: Date.parse('2026-01-15T10:00:00Z'),
    })
  })
  test('that is inactive is canceled, unless it is done', async () => {
    expect((await map(account({ isinactive: 'T' }))).status).toBe('CANCELED')
    expect((await map(account({ isinactive: 'T', status: 'Completed' }))).status).toBe('COMPLETED')
  })
  test('is read by its stamp whatever it is called', async () => {
    const { session, from } = account({}, ['lastmodified'])
    expect(await reading(workOrders, session).records()).toHaveLength(1)
    expect(from('customrecord_order').at(-1)?.q).toContain('r.lastmodifieddate')
  })
  test('with pairs that cannot be stops the stream and names them all', async () => {
    const wrong = { ...config, work_order_fields: ['colour=custrecord_c', 'status', 'due_at=custrecord_d:soon'] }
    const failure = await reading(workOrders, over({}, wrong).session)
      .records()
      .catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(AuthError)
    expect(failure).toMatchObject({ streamOnly: true })
    expect(String(failure)).toMatch(/work_order_fields.*"colour".*"status".*"soon"/)
  })
})

test('none are read where the connection has none', async () => {
  const orders = reading(workOrders, over({}, { work_order_source: 'none' }).session)
  expect(await orders.pages()).toEqual([])
  expect(await orders.listed()).toEqual([])
  expect(await orders.one('1')).toBeNull()
})

test('a source that is none stops the stream with the choice there is', async () => {
  const orders = reading(workOrders, over({}, { work_order_source: 'tickets' }).session)
  await expect(orders.records()).rejects.toThrow(
    'work_order_source: "tickets" is none of manufacturing, task, support_case, custom_record:<id>, none',
  )
})

test.each([
  ['7:30', '7.5'],
  ['0:20', '0.333333333'],
  ['2.50', '2.5'],
  ['about two', null],
  [null, null],
])('time "%s" is %s hours', (given, hours) => expect(hoursOf(given)).toBe(hours))
