import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { purchaseOrders } from '../../../../../connectors/netsuite/read/purchase-orders.ts'
import type { NetSuiteSession } from '../../../../../connectors/netsuite/session.ts'
import { createPurchaseOrder } from '../../../../../connectors/netsuite/write/purchase-order-create.ts'
import { setPurchaseOrderStatus } from '../../../../../connectors/netsuite/write/purchase-order-status.ts'
import {
  deletePurchaseOrder,
  updatePurchaseOrder,
} from '../../../../../connectors/netsuite/write/purchase-order-update.ts'
import { versionNow } from '../../../../../connectors/netsuite/write/versions.ts'
import { type Books, failureOf, openAccount } from './driver.ts'

const PERMISSIONS = [
  'REST Web Services',
  'SuiteAnalytics Workbook',
  'Items',
  'Vendors',
  'Purchase Order',
  'Log in using OAuth 2.0 Access Tokens',
  'Find Transaction',
  'Locations',
  'Units',
]

let books: Books
beforeAll(async () => {
  books = await openAccount()
})
afterAll(() => books.close())

const seal = () => books.id('item', 9001)
const pump = () => books.id('item', 9002)
const lineId = (order: string, line: number) => books.id('purchase_order_line', order, line)
const store = () => books.id('location', 9001)

const payload = (over: object = {}) => ({
  vendor_id: books.id('vendor', 9001),
  expected_date: '2026-12-15',
  ship_to_location_id: store(),
  notes: 'pump 3',
  lines: [
    { line_ref: 'a', item_id: seal(), quantity_ordered: '10', unit_price: '12.345' },
    { line_ref: 'b', item_id: pump(), quantity_ordered: '2.5', unit_price: '340.2', expected_date: '2026-12-20' },
  ],
  ...over,
})
const made = async (over: object = {}) => (await books.run(createPurchaseOrder, { payload: payload(over) })).target
const order = async (target: string) => {
  const found = await books.unified(purchaseOrders, target)
  if (found === null) throw new Error(`no order ${target}`)
  return found
}
const receive = (target: string, quantity: string) => {
  books.sandbox.store.update('transactionline', [Number(target), 1], { quantityshiprecv: quantity })
  books.sandbox.store.update('transaction', Number(target), { status: 'E' })
}

