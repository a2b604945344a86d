import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { createPurchaseOrder } from '../../../../../connectors/sap-s4hana/write/purchase-order-create.ts'
import {
  deletePurchaseOrder,
  setPurchaseOrderStatus,
} from '../../../../../connectors/sap-s4hana/write/purchase-order-status.ts'
import { updatePurchaseOrder } from '../../../../../connectors/sap-s4hana/write/purchase-order-update.ts'
import { purchaseOrders } from '../../../../../connectors/sap-s4hana/read/purchase-orders.ts'
import { failureOf, openSap, type Sap } from './driver.ts'

const PO = 'API_PURCHASEORDER_PROCESS_SRV'

let sap: Sap
let supplier: string
let material: string
let storage: string

beforeAll(async () => {
  sap = await openSap()
  const [purchasing] = sap
    .rows('API_BUSINESS_PARTNER', 'A_SupplierPurchasingOrg', { PurchasingOrganization: '1010' })
    .filter((row) => row['PurchasingIsBlockedForSupplier'] !== true)
  supplier = String(purchasing?.['Supplier'])
  const item = sap
    .rows(PO, 'A_PurchaseOrderItem', { Plant: '1010' })
    .find((row) => row['Material'] !== '' && row['StorageLocation'] !== '' && row['AccountAssignmentCategory'] === '')
  material = String(item?.['Material'])
  storage = String(item?.['StorageLocation'])
})
afterEach(() => {
  Object.assign(sap.sandbox.switches, { cutAfter: 0, cutBefore: 0, emptyNestedOnCreate: false })
  sap.sandbox.switches.locks.clear()
  sap.sandbox.switches.silentNoOpFields.clear()
})
afterAll(() => sap.close())

const payload = (over: object = {}, line: object = {}) => ({
  vendor_id: sap.id('vendor', supplier),
  currency: 'EUR',
  expected_date: '2026-12-15',
  notes: 'Deliver to gate 3',
  clear_fields: [],
  lines: [
    {
      line_ref: 'a',
      item_id: sap.id('item', material),
      quantity_ordered: '10',
      unit_price: '12.345',
      location_id: sap.id('location', 'sloc', '1010', storage),
      clear_fields: [],
      ...line,
    },
  ],
  ...over,
})

const unified = async (target: string) => {
  const record = await purchaseOrders.readOne(sap.session, target, sap.signal)
  if (record === null) throw new Error(`no order ${target}`)
  return purchaseOrders.toUnified(record.payload, sap.mapping, target)
}

