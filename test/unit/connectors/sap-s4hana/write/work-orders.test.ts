import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { workOrders } from '../../../../../connectors/sap-s4hana/read/work-orders.ts'
import { createWorkOrder } from '../../../../../connectors/sap-s4hana/write/work-order-create.ts'
import { deleteWorkOrder, setWorkOrderStatus } from '../../../../../connectors/sap-s4hana/write/work-order-status.ts'
import { updateWorkOrder } from '../../../../../connectors/sap-s4hana/write/work-order-update.ts'
import { ConflictError } from '../../../../../core/index.ts'
import { failureOf, openSap, type Sap } from './driver.ts'

const ORDER = 'API_MAINTENANCEORDER'
const START = Date.UTC(2026, 11, 1, 8)

let sap: Sap
let equipment: string
let material: string
/** ETags of orders have whole seconds: a test that means another version lets one pass. */
let ahead = 0

beforeAll(async () => {
  sap = await openSap({ now: () => Date.now() + ahead })
  equipment = String(
    sap
      .rows('API_EQUIPMENT', 'Equipment', { MaintenancePlant: '1010' })
      .find((row) => row['EquipmentIsMarkedForDeletion'] !== true)?.['Equipment'],
  )
  material = String(sap.rows('API_MATERIAL_STOCK_SRV', 'A_MatlStkInAcctMod', { Plant: '1010' })[0]?.['Material'])
})
afterEach(() => {
  Object.assign(sap.sandbox.switches, { cutAfter: 0, cutBefore: 0, emptyNestedOnCreate: false })
  sap.sandbox.switches.silentNoOpFields.clear()
  sap.sandbox.switches.locks.clear()
})
afterAll(() => sap.close())

const payload = (over: object = {}) => ({
  title: 'Replace seal of pump 3',
  description: 'Drain first.\nThen swap.',
  priority: 'HIGH',
  maintenance_type: 'CORRECTIVE',
  asset_id: sap.id('asset', 'equip', equipment),
  location_id: sap.id('location', 'plant', '1010'),
  scheduled_start_at: START,
  scheduled_end_at: START + 8 * 3_600_000,
  due_at: Date.UTC(2026, 11, 5, 12),
  clear_fields: [],
  tasks: [
    { line_ref: 't1', description: 'Drain', estimated_hours: '1.5', clear_fields: [] },
    { line_ref: 't2', description: 'Swap seal', estimated_hours: '2', clear_fields: [] },
  ],
  parts: [
    { line_ref: 'p1', item_id: sap.id('item', material), task_id: 't2', quantity_planned: '2', clear_fields: [] },
  ],
  ...over,
})

async function unified(target: string) {
  const record = await workOrders.readOne(sap.session, target, sap.signal)
  if (record === null) throw new Error(`no order ${target}`)
  return workOrders.toUnified(record.payload, sap.mapping, target)
}

const made = async (over: object = {}) => (await sap.run(createWorkOrder, { payload: payload(over) })).target

