import { describe, expect, test } from 'vitest'
import { purchaseOrders } from '../../../../connectors/netsuite/read/purchase-orders.ts'
import { createLocalCodec, type JsonObject, type MappingSettings } from '../../../../core/index.ts'
import { fakeSession, type Tables } from './fake-session.ts'
import { reading, settings, snapshot } from './payloads.ts'

/** As a statement answers: text everywhere, nothing for null. */
const header = {
  id: '647',
  tranid: 'PO118',
  status: 'B',
  statusname: 'Purchase Order : Pending Receipt',
  vendor: '12',
  trandate: '2026-01-15',
  duedate: '2026-02-01',
  memo: 'pump 3',
  otherrefnum: 'Q-77',
  currency: '1',
  currencyname: 'Euro',
  foreigntotal: '-135.66',
  taxtotal: '-21.66',
  employee: '40',
  terms: 'Net 30',
  subsidiary: '1',
  location: '3',
  created: '2026-01-15 09:58:00',
  lastmodified: '2026-01-15 10:00:00',
}
const row = (more: JsonObject = {}): JsonObject => ({
  transaction: '647',
  lineid: '1',
  linesequencenumber: '1',
  item: '88',
  itemtype: 'InvtPart',
  memo: 'Seal 40 mm',
  quantity: '12',
  quantityshiprecv: '0',
  quantitybilled: '0',
  units: '1',
  unitname: 'Each',
  foreignamount: '114',
  isclosed: 'F',
  expected: '2026-02-01',
  ...more,
})
const tablesOf = (order: JsonObject, lines: readonly JsonObject[]): Tables => ({
  'transaction t': [order],
  'transactionline l': lines,
  currency: [{ id: '1', symbol: 'EUR', name: 'Euro' }],
  unitstypeuom: [
    { internalid: '1', conversionrate: '1' },
    { internalid: '2', conversionrate: '12' },
  ],
})
const read = (order: JsonObject = header, ...lines: readonly JsonObject[]) =>
  reading(purchaseOrders, fakeSession({ tables: tablesOf(order, lines.length === 0 ? [row()] : lines) }).session)
const map = (order: JsonObject = {}, lines: readonly JsonObject[] = [row()], own?: Partial<MappingSettings>) =>
  read({ ...header, ...order }, ...lines).unified({ ...settings, ...own })
const line = async (more: JsonObject, order: JsonObject = {}) => (await map(order, [row(more)])).lines[0]

test("the reference's order, as it is read", async () => {
  expect(await map()).toEqual({
    display_name: 'PO118',
    source_url: 'https://1234567-sb1.app.netsuite.com/app/accounting/transactions/purchord.nl?id=647',
    organization: '1',
    created_at: Date.parse('2026-01-15T09:58:00Z'),
    updated_at: Date.parse('2026-01-15T10:00:00Z'),
    version: null,
    custom_fields: null,
    order_number: 'PO118',
    title: null,
    vendor_id: 'books:vendor:12',
    vendor_reference: 'Q-77',
    buyer_id: 'books:user:40',
    status: 'APPROVED',
    source_status: 'B',
    billing_status: 'NOT_BILLED',
    order_date: '2026-01-15',
    expected_date: '2026-02-01',
    currency: 'EUR',
    subtotal_amount: '114',
    tax_amount: '21.66',
    total_amount: '135.66',
    payment_terms: 'Net 30',
    ship_to_location_id: 'books:location:3',
    ship_to_address: null,
    bill_to_address: null,
    notes: 'pump 3',
    lines: [
      {
        line_id: 'books:purchase_order_line:647|1',
        line_number: '1',
        item_id: 'books:item:88',
        description: 'Seal 40 mm',
        vendor_item_number: null,
        quantity_ordered: '12',
        unit: 'EA',
        source_unit: 'Each',
        unit_price: '9.5',
        line_amount: '114',
        tax_amount: null,
        quantity_received: '0',
        quantity_billed: '0',
        expected_date: '2026-02-01',
        location_id: 'books:location:3',
        cost_center: null,
        work_order_id: null,
        is_closed: false,
        is_canceled: false,
        custom_fields: null,
      },
    ],
  })
})

describe('status', () => {
  test.each([
    ['A', 'PENDING_APPROVAL'],
    ['B', 'APPROVED'],
    ['C', 'REJECTED'],
    ['D', 'PARTIALLY_RECEIVED'],
    ['E', 'PARTIALLY_RECEIVED'],
    ['F', 'RECEIVED'],
    ['G', 'RECEIVED'],
    ['H', 'CLOSED'],
    ['PurchOrd:B', 'APPROVED'],
    ['P', 'UNKNOWN'],
  ])('%s without a known name is %s', async (status, unified) =>
    expect(await map({ status, statusname: 'Bestellung : offen' })).toMatchObject({
      status: unified,
      source_status: status.split(':').at(-1),
    }),
  )
  test('the name in English goes before the letter', async () =>
    expect((await map({ status: 'C', statusname: 'Purchase Order : Partially Received' })).status).toBe(
      'PARTIALLY_RECEIVED',
    ))
  test('a remap of the letter goes before both', async () =>
    expect((await map({ status: 'G' }, [row()], { remaps: { 'purchase_order.status': { G: 'CLOSED' } } })).status).toBe(
      'CLOSED',
    ))
})

