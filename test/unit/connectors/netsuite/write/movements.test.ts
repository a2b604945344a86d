import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { inventoryMovements } from '../../../../../connectors/netsuite/read/inventory-movements.ts'
import { createMovement, deleteMovement } from '../../../../../connectors/netsuite/write/movement.ts'
import { createPurchaseOrder } from '../../../../../connectors/netsuite/write/purchase-order-create.ts'
import { type Books, failureOf, openAccount } from './driver.ts'

let books: Books
beforeAll(async () => {
  books = await openAccount()
})
afterAll(() => books.close())

const seal = () => books.id('item', 9001)
const pump = () => books.id('item', 9002)
const store = () => books.id('location', 9001)
const depot = () => books.id('location', 9002)
const onHand = (item = 9001, location = 9001) =>
  Number(books.rows('aggregateitemlocation', { item, location })[0]?.['quantityonhand'] ?? 0)
const stock = async (quantity: string) =>
  books.run(createMovement, {
    payload: { kind: 'ADJUSTMENT', lines: [{ item_id: seal(), quantity, to_location_id: store(), unit_cost: '9.31' }] },
  })
const movement = (target: string) => books.unified(inventoryMovements, target)

async function ordered() {
  const { target } = await books.run(createPurchaseOrder, {
    payload: {
      vendor_id: books.id('vendor', 9001),
      ship_to_location_id: store(),
      lines: [
        { item_id: seal(), quantity_ordered: '10', unit_price: '9.5' },
        { item_id: pump(), quantity_ordered: '2', unit_price: '340' },
      ],
    },
  })
  return { order: target, line: (number: number) => books.id('purchase_order_line', target, number) }
}

describe('a receipt', () => {
  test('takes the lines that it names, and none of the others', async () => {
    const { order, line } = await ordered()
    const before = onHand()
    const outcome = await books.run(createMovement, {
      payload: {
        kind: 'RECEIPT',
        posting_date: '2026-11-02',
        notes: 'dock 4',
        lines: [{ line_ref: 'r', purchase_order_line_id: line(1), quantity: '3', to_location_id: store() }],
      },
    })
    expect(outcome.partial).toBeUndefined()
    expect(outcome.lines).toMatchObject([{ lineRef: 'r', lineKey: expect.stringMatching(`^${outcome.target}\\|`) }])
    expect(onHand() - before).toBe(3)
    const rows = books.rows('transactionline', { transaction: Number(order), mainline: 'F' })
    expect(rows.map((row) => Number(row['quantityshiprecv']))).toEqual([3, 0])
    expect(await movement(outcome.target)).toMatchObject({
      kind: 'RECEIPT',
      posting_date: '2026-11-02',
      notes: 'dock 4',
      lines: [{ item_id: seal(), quantity: '3', to_location_id: store(), purchase_order_line_id: line(1) }],
    })
  })

  test('whose answer was lost is found, and received once', async () => {
    const { line } = await ordered()
    const before = onHand()
    const lines = [{ line_ref: 'r', purchase_order_line_id: line(1), quantity: '4' }]
    const command = { id: 'lost-receipt', payload: { kind: 'RECEIPT', lines } }
    books.sandbox.switches.cutAfter = 1
    expect(await failureOf(books.run(createMovement, command))).toMatchObject({ kind: 'outcome-unknown' })
    expect(await books.find(createMovement, command)).toMatchObject({ replay: true, lines: [{ lineRef: 'r' }] })
    expect(await books.run(createMovement, command)).toMatchObject({ replay: true })
    expect(onHand() - before).toBe(4)
  })

  test('is counted in the unit of the order line', async () => {
    const { target } = await books.run(createPurchaseOrder, {
      payload: {
        vendor_id: books.id('vendor', 9001),
        ship_to_location_id: store(),
        lines: [{ item_id: seal(), quantity_ordered: '5', unit: 'XBX', unit_price: '90' }],
      },
    })
    const line = books.id('purchase_order_line', target, 1)
    const lines = [{ purchase_order_line_id: line, quantity: '20', unit: 'EA' }]
    await books.run(createMovement, { payload: { kind: 'RECEIPT', lines } })
    const [row] = books.rows('transactionline', { transaction: Number(target), id: 1 })
    expect(Number(row?.['quantityshiprecv'])).toBe(2)
  })

  test('of two orders, or of no order, is refused', async () => {
    const [one, other] = [await ordered(), await ordered()]
    const lines = [
      { purchase_order_line_id: one.line(1), quantity: '1' },
      { purchase_order_line_id: other.line(1), quantity: '1' },
    ]
    expect(await failureOf(books.run(createMovement, { payload: { kind: 'RECEIPT', lines } }))).toMatchObject({
      fields: [{ field: 'lines', code: 'INVALID_VALUE' }],
    })
    const loose = [{ item_id: seal(), quantity: '1', to_location_id: store() }]
    expect(await failureOf(books.run(createMovement, { payload: { kind: 'RECEIPT', lines: loose } }))).toMatchObject({
      fields: [{ field: 'lines[0].purchase_order_line_id', code: 'REQUIRED' }],
    })
  })

  test('of a line that expects nothing is refused', async () => {
    const { line } = await ordered()
    const all = { kind: 'RECEIPT', lines: [{ purchase_order_line_id: line(2), quantity: '2' }] }
    await books.run(createMovement, { payload: all })
    expect(await failureOf(books.run(createMovement, { payload: all }))).toMatchObject({
      fields: [{ field: 'lines[0].purchase_order_line_id', code: 'STATE_NOT_ALLOWED' }],
    })
  })
})

