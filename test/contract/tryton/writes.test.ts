import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  ConflictError,
  OutcomeUnknownError,
  RejectedError,
  type WritableEntity,
  type WriteOutcome,
  type WriteRequest,
} from '../../../core/index.ts'
import { type Commands, connectCommands } from './commands.ts'
import { type TrytonHarness, trytonHarness } from './harness.ts'

let tryton: TrytonHarness
let client: Commands
let vendor: string
let item: string
let otherItem: string
let bins: readonly string[]
let warehouse: string

beforeAll(async () => {
  tryton = await trytonHarness()
  client = await connectCommands(
    tryton,
    await tryton.userWith(['Purchase', 'Stock', 'Party Administration', 'Product Administration']),
  )
  const { suppliers, products, warehouses } = tryton.seeded
  const goods = products.filter(({ type, digits }) => type === 'goods' && digits === 0)
  vendor = `works:vendor:${suppliers[0]?.id}`
  item = `works:item:${goods[0]?.id}`
  otherItem = `works:item:${goods.at(-1)?.id}`
  warehouse = `works:location:${warehouses[0]?.id}`
  bins = (warehouses[0]?.bins ?? []).map((id) => `works:location:${id}`)
})
afterAll(() => tryton?.drop())

const order = (more: object = {}, ...lines: readonly object[]) => ({
  vendor_id: vendor,
  ship_to_location_id: warehouse,
  expected_date: '2026-12-15',
  ...more,
  lines: lines.length > 0 ? lines : [{ line_ref: 'a', item_id: item, quantity_ordered: '10', unit_price: '12.3450' }],
})

async function failureOf<E extends WritableEntity>(request: WriteRequest<E>): Promise<unknown> {
  try {
    await client.execute(request)
  } catch (error) {
    return error
  }
  throw new Error(`${request.operation} was not refused`)
}

/** The answer to the first call of this method is lost. */
function loseAnswerOf(method: string): void {
  client.wire.after = (_answer, { body }) => {
    if (!String(body).includes(`"${method}"`)) return null
    client.wire.after = null
    return { status: 502, body: 'bad gateway' }
  }
}

async function appliedOnce<E extends WritableEntity>(request: WriteRequest<E>, method: string): Promise<WriteOutcome> {
  expect(await client.find(request)).toBe('not-applied')
  loseAnswerOf(method)
  expect(await failureOf(request)).toBeInstanceOf(OutcomeUnknownError)
  const found = await client.find(request)
  if (typeof found === 'string') throw new Error(`an applied ${request.operation} was told as ${found}`)
  expect(found.replay).toBe(true)
  return found
}

const countOf = (model: string) => tryton.rpc.search(model, []).then((ids) => ids.length)