describe('billing', () => {
  test.each([
    ['12', 'BILLED'],
    ['5', 'PARTIALLY_BILLED'],
    ['0', 'NOT_BILLED'],
  ])('%s of 12 billed is %s', async (quantitybilled, status) =>
    expect((await map({ status: 'D' }, [row({ quantitybilled })])).billing_status).toBe(status),
  )
  test('a fully billed order is billed whatever its lines say', async () =>
    expect((await map({ status: 'G' })).billing_status).toBe('BILLED'))
  test.each([
    ['B', 'NOT_BILLED'],
    ['E', 'PARTIALLY_BILLED'],
    ['H', 'UNKNOWN'],
  ])('without billed quantities %s is %s', async (status, billing) => {
    const { quantitybilled: _none, ...rest } = row()
    expect((await map({ status, statusname: null }, [rest])).billing_status).toBe(billing)
  })
})

describe('money', () => {
  test('the price is amount by quantity in the currency of the order, not the rate', async () =>
    expect(await line({ quantity: '3', foreignamount: '.1', rate: '99' })).toMatchObject({
      unit_price: '0.033333333',
      line_amount: '0.1',
    }))
  test('digits beyond a double survive', async () =>
    expect(await line({ quantity: '1', foreignamount: '12345678901234567.89' })).toMatchObject({
      unit_price: '12345678901234567.89',
      line_amount: '12345678901234567.89',
    }))
  test('a line without quantity has an amount and no price', async () => {
    const { quantity: _none, item: _item, ...expense } = row()
    expect((await map({}, [expense])).lines[0]).toMatchObject({
      item_id: null,
      quantity_ordered: null,
      unit_price: null,
      line_amount: '114',
    })
  })
  test('the subtotal is exact, and unknown when a line has no amount', async () => {
    const { foreignamount: _none, ...open } = row({ lineid: '2' })
    expect(
      (await map({}, [row({ foreignamount: '0.1' }), row({ lineid: '2', foreignamount: '0.2' })])).subtotal_amount,
    ).toBe('0.3')
    expect((await map({}, [row(), open])).subtotal_amount).toBeNull()
  })
  test('totals have the sign of the lines, however the header has them', async () => {
    expect((await map({ foreigntotal: '135.66' })).total_amount).toBe('135.66')
    expect((await map({ foreigntotal: '5' }, [row({ foreignamount: '-5' })])).total_amount).toBe('-5')
  })
  test('the currency is the ISO code of its table, else an ISO code for a name, else that of the connection', async () => {
    expect((await map({ currency: '9', currencyname: 'USD' })).currency).toBe('USD')
    expect((await map({ currency: '9' }, [row()], { currency: 'CHF' })).currency).toBe('CHF')
  })
})

describe('quantities', () => {
  const box = { units: '2', unitname: 'Box', quantity: '24', quantityshiprecv: '12', quantitybilled: '6' }
  test('come in base units and are told in the unit of the line', async () =>
    expect(await line(box)).toMatchObject({
      quantity_ordered: '2',
      quantity_received: '1',
      quantity_billed: '0.5',
      unit: 'XBX',
      source_unit: 'Box',
      unit_price: '57',
      line_amount: '114',
    }))
  test('stay as they are where the connection says that they are in the named unit', async () =>
    expect((await map({}, [row(box)], { settings: { quantities_in: 'named-unit' } })).lines[0]).toMatchObject({
      quantity_ordered: '24',
      quantity_received: '12',
      unit_price: '4.75',
    }))
})

