import { describe, expect, test } from 'vitest'
import { createItem, updateItem } from '../../../../../connectors/tryton/write/items.ts'
import { createMovement } from '../../../../../connectors/tryton/write/movements.ts'
import { updatePurchase } from '../../../../../connectors/tryton/write/purchase-change.ts'
import { createPurchase } from '../../../../../connectors/tryton/write/purchase-create.ts'
import { createVendor, updateVendor } from '../../../../../connectors/tryton/write/vendors.ts'
import { ConflictError, type JsonObject } from '../../../../../core/index.ts'
import { fakeSession, requestOf, type Written } from './driver.ts'

const signal = new AbortController().signal
const TOKEN = /^T[A-Z2-7]{15,25}$/
const decimal = (text: string) => ({ __class__: 'Decimal', decimal: text })
const date = (year: number, month: number, day: number) => ({ __class__: 'date', year, month, day })

const PRODUCT = {
  id: 9,
  template: 8,
  'template.': { id: 8, default_uom: 1, purchase_uom: 1, 'account_category.': { supplier_taxes_used: [5] } },
}
const WAREHOUSE = { id: 3, type: 'warehouse', warehouse: 3, name: 'Main' }
const ROWS = {
  'party.party': [{ id: 12, supplier_payment_term: 6, 'addresses.': [{ id: 1 }, { id: 2, invoice: true }] }],
  'product.product': [PRODUCT],
  'purchase.product_supplier': [{ id: 40, template: 8, product: null }],
  'stock.location': [WAREHOUSE],
}
const LINE = { item_id: 'works:item:9', quantity_ordered: '10', unit_price: '12.3450' }
const order = (more: object = {}, line: object = {}) => ({
  vendor_id: 'works:vendor:12',
  lines: [{ ...LINE, ...line }],
  ...more,
})

/** Runs into the missing order after the first call: what was sent is what is looked at. */
async function sentBy(work: (session: ReturnType<typeof fakeSession>['session']) => Promise<unknown>, rows = ROWS) {
  const { session, written } = fakeSession(rows)
  await work(session).catch((error: unknown) => {
    if (written.length === 0) throw error
  })
  return written[0]
}

/** What is created, of a call that creates one record. */
function valuesIn(sent: Written | undefined): JsonObject {
  const [[values]] = (sent?.params ?? [[]]) as readonly (readonly JsonObject[])[] as [[JsonObject]]
  return values
}

describe('a new order', () => {
  test('takes from the vendor and the products what Tryton’s client fills in', async () => {
    const request = requestOf(
      'purchase_order',
      'CREATE',
      order({ expected_date: '2026-12-15' }, { expected_date: '2026-12-16' }),
    )
    const sent = await sentBy((session) => createPurchase.execute(session, request, signal))
    expect(sent).toMatchObject({ model: 'purchase.purchase', method: 'create' })
    expect(sent?.params).toEqual([
      [
        {
          company: 1,
          party: 12,
          invoice_address: 2,
          payment_term: 6,
          warehouse: 3,
          delivery_date: date(2026, 12, 15),
          reference: expect.stringMatching(TOKEN),
          lines: [
            [
              'create',
              [
                {
                  type: 'line',
                  sequence: 1,
                  product: 9,
                  quantity: 10,
                  unit: 1,
                  unit_price: decimal('12.345'),
                  delivery_date_edit: true,
                  delivery_date_store: date(2026, 12, 16),
                  taxes: [['add', [5]]],
                  product_supplier: 40,
                },
              ],
            ],
          ],
        },
      ],
    ])
  })

  test('leaves the vendor’s reference alone and puts the token into a note', async () => {
    const request = requestOf('purchase_order', 'CREATE', order({ vendor_reference: 'Q-1' }))
    const values = valuesIn(await sentBy((session) => createPurchase.execute(session, request, signal)))
    expect(values).toMatchObject({ reference: 'Q-1', lines: [['create', [{ note: expect.stringMatching(TOKEN) }]]] })
  })

  test('has native fields laid over it last, and a cleared default stays empty', async () => {
    const request = requestOf(
      'purchase_order',
      'CREATE',
      order(
        { custom_fields: '{"contact":4,"warehouse":7}', clear_fields: ['payment_terms'] },
        { custom_fields: '{"quantity":2}' },
      ),
    )
    const values = valuesIn(await sentBy((session) => createPurchase.execute(session, request, signal)))
    expect(values).toMatchObject({
      contact: 4,
      warehouse: 7,
      payment_term: null,
      lines: [['create', [{ quantity: 2 }]]],
    })
  })

  test('is refused with all that is wrong with it, and nothing is sent', async () => {
    const { session, written } = fakeSession(ROWS)
    const request = requestOf(
      'purchase_order',
      'CREATE',
      order({ custom_fields: '[1]' }, { unit: 'XYZ', quantity_ordered: '0.12345678901234567890' }),
    )
    await expect(createPurchase.execute(session, request, signal)).rejects.toMatchObject({
      fields: [
        { field: 'custom_fields', code: 'INVALID_VALUE' },
        { field: 'lines[0].unit', code: 'UNIT_UNKNOWN' },
        { field: 'lines[0].quantity_ordered', code: 'PRECISION_LOSS' },
      ],
    })
    expect(written).toEqual([])
  })

  test('a unit that Tryton has twice must be named by its symbol', async () => {
    const { session } = fakeSession(ROWS)
    const request = requestOf('purchase_order', 'CREATE', order({}, { unit: 'HUR' }))
    await expect(createPurchase.execute(session, request, signal)).rejects.toMatchObject({
      fields: [{ field: 'lines[0].unit', code: 'UNIT_UNKNOWN', message: expect.stringMatching(/h, hr/) }],
    })
  })
})

