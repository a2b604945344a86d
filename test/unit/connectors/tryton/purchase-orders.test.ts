import { describe, expect, test } from 'vitest'
import { purchaseSource } from '../../../../connectors/tryton/read/purchase-orders.ts'
import type { JsonObject, MappingSettings } from '../../../../core/index.ts'

const settings: MappingSettings = {
  connectionId: 'works',
  system: 'tryton',
  timeZone: 'UTC',
  currency: null,
  language: 'en',
  units: {},
  remaps: {},
  customFields: [],
  settings: { base_url: 'http://erp.example', database: 'works' },
}
const unit = { id: 1, symbol: 'u', factor: 1, rounding: 1 }
const day = (year: number, month: number, date: number) => ({ __class__: 'date', year, month, day: date })
const move = (quantity: number, more: JsonObject = {}) => ({ state: 'done', quantity, 'uom.': unit, ...more })
const billed = (quantity: number, state: string) => ({ type: 'line', quantity, 'unit.': unit, 'invoice.': { state } })
const line = (more: JsonObject = {}): JsonObject => ({
  id: 11,
  type: 'line',
  sequence: 1,
  product: 5,
  quantity: 10,
  'unit.': unit,
  unit_price: { __class__: 'Decimal', decimal: '1.2345' },
  amount: { __class__: 'Decimal', decimal: '12.35' },
  'moves.': [],
  'invoice_lines.': [],
  ...more,
})
const order = (more: JsonObject = {}): JsonObject => ({
  id: 3,
  party: 8,
  state: 'processing',
  shipment_state: 'waiting',
  invoice_state: 'none',
  'lines.': [line()],
  ...more,
})
const map = (payload: JsonObject, over: Partial<MappingSettings> = {}) =>
  purchaseSource.toUnified(payload, { ...settings, ...over }, '3')

describe('status', () => {
  test.each([
    ['draft', 'DRAFT'],
    ['quotation', 'PENDING_APPROVAL'],
    ['confirmed', 'APPROVED'],
    ['processing', 'APPROVED'],
    ['done', 'CLOSED'],
    ['cancelled', 'CANCELED'],
    ['invented', 'UNKNOWN'],
  ])('%s is %s', (state, status) => expect(map(order({ state })).status).toBe(status))

  test('an order under way with some goods in is partly received', () => {
    expect(map(order({ 'lines.': [line({ 'moves.': [move(4)] })] })).status).toBe('PARTIALLY_RECEIVED')
  })
  test('an order under way with all goods in is received', () => {
    expect(map(order({ shipment_state: 'received' })).status).toBe('RECEIVED')
  })
  test('the verbatim status is kept', () => expect(map(order()).source_status).toBe('processing/waiting'))
  test("the connection's remap wins", () => {
    expect(
      map(order({ state: 'quotation' }), { remaps: { 'purchase_order.status': { quotation: 'DRAFT' } } }).status,
    ).toBe('DRAFT')
  })
})

describe('quantities', () => {
  const first = (payload: JsonObject) => map(payload).lines[0]

  test('only done moves count as received', () => {
    const moves = [move(4), move(3, { state: 'draft' }), move(2, { state: 'cancelled' }), move(1)]
    expect(first(order({ 'lines.': [line({ 'moves.': moves })] }))?.quantity_received).toBe('5')
  })
  test('what was received in another unit is converted', () => {
    const kg = { id: 2, symbol: 'kg', factor: 1, rounding: 0.01 }
    const gram = { id: 3, symbol: 'g', factor: 0.001, rounding: 0.01 }
    const moves = [move(2500, { 'uom.': gram })]
    expect(first(order({ 'lines.': [line({ 'unit.': kg, 'moves.': moves })] }))?.quantity_received).toBe('2.5')
  })
  test('goods sent back count negative, as their line does', () => {
    const back = first(order({ 'lines.': [line({ quantity: -10, 'moves.': [move(4)] })] }))
    expect([back?.quantity_ordered, back?.quantity_received, back?.location_id]).toEqual(['-10', '-4', null])
  })
  test('draft and cancelled invoices bill nothing', () => {
    const lines = [billed(4, 'posted'), billed(3, 'draft'), billed(2, 'cancelled'), billed(1, 'paid')]
    expect(first(order({ 'lines.': [line({ 'invoice_lines.': lines })] }))?.quantity_billed).toBe('5')
  })
  test('prices keep every digit', () => expect(first(order())?.unit_price).toBe('1.2345'))
  test('titles, comments and subtotals are no lines', () => {
    expect(
      map(order({ 'lines.': [line(), { id: 12, type: 'title' }, { id: 13, type: 'subtotal' }] })).lines,
    ).toHaveLength(1)
  })
})

describe('billing status', () => {
  const status = (...quantities: readonly number[]) =>
    map(
      order({
        'lines.': quantities.map((quantity) =>
          line({ 'invoice_lines.': quantity === 0 ? [] : [billed(quantity, 'posted')] }),
        ),
      }),
    ).billing_status

  test('by what is billed of each line', () => {
    expect([status(0, 0), status(10, 0), status(4, 0), status(10, 10)]).toEqual([
      'NOT_BILLED',
      'PARTIALLY_BILLED',
      'PARTIALLY_BILLED',
      'BILLED',
    ])
  })
  test('UNKNOWN when the user may not see invoices', () => {
    const { 'invoice_lines.': _unseen, ...blind } = line()
    expect(map(order({ 'lines.': [blind] })).billing_status).toBe('UNKNOWN')
  })
})

describe('expected date of a line', () => {
  const expected = (more: JsonObject, ofOrder: JsonObject = {}) =>
    map(order({ 'lines.': [line(more)], ...ofOrder })).lines[0]?.expected_date

  test('the earliest move that is not cancelled', () => {
    const moves = [
      move(1, { state: 'draft', planned_date: day(2026, 5, 2) }),
      move(1, { effective_date: day(2026, 5, 1), planned_date: day(2026, 9, 9) }),
      move(1, { state: 'cancelled', planned_date: day(2026, 1, 1) }),
    ]
    expect(expected({ 'moves.': moves })).toBe('2026-05-01')
  })
  test("else the line's own, else the order's", () => {
    const own = { delivery_date_edit: true, delivery_date_store: day(2026, 6, 1) }
    expect(expected(own, { delivery_date: day(2026, 7, 1) })).toBe('2026-06-01')
    expect(expected({}, { delivery_date: day(2026, 7, 1) })).toBe('2026-07-01')
  })
  test("else the order date plus the supplier's lead time", () => {
    const supplier = { 'product_supplier.': { code: 'A', lead_time: { __class__: 'timedelta', seconds: 5 * 86_400 } } }
    expect(expected(supplier, { purchase_date: day(2026, 12, 29) })).toBe('2027-01-03')
    expect(expected(supplier)).toBeNull()
  })
})

test('references are unified ids', () => {
  const unified = map(order({ 'warehouse.': { id: 4, input_location: 6 } }))
  expect([unified.vendor_id, unified.ship_to_location_id]).toEqual(['works:vendor:8', 'works:location:4'])
  expect(unified.lines[0]).toMatchObject({
    line_id: 'works:purchase_order_line:3|11',
    item_id: 'works:item:5',
    location_id: 'works:location:6',
  })
})