describe('lines', () => {
  test('are in the order of the form, without texts, subtotals and frames of groups', async () => {
    const lines = [
      row({ lineid: '1', linesequencenumber: '10' }),
      row({ lineid: '2', linesequencenumber: '9', itemtype: 'Description' }),
      row({ lineid: '3', linesequencenumber: '2' }),
      row({ lineid: '4', linesequencenumber: '3', itemtype: 'EndGroup' }),
    ]
    expect((await map({}, lines)).lines.map((each) => each.line_number)).toEqual(['3', '1'])
  })
  test('one is closed when it says so or everything came', async () => {
    expect((await line({ isclosed: 'T' }))?.is_closed).toBe(true)
    expect((await line({ quantityshiprecv: '12' }))?.is_closed).toBe(true)
    expect((await line({ quantityshiprecv: '11.999' }))?.is_closed).toBe(false)
  })
  test('the expected date is the earliest of the open ones; a line without one has that of the order', async () => {
    const lines = [
      row({ expected: '2026-01-20', isclosed: 'T' }),
      row({ lineid: '2', expected: '2026-03-01' }),
      row({ lineid: '3', expected: null }),
    ]
    const order = await map({ duedate: '2026-02-10' }, lines)
    expect(order.expected_date).toBe('2026-02-10')
    expect(order.lines.map((each) => each.expected_date)).toEqual(['2026-01-20', '2026-03-01', '2026-02-10'])
    expect((await map({}, [row({ isclosed: 'T' })])).expected_date).toBeNull()
  })
  test('a place of its own goes before that of the order; one for all is where the order goes', async () => {
    const own = [row({ location: '4' }), row({ lineid: '2', location: '4' })]
    expect((await map({}, own)).ship_to_location_id).toBe('books:location:4')
    expect((await map({}, [row({ location: '4' }), row({ lineid: '2' })])).ship_to_location_id).toBeNull()
  })
})

test('columns on the list of extra fields are read and become custom fields, of lines as well', async () => {
  const { session } = fakeSession({
    tables: tablesOf({ ...header, custbody_project: 'P7' }, [row({ custcol_rack: '4', department: 'Works' })]),
    config: { extra_fields: ['transaction.custbody_project', 'transactionline.custcol_rack', 'vendor.custentity_x'] },
  })
  const order = await reading(purchaseOrders, session).unified({ ...settings, customFields: ['terms'] })
  expect(order.custom_fields).toBe('{"custbody_project":"P7","terms":"Net 30"}')
  expect(order.lines[0]).toMatchObject({ custom_fields: '{"custcol_rack":"4"}', cost_center: 'Works' })
})

test('an account without OneWorld, units, currencies and locations is read without them', async () => {
  const { session, from } = fakeSession({
    tables: { 'transaction t': [header], 'transactionline l': [row()] },
    unknown: ['subsidiary', 'units', 'currency', 'location'],
  })
  const order = await reading(purchaseOrders, session).unified()
  expect(order).toMatchObject({ organization: null, currency: null, ship_to_location_id: null, status: 'APPROVED' })
  expect(order.lines[0]).toMatchObject({ unit: null, source_unit: null, location_id: null, quantity_ordered: '12' })
  expect(from('transaction t').at(-1)?.q).not.toContain('m.subsidiary')
})

test('only orders of the subsidiaries of the connection are asked for', async () => {
  const { session, from } = fakeSession({ tables: tablesOf(header, [row()]), config: { subsidiaries: ['1', '4'] } })
  await reading(purchaseOrders, session).records()
  expect(from('transaction t')[0]).toMatchObject({ params: ['1', '4'] })
  expect(from('transaction t')[0]?.q).toContain('m.subsidiary IN (?, ?)')
})

test('version and time come from the stamp of the header; the payload holds the whole set of lines', async () => {
  const at = Date.parse('2026-01-15T10:00:00Z')
  const [record] = await read(header, row(), row({ lineid: '2' })).records()
  expect(record).toMatchObject({ key: '647', version: at, modifiedAt: at })
  expect(record?.payload['lines']).toHaveLength(2)
})

test('a date in another format makes its order undecodable and the others go on', async () => {
  const tables = tablesOf(header, [])
  const { session } = fakeSession({
    tables: {
      ...tables,
      'transaction t': [
        { ...header, trandate: '15/01/26' },
        { ...header, id: '648' },
      ],
    },
  })
  const orders = reading(purchaseOrders, session)
  expect((await orders.records()).map(({ key }) => key)).toEqual(['648'])
  expect(await orders.undecodable()).toMatchObject([{ key: '647', reason: expect.stringContaining('trandate') }])
})

test('one order, and none for what is no internal id', async () => {
  const orders = read()
  expect(await orders.one('647')).toEqual((await orders.records())[0])
  expect(await orders.one('999')).toBeNull()
  expect(await orders.one("1' OR 1=1")).toBeNull()
})

test('an empty account has no orders', async () => {
  const orders = reading(purchaseOrders, fakeSession({ tables: { 'transaction t': [] } }).session)
  expect(await orders.records()).toEqual([])
  expect(await orders.listed()).toEqual([])
})

test('the record is valid for its schema', async () => {
  const codec = createLocalCodec().unified('purchase_order')
  const record = {
    ...(await map()),
    id: 'books:purchase_order:647',
    connection_id: 'books',
    system: 'netsuite',
    source_id: '647',
    deleted_at: null,
    version: '',
    raw: null,
    mapping_version: 'netsuite/purchase_order@1',
    source_version: 1,
    origin: 'SNAPSHOT' as const,
    synced_at: snapshot.until,
  }
  expect(codec.decode(codec.encode(record).value).lines).toEqual(record.lines)
})