describe('vendors', () => {
  const payload = {
    name: 'Nordwind Pumpen GmbH',
    email: 'einkauf@nordwind.example',
    phone: '+493012345678',
    tax_id: 'DE136695976',
    address_line1: 'Hafenstraße 7',
    address_line2: 'Halle 3',
    city: 'Berlin',
    postal_code: '10115',
    country: 'DE',
    is_active: true,
  }

  test('what is created reads back as it was sent, and gets a number', async () => {
    const { target, replay } = await client.execute(client.request('vendor', 'CREATE', { payload }))
    expect(replay).toBe(false)
    const unified = await client.read('vendor', target)
    expect(unified).toMatchObject(payload)
    expect(unified?.['vendor_number']).toMatch(/\d/)
  })

  test('an answer lost on the way makes no second vendor', async () => {
    const before = await countOf('party.party')
    const { target } = await appliedOnce(client.request('vendor', 'CREATE', { payload }), 'model.party.party.create')
    expect(await countOf('party.party')).toBe(before + 1)
    expect(await client.read('vendor', target)).toMatchObject({ name: payload.name })
  })

  test('an update changes what it names, clears what it says, and leaves the rest', async () => {
    const { target } = await client.execute(client.request('vendor', 'CREATE', { payload }))
    const { version } = (await client.read('vendor', target)) ?? {}
    const update = client.request('vendor', 'UPDATE', {
      target,
      expectedVersion: version,
      payload: { city: 'Hamburg', email: 'post@nordwind.example', clear_fields: ['phone', 'address_line2'] },
    })
    expect(await client.find(update)).toBe('not-applied')
    await client.execute(update)
    const unified = await client.read('vendor', target)
    expect(unified).toMatchObject({
      ...payload,
      city: 'Hamburg',
      email: 'post@nordwind.example',
      phone: null,
      address_line2: null,
    })
    expect(unified?.['version']).not.toBe(version)
    expect(await client.find(update)).toMatchObject({ target, replay: true })
  })

  test('a stale version is a conflict and changes nothing', async () => {
    const { target } = await client.execute(client.request('vendor', 'CREATE', { payload }))
    const { version } = (await client.read('vendor', target)) ?? {}
    await tryton.rpc.call('party.party', 'write', [Number(target)], { name: 'Renamed by hand' })
    const update = client.request('vendor', 'UPDATE', { target, expectedVersion: version, payload: { name: 'Ours' } })
    expect(await failureOf(update)).toBeInstanceOf(ConflictError)
    expect(await client.read('vendor', target)).toMatchObject({ name: 'Renamed by hand' })
  })

  test('somebody who writes between our reading and writing is not overwritten', async () => {
    const { target } = await client.execute(client.request('vendor', 'CREATE', { payload }))
    const { version } = (await client.read('vendor', target)) ?? {}
    client.wire.before = async ({ body }) => {
      if (!String(body).includes('model.party.party.write')) return null
      client.wire.before = null
      await tryton.rpc.call('party.party', 'write', [Number(target)], { name: 'Faster' })
      return null
    }
    const update = client.request('vendor', 'UPDATE', { target, expectedVersion: version, payload: { name: 'Ours' } })
    expect(await failureOf(update)).toBeInstanceOf(ConflictError)
    expect(await client.read('vendor', target)).toMatchObject({ name: 'Faster' })
  })

  test('a refusal names the field in the words of the command, with those of Tryton', async () => {
    const error = await failureOf(client.request('vendor', 'CREATE', { payload: { ...payload, tax_id: 'DE1' } }))
    expect(error).toBeInstanceOf(RejectedError)
    expect((error as RejectedError).fields[0]).toMatchObject({
      vendorCode: 'UserError',
      vendorMessage: expect.stringMatching(/DE1/),
    })
    const unknown = await failureOf(client.request('vendor', 'CREATE', { payload: { ...payload, country: 'XX' } }))
    expect((unknown as RejectedError).fields[0]).toMatchObject({ field: 'country', code: 'INVALID_REFERENCE' })
    const twice = { ...payload, vendor_number: 'V-7001' }
    await client.execute(client.request('vendor', 'CREATE', { payload: twice }))
    const taken = await failureOf(client.request('vendor', 'CREATE', { payload: twice }))
    expect((taken as RejectedError).fields[0]).toMatchObject({ code: 'DUPLICATE' })
  })

  test('deleting makes inactive, and says so', async () => {
    const { target } = await client.execute(client.request('vendor', 'CREATE', { payload }))
    const remove = client.request('vendor', 'DELETE', { target })
    expect(await client.find(remove)).toBe('not-applied')
    const { warnings } = await client.execute(remove)
    expect(warnings?.[0]?.message).toMatch(/inactive/)
    expect(await client.read('vendor', target)).toMatchObject({ is_active: false })
    expect(await client.find(remove)).toMatchObject({ target, replay: true })
  })

  test('a user without the right is told which', async () => {
    const reader = await connectCommands(tryton, await tryton.userWith(['Stock']))
    const request = client.request('item', 'CREATE', {
      payload: { name: 'Forbidden', item_type: 'INVENTORY', source_unit: 'u' },
    })
    await expect(reader.execute(request)).rejects.toMatchObject({
      fields: [
        expect.objectContaining({ code: 'PERMISSION', message: expect.stringMatching(/may not create product/) }),
      ],
    })
  })
})

