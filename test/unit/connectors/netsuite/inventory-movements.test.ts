import { describe, expect, test } from 'vitest'
import { inventoryMovements } from '../../../../connectors/netsuite/read/inventory-movements.ts'
import type { JsonObject } from '../../../../core/index.ts'
import { fakeSession } from './fake-session.ts'
import { reading } from './payloads.ts'

const receipt = {
  id: '700',
  type: 'ItemRcpt',
  tranid: 'IR9',
  entity: '12',
  trandate: '2026-01-20',
  memo: 'DN 4711',
  subsidiary: '1',
  location: '3',
  created: '2026-01-20 09:58:00',
  lastmodified: '2026-01-20 10:00:00',
}
const adjustment = { ...receipt, type: 'InvAdjst', entity: null }
const transfer = { ...receipt, type: 'InvTrnfr', entity: null, transferlocation: '4' }
const row = (more: JsonObject = {}): JsonObject => ({
  transaction: '700',
  lineid: '1',
  item: '88',
  quantity: '3',
  units: '1',
  unitname: 'Each',
  rate: '9.31',
  location: '3',
  isinventoryaffecting: 'T',
  ...more,
})
const counter = (more: JsonObject = {}) => row({ lineid: '2', quantity: '-3', isinventoryaffecting: 'F', ...more })
const order = { transaction: '700', lineid: '1', orderid: '647' }
const link = { nextdoc: '700', nextline: '1', previousdoc: '647', previousline: '5' }
const map = (header: JsonObject, lines: readonly JsonObject[], more: { [from: string]: readonly JsonObject[] } = {}) =>
  reading(
    inventoryMovements,
    fakeSession({ tables: { 'transaction t': [header], 'transactionline l': lines, ...more } }).session,
  ).unified()

describe('a receipt', () => {
  const links = {
    'transactionline l JOIN transaction p': [order],
    'previoustransactionlinelink k': [link],
  }
  test('with the order and the line that it receives', async () => {
    expect(await map(receipt, [row(), counter()], links)).toEqual({
      display_name: 'IR9',
      source_url: 'https://1234567-sb1.app.netsuite.com/app/accounting/transactions/itemrcpt.nl?id=700',
      organization: '1',
      created_at: Date.parse('2026-01-20T09:58:00Z'),
      updated_at: Date.parse('2026-01-20T10:00:00Z'),
      version: null,
      custom_fields: null,
      movement_number: 'IR9',
      kind: 'RECEIPT',
      status: 'POSTED',
      source_kind: 'ItemRcpt',
      document_date: '2026-01-20',
      posting_date: '2026-01-20',
      vendor_id: 'books:vendor:12',
      purchase_order_id: 'books:purchase_order:647',
      work_order_id: null,
      reference: 'DN 4711',
      reverses_id: null,
      notes: 'DN 4711',
      lines: [
        {
          line_id: 'books:inventory_movement_line:700|1',
          line_number: '1',
          item_id: 'books:item:88',
          quantity: '3',
          quantity_counted: null,
          unit: 'EA',
          source_unit: 'Each',
          from_location_id: null,
          to_location_id: 'books:location:3',
          purchase_order_line_id: 'books:purchase_order_line:647|5',
          work_order_id: null,
          lot_number: null,
          serial_numbers: null,
          unit_cost: '9.31',
          reason: null,
          custom_fields: null,
        },
      ],
    })
  })
  test('without links between lines names the order alone', async () => {
    const receiving = await map(receipt, [row(), counter()], { 'transactionline l JOIN transaction p': [order] })
    expect(receiving).toMatchObject({ purchase_order_id: 'books:purchase_order:647', vendor_id: 'books:vendor:12' })
    expect(receiving.lines.map((line) => line.purchase_order_line_id)).toEqual([null])
  })
  test('of a transfer order or a return of a customer has neither order nor vendor', async () =>
    expect(await map(receipt, [row(), counter()])).toMatchObject({ purchase_order_id: null, vendor_id: null }))
  test('of several orders names none for all', async () => {
    const several = {
      'transactionline l JOIN transaction p': [order, { ...order, lineid: '3', orderid: '648' }],
    }
    const received = await map(receipt, [row(), row({ lineid: '3' })], several)
    expect(received).toMatchObject({ purchase_order_id: null, vendor_id: 'books:vendor:12' })
  })
  test('takes what came in where nothing tells stock from counter-entries', async () => {
    const lines = [row(), counter()].map(({ isinventoryaffecting: _none, ...rest }) => rest)
    expect((await map(receipt, lines)).lines.map(({ quantity }) => quantity)).toEqual(['3'])
  })
  test('in boxes is told in boxes', async () => {
    const units = { unitstypeuom: [{ internalid: '2', conversionrate: '12' }] }
    expect((await map(receipt, [row({ units: '2', unitname: 'Box', quantity: '24' })], units)).lines[0]).toMatchObject({
      quantity: '2',
      source_unit: 'Box',
    })
  })
})

test('an adjustment keeps the sign of its lines: found goods come to, missing ones go from the location', async () => {
  const adjusted = await map(adjustment, [row({ quantity: '2' }), row({ lineid: '2', quantity: '-.5' })])
  expect(adjusted.kind).toBe('ADJUSTMENT')
  expect(adjusted.lines).toMatchObject([
    { quantity: '2', from_location_id: null, to_location_id: 'books:location:3' },
    { quantity: '-0.5', from_location_id: 'books:location:3', to_location_id: null },
  ])
})

describe('a transfer', () => {
  const across = { from_location_id: 'books:location:3', to_location_id: 'books:location:4', quantity: '3' }
  test('has a line for each pair of rows', async () => {
    const rows = [
      row({ quantity: '-3' }),
      row({ lineid: '2', quantity: '3', location: '4' }),
      row({ lineid: '3', item: '89', quantity: '3', location: '4' }),
      row({ lineid: '4', item: '89', quantity: '-3' }),
    ]
    const moved = await map(transfer, rows)
    expect(moved.kind).toBe('TRANSFER')
    expect(moved.lines).toMatchObject([
      { ...across, line_number: '1', item_id: 'books:item:88' },
      { ...across, line_number: '4', item_id: 'books:item:89' },
    ])
  })
  test.each([
    ['the giving row', row({ quantity: '-3', location: '3' })],
    ['the taking row', row({ quantity: '3', location: '4' })],
    ['one row without a place', row({ quantity: '3', location: null })],
  ])('with only %s takes the other place from the header', async (_name, only) =>
    expect((await map(transfer, [only])).lines).toMatchObject([across]),
  )
})

test('a row without quantity moves nothing', async () =>
  expect((await map(receipt, [row({ quantity: '0' }), row({ lineid: '2', quantity: null })])).lines).toEqual([]))

test('a voided one is reversed', async () =>
  expect((await map({ ...adjustment, voided: 'T' }, [row()])).status).toBe('REVERSED'))

test('a table that is not there is asked for once, not with every page', async () => {
  const { session, from } = fakeSession({ tables: { 'transaction t': [receipt], 'transactionline l': [row()] } })
  const movements = reading(inventoryMovements, session)
  await movements.records()
  await movements.records()
  expect(from('previoustransactionlinelink')).toHaveLength(1)
  expect(from('transactionline l WHERE')).toHaveLength(2)
})