describe('an adjustment', () => {
  test('reads back as it was sent', async () => {
    const payload = {
      kind: 'ADJUSTMENT',
      organization: '1',
      posting_date: '2026-11-03',
      notes: 'found behind the shelf',
      lines: [
        { line_ref: 'a', item_id: seal(), quantity: '7', to_location_id: depot(), unit_cost: '9.31', reason: 'found' },
      ],
    }
    const outcome = await books.run(createMovement, { payload })
    expect(outcome.partial).toBeUndefined()
    expect(outcome.lines).toMatchObject([{ lineRef: 'a' }])
    expect(await movement(outcome.target)).toMatchObject({
      kind: 'ADJUSTMENT',
      organization: '1',
      posting_date: '2026-11-03',
      notes: 'found behind the shelf',
      lines: [{ item_id: seal(), quantity: '7', to_location_id: depot() }],
    })
  })

  test.each(['ISSUE', 'SCRAP'])('downwards is what %s comes to', async (kind) => {
    await stock('10')
    const before = onHand()
    const lines = [{ item_id: seal(), quantity: '4', from_location_id: store(), cost_center: 'Workshop' }]
    const { target } = await books.run(createMovement, { payload: { kind, lines } })
    expect(onHand() - before).toBe(-4)
    expect((await movement(target))?.lines).toMatchObject([{ quantity: '-4', from_location_id: store() }])
  })

  test('without an account is refused, and the setting named', async () => {
    const bare = await openAccount({}, { adjustment_account: null })
    try {
      const lines = [{ item_id: bare.id('item', 9001), quantity: '1', to_location_id: bare.id('location', 9001) }]
      const failure = await failureOf(bare.run(createMovement, { payload: { kind: 'ADJUSTMENT', lines } }))
      expect(failure.fields).toMatchObject([{ code: 'REQUIRED' }])
      expect(failure.message).toContain('adjustment_account')
    } finally {
      await bare.close()
    }
  })

  test('in a closed period is refused', async () => {
    books.sandbox.switches.closedPeriods.add('2026-02')
    const lines = [{ item_id: seal(), quantity: '1', to_location_id: store() }]
    const payload = { kind: 'ADJUSTMENT', posting_date: '2026-02-01', lines }
    expect(await failureOf(books.run(createMovement, { payload }))).toMatchObject({
      fields: [{ code: 'PERIOD_CLOSED' }],
    })
  })
})

describe('a count', () => {
  test('posts the difference that was planned, however often it is sent and whatever moved meanwhile', async () => {
    await stock('25')
    const lines = [{ line_ref: 'c', item_id: seal(), quantity_counted: '2', unit: 'XBX', to_location_id: store() }]
    const command = { id: 'count-once', payload: { kind: 'COUNT', lines } }
    const before = onHand()
    const plan = await books.plan(createMovement, command)
    expect(plan).toEqual({ differences: [String(20 - before)] })
    await stock('1')
    const outcome = await books.run(createMovement, { ...command, plan })
    expect(outcome.warnings).toMatchObject([{ code: 'RACE' }])
    expect(outcome.lines).toMatchObject([{ lineRef: 'c' }])
    expect(await books.run(createMovement, { ...command, plan })).toMatchObject({
      replay: true,
      target: outcome.target,
    })
    expect(onHand()).toBe(21)
  })

  test('of what is there has nothing to post', async () => {
    const lines = [{ item_id: seal(), quantity_counted: String(onHand()), to_location_id: store() }]
    expect(await failureOf(books.run(createMovement, { payload: { kind: 'COUNT', lines } }))).toMatchObject({
      fields: [{ field: 'lines', code: 'BUSINESS_RULE' }],
    })
  })
})

describe('a transfer', () => {
  test('moves from one place to another', async () => {
    await stock('10')
    const before = [onHand(), onHand(9001, 9002)] as const
    const lines = [
      { line_ref: 't', item_id: seal(), quantity: '6', from_location_id: store(), to_location_id: depot() },
    ]
    const outcome = await books.run(createMovement, { payload: { kind: 'TRANSFER', notes: 'for the night', lines } })
    expect(outcome.partial).toBeUndefined()
    expect([onHand() - before[0], onHand(9001, 9002) - before[1]]).toEqual([-6, 6])
    expect(await movement(outcome.target)).toMatchObject({
      kind: 'TRANSFER',
      lines: [{ quantity: '6', from_location_id: store(), to_location_id: depot() }],
    })
  })

  test('between more than two places is refused', async () => {
    const line = { item_id: seal(), quantity: '1', from_location_id: store(), to_location_id: depot() }
    const lines = [line, { ...line, from_location_id: depot(), to_location_id: store() }]
    expect(await failureOf(books.run(createMovement, { payload: { kind: 'TRANSFER', lines } }))).toMatchObject({
      fields: [{ field: 'lines', code: 'INVALID_VALUE' }],
    })
  })
})

describe('a reversal', () => {
  test('takes the movement back, and is found after a lost answer', async () => {
    const before = onHand()
    const { target } = await stock('5')
    expect(await books.find(deleteMovement, { target })).toBe('not-applied')
    books.sandbox.switches.cutAfter = 1
    expect(await failureOf(books.run(deleteMovement, { target }))).toMatchObject({ kind: 'outcome-unknown' })
    expect(await books.find(deleteMovement, { target })).toMatchObject({ replay: true })
    expect(onHand()).toBe(before)
    expect(await failureOf(books.run(deleteMovement, { target }))).toMatchObject({ fields: [{ code: 'NOT_FOUND' }] })
  })
})
