import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { inventoryMovements } from '../../../../../connectors/sap-s4hana/read/inventory-movements.ts'
import { stockLevels } from '../../../../../connectors/sap-s4hana/read/stock-levels.ts'
import { cancelMovement } from '../../../../../connectors/sap-s4hana/write/movement-cancel.ts'
import { createMovement } from '../../../../../connectors/sap-s4hana/write/movement-create.ts'
import { createPurchaseOrder } from '../../../../../connectors/sap-s4hana/write/purchase-order-create.ts'
import { failureOf, openSap, type Sap } from './driver.ts'

const DOCUMENT = 'API_MATERIAL_DOCUMENT_SRV'

let sap: Sap
let material: string
let storage: string
let other: string

beforeAll(async () => {
  sap = await openSap()
  const stock = sap
    .rows('API_MATERIAL_STOCK_SRV', 'A_MatlStkInAcctMod', { Plant: '1010', InventoryStockType: '01' })
    .filter((row) => row['InventorySpecialStockType'] === '' && row['Batch'] === '' && row['StorageLocation'] !== '')
    .find((row) => Number(row['MatlWrhsStkQtyInMatlBaseUnit']) >= 5)
  material = String(stock?.['Material'])
  storage = String(stock?.['StorageLocation'])
  other = sap
    .rows('API_STORAGELOCATION_SRV', 'StorageLocation', { Plant: '1010' })
    .map((row) => String(row['StorageLocation']))
    .filter((each) => each !== storage)[0] as string
})
afterEach(() => {
  Object.assign(sap.sandbox.switches, { cutAfter: 0, cutBefore: 0, emptyNestedOnCreate: false })
  sap.sandbox.switches.closedPeriods.clear()
})
afterAll(() => sap.close())

const place = (storageLocation: string) => sap.id('location', 'sloc', '1010', storageLocation)
const line = (over: object) => ({ line_ref: 'a', item_id: sap.id('item', material), clear_fields: [], ...over })
const movement = (kind: string, over: object, header: object = {}) => ({
  payload: { kind, clear_fields: [], lines: [line(over)], ...header },
})

async function held(storageLocation = storage): Promise<number> {
  const key = `${material}|1010|${storageLocation}`
  const level = await stockLevels.readOne(sap.session, key, sap.signal)
  return level === null ? 0 : Number(stockLevels.toUnified(level.payload, sap.mapping, key).quantity_unrestricted)
}

async function unified(target: string) {
  const record = await inventoryMovements.readOne(sap.session, target, sap.signal)
  if (record === null) throw new Error(`no document ${target}`)
  return inventoryMovements.toUnified(record.payload, sap.mapping, target)
}