describe('an update of an order', () => {
  const rows = {
    ...ROWS,
    'purchase.purchase': [
      {
        id: 5,
        state: 'draft',
        party: 12,
        _timestamp: '1.5',
        'lines.': [
          { id: 51, type: 'line', sequence: 2 },
          { id: 52, type: 'line', sequence: 7 },
        ],
      },
    ],
  }
  const update = (lines: readonly object[], more: { readonly expectedVersion?: string } = {}) =>
    requestOf('purchase_order', 'UPDATE', { lines }, { target: '5', ...more })

  test('sends what is named and no more, under the stamp of the order', async () => {
    const request = update([
      { line_id: 'works:purchase_order_line:5|51', quantity_ordered: '12' },
      { line_id: 'works:purchase_order_line:5|52', action: 'DELETE' },
      LINE,
    ])
    const sent = await sentBy((session) => updatePurchase.execute(session, request, signal), rows)
    expect(sent?.context).toEqual({ _timestamp: { 'purchase.purchase,5': '1.5' } })
    expect(sent?.params).toEqual([
      [5],
      {
        lines: [
          ['write', [51], { quantity: 12 }],
          ['create', [expect.objectContaining({ sequence: 8, product: 9, note: expect.stringMatching(/ 2$/) })]],
          ['delete', [52]],
        ],
      },
    ])
  })

  test('is a conflict at another version, and refused for lines of other orders', async () => {
    const { session, written } = fakeSession(rows)
    const line = { line_id: 'works:purchase_order_line:5|51', quantity_ordered: '12' }
    await expect(
      updatePurchase.execute(session, update([line], { expectedVersion: 'ts:1.4' }), signal),
    ).rejects.toMatchObject({ currentVersion: 'ts:1.5', constructor: ConflictError })
    const foreign = { line_id: 'works:purchase_order_line:6|51', quantity_ordered: '12' }
    await expect(updatePurchase.execute(session, update([foreign]), signal)).rejects.toMatchObject({
      fields: [{ field: 'lines[0].line_id', code: 'INVALID_REFERENCE' }],
    })
    expect(written).toEqual([])
  })
})