describe('a new order', () => {
  test('is one request, and reads back as it was sent', async () => {
    books.sandbox.requests.clear()
    const everything = {
      order_number: 'PO-TEST-1',
      organization: '1',
      vendor_reference: 'Q-77',
      order_date: '2026-11-02',
      currency: 'EUR',
      payment_terms: 'Net 45',
      status: 'APPROVED',
    }
    const outcome = await books.run(createPurchaseOrder, { id: 'whole-order', payload: payload(everything) })
    expect(outcome.partial).toBeUndefined()
    expect(books.writes()).toHaveLength(1)
    expect(outcome.lines).toEqual([
      { lineRef: 'a', lineKey: `${outcome.target}|1`, lineNumber: '1' },
      { lineRef: 'b', lineKey: `${outcome.target}|2`, lineNumber: '2' },
    ])
    const found = await order(outcome.target)
    expect(found).toMatchObject({ ...everything, notes: 'pump 3', ship_to_location_id: store() })
    expect(found.vendor_id).toBe(books.id('vendor', 9001))
    expect(found.lines).toMatchObject([
      {
        line_id: lineId(outcome.target, 1),
        item_id: seal(),
        quantity_ordered: '10',
        unit_price: '12.345',
        source_unit: 'Each',
        expected_date: '2026-12-15',
      },
      { item_id: pump(), quantity_ordered: '2.5', unit_price: '340.2', expected_date: '2026-12-20' },
    ])
  })

  test('is counted in the unit of the line, else in that of the item', async () => {
    const lines = [
      { item_id: seal(), quantity_ordered: '3', unit: 'XBX', unit_price: '90' },
      { item_id: seal(), quantity_ordered: '3', source_unit: 'box', unit_price: '90' },
      { item_id: seal(), quantity_ordered: '3', unit_price: '9' },
    ]
    const found = await order(await made({ lines }))
    expect(found.lines.map((line) => [line.quantity_ordered, line.source_unit])).toEqual([
      ['3', 'Box'],
      ['3', 'Box'],
      ['3', 'Each'],
    ])
  })

  test('takes cost centers by name and native fields of header and lines', async () => {
    const target = await made({
      custom_fields: '{"custbody_requested_by":"Kim"}',
      lines: [
        { item_id: seal(), quantity_ordered: '1', cost_center: 'Workshop', custom_fields: '{"custcol_project":"P-1"}' },
      ],
    })
    expect((await order(target)).lines[0]?.cost_center).toBe('Workshop')
    const [line] = books.rows('transactionline', { transaction: Number(target), id: 1 })
    expect(line).toMatchObject({ custcol_project: 'P-1' })
  })

  test('whose answer was lost is found with its lines, and made once', async () => {
    const command = { id: 'lost-order', payload: payload() }
    books.sandbox.switches.cutAfter = 1
    expect(await failureOf(books.run(createPurchaseOrder, command))).toMatchObject({ kind: 'outcome-unknown' })
    const found = await books.find(createPurchaseOrder, command)
    expect(found).toMatchObject({ replay: true, lines: [{ lineRef: 'a', lineNumber: '1' }, { lineRef: 'b' }] })
    expect(await books.run(createPurchaseOrder, command)).toMatchObject({ replay: true })
    expect(books.rows('transaction', { externalid: 'tributary-lost-order' })).toHaveLength(1)
  })

  test('that never arrived is not found', async () => {
    const command = { id: 'cut-order', payload: payload() }
    books.sandbox.switches.cutBefore = 1
    expect(await failureOf(books.run(createPurchaseOrder, command))).toMatchObject({ kind: 'outcome-unknown' })
    expect(await books.find(createPurchaseOrder, command)).toBe('not-applied')
  })

  test('tells everything that is wrong at once, and sends nothing', async () => {
    books.sandbox.requests.clear()
    const lines = [
      { item_id: books.id('item', 4242), quantity_ordered: '1' },
      { item_id: seal(), quantity_ordered: '1', unit: 'KGM' },
      { item_id: seal(), quantity_ordered: '0.12345678901234567891', clear_fields: [] },
    ]
    const failure = await failureOf(books.run(createPurchaseOrder, { payload: payload({ vendor_id: null, lines }) }))
    expect(failure.fields).toMatchObject([
      { field: 'vendor_id', code: 'REQUIRED' },
      { field: 'lines[0].item_id', code: 'INVALID_REFERENCE' },
      { field: 'lines[1].unit', code: 'UNIT_UNKNOWN' },
      { field: 'lines[2].quantity_ordered', code: 'PRECISION_LOSS' },
    ])
    expect(books.writes()).toHaveLength(0)
  })

  test('is refused by the field of the line that NetSuite names', async () => {
    const lines = [
      { item_id: seal(), quantity_ordered: '1' },
      { item_id: pump(), quantity_ordered: '1', location_id: books.id('location', 4242) },
    ]
    const failure = await failureOf(books.run(createPurchaseOrder, { payload: payload({ lines }) }))
    expect(failure.fields).toMatchObject([
      { field: 'lines[1].location_id', code: 'INVALID_REFERENCE', nativeField: 'item.items[1].location' },
    ])
  })

  test('with a misspelled field of a line is refused', async () => {
    const lines = [{ item_id: seal(), quantity_ordered: '1', custom_fields: '{"quantitty":3}' }]
    const failure = await failureOf(books.run(createPurchaseOrder, { payload: payload({ lines }) }))
    expect(failure.fields).toMatchObject([{ field: 'lines[0].custom_fields', code: 'UNSUPPORTED_FIELD' }])
  })

  test('in a closed period is refused', async () => {
    books.sandbox.switches.closedPeriods.add('2026-02')
    const failure = await failureOf(books.run(createPurchaseOrder, { payload: payload({ order_date: '2026-02-03' }) }))
    expect(failure.fields).toMatchObject([{ code: 'PERIOD_CLOSED' }])
  })

  test('that a script of the account refuses tells its words', async () => {
    books.sandbox.switches.scriptRefusal = { recordType: 'purchaseorder', text: 'Budget exceeded: ask Finance' }
    const failure = await failureOf(books.run(createPurchaseOrder, { payload: payload() }))
    books.sandbox.switches.scriptRefusal = null
    expect(failure.fields[0].vendorMessage).toContain('ask Finance')
  })
})