describe('an order', () => {
  test('is created with its lines, and reads back as it was sent', async () => {
    const outcome = await sap.run(createPurchaseOrder, { payload: payload() })
    expect(outcome).toMatchObject({ replay: false, httpStatus: 201 })
    expect(outcome.partial).toBeUndefined()
    expect(outcome.lines).toEqual([{ lineRef: 'a', lineKey: `${outcome.target}|10`, lineNumber: '10' }])
    const order = await unified(outcome.target)
    expect(order).toMatchObject({ notes: 'Deliver to gate 3', currency: 'EUR', expected_date: '2026-12-15' })
    expect(order.lines[0]).toMatchObject({ quantity_ordered: '10', unit_price: '12.345' })
  })

  test('is found again by its mark when the answer to its creation was lost, and made once', async () => {
    const before = sap.rows(PO, 'A_PurchaseOrder').length
    sap.sandbox.switches.cutAfter = 1
    const command = { id: 'lost-answer-1', payload: payload() }
    expect((await failureOf(sap.run(createPurchaseOrder, command))).kind).toBe('outcome-unknown')
    const found = await sap.find(createPurchaseOrder, command)
    expect(found).toMatchObject({ replay: true, lines: [{ lineRef: 'a', lineNumber: '10' }] })
    expect(sap.rows(PO, 'A_PurchaseOrder')).toHaveLength(before + 1)
    expect(await sap.find(createPurchaseOrder, { ...command, id: 'another-1' })).toBe('not-applied')
  })

  test('is not there when the connection broke before SAP took it', async () => {
    sap.sandbox.switches.cutBefore = 1
    const command = { id: 'lost-request-1', payload: payload() }
    expect((await failureOf(sap.run(createPurchaseOrder, command))).kind).toBe('outcome-unknown')
    expect(await sap.find(createPurchaseOrder, command)).toBe('not-applied')
  })

  test('is told whole although SAP shows its items as empty when it answers', async () => {
    sap.sandbox.switches.emptyNestedOnCreate = true
    const outcome = await sap.run(createPurchaseOrder, { payload: payload() })
    expect(outcome.lines).toHaveLength(1)
    expect(outcome.partial).toBeUndefined()
  })

  test('names every problem at once, with the setting that would help', async () => {
    const error = await failureOf(
      sap.run(createPurchaseOrder, {
        payload: payload(
          { vendor_id: null },
          { quantity_ordered: '1.2345', unit_price: '0.1234567', location_id: 'works:item:X', unit: 'ZZZ' },
        ),
      }),
    )
    expect(error.fields.map(({ field, code }: any) => `${field} ${code}`)).toEqual([
      'vendor_id REQUIRED',
      'lines[0].quantity_ordered PRECISION_LOSS',
      'lines[0].location_id INVALID_REFERENCE',
      'lines[0].unit UNIT_UNKNOWN',
      'lines[0].unit_price PRECISION_LOSS',
    ])
  })

  test("that SAP refuses names the field in the command, with SAP's code and words", async () => {
    const error = await failureOf(
      sap.run(createPurchaseOrder, { payload: payload({}, { item_id: sap.id('item', 'NO-SUCH-ITEM') }) }),
    )
    expect(error.kind).toBe('rejected')
    expect(error.fields[0]).toMatchObject({ field: 'lines[0].item_id', code: 'INVALID_REFERENCE' })
    expect(error.fields[0].vendorMessage).toContain('NO-SUCH-ITEM')
  })

  test('without an item is charged to the cost center of the connection', async () => {
    const outcome = await sap.run(createPurchaseOrder, {
      payload: payload({}, { item_id: null, description: 'Crane for a day', unit: 'EA' }),
    })
    expect((await unified(outcome.target)).lines[0]).toMatchObject({ description: 'Crane for a day', item_id: null })
  })
})