describe('a movement', () => {
  test('RECEIPT without an order brings stock, and reads back as it was sent', async () => {
    const before = await held()
    const outcome = await sap.run(
      createMovement,
      movement('RECEIPT', { quantity: '3', to_location_id: place(storage) }, { notes: 'found in the van' }),
    )
    expect(outcome.partial).toBeUndefined()
    expect(outcome.lines).toEqual([{ lineRef: 'a', lineKey: `${outcome.target}|1`, lineNumber: '1' }])
    expect(await held()).toBe(before + 3)
    const document = await unified(outcome.target)
    expect(document).toMatchObject({ kind: 'RECEIPT', notes: 'found in the van' })
    expect(document.lines[0]).toMatchObject({ quantity: '3', to_location_id: place(storage) })
  })

  test('ISSUE and SCRAP take stock away, at the cost center of the connection', async () => {
    const before = await held()
    for (const kind of ['ISSUE', 'SCRAP']) {
      const outcome = await sap.run(createMovement, movement(kind, { quantity: '1', from_location_id: place(storage) }))
      expect(await unified(outcome.target)).toMatchObject({ kind })
    }
    expect(await held()).toBe(before - 2)
  })

  test('RECEIPT and VENDOR_RETURN for an order name its line', async () => {
    const [purchasing] = sap
      .rows('API_BUSINESS_PARTNER', 'A_SupplierPurchasingOrg', { PurchasingOrganization: '1010' })
      .filter((row) => row['PurchasingIsBlockedForSupplier'] !== true)
    const order = await sap.run(createPurchaseOrder, {
      payload: {
        vendor_id: sap.id('vendor', String(purchasing?.['Supplier'])),
        currency: 'EUR',
        lines: [line({ quantity_ordered: '5', unit_price: '2', location_id: place(storage) })],
      },
    })
    const orderLine = sap.id('purchase_order_line', order.target, '10')
    const received = await sap.run(
      createMovement,
      movement('RECEIPT', { quantity: '3', to_location_id: place(storage), purchase_order_line_id: orderLine }),
    )
    expect((await unified(received.target)).lines[0]).toMatchObject({
      quantity: '3',
      purchase_order_line_id: orderLine,
      to_location_id: place(storage),
    })
    const returned = await sap.run(
      createMovement,
      movement('VENDOR_RETURN', {
        quantity: '1',
        from_location_id: place(storage),
        purchase_order_line_id: orderLine,
        reason: '1',
      }),
    )
    expect(await unified(returned.target)).toMatchObject({ kind: 'VENDOR_RETURN' })
  })

  test('TRANSFER moves it from one place to another', async () => {
    const [here, there] = [await held(), await held(other)]
    const outcome = await sap.run(
      createMovement,
      movement('TRANSFER', { quantity: '1', from_location_id: place(storage), to_location_id: place(other) }),
    )
    expect([await held(), await held(other)]).toEqual([here - 1, there + 1])
    expect(outcome.lines).toHaveLength(1)
    expect((await unified(outcome.target)).lines[0]).toMatchObject({
      from_location_id: place(storage),
      to_location_id: place(other),
    })
  })

  test('ADJUSTMENT goes up and down as the connection says, and is refused where it does not', async () => {
    const before = await held()
    await sap.run(createMovement, movement('ADJUSTMENT', { quantity: '2', to_location_id: place(storage) }))
    await sap.run(createMovement, movement('ADJUSTMENT', { quantity: '-1', to_location_id: place(storage) }))
    expect(await held()).toBe(before + 1)
    const strict = await openSap({ size: 5 }, { adjustment_up: undefined })
    try {
      const error = await failureOf(
        strict.run(createMovement, movement('ADJUSTMENT', { quantity: '2', to_location_id: place(storage) })),
      )
      expect(error.message).toContain('adjustment_up')
    } finally {
      await strict.close()
    }
  })

  test('COUNT posts the difference that was planned, once', async () => {
    const before = await held()
    const command = {
      id: 'count-0001',
      ...movement('COUNT', { quantity_counted: String(before + 4), to_location_id: place(storage) }),
    }
    const plan = await sap.plan(createMovement, command)
    expect(plan).toEqual({ differences: ['4'] })
    sap.sandbox.switches.cutAfter = 1
    expect((await failureOf(sap.run(createMovement, { ...command, plan }))).kind).toBe('outcome-unknown')
    expect(await sap.find(createMovement, { ...command, plan })).toMatchObject({ replay: true })
    expect(await held()).toBe(before + 4)
    const down = movement('COUNT', { quantity_counted: String(before), to_location_id: place(storage) })
    const outcome = await sap.run(createMovement, down)
    expect(outcome.warnings).toMatchObject([{ code: 'RACE' }])
    expect(await held()).toBe(before)
  })

  test('of nothing, to the same place, or with both more and less is refused with every reason', async () => {
    const error = await failureOf(
      sap.run(createMovement, {
        payload: {
          kind: 'TRANSFER',
          lines: [
            line({ quantity: '0', from_location_id: place(storage), to_location_id: place(storage) }),
            line({ item_id: null, quantity: '1.2345' }),
          ],
        },
      }),
    )
    expect(error.fields.map(({ field, code }: any) => `${field} ${code}`)).toEqual([
      'lines[0].quantity INVALID_VALUE',
      'lines[0].to_location_id INVALID_VALUE',
      'lines[1].quantity PRECISION_LOSS',
      'lines[1].item_id REQUIRED',
      'lines[1].from_location_id REQUIRED',
      'lines[1].to_location_id REQUIRED',
    ])
  })

  test("in a closed period is refused for good, with SAP's words", async () => {
    sap.sandbox.switches.closedPeriods.add('2020-01')
    const error = await failureOf(
      sap.run(
        createMovement,
        movement('RECEIPT', { quantity: '1', to_location_id: place(storage) }, { posting_date: '2020-01-15' }),
      ),
    )
    expect(error.fields[0]).toMatchObject({ code: 'PERIOD_CLOSED' })
  })

  test('with a reference of its own is found by its header text', async () => {
    sap.sandbox.switches.cutAfter = 1
    const command = {
      id: 'with-reference',
      ...movement('RECEIPT', { quantity: '1', to_location_id: place(storage) }, { reference: 'LS-4711' }),
    }
    const count = sap.rows(DOCUMENT, 'A_MaterialDocumentHeader').length
    expect((await failureOf(sap.run(createMovement, command))).kind).toBe('outcome-unknown')
    const found = await sap.find(createMovement, command)
    expect(found).toMatchObject({ replay: true, lines: [{ lineRef: 'a' }] })
    expect(sap.rows(DOCUMENT, 'A_MaterialDocumentHeader')).toHaveLength(count + 1)
  })

  test('is taken back by another document, once', async () => {
    const before = await held()
    const { target } = await sap.run(
      createMovement,
      movement('RECEIPT', { quantity: '2', to_location_id: place(storage) }),
    )
    expect(await sap.find(cancelMovement, { target })).toBe('not-applied')
    sap.sandbox.switches.cutAfter = 1
    expect((await failureOf(sap.run(cancelMovement, { target }))).kind).toBe('outcome-unknown')
    expect(await sap.find(cancelMovement, { target })).toMatchObject({ replay: true })
    expect(await held()).toBe(before)
    expect((await unified(target)).status).toBe('REVERSED')
  })
})