describe('a change of an order', () => {
  const change = async (target: string, over: object, more: object = {}) => {
    const command = { target, payload: over, ...more }
    return books.run(updatePurchaseOrder, { ...command, plan: await books.plan(updatePurchaseOrder, command) })
  }

  test('leaves the lines and fields that it does not name as they are', async () => {
    const target = await made()
    const before = await order(target)
    await change(target, { notes: 'changed', lines: [{ line_id: lineId(target, 1), quantity_ordered: '12' }] })
    const after = await order(target)
    expect(after).toMatchObject({ notes: 'changed', vendor_id: before.vendor_id, order_date: before.order_date })
    expect(after.lines[0]).toMatchObject({ quantity_ordered: '12', unit_price: '12.345' })
    expect(after.lines[1]).toEqual(before.lines[1])
    expect(after.lines).toHaveLength(2)
  })

  test('clears what it names, in header and lines', async () => {
    const target = await made({ vendor_reference: 'Q-1' })
    const lines = [{ line_id: lineId(target, 2), clear_fields: ['expected_date'] }]
    await change(target, { clear_fields: ['notes'], lines })
    const after = await order(target)
    expect(after).toMatchObject({ notes: null, vendor_reference: 'Q-1' })
    expect(after.lines[1]?.expected_date).toBe('2026-12-15')
  })

  test('adds lines with their own numbers, and closes those that are to go', async () => {
    const target = await made()
    const lines = [
      { line_ref: 'new', item_id: seal(), quantity_ordered: '4', unit_price: '9' },
      { line_id: lineId(target, 2), action: 'DELETE' },
    ]
    const outcome = await change(target, { lines })
    expect(outcome.lines).toEqual([{ lineRef: 'new', lineKey: `${target}|3`, lineNumber: '3' }])
    expect(outcome.warnings).toMatchObject([{ field: 'lines[1].action' }])
    expect((await order(target)).lines.map((line) => [line.quantity_ordered, line.is_closed])).toEqual([
      ['10', false],
      ['2.5', true],
      ['4', false],
    ])
  })

  test('whose answer was lost is found, and its new line is not added twice', async () => {
    const target = await made()
    const command = {
      target,
      payload: { lines: [{ line_ref: 'n', item_id: seal(), quantity_ordered: '4', unit_price: '9' }] },
    }
    const plan = await books.plan(updatePurchaseOrder, command)
    expect(await books.find(updatePurchaseOrder, { ...command, plan })).toBe('not-applied')
    books.sandbox.switches.cutAfter = 1
    expect(await failureOf(books.run(updatePurchaseOrder, { ...command, plan }))).toMatchObject({
      kind: 'outcome-unknown',
    })
    expect(await books.find(updatePurchaseOrder, { ...command, plan })).toMatchObject({
      replay: true,
      lines: [{ lineRef: 'n', lineNumber: '3' }],
    })
    await books.run(updatePurchaseOrder, { ...command, plan })
    expect((await order(target)).lines).toHaveLength(3)
  })

  test('of a line that the order does not have is refused, where NetSuite would add one', async () => {
    const target = await made()
    const failure = await failureOf(change(target, { lines: [{ line_id: lineId(target, 9), quantity_ordered: '1' }] }))
    expect(failure.fields).toMatchObject([{ field: 'lines[0].line_id', code: 'NOT_FOUND' }])
    expect((await order(target)).lines).toHaveLength(2)
  })

  test('that made NetSuite add a line tells so', async () => {
    const target = await made()
    const { client } = books.session
    let reads = 0
    // line 1 goes between our reading and our writing, so that its number fits none
    const session: NetSuiteSession = {
      ...books.session,
      client: {
        ...client,
        async record(type, id, signal) {
          const found = await client.record(type, id, signal)
          if (reads++ === 0) books.sandbox.store.remove('transactionline', [Number(target), 1])
          return found
        },
      },
    }
    const lines = [{ line_id: lineId(target, 1), item_id: seal(), quantity_ordered: '12' }]
    const outcome = await books.run(updatePurchaseOrder, { target, payload: { lines }, session })
    expect(outcome.partial).toMatchObject([
      { code: 'SYSTEM_ERROR', nativeField: 'item.items' },
      { field: 'lines[0].line_id', code: 'SYSTEM_ERROR' },
    ])
  })

  test('is refused when the order is not the one that the client saw', async () => {
    const target = await made()
    const about = { entity: 'purchase_order', mapping: books.mapping } as const
    const seen = await versionNow(books.session, purchaseOrders, about, target, books.signal)
    await change(target, { lines: [{ line_id: lineId(target, 1), quantity_ordered: '11' }] })
    const failure = await failureOf(change(target, { notes: 'mine' }, { expectedVersion: seen }))
    expect(failure.name).toBe('ConflictError')
    expect((await order(target)).notes).toBe('pump 3')
    await change(target, { notes: 'mine' }, { expectedVersion: failure.currentVersion })
    expect((await order(target)).notes).toBe('mine')
  })
})

