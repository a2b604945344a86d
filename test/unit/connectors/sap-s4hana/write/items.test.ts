import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { items } from '../../../../../connectors/sap-s4hana/read/items.ts'
import { createItem } from '../../../../../connectors/sap-s4hana/write/item-create.ts'
import { deleteItem, updateItem } from '../../../../../connectors/sap-s4hana/write/item-update.ts'
import { failureOf, openSap, type Sap } from './driver.ts'

let sap: Sap

beforeAll(async () => {
  sap = await openSap()
})
afterEach(() => {
  Object.assign(sap.sandbox.switches, { cutAfter: 0, refuseProductWrites: false })
  sap.sandbox.switches.silentNoOpFields.clear()
})
afterAll(() => sap.close())

let count = 0
const payload = (over: object = {}) => ({
  item_number: `TRIB-${++count}`,
  name: 'Seal 40 mm',
  description: 'Fluorine rubber',
  item_type: 'INVENTORY',
  source_unit: 'PC',
  manufacturer_part_number: 'FKM-40',
  clear_fields: [],
  ...over,
})

async function unified(target: string) {
  const record = await items.readOne(sap.session, target, sap.signal)
  if (record === null) throw new Error(`no item ${target}`)
  return items.toUnified(record.payload, sap.mapping, target)
}

describe('an item', () => {
  test('is created with its texts, and reads back as it was sent', async () => {
    const { clear_fields: _none, ...told } = payload()
    const outcome = await sap.run(createItem, { payload: { ...told, clear_fields: [] } })
    expect(outcome.partial).toBeUndefined()
    expect(await unified(outcome.target)).toMatchObject({ ...told, category: 'L001', is_active: true })
  })

  test('is found again when the answer was lost; another with its number is not it', async () => {
    sap.sandbox.switches.cutAfter = 1
    const command = { id: 'item-lost-1', payload: payload() }
    expect((await failureOf(sap.run(createItem, command))).kind).toBe('outcome-unknown')
    expect(await sap.find(createItem, command)).toMatchObject({ replay: true, target: command.payload.item_number })
    const second = { ...command, id: 'item-lost-2' }
    expect(await sap.find(createItem, second)).toBe('not-applied')
    expect((await failureOf(sap.run(createItem, second))).kind).toBe('rejected')
  })

  test('changes where it was told to, and loses what is cleared', async () => {
    const { target } = await sap.run(createItem, { payload: payload() })
    const before = await unified(target)
    const outcome = await sap.run(updateItem, {
      target,
      payload: { name: 'Seal 42 mm', barcode: '4006381333931', clear_fields: ['description'] },
    })
    expect(outcome.partial).toBeUndefined()
    const after = await unified(target)
    expect(after).toEqual({
      ...before,
      name: 'Seal 42 mm',
      display_name: after.display_name,
      description: null,
      barcode: '4006381333931',
      updated_at: after.updated_at,
    })
  })

  test('that SAP leaves as it was is refused with the field', async () => {
    const { target } = await sap.run(createItem, { payload: payload() })
    sap.sandbox.switches.silentNoOpFields.add('A_Product.ProductStandardID')
    const error = await failureOf(sap.run(updateItem, { target, payload: { barcode: '123' } }))
    expect(error.fields).toMatchObject([{ field: 'barcode', code: 'NOT_WRITABLE' }])
  })

  test('is refused for good by a tenant that takes no product', async () => {
    sap.sandbox.switches.refuseProductWrites = true
    const error = await failureOf(sap.run(createItem, { payload: payload() }))
    expect(error.kind).toBe('rejected')
    expect(error.fields[0]).toMatchObject({ code: 'UNSUPPORTED_OPERATION' })
  })

  test('is marked for deletion, never gone', async () => {
    const { target } = await sap.run(createItem, { payload: payload() })
    const outcome = await sap.run(deleteItem, { target })
    expect(outcome.warnings).toHaveLength(1)
    expect((await unified(target)).is_active).toBe(false)
    expect(await sap.find(deleteItem, { target })).toMatchObject({ replay: true })
  })

  test('names every problem at once', async () => {
    const error = await failureOf(
      sap.run(createItem, { payload: { name: null, item_type: 'KIT', unit: null, clear_fields: [] } }),
    )
    expect(error.fields.map(({ field, code }: any) => `${field} ${code}`)).toEqual([
      'name REQUIRED',
      'unit REQUIRED',
      'item_type INVALID_VALUE',
    ])
  })
})
