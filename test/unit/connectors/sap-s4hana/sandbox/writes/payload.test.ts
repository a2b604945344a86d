import { expect, it } from 'vitest'
import { createLandscape, ITEM_BODY, ORDER_BODY, order, PO, PRODUCT, refusalOf, STOCK } from './landscape.ts'

const create = (item: object, header: object = {}) => {
  const landscape = createLandscape()
  return () => landscape.post(PO, 'A_PurchaseOrder', { ...ORDER_BODY, ...header, to_PurchaseOrderItem: [item] })
}

it('an unknown property is refused by name', () => {
  const refused = refusalOf(create({ ...ITEM_BODY, Colour: 'red' }))
  expect(refused).toMatchObject({ status: 400, message: 'Property Colour not found in type A_PurchaseOrderItemType' })
})

it('a text longer than its column is refused', () => {
  expect(refusalOf(create({ ...ITEM_BODY, PurchaseOrderItemText: 'x'.repeat(41) }))).toMatchObject({
    status: 400,
    message: expect.stringContaining('MaxLength=40') as string,
  })
})

it.each([
  ['OrderQuantity', '12,5'],
  ['OrderQuantity', true],
  ['OrderQuantity', '1.2345'],
  ['OrderQuantity', '12345678901'],
  ['Material', 12],
  ['IsFinallyInvoiced', 'true'],
  ['TaxDeterminationDate', '15.01.2026'],
])('%s does not take %j', (property, value) => {
  expect(refusalOf(create({ ...ITEM_BODY, [property]: value }))).toMatchObject({ status: 400 })
})

it('null is refused for a key and resets any other property', () => {
  const landscape = createLandscape()
  const number = order(landscape)
  const key = { PurchaseOrder: number, PurchaseOrderItem: '10' }
  landscape.patch(PO, 'A_PurchaseOrderItem', key, { PurchaseOrderItemText: null, StorageLocation: null })
  expect(landscape.row(PO, 'A_PurchaseOrderItem', key)).toMatchObject({
    PurchaseOrderItemText: '',
    StorageLocation: '',
  })
  expect(refusalOf(create(ITEM_BODY, { PurchaseOrder: null })).status).toBe(400)
})

it('dates are taken as /Date()/, as ISO with and without zone, and kept as days', () => {
  const landscape = createLandscape()
  const day = Date.UTC(2026, 1, 1)
  for (const text of [`/Date(${day})/`, '2026-02-01T00:00:00', '2026-02-01T13:30:00Z', `/Date(${day + 5}+0000)/`]) {
    const lines = [{ ScheduleLineDeliveryDate: text, ScheduleLineOrderQuantity: '12' }]
    const number = order(landscape, [{ ...ITEM_BODY, to_ScheduleLine: lines }])
    const line = { PurchasingDocument: number, PurchasingDocumentItem: '10', ScheduleLine: '1' }
    expect(landscape.row(PO, 'A_PurchaseOrderScheduleLine', line)['ScheduleLineDeliveryDate']).toBe(day)
  }
})

it('decimals are taken as text or number and kept exactly', () => {
  const landscape = createLandscape()
  const number = order(landscape, [{ ...ITEM_BODY, OrderQuantity: 12.125, NetPriceAmount: '123456789.125' }])
  expect(landscape.row(PO, 'A_PurchaseOrderItem', { PurchaseOrder: number, PurchaseOrderItem: '10' })).toMatchObject({
    OrderQuantity: '12.125',
    NetPriceAmount: '123456789.125',
  })
})

it('nested entities come as an array or below "results"', () => {
  const landscape = createLandscape()
  const { entity } = landscape.post(PO, 'A_PurchaseOrder', {
    ...ORDER_BODY,
    to_PurchaseOrderItem: { results: [{ ...ITEM_BODY, to_ScheduleLine: { results: [] }, to_AccountAssignment: [] }] },
  })
  expect(entity?.expanded['to_PurchaseOrderItem']).toHaveLength(1)
})