describe('the status of an order', () => {
  const set = (target: string, status: string) => books.run(setPurchaseOrderStatus, { target, payload: { status } })
  const statusOf = async (target: string) => (await order(target)).status

  test('goes from pending to approved, and from pending to rejected and back', async () => {
    const target = await made({ status: 'PENDING_APPROVAL' })
    expect(await statusOf(target)).toBe('PENDING_APPROVAL')
    await set(target, 'REJECTED')
    expect(await statusOf(target)).toBe('REJECTED')
    await set(target, 'APPROVED')
    expect(await statusOf(target)).toBe('APPROVED')
  })

  test.each(['CLOSED', 'CANCELED'])('becomes closed when it is %s: all of its lines are', async (status) => {
    const target = await made()
    const outcome = await set(target, status)
    expect(outcome.partial).toBeUndefined()
    const after = await order(target)
    expect(after.status).toBe('CLOSED')
    expect(after.lines.map((line) => line.is_closed)).toEqual([true, true])
  })

  test('is not canceled when goods have come, but closed', async () => {
    const target = await made()
    receive(target, '3')
    expect(await failureOf(set(target, 'CANCELED'))).toMatchObject({ fields: [{ code: 'STATE_NOT_ALLOWED' }] })
    await set(target, 'CLOSED')
    expect(await statusOf(target)).toBe('CLOSED')
  })

  test('is found after a lost answer', async () => {
    const command = { target: await made(), payload: { status: 'CLOSED' } }
    expect(await books.find(setPurchaseOrderStatus, command)).toBe('not-applied')
    books.sandbox.switches.cutAfter = 1
    expect(await failureOf(books.run(setPurchaseOrderStatus, command))).toMatchObject({ kind: 'outcome-unknown' })
    expect(await books.find(setPurchaseOrderStatus, command)).toMatchObject({ replay: true })
  })

  test('that it has already is no request', async () => {
    const target = await made()
    books.sandbox.requests.clear()
    expect(await set(target, 'APPROVED')).toMatchObject({ target, replay: false })
    expect(books.writes()).toHaveLength(0)
  })

  test('of a closed order does not go back', async () => {
    const target = await made()
    await set(target, 'CLOSED')
    expect(await failureOf(set(target, 'APPROVED'))).toMatchObject({ fields: [{ code: 'STATE_NOT_ALLOWED' }] })
  })
})

describe('the deletion of an order', () => {
  test('takes it away', async () => {
    const target = await made()
    await books.run(deletePurchaseOrder, { target })
    expect(await books.unified(purchaseOrders, target)).toBeNull()
    expect(await books.find(deletePurchaseOrder, { target })).toMatchObject({ replay: true })
  })
})

describe('the connection', () => {
  let other: Books
  beforeEach(() => books.sandbox.requests.clear())

  test('fills in what the command does not say, and clear_fields keeps it empty', async () => {
    other = await openAccount({}, { location: '9002', department: '9001' })
    try {
      const lines = [
        { item_id: other.id('item', 9001), quantity_ordered: '1' },
        { item_id: other.id('item', 9001), quantity_ordered: '1', clear_fields: ['cost_center'] },
      ]
      const { target } = await other.run(createPurchaseOrder, {
        payload: { vendor_id: other.id('vendor', 9001), lines },
      })
      const found = await other.unified(purchaseOrders, target)
      expect(found?.ship_to_location_id).toBe(other.id('location', 9002))
      expect(found?.lines.map((line) => line.cost_center)).toEqual(['Workshop', null])
    } finally {
      await other.close()
    }
  })

  test('whose role sees no units orders nothing that is counted in them, rather than in a unit that it guesses', async () => {
    const roles = [
      { id: 1000, name: 'Blind', hiddenTables: new Set(['unitstypeuom']), permissions: new Set(PERMISSIONS) },
    ]
    other = await openAccount({ account: { roles } })
    try {
      const lines = [{ item_id: other.id('item', 9001), quantity_ordered: '1' }]
      const payload = { vendor_id: other.id('vendor', 9001), lines }
      expect(await failureOf(other.run(createPurchaseOrder, { payload }))).toMatchObject({
        fields: [{ field: 'lines[0].unit', code: 'UNIT_UNKNOWN' }],
      })
    } finally {
      await other.close()
    }
  })

  test('without approval takes approved orders alone', async () => {
    other = await openAccount({}, { approval: 'off' })
    try {
      const order = {
        vendor_id: other.id('vendor', 9001),
        lines: [{ item_id: other.id('item', 9001), quantity_ordered: '1' }],
      }
      const create = (status: string) => other.run(createPurchaseOrder, { payload: { ...order, status } })
      expect(await failureOf(create('PENDING_APPROVAL'))).toMatchObject({ fields: [{ field: 'status' }] })
      expect((await create('APPROVED')).partial).toBeUndefined()
    } finally {
      await other.close()
    }
  })

  test('to an account without subsidiaries, approval and currencies orders all the same', async () => {
    other = await openAccount({
      account: { oneWorld: false, features: new Set(['PURCHASEORDERS', 'LOCATIONS', 'INVENTORY']) },
    })
    try {
      const lines = [{ item_id: other.id('item', 9001), quantity_ordered: '1', unit: 'EA' }]
      const outcome = await other.run(createPurchaseOrder, { payload: { vendor_id: other.id('vendor', 9001), lines } })
      expect(outcome.partial).toBeUndefined()
    } finally {
      await other.close()
    }
  })
})