describe('items', () => {
  const payload = {
    name: 'Bearing 6204',
    description: 'Deep groove, sealed',
    item_type: 'INVENTORY',
    source_unit: 'u',
    unit_cost: '3.4567',
    barcode: '4006381333931',
    vendor_item_number: 'NW-6204',
    lead_time_days: 12,
    is_active: true,
  }

  test('what is created reads back as it was sent, and is made once', async () => {
    const sent = { ...payload, item_number: `B-${Date.now()}`, preferred_vendor_id: vendor }
    const request = client.request('item', 'CREATE', { payload: sent })
    const before = await countOf('product.template')
    const { target } = await appliedOnce(request, 'model.product.template.create')
    expect(await countOf('product.template')).toBe(before + 1)
    expect(await client.read('item', target)).toMatchObject(sent)
  })

  test('an update of the template is refused when the item has changed, and moves its version', async () => {
    const { target } = await client.execute(client.request('item', 'CREATE', { payload: { ...payload, ...NO_OFFER } }))
    const { version } = (await client.read('item', target)) ?? {}
    const update = client.request('item', 'UPDATE', {
      target,
      expectedVersion: version,
      payload: { name: 'Bearing 6205', clear_fields: ['description'] },
    })
    await client.execute(update)
    const unified = await client.read('item', target)
    expect(unified).toMatchObject({ ...payload, ...NO_OFFER, name: 'Bearing 6205', description: null })
    expect(unified?.['version']).not.toBe(version)
    expect(await failureOf(update)).toBeInstanceOf(ConflictError)
    expect(await client.find(update)).toMatchObject({ target, replay: true })
  })

  test('deleting makes inactive', async () => {
    const { target } = await client.execute(client.request('item', 'CREATE', { payload: { ...payload, ...NO_OFFER } }))
    await client.execute(client.request('item', 'DELETE', { target }))
    expect(await client.read('item', target)).toMatchObject({ is_active: false })
  })

  const NO_OFFER = { vendor_item_number: null, lead_time_days: null }
})