it('values for read-only fields are dropped without a word', () => {
  const landscape = createLandscape()
  const number = order(landscape)
  const key = { PurchaseOrder: number }
  const { status } = landscape.patch(PO, 'A_PurchaseOrder', key, { CreatedByUser: 'SOMEBODY', Language: 'DE' })
  expect(status).toBe(204)
  expect(landscape.row(PO, 'A_PurchaseOrder', key)).toMatchObject({ CreatedByUser: 'TRIBUTARY', Language: 'DE' })
})

it('a field named by the switch silentNoOpFields keeps its value behind a 204', () => {
  const landscape = createLandscape({ silentNoOpFields: new Set(['A_PurchaseOrder.IncotermsLocation1']) })
  const key = { PurchaseOrder: order(landscape) }
  const body = { IncotermsLocation1: 'Hamburg', IncotermsLocation2: 'Wien' }
  expect(landscape.patch(PO, 'A_PurchaseOrder', key, body).status).toBe(204)
  expect(landscape.row(PO, 'A_PurchaseOrder', key)).toMatchObject({
    IncotermsLocation1: '',
    IncotermsLocation2: 'Wien',
  })
})

it('deep update is refused', () => {
  const landscape = createLandscape()
  const body = { Language: 'DE', to_PurchaseOrderItem: [{ PurchaseOrderItem: '10', OrderQuantity: '1' }] }
  const refused = refusalOf(() => landscape.patch(PO, 'A_PurchaseOrder', { PurchaseOrder: order(landscape) }, body))
  expect(refused).toMatchObject({ status: 400, message: expect.stringContaining('Deep update') as string })
})

it('PUT resets what it leaves out, except what is decided once', () => {
  const landscape = createLandscape()
  const key = { PurchaseOrder: order(landscape) }
  landscape.send('PUT', PO, 'A_PurchaseOrder', key, { PurchasingGroup: '002' })
  expect(landscape.row(PO, 'A_PurchaseOrder', key)).toMatchObject({
    PurchasingGroup: '002',
    PaymentTerms: '',
    Supplier: '10300001',
  })
})

it.each([
  ['POST', 'Creating'],
  ['PATCH', 'Updating'],
  ['DELETE', 'Deleting'],
])('%s of a stock row is disabled', (method, verb) => {
  const landscape = createLandscape()
  const key = Object.fromEntries(landscape.store.set(STOCK, 'A_MatlStkInAcctMod').type.keys.map((name) => [name, '']))
  const run =
    method === 'POST'
      ? () => landscape.post(STOCK, 'A_MatlStkInAcctMod', {})
      : () => landscape.send(method, STOCK, 'A_MatlStkInAcctMod', key, {})
  expect(refusalOf(run)).toMatchObject({
    status: 405,
    code: 'CX_SADL_ENTITY_CUD_DISABLED',
    message: `${verb} operations are disabled for entity 'API_MATERIAL_STOCK_SRV~A_MatlStkInAcctMod'`,
  })
})

it('what is not there cannot be changed', () => {
  const landscape = createLandscape()
  const run = () => landscape.patch(PRODUCT, 'A_Product', { Product: 'NO-SUCH' }, { Division: '00' })
  expect(refusalOf(run)).toMatchObject({ status: 404, code: '/IWBEP/CM_MGW_RT/020' })
})

it('a refused creation leaves no rows behind', () => {
  const landscape = createLandscape()
  const body = {
    ...ORDER_BODY,
    to_PurchaseOrderItem: [ITEM_BODY, { ...ITEM_BODY, PurchaseOrderItem: '20', Plant: '9999' }],
  }
  refusalOf(() => landscape.post(PO, 'A_PurchaseOrder', body))
  expect(landscape.rows(PO, 'A_PurchaseOrder')).toEqual([])
  expect(landscape.rows(PO, 'A_PurchaseOrderItem')).toEqual([])
})