describe('a work order', () => {
  test('is created with tasks and parts, and reads back as it was sent', async () => {
    const outcome = await sap.run(createWorkOrder, { payload: payload() })
    expect(outcome.partial).toBeUndefined()
    expect(outcome.lines?.map(({ lineRef }) => lineRef)).toEqual(['t1', 't2', 'p1'])
    const order = await unified(outcome.target)
    expect(order).toMatchObject({
      title: 'Replace seal of pump 3',
      description: 'Drain first.\nThen swap.',
      priority: 'HIGH',
      maintenance_type: 'CORRECTIVE',
      asset_id: sap.id('asset', 'equip', equipment),
      scheduled_start_at: START,
      status: 'DRAFT',
      estimated_hours: '3.5',
    })
    expect(new Date(order.due_at ?? 0).toISOString().slice(0, 10)).toBe('2026-12-05')
    expect(order.tasks.map(({ description }) => description)).toEqual(['Drain', 'Swap seal'])
    expect(order.parts).toMatchObject([{ item_id: sap.id('item', material), quantity_planned: '2' }])
    expect(outcome.lines?.[2]?.lineKey).toBe(order.parts[0]?.line_id.split(':').at(-1))
  })

  const toBeReleased = (title: string) => ({
    id: `order-${title}`,
    payload: payload({ title, status: 'OPEN' }),
    steps: [] as { name: string; outcome: 'APPLIED'; sourceId: string | null }[],
  })
  const ordersOf = (title: string) => sap.rows(ORDER, 'MaintenanceOrder', { MaintenanceOrderDesc: title })

  test('cut off before SAP released it is taken on where it was left, and made once', async () => {
    const command = toBeReleased('Pump 1')
    Object.assign(sap.sandbox.switches, { cutBefore: 2 })
    await failureOf(sap.run(createWorkOrder, command))
    expect(command.steps).toMatchObject([{ name: 'create' }])
    const found = await sap.find(createWorkOrder, command)
    expect(found).toMatchObject({ unfinished: true, steps: [{ name: 'create', outcome: 'APPLIED' }] })
    const { target, partial } = await sap.run(createWorkOrder, command)
    expect(partial).toBeUndefined()
    expect((await unified(target)).status).toBe('OPEN')
    expect(ordersOf('Pump 1')).toHaveLength(1)
  })

  test('cut off after SAP released it is found as a whole', async () => {
    const command = toBeReleased('Pump 2')
    Object.assign(sap.sandbox.switches, { cutAfter: 2 })
    await failureOf(sap.run(createWorkOrder, command))
    const found = await sap.find(createWorkOrder, command)
    expect(found).toMatchObject({ replay: true })
    expect(found).not.toHaveProperty('unfinished')
    expect(ordersOf('Pump 2')).toHaveLength(1)
  })

  test('is released when it is to be OPEN from the start', async () => {
    const outcome = await sap.run(createWorkOrder, { payload: payload({ status: 'OPEN' }) })
    expect(outcome.partial).toBeUndefined()
    expect(outcome.steps).toMatchObject([{ name: 'create' }, { name: 'release', outcome: 'APPLIED' }])
    expect((await unified(outcome.target)).status).toBe('OPEN')
  })

  test('is made once, and found again when the answer was lost', async () => {
    const before = sap.rows(ORDER, 'MaintenanceOrder').length
    sap.sandbox.switches.cutAfter = 1
    const command = { id: 'work-lost-1', payload: payload() }
    expect((await failureOf(sap.run(createWorkOrder, command))).kind).toBe('outcome-unknown')
    expect(await sap.find(createWorkOrder, command)).toMatchObject({
      replay: true,
      lines: [{ lineRef: 't1' }, { lineRef: 't2' }, { lineRef: 'p1' }],
    })
    expect(sap.rows(ORDER, 'MaintenanceOrder')).toHaveLength(before + 1)
  })

  test('changes where it was told to, by the version that was read', async () => {
    const target = await made()
    const before = await unified(target)
    ahead += 2_000
    const outcome = await sap.run(updateWorkOrder, {
      target,
      expectedVersion: before.version as string,
      payload: {
        title: 'Replace seal',
        description: 'Then test.',
        priority: 'LOW',
        clear_fields: ['due_at'],
        tasks: [{ line_id: before.tasks[1]?.task_id, estimated_hours: '4', clear_fields: [] }],
        parts: [{ line_id: before.parts[0]?.line_id, quantity_planned: '3', clear_fields: [] }],
      },
    })
    expect(outcome.partial).toBeUndefined()
    const after = await unified(target)
    expect(after).toMatchObject({
      title: 'Replace seal',
      description: 'Then test.',
      priority: 'LOW',
      due_at: null,
      asset_id: before.asset_id,
      estimated_hours: '5.5',
    })
    expect(after.parts).toMatchObject([{ quantity_planned: '3' }])
    const stale = await failureOf(
      sap.run(updateWorkOrder, { target, expectedVersion: before.version as string, payload: { title: 'Other' } }),
    )
    expect(stale).toBeInstanceOf(ConflictError)
    expect(stale.currentVersion).toBe(after.version)
    expect((await unified(target)).title).toBe('Replace seal')
  })

  test('gets no new tasks after it was made', async () => {
    const target = await made()
    const error = await failureOf(sap.run(updateWorkOrder, { target, payload: { tasks: [{ description: 'More' }] } }))
    expect(error.fields).toMatchObject([{ field: 'tasks[0].line_id', code: 'UNSUPPORTED_OPERATION' }])
  })

  test('goes through its states, each proven by reading it back', async () => {
    const target = await made()
    const to = async (status: string) => {
      await sap.run(setWorkOrderStatus, { target, payload: { status, effective_at: Date.now() } })
      return (await unified(target)).status
    }
    for (const status of ['OPEN', 'ON_HOLD', 'OPEN', 'COMPLETED', 'OPEN', 'COMPLETED', 'CLOSED', 'COMPLETED'])
      expect(await to(status)).toBe(status)
  })

  test('is canceled as the connection says', async () => {
    const target = await made()
    await sap.run(setWorkOrderStatus, { target, payload: { status: 'CANCELED' } })
    expect((await unified(target)).status).toBe('CANCELED')
  })

  test('is set once though the answer was lost, and refused where there is no way', async () => {
    const target = await made()
    const command = { target, payload: { status: 'OPEN' } }
    sap.sandbox.switches.cutAfter = 1
    expect((await failureOf(sap.run(setWorkOrderStatus, command))).kind).toBe('outcome-unknown')
    expect(await sap.find(setWorkOrderStatus, command)).toMatchObject({ replay: true })
    for (const status of ['CLOSED', 'IN_PROGRESS']) {
      const error = await failureOf(sap.run(setWorkOrderStatus, { target, payload: { status } }))
      expect(error.fields[0].field).toBe('status')
    }
  })

  test('waits while another user holds it', async () => {
    const target = await made()
    sap.sandbox.switches.locks.set(target, Date.now() + 60_000)
    expect((await failureOf(sap.run(updateWorkOrder, { target, payload: { title: 'x' } }))).kind).toBe('retryable')
    expect((await failureOf(sap.run(setWorkOrderStatus, { target, payload: { status: 'OPEN' } }))).kind).toBe(
      'retryable',
    )
  })

  test('that SAP leaves as it was is refused with the field', async () => {
    const target = await made()
    sap.sandbox.switches.silentNoOpFields.add('MaintenanceOrder.MaintPriority')
    const error = await failureOf(sap.run(updateWorkOrder, { target, payload: { priority: 'URGENT' } }))
    expect(error.fields).toMatchObject([{ field: 'priority', code: 'NOT_WRITABLE' }])
  })

  test('is marked for deletion, never gone', async () => {
    const target = await made()
    const outcome = await sap.run(deleteWorkOrder, { target })
    expect(outcome.warnings).toHaveLength(1)
    expect((await unified(target)).status).toBe('CANCELED')
    expect(await sap.find(deleteWorkOrder, { target })).toMatchObject({ replay: true })
  })
})

describe('a work order that waits for approval', () => {
  test('is approved and released in two calls', async () => {
    const target = await made()
    await sap.run(setWorkOrderStatus, { target, payload: { status: 'PENDING_APPROVAL' } })
    expect((await unified(target)).status).toBe('PENDING_APPROVAL')
    await sap.run(setWorkOrderStatus, { target, payload: { status: 'OPEN' } })
    expect((await unified(target)).status).toBe('OPEN')
  })

  test('is not touched for a version that no order has', async () => {
    const target = await made()
    const error = await failureOf(
      sap.run(setWorkOrderStatus, { target, expectedVersion: 'etag:W/"other"', payload: { status: 'OPEN' } }),
    )
    expect(error).toBeInstanceOf(ConflictError)
    expect((await unified(target)).status).toBe('DRAFT')
  })
})
