import { expect, test } from 'vitest'
import { ownHints } from '../../../../core/webhooks/hints.ts'

const hints = (body: unknown, headers: Record<string, string> = {}) =>
  ownHints({ headers, body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)) })

test('one change, several, and either inside data', () => {
  const one = { entity: 'vendor', key: '42' }
  expect(hints(one)).toEqual([one])
  expect(hints({ changes: [one, { entity: 'work_order', key: 7 }] })).toEqual([one, { entity: 'work_order', key: '7' }])
  expect(hints({ type: 'x', data: one })).toEqual([one])
  expect(hints({ type: 'x', timestamp: 't', data: { changes: [one] } })).toEqual([one])
  expect(hints({ changes: [] })).toEqual([])
})

test('a key may have parts, empty ones too, or be missing', () => {
  expect(hints({ entity: 'stock_level', key: ['A-1', '', 100] })).toEqual([{ entity: 'stock_level', key: 'A-1||100' }])
  expect(hints({ entity: 'vendor' })).toEqual([{ entity: 'vendor', key: null }])
  expect(hints({ entity: 'vendor', key: null })).toEqual([{ entity: 'vendor', key: null }])
})

test.each([
  ['', /not JSON/],
  ['{', /not JSON/],
  ['null', /neither/],
  ['[]', /neither/],
  [{ vendor: '42' }, /neither/],
  [{ entity: 'Vendor', key: '42' }, /entity must be one of vendor, item/],
  [{ changes: ['vendor'] }, /entity must be one of/],
  [{ entity: 'vendor', key: '' }, /key must be text/],
  [{ entity: 'vendor', key: [] }, /key must be text/],
  [{ entity: 'vendor', key: 1.5 }, /key must be text/],
  [{ entity: 'vendor', key: { id: 1 } }, /key must be text/],
])('%j is refused with what is wrong', (body, message) => {
  expect(() => hints(body)).toThrow(message)
})

test('CloudEvents, structured: the entity is part of the type, the key is the subject', () => {
  const event = {
    specversion: '1.0',
    id: '1',
    source: '/erp',
    type: 'com.example.purchase-order.changed.v1',
    subject: '45',
  }
  expect(hints(event)).toEqual([{ entity: 'purchase_order', key: '45' }])
  expect(hints({ ...event, type: 'com.example.Vendor.changed', subject: undefined })).toEqual([
    { entity: 'vendor', key: null },
  ])
  expect(hints({ ...event, type: 'com.example.invoice.changed' })).toEqual([])
})

test('CloudEvents, binary: from headers, also without a body', () => {
  const headers = { 'ce-type': 'com.example.work_order.changed', 'ce-subject': '10', 'ce-id': '1', 'ce-source': '/erp' }
  expect(hints('', headers)).toEqual([{ entity: 'work_order', key: '10' }])
  expect(hints({ any: 'thing' }, headers)).toEqual([{ entity: 'work_order', key: '10' }])
})

test('events of S/4HANA: the key from data where it is ours too, else the whole increment', () => {
  const event = (type: string, data: object) => ({
    specversion: '1.0',
    id: '1',
    source: '/default/sap.s4.beh/1',
    type,
    data,
  })
  expect(hints(event('sap.s4.beh.purchaseorder.v1.PurchaseOrder.Changed.v1', { PurchaseOrder: '4500000001' }))).toEqual(
    [{ entity: 'purchase_order', key: '4500000001' }],
  )
  expect(hints(event('sap.s4.beh.product.v1.Product.Changed.v1', { Product: 'TG11' }))).toEqual([
    { entity: 'item', key: 'TG11' },
  ])
  expect(hints(event('sap.s4.beh.businesspartner.v1.BusinessPartner.Changed.v1', { BusinessPartner: '1' }))).toEqual([
    { entity: 'vendor', key: null },
  ])
})

test('an own hint inside a CloudEvent is taken as it is', () => {
  const event = { specversion: '1.0', id: '1', source: '/erp', type: 'anything', data: { entity: 'asset', key: 'E|1' } }
  expect(hints(event)).toEqual([{ entity: 'asset', key: 'E|1' }])
})