describe('vendors and items', () => {
  const PARTY = {
    id: 12,
    _timestamp: '2.5',
    tax_identifier: 30,
    'addresses.': [{ id: 1, street: 'Old 1\nBack', active: true, 'country.': { code: 'DE' } }],
    'contact_mechanisms.': [
      { id: 20, type: 'email', value: 'off@x.example', active: false },
      { id: 21, type: 'email', value: 'a@x.example', active: true },
    ],
  }

  test('a new vendor has an address even when none is given, and its token', async () => {
    const request = requestOf('vendor', 'CREATE', { name: 'Acme', tax_id: 'DE1', phone: '+491' })
    const sent = await sentBy((session) => createVendor.execute(session, request, signal))
    expect(sent?.params).toEqual([
      [
        {
          name: 'Acme',
          addresses: [['create', [{}]]],
          contact_mechanisms: [['create', [{ type: 'phone', value: '+491' }]]],
          identifiers: [
            ['create', [{ type: null, code: expect.stringMatching(TOKEN) }]],
            ['create', [{ type: 'eu_vat', code: 'DE1' }]],
          ],
        },
      ],
    ])
  })

  test('an update writes into the rows that are read, and one half of a street keeps the other', async () => {
    const request = requestOf(
      'vendor',
      'UPDATE',
      { address_line1: 'New 2', email: 'b@x.example', clear_fields: ['tax_id', 'phone'] },
      { target: '12' },
    )
    const sent = await sentBy((session) => updateVendor.execute(session, request, signal), {
      ...ROWS,
      'party.party': [PARTY],
    } as never)
    expect(sent).toMatchObject({ method: 'write', context: { _timestamp: { 'party.party,12': '2.5' } } })
    expect(sent?.params).toEqual([
      [12],
      {
        addresses: [['write', [1], { street: 'New 2\nBack' }]],
        contact_mechanisms: [['write', [21], { value: 'b@x.example' }]],
        identifiers: [['delete', [30]]],
      },
    ])
  })

  test('a consumable is goods of another kind', async () => {
    const request = requestOf('item', 'CREATE', {
      name: 'Oil',
      item_type: 'NON_INVENTORY',
      unit: 'KGM',
      unit_cost: '1.50',
    })
    const values = valuesIn(await sentBy((session) => createItem.execute(session, request, signal)))
    expect(values).toMatchObject({
      type: 'goods',
      consumable: true,
      default_uom: 2,
      purchase_uom: 2,
      purchasable: true,
      products: [['create', [{ cost_price: decimal('1.5') }]]],
    })
  })

  test('the variant is written along with its template, so that its stamp decides', async () => {
    const rows = { ...ROWS, 'product.product': [{ ...PRODUCT, _timestamp: '3.5' }] }
    const request = requestOf('item', 'UPDATE', { name: 'Grease' }, { target: '9' })
    const sent = await sentBy((session) => updateItem.execute(session, request, signal), rows)
    expect(sent).toEqual({
      model: 'product.template',
      method: 'write',
      params: [[8], { name: 'Grease', products: [['write', [9], {}]] }],
      context: { _timestamp: { 'product.product,9': '3.5' } },
    })
  })
})

describe('movements', () => {
  const MOVES = [
    { id: 61, origin: 'purchase.line,51', quantity: 4, to_location: 30, purchase: 5, 'uom.': { symbol: 'u' } },
    { id: 62, origin: 'purchase.line,51', quantity: 6, to_location: 30, purchase: 5, 'uom.': { symbol: 'u' } },
  ]
  const rows = { ...ROWS, 'stock.move': MOVES, 'purchase.purchase': [{ id: 5, party: 12, warehouse: 3 }] }
  const receipt = (quantity: string) =>
    requestOf('inventory_movement', 'CREATE', {
      kind: 'RECEIPT',
      lines: [{ purchase_order_line_id: 'works:purchase_order_line:5|51', quantity }],
    })
  const movesFor = async (quantity: string) => {
    const sent = await sentBy((session) => createMovement.execute(session, receipt(quantity), signal), rows)
    return valuesIn(sent)['incoming_moves']
  }

  test('a receipt takes whole moves as long as they fit, then a part, and what is too much on the last', async () => {
    expect(await movesFor('3')).toEqual([
      ['add', [61]],
      ['write', [61], { quantity: 3 }],
    ])
    expect(await movesFor('4')).toEqual([['add', [61]]])
    expect(await movesFor('7.5')).toEqual([
      ['add', [61]],
      ['add', [62]],
      ['write', [62], { quantity: 3.5 }],
    ])
    expect(await movesFor('11')).toEqual([
      ['add', [61]],
      ['add', [62]],
      ['write', [62], { quantity: 7 }],
    ])
  })

  test('an adjustment writes what was planned, whatever is there now', async () => {
    const line = { item_id: 'works:item:9', to_location_id: 'works:location:31', quantity: '-2' }
    const request = requestOf(
      'inventory_movement',
      'CREATE',
      { kind: 'ADJUSTMENT', lines: [line] },
      { plan: { quantities: { 9: '38' } } },
    )
    const sent = await sentBy((session) => createMovement.execute(session, request, signal))
    expect(sent).toMatchObject({
      model: 'stock.inventory',
      params: [
        [{ location: 31, number: expect.stringMatching(TOKEN), lines: [['create', [{ product: 9, quantity: 38 }]]] }],
      ],
    })
  })

  test('lines that one document of Tryton’s cannot hold are refused', async () => {
    const { session, written } = fakeSession(ROWS)
    const line = (to: number) => ({
      item_id: 'works:item:9',
      to_location_id: `works:location:${to}`,
      quantity_counted: '1',
    })
    const request = requestOf('inventory_movement', 'CREATE', { kind: 'COUNT', lines: [line(31), line(32)] })
    await expect(createMovement.execute(session, request, signal)).rejects.toMatchObject({
      fields: [{ field: 'lines[1].to_location_id' }, { field: 'lines', message: expect.stringMatching(/once/) }],
    })
    expect(written).toEqual([])
  })
})