describe('purchase orders', () => {
  test('an order reads back as it was sent, and is made once', async () => {
    const sent = order({
      title: 'Spare parts',
      vendor_reference: 'Q-77',
      order_date: '2026-11-02',
      currency: 'EUR',
      notes: 'Gate 3',
    })
    const request = client.request('purchase_order', 'CREATE', { payload: sent })
    const before = await countOf('purchase.purchase')
    const { target, lines } = await appliedOnce(request, 'model.purchase.purchase.create')
    const again = await client.execute(request)
    expect(again).toMatchObject({ target, replay: true })
    expect(await countOf('purchase.purchase')).toBe(before + 1)
    const unified = await client.read('purchase_order', target)
    const { lines: sentLines, ...header } = sent
    expect(unified).toMatchObject({ ...header, status: 'DRAFT' })
    expect(unified?.['lines']).toMatchObject([{ item_id: item, quantity_ordered: '10', unit_price: '12.345' }])
    expect(lines).toEqual([{ lineRef: 'a', lineKey: unified?.['lines'][0].line_id.split(':')[2], lineNumber: '1' }])
    expect(sentLines).toHaveLength(1)
  })

  test('an order wished approved is taken there; cut off half-way, it is taken on', async () => {
    const request = client.request('purchase_order', 'CREATE', { payload: order({ status: 'APPROVED' }) })
    const before = await countOf('purchase.purchase')
    loseAnswerOf('model.purchase.purchase.quote')
    expect(await failureOf(request)).toBeInstanceOf(OutcomeUnknownError)
    expect(await client.find(request)).toMatchObject({ unfinished: true, steps: [{ name: 'create' }] })
    const { target, steps } = await client.execute(request)
    expect(steps?.map(({ name }) => name)).toEqual(['create', 'confirm'])
    expect(await countOf('purchase.purchase')).toBe(before + 1)
    expect(await client.read('purchase_order', target)).toMatchObject({ status: 'APPROVED' })
    expect(await client.find(request)).toMatchObject({ target, replay: true })
  })

  test('an update changes, adds and removes lines in one go and leaves the others', async () => {
    const lines = ['1', '2', '3'].map((quantity) => ({ item_id: item, quantity_ordered: quantity, unit_price: '1.5' }))
    const { target, lines: made } = await client.execute(
      client.request('purchase_order', 'CREATE', { payload: order({ notes: 'Keep dry' }, ...lines) }),
    )
    const id = (at: number) => `works:purchase_order_line:${made?.[at]?.lineKey}`
    const { version } = (await client.read('purchase_order', target)) ?? {}
    const update = client.request('purchase_order', 'UPDATE', {
      target,
      expectedVersion: version,
      payload: {
        clear_fields: ['notes'],
        lines: [
          { line_id: id(0), quantity_ordered: '12' },
          { line_id: id(1), action: 'DELETE' },
          { line_ref: 'new', item_id: otherItem, quantity_ordered: '4', unit_price: '2' },
        ],
      },
    })
    const found = await appliedOnce(update, 'model.purchase.purchase.write')
    expect(found.lines).toMatchObject([{ lineRef: 'new', lineNumber: '4' }])
    expect(await client.execute(update)).toMatchObject({ replay: true })
    const unified = await client.read('purchase_order', target)
    expect(unified?.['notes']).toBe(null)
    expect(unified?.['expected_date']).toBe('2026-12-15')
    expect(unified?.['lines']).toMatchObject([
      { line_id: id(0), quantity_ordered: '12', unit_price: '1.5' },
      { line_id: id(2), quantity_ordered: '3', unit_price: '1.5' },
      { item_id: otherItem, quantity_ordered: '4', unit_price: '2' },
    ])
  })

  test('too many digits are refused at the line that has them', async () => {
    const lines = [
      { item_id: item, quantity_ordered: '1', unit_price: '1' },
      { item_id: item, quantity_ordered: '3.5', unit_price: '1' },
    ]
    const before = await countOf('purchase.purchase')
    const error = await failureOf(client.request('purchase_order', 'CREATE', { payload: order({}, ...lines) }))
    expect((error as RejectedError).fields).toEqual([
      expect.objectContaining({
        field: 'lines[1].quantity_ordered',
        code: 'PRECISION_LOSS',
        nativeField: 'quantity',
        vendorMessage: expect.stringMatching(/number of digits/),
      }),
    ])
    expect(await countOf('purchase.purchase')).toBe(before)
  })

  test('goods that nobody says where to receive are refused before anything is made', async () => {
    const payload = { ...order(), ship_to_location_id: null }
    expect(await failureOf(client.request('purchase_order', 'CREATE', { payload }))).toMatchObject({
      fields: [{ field: 'ship_to_location_id', code: 'REQUIRED', message: expect.stringMatching(/"warehouse"/) }],
    })
  })

  test('states go where Tryton lets them, and nowhere else', async () => {
    const { target } = await client.execute(client.request('purchase_order', 'CREATE', { payload: order() }))
    const set = (status: string, expectedVersion?: string) =>
      client.request('purchase_order', 'SET_STATUS', {
        target,
        payload: { status },
        ...(expectedVersion === undefined ? {} : { expectedVersion }),
      })
    const { version } = (await client.read('purchase_order', target)) ?? {}
    await appliedOnce(set('PENDING_APPROVAL'), 'model.purchase.purchase.quote')
    expect(await failureOf(set('APPROVED', version))).toBeInstanceOf(ConflictError)
    expect(await client.read('purchase_order', target)).toMatchObject({ status: 'PENDING_APPROVAL' })
    const edit = client.request('purchase_order', 'UPDATE', { target, payload: { title: 'Too late' } })
    expect(await failureOf(edit)).toMatchObject({ fields: [{ code: 'STATE_NOT_ALLOWED' }] })
    await client.execute(set('DRAFT'))
    await client.execute(set('CANCELED'))
    expect(await client.read('purchase_order', target)).toMatchObject({ status: 'CANCELED' })
    await client.execute(set('DRAFT'))
    await client.execute(set('APPROVED'))
    expect(await failureOf(set('CANCELED'))).toMatchObject({ fields: [{ code: 'STATE_NOT_ALLOWED' }] })
    expect(await client.read('purchase_order', target)).toMatchObject({ status: 'APPROVED' })
  })

  test('drafts can be deleted, orders under way cannot', async () => {
    const { target } = await client.execute(client.request('purchase_order', 'CREATE', { payload: order() }))
    const remove = client.request('purchase_order', 'DELETE', { target })
    await appliedOnce(remove, 'model.purchase.purchase.delete')
    expect(await client.read('purchase_order', target)).toBe(null)
    const going = await client.execute(
      client.request('purchase_order', 'CREATE', { payload: order({ status: 'PENDING_APPROVAL' }) }),
    )
    const refused = await failureOf(client.request('purchase_order', 'DELETE', { target: going.target }))
    expect(refused).toMatchObject({ fields: [{ code: 'STATE_NOT_ALLOWED' }] })
  })
})

