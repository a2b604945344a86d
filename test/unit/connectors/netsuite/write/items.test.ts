import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { items } from '../../../../../connectors/netsuite/read/items.ts'
import { createItem, deleteItem, updateItem } from '../../../../../connectors/netsuite/write/item.ts'
import { createPurchaseOrder } from '../../../../../connectors/netsuite/write/purchase-order-create.ts'
import { versionNow } from '../../../../../connectors/netsuite/write/versions.ts'
import { type Books, failureOf, openAccount } from './driver.ts'

let books: Books
beforeAll(async () => {
  books = await openAccount({}, { units_type: '9001' })
})
afterAll(() => books.close())

const full = () => ({
  item_number: 'VALVE-1',
  name: 'Valve 1"',
  description: 'Ball valve, brass',
  item_type: 'INVENTORY',
  source_unit: 'Each',
  purchase_unit: 'Box',
  manufacturer: 'Armatur',
  manufacturer_part_number: 'BV-1',
  barcode: '4006381333931',
  preferred_vendor_id: books.id('vendor', 9001),
  vendor_item_number: 'NH-77',
  lead_time_days: 14,
  unit_cost: '12.5',
  is_active: true,
})
let number = 0
const plain = (over: object = {}) => ({ name: `Part ${++number}`, item_type: 'INVENTORY', unit: 'EA', ...over })
const made = async (over: object = {}) => (await books.run(createItem, { payload: plain(over) })).target

describe('a new item', () => {
  test('reads back as it was sent, every field', async () => {
    const outcome = await books.run(createItem, { id: 'full-item', payload: full() })
    expect(outcome.partial).toBeUndefined()
    expect(await books.unified(items, outcome.target)).toMatchObject({ ...full(), unit: 'EA' })
  })

  test.each([
    ['NON_INVENTORY', 'NonInvtPart'],
    ['SERVICE', 'Service'],
    ['ASSEMBLY', 'Assembly'],
  ])('of type %s is a record of its own', async (type, native) => {
    const target = await made({ item_type: type })
    expect(await books.unified(items, target)).toMatchObject({ item_type: type, source_item_type: native })
  })

  test('whose answer was lost is found, and made once', async () => {
    const command = { id: 'lost-item', payload: plain({ item_type: 'SERVICE' }) }
    books.sandbox.switches.cutAfter = 1
    expect(await failureOf(books.run(createItem, command))).toMatchObject({ kind: 'outcome-unknown' })
    expect(await books.find(createItem, command)).toMatchObject({ replay: true })
    expect(await books.run(createItem, command)).toMatchObject({ replay: true })
    expect(books.rows('item', { externalid: 'tributary-lost-item' })).toHaveLength(1)
  })

  test('counted in a unit that NetSuite does not have is refused', async () => {
    const failure = await failureOf(books.run(createItem, { payload: plain({ unit: 'XRO' }) }))
    expect(failure.fields).toMatchObject([{ field: 'unit', code: 'UNIT_UNKNOWN' }])
    const bought = await failureOf(books.run(createItem, { payload: plain({ purchase_unit: 'Crate' }) }))
    expect(bought.fields).toMatchObject([{ field: 'purchase_unit', code: 'UNIT_UNKNOWN' }])
  })

  test('in an account without units is made without, with a warning', async () => {
    const features = new Set(['INVENTORY', 'LOCATIONS', 'MULTICURRENCY'])
    const bare = await openAccount({ account: { features } })
    try {
      const outcome = await bare.run(createItem, { payload: plain() })
      expect(outcome.partial).toBeUndefined()
      expect(outcome.warnings).toMatchObject([{ field: 'unit', code: 'UNSUPPORTED_FIELD' }])
    } finally {
      await bare.close()
    }
  })

  test('whose number is taken is refused', async () => {
    const failure = await failureOf(books.run(createItem, { payload: plain({ item_number: 'SEAL-40' }) }))
    expect(failure.fields).toMatchObject([{ code: 'DUPLICATE' }])
  })
})

describe('a change of an item', () => {
  test('leaves what it does not name as it is', async () => {
    const { target } = await books.run(createItem, { payload: { ...full(), item_number: 'VALVE-2' } })
    const before = await books.unified(items, target)
    await books.run(updateItem, { target, payload: { description: 'Ball valve, steel', unit_cost: '14' } })
    expect(await books.unified(items, target)).toEqual({
      ...before,
      description: 'Ball valve, steel',
      unit_cost: '14',
      updated_at: expect.any(Number),
    })
  })

  test('changes the preferred vendor, and its number', async () => {
    books.sandbox.store.insert('vendor', { id: 9100, entityid: 'Zweiter', companyname: 'Zweiter', isinactive: 'F' })
    const vendor = (id: number) => books.id('vendor', id)
    const target = await made({ preferred_vendor_id: vendor(9001), vendor_item_number: 'A' })
    await books.run(updateItem, { target, payload: { vendor_item_number: 'B' } })
    expect(await books.unified(items, target)).toMatchObject({
      preferred_vendor_id: vendor(9001),
      vendor_item_number: 'B',
    })
    await books.run(updateItem, { target, payload: { preferred_vendor_id: vendor(9100), vendor_item_number: 'C' } })
    expect(await books.unified(items, target)).toMatchObject({
      preferred_vendor_id: vendor(9100),
      vendor_item_number: 'C',
    })
  })

  test('clears what it names', async () => {
    const target = await made({ manufacturer: 'Armatur', barcode: '1' })
    await books.run(updateItem, { target, payload: { clear_fields: ['manufacturer'] } })
    expect(await books.unified(items, target)).toMatchObject({ manufacturer: null, barcode: '1' })
  })

  test('is refused when the item is not the one that the client saw', async () => {
    const target = await made({ item_type: 'NON_INVENTORY' })
    const about = { entity: 'item', mapping: books.mapping } as const
    const seen = (await versionNow(books.session, items, about, target, books.signal)) ?? ''
    await books.run(updateItem, { target, payload: { description: 'other' }, expectedVersion: seen })
    const mine = { target, payload: { description: 'mine' }, expectedVersion: seen }
    expect((await failureOf(books.run(updateItem, mine))).name).toBe('ConflictError')
  })

  test('whose answer was lost is found', async () => {
    const command = { target: await made(), payload: { is_active: false } }
    expect(await books.find(updateItem, command)).toBe('not-applied')
    books.sandbox.switches.cutAfter = 1
    expect(await failureOf(books.run(updateItem, command))).toMatchObject({ kind: 'outcome-unknown' })
    expect(await books.find(updateItem, command)).toMatchObject({ replay: true })
  })
})

describe('the deletion of an item', () => {
  test('takes it away', async () => {
    const target = await made()
    await books.run(deleteItem, { target })
    expect(await books.find(deleteItem, { target })).toMatchObject({ replay: true })
    expect(await failureOf(books.run(deleteItem, { target }))).toMatchObject({ fields: [{ code: 'NOT_FOUND' }] })
  })

  test('is refused while it is on an order', async () => {
    const target = await made()
    const lines = [{ item_id: books.id('item', target), quantity_ordered: '1', unit_price: '1' }]
    await books.run(createPurchaseOrder, { payload: { vendor_id: books.id('vendor', 9001), lines } })
    expect(await failureOf(books.run(deleteItem, { target }))).toMatchObject({
      fields: [{ code: 'STATE_NOT_ALLOWED' }],
    })
  })
})