describe('a change of an order', () => {
  const made = async () => (await sap.run(createPurchaseOrder, { payload: payload() })).target
  const line = (target: string, number: string, over: object) => ({
    line_id: sap.id('purchase_order_line', target, number),
    clear_fields: [],
    ...over,
  })

  test('touches what was sent and nothing else, header and lines in one request', async () => {
    const target = await made()
    const before = await unified(target)
    sap.sandbox.requests.clear()
    const outcome = await sap.run(updatePurchaseOrder, {
      target,
      payload: {
        payment_terms: '0001',
        clear_fields: ['notes'],
        lines: [line(target, '10', { quantity_ordered: '12.5', unit_price: '3', expected_date: '2027-01-31' })],
      },
    })
    expect(outcome.partial).toBeUndefined()
    expect(sap.sandbox.requests.list.filter(({ method }) => method !== 'GET')).toHaveLength(1)
    const after = await unified(target)
    expect(after).toMatchObject({ payment_terms: '0001', notes: null, vendor_id: before.vendor_id })
    expect(after.lines).toHaveLength(1)
    expect(after.lines[0]).toMatchObject({
      quantity_ordered: '12.5',
      unit_price: '3',
      expected_date: '2027-01-31',
      item_id: before.lines[0]?.item_id,
      location_id: before.lines[0]?.location_id,
    })
  })

  test('adds a line with the number that was planned, deletes another, and is found again', async () => {
    const target = await made()
    const command = {
      target,
      payload: {
        notes: 'Gate 4',
        lines: [
          line(target, '10', { action: 'DELETE' }),
          { line_ref: 'b', item_id: sap.id('item', material), quantity_ordered: '2', unit_price: '1' },
        ],
      },
    }
    const plan = await sap.plan(updatePurchaseOrder, command)
    expect(plan).toEqual({ items: ['20'] })
    expect(await sap.find(updatePurchaseOrder, { ...command, plan })).toBe('not-applied')
    sap.sandbox.switches.cutAfter = 1
    expect((await failureOf(sap.run(updatePurchaseOrder, { ...command, plan }))).kind).toBe('outcome-unknown')
    const found = await sap.find(updatePurchaseOrder, { ...command, plan })
    expect(found).toMatchObject({ replay: true, lines: [{ lineNumber: '10' }, { lineRef: 'b', lineNumber: '20' }] })
    const order = await unified(target)
    expect(order.notes).toBe('Gate 4')
    expect(order.lines.map(({ line_number, is_canceled }) => [line_number, is_canceled])).toEqual([
      ['10', true],
      ['20', false],
    ])
  })

  test('that SAP accepts and does not make is refused, with the field', async () => {
    const target = await made()
    sap.sandbox.switches.silentNoOpFields.add('A_PurchaseOrderItem.OrderQuantity')
    const error = await failureOf(
      sap.run(updatePurchaseOrder, { target, payload: { lines: [line(target, '10', { quantity_ordered: '77' })] } }),
    )
    expect(error.kind).toBe('rejected')
    expect(error.fields[0]).toMatchObject({ field: 'lines[0].quantity_ordered', code: 'NOT_WRITABLE' })
    const mixed = await sap.run(updatePurchaseOrder, {
      target,
      payload: { payment_terms: '0002', lines: [line(target, '10', { quantity_ordered: '77' })] },
    })
    expect(mixed.partial).toMatchObject([{ field: 'lines[0].quantity_ordered' }])
  })

  test('waits while another user holds the order, alone and in a changeset', async () => {
    const target = await made()
    sap.sandbox.switches.locks.set(target, Date.now() + 60_000)
    const alone = { target, payload: { payment_terms: '0001' } }
    expect((await failureOf(sap.run(updatePurchaseOrder, alone))).kind).toBe('retryable')
    const together = { target, payload: { notes: 'x', lines: [line(target, '10', { quantity_ordered: '4' })] } }
    expect((await failureOf(sap.run(updatePurchaseOrder, together))).kind).toBe('retryable')
    expect((await unified(target)).payment_terms).not.toBe('0001')
  })

  test('of a line that is not there, or of what SAP lets nobody change, is refused before anything is sent', async () => {
    const target = await made()
    sap.sandbox.requests.clear()
    const error = await failureOf(
      sap.run(updatePurchaseOrder, {
        target,
        payload: {
          lines: [line(target, '90', { quantity_ordered: '1' }), line(target, '10', { item_id: 'works:item:OTHER' })],
        },
      }),
    )
    expect(error.fields).toMatchObject([
      { field: 'lines[0].line_id', code: 'NOT_FOUND' },
      { field: 'lines[1].item_id', code: 'NOT_WRITABLE' },
    ])
    expect(sap.sandbox.requests.list.every(({ method }) => method === 'GET')).toBe(true)
  })

  test('of an order that is gone is refused as not found', async () => {
    const error = await failureOf(
      sap.run(updatePurchaseOrder, { target: '4599999999', payload: { payment_terms: '0001' } }),
    )
    expect(error.fields).toMatchObject([{ field: null, code: 'NOT_FOUND' }])
  })

  test('to CANCELED deletes every line; a second time changes nothing', async () => {
    const target = await made()
    const command = { target, payload: { status: 'CANCELED' } }
    await sap.run(setPurchaseOrderStatus, command)
    expect((await unified(target)).status).toBe('CANCELED')
    expect(await sap.find(setPurchaseOrderStatus, command)).toMatchObject({ replay: true })
    sap.sandbox.requests.clear()
    await sap.run(setPurchaseOrderStatus, command)
    expect(sap.sandbox.requests.list.every(({ method }) => method === 'GET')).toBe(true)
  })

  test('to CLOSED completes delivery and invoicing of every line', async () => {
    const target = await made()
    const command = { target, payload: { status: 'CLOSED' } }
    expect(await sap.find(setPurchaseOrderStatus, command)).toBe('not-applied')
    await sap.run(setPurchaseOrderStatus, command)
    expect((await unified(target)).status).toBe('CLOSED')
  })

  test('to APPROVED is refused: the service has no call for it', async () => {
    const error = await failureOf(
      sap.run(setPurchaseOrderStatus, { target: await made(), payload: { status: 'APPROVED' } }),
    )
    expect(error.fields).toMatchObject([{ field: 'status', code: 'UNSUPPORTED_OPERATION' }])
  })

  test('deletion leaves the order with its deletion code, and says so', async () => {
    const target = await made()
    const outcome = await sap.run(deletePurchaseOrder, { target })
    expect(outcome.warnings).toHaveLength(1)
    expect((await unified(target)).status).toBe('CANCELED')
    expect(await sap.find(deletePurchaseOrder, { target })).toMatchObject({ replay: true })
  })
})