describe('movements', () => {
  const levelOf = async (bin: string) =>
    (await client.read('stock_level', `${item.split(':')[2]}|${bin.split(':')[2]}`))?.['quantity_on_hand'] ?? '0'
  const movement = (payload: object) => client.request('inventory_movement', 'CREATE', { payload })
  const count = (quantity: string) =>
    movement({
      kind: 'COUNT',
      lines: [{ line_ref: 'c', item_id: item, to_location_id: bins[0], quantity_counted: quantity }],
    })

  test('a count is what is there afterwards, also when its answer is lost', async () => {
    const request = count('40')
    const before = await countOf('stock.inventory')
    loseAnswerOf('model.stock.inventory.confirm')
    expect(await failureOf(request)).toBeInstanceOf(OutcomeUnknownError)
    const found = await client.find(request)
    expect(found).toMatchObject({ replay: true, lines: [{ lineRef: 'c', lineNumber: '1' }] })
    expect(await client.execute(request)).toMatchObject({ replay: true })
    expect(await countOf('stock.inventory')).toBe(before + 1)
    expect(await levelOf(bins[0] ?? '')).toBe('40')
  })

  test('an adjustment changes by what it says, once, and warns of the race', async () => {
    await client.execute(count('40'))
    const asked = movement({
      kind: 'ADJUSTMENT',
      lines: [{ item_id: item, to_location_id: bins[0], quantity: '-7' }],
    })
    const request = await client.plan(asked)
    expect(request.plan).toEqual({ quantities: { [item.split(':')[2] ?? '']: '33' } })
    const { warnings } = await client.execute(request)
    expect(warnings?.[0]?.message).toMatch(/RACE/)
    await client.execute(request)
    expect(await levelOf(bins[0] ?? '')).toBe('33')
    await expect(
      client.plan(
        movement({ kind: 'ADJUSTMENT', lines: [{ item_id: item, to_location_id: bins[0], quantity: '-99' }] }),
      ),
    ).rejects.toBeInstanceOf(RejectedError)
  })

  test('a transfer moves stock, and where there is none nothing is left behind', async () => {
    await client.execute(count('40'))
    const there = Number(await levelOf(bins[1] ?? ''))
    const transfer = (quantity: string) =>
      movement({
        kind: 'TRANSFER',
        reference: 'MOVE-1',
        lines: [{ item_id: item, from_location_id: bins[0], to_location_id: bins[1], quantity }],
      })
    const { target, steps } = await client.execute(transfer('15'))
    expect(steps?.map(({ name }) => name)).toEqual(['create', 'wait', 'assign_try', 'done'])
    expect(await client.read('inventory_movement', target)).toMatchObject({
      kind: 'TRANSFER',
      status: 'POSTED',
      reference: 'MOVE-1',
      lines: [{ item_id: item, quantity: '15', from_location_id: bins[0], to_location_id: bins[1] }],
    })
    expect(await levelOf(bins[0] ?? '')).toBe('25')
    expect(await levelOf(bins[1] ?? '')).toBe(String(there + 15))
    const tooMuch = transfer('9999')
    const error = await failureOf(tooMuch)
    expect(error).toMatchObject({ fields: [{ message: expect.stringMatching(/not enough stock/) }] })
    // the group Stock may not delete it
    const open = [['state', 'not in', ['done', 'cancelled']]]
    expect(await tryton.rpc.search('stock.shipment.internal', open)).toEqual([])
    expect(await client.find(tooMuch)).toBe('not-applied')
    expect(await failureOf(tooMuch)).toBeInstanceOf(RejectedError)
    expect(await levelOf(bins[0] ?? '')).toBe('25')
  })

  test('a receipt takes a part of an order line; Tryton keeps the rest open', async () => {
    const made = await client.execute(
      client.request('purchase_order', 'CREATE', { payload: order({ status: 'APPROVED' }) }),
    )
    const line = `works:purchase_order_line:${made.lines?.[0]?.lineKey}`
    const receipt = (quantity: string) =>
      movement({
        kind: 'RECEIPT',
        reference: 'DN-5',
        lines: [{ line_ref: 'r', purchase_order_line_id: line, quantity }],
      })
    const request = receipt('4')
    loseAnswerOf('model.stock.shipment.in.receive')
    expect(await failureOf(request)).toBeInstanceOf(OutcomeUnknownError)
    expect(await client.find(request)).toBe('not-applied')
    const { target, lines, partial } = await client.execute(request)
    expect(partial).toBe(undefined)
    expect(await client.read('inventory_movement', target)).toMatchObject({
      kind: 'RECEIPT',
      status: 'POSTED',
      reference: 'DN-5',
      vendor_id: vendor,
      lines: [{ quantity: '4', purchase_order_line_id: line }],
    })
    expect(lines).toMatchObject([{ lineRef: 'r', lineNumber: '1' }])
    expect(await client.read('purchase_order', made.target)).toMatchObject({
      status: 'PARTIALLY_RECEIVED',
      lines: [{ quantity_received: '4' }],
    })
    await client.execute(receipt('6'))
    expect(await client.read('purchase_order', made.target)).toMatchObject({ lines: [{ quantity_received: '10' }] })
    expect(await failureOf(receipt('1'))).toMatchObject({
      fields: [{ field: 'lines[0].purchase_order_line_id', code: 'STATE_NOT_ALLOWED' }],
    })
  })
})
