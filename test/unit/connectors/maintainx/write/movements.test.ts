import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { failureOf, openPlant, type Plant } from './driver.ts'

let plant: Plant
let store = 0
let depot = 0
beforeAll(async () => {
  plant = await openPlant()
  store = plant.ask('POST', '/locations', { name: 'Store' }).id
  depot = plant.ask('POST', '/locations', { name: 'Depot' }).id
})
afterAll(() => plant.close())

const newPart = (availableQuantity = 10): number =>
  plant.ask('POST', '/parts', { name: 'Seal', locations: [{ locationId: store, availableQuantity }] }).id
const at = (part: number, place = store): number | undefined =>
  plant
    .ask('GET', `/parts/${part}`)
    .part.locations.find(({ locationId }: { locationId: number }) => locationId === place)?.availableQuantity
const line = (part: number, over: object, place = store) => ({
  item_id: plant.id('item', part),
  to_location_id: plant.id('location', place),
  ...over,
})
const adjustment = (part: number, quantity: string) => ({ kind: 'ADJUSTMENT', lines: [line(part, { quantity })] })

describe('an adjustment', () => {
  test('adds what it says, downwards too, and warns of what it cannot see', async () => {
    const part = newPart(10)
    const outcome = await plant.run('CREATE inventory_movement', { payload: adjustment(part, '-3') })
    expect(at(part)).toBe(7)
    expect(outcome.warnings).toMatchObject([{ code: 'RACE' }])
  })

  test('sent again with its plan is applied once', async () => {
    const part = newPart(10)
    const command = { id: 'adjust-once', payload: adjustment(part, '5') }
    const plan = await plant.plan('CREATE inventory_movement', command)
    expect(await plant.find('CREATE inventory_movement', { ...command, plan })).toBe('not-applied')
    plant.sandbox.switches.cutAfter = 1
    await failureOf(plant.run('CREATE inventory_movement', { ...command, plan }))
    expect(await plant.find('CREATE inventory_movement', { ...command, plan })).toMatchObject({ target: 'adjust-once' })
    await plant.run('CREATE inventory_movement', { ...command, plan })
    expect(at(part)).toBe(15)
  })

  test('whose stock somebody else changed meanwhile cannot be told, and is not guessed', async () => {
    const part = newPart(10)
    const command = { payload: adjustment(part, '5') }
    const plan = await plant.plan('CREATE inventory_movement', command)
    plant.ask('PATCH', `/parts/${part}`, { locations: { addedUpdated: [{ locationId: store, availableQuantity: 2 }] } })
    expect(await plant.find('CREATE inventory_movement', { ...command, plan })).toBe('unknown')
  })

  test('of less than a piece is refused before anything is sent', async () => {
    const before = plant.writes().length
    const failure = await failureOf(plant.run('CREATE inventory_movement', { payload: adjustment(newPart(), '0.5') }))
    expect(failure.fields).toMatchObject([{ field: 'lines[0].quantity', code: 'PRECISION_LOSS' }])
    expect(plant.writes()).toHaveLength(before)
  })
})

describe('a count', () => {
  test('sets what was counted, of several parts and at places where a part was not kept', async () => {
    const [a, b] = [newPart(10), newPart(4)]
    const lines = [
      line(a, { quantity_counted: '12' }),
      line(a, { quantity_counted: '3' }, depot),
      line(b, { quantity_counted: '0' }),
    ]
    const outcome = await plant.run('CREATE inventory_movement', { payload: { kind: 'COUNT', lines } })
    expect([at(a), at(a, depot), at(b)]).toEqual([12, 3, 0])
    expect(outcome.warnings).toBeUndefined()
    expect(outcome.steps).toMatchObject([{ outcome: 'APPLIED' }, { outcome: 'APPLIED' }])
  })

  test('that is refused half-way tells what was done and what was not', async () => {
    const [a, b] = [newPart(10), newPart(4)]
    const command = {
      payload: { kind: 'COUNT', lines: [line(a, { quantity_counted: '12' }), line(b, { quantity_counted: '3' })] },
    }
    const plan = await plant.plan('CREATE inventory_movement', command)
    plant.ask('DELETE', `/parts/${b}`)
    const outcome = await plant.run('CREATE inventory_movement', { ...command, plan })
    expect(outcome).toMatchObject({
      steps: [
        { sourceId: String(a), outcome: 'APPLIED' },
        { sourceId: String(b), outcome: 'FAILED' },
      ],
      partial: [{ code: 'NOT_FOUND' }],
    })
    expect(at(a)).toBe(12)
  })
})

describe('a receipt', () => {
  async function approved() {
    const vendor = plant.ask('POST', '/vendors', { name: 'Nordhafen' }).id
    const part = newPart(0)
    const payload = {
      vendor_id: plant.id('vendor', vendor),
      lines: [{ line_ref: 'a', item_id: plant.id('item', part), quantity_ordered: '10', unit_price: '1' }],
    }
    const { target, lines = [] } = await plant.run('CREATE purchase_order', { payload })
    for (const status of ['PENDING_APPROVAL', 'APPROVED'])
      await plant.run('SET_STATUS purchase_order', { target, payload: { status } })
    return { target, part, lineId: plant.id('purchase_order_line', ...(lines[0]?.lineKey.split('|') ?? [])) }
  }
  const receipt = (purchase_order_line_id: string, quantity: string) => ({
    kind: 'RECEIPT',
    lines: [{ purchase_order_line_id, quantity, to_location_id: plant.id('location', store) }],
  })

  test('adds to what came before, order and stock', async () => {
    const { target, part, lineId } = await approved()
    await plant.run('CREATE inventory_movement', { payload: receipt(lineId, '4') })
    await plant.run('CREATE inventory_movement', { payload: receipt(lineId, '6') })
    expect(await plant.unified('purchase_order', target)).toMatchObject({ lines: [{ quantity_received: '10' }] })
    expect(at(part)).toBe(10)
  })

  test('whose answer was lost is known, and is not booked again', async () => {
    const { target, lineId } = await approved()
    const command = { payload: receipt(lineId, '4') }
    const plan = await plant.plan('CREATE inventory_movement', command)
    expect(await plant.find('CREATE inventory_movement', { ...command, plan })).toBe('not-applied')
    plant.sandbox.switches.cutAfter = 1
    await failureOf(plant.run('CREATE inventory_movement', { ...command, plan }))
    expect(await plant.find('CREATE inventory_movement', { ...command, plan })).toMatchObject({ replay: true })
    await plant.run('CREATE inventory_movement', { ...command, plan })
    expect(await plant.unified('purchase_order', target)).toMatchObject({ lines: [{ quantity_received: '4' }] })
  })

  test('on lines of two orders, or without one, is refused', async () => {
    const [one, other] = [await approved(), await approved()]
    const lines = [...receipt(one.lineId, '1').lines, ...receipt(other.lineId, '1').lines]
    const failure = await failureOf(plant.run('CREATE inventory_movement', { payload: { kind: 'RECEIPT', lines } }))
    expect(failure.fields).toMatchObject([{ field: 'lines', code: 'INVALID_VALUE' }])
    const without = { kind: 'RECEIPT', lines: [line(one.part, { quantity: '1' })] }
    expect((await failureOf(plant.run('CREATE inventory_movement', { payload: without }))).fields).toMatchObject([
      { field: 'lines[0].purchase_order_line_id', code: 'REQUIRED' },
    ])
  })
})

describe('the limits of a stock level', () => {
  test('are changed without what is there', async () => {
    const part = newPart(10)
    const target = `${part}|${store}`
    await plant.run('UPDATE stock_level', { target, payload: { minimum_quantity: '2', maximum_quantity: '20' } })
    expect(await plant.unified('stock_level', target)).toMatchObject({
      minimum_quantity: '2',
      maximum_quantity: '20',
      quantity_on_hand: '10',
    })
    const command = { target, payload: { minimum_quantity: '2' } }
    expect(await plant.find('UPDATE stock_level', command)).toMatchObject({ replay: true })
  })

  test('are refused where the part is not kept', async () => {
    const command = { target: `${newPart()}|${depot}`, payload: { minimum_quantity: '2' } }
    expect(await failureOf(plant.run('UPDATE stock_level', command))).toMatchObject({ fields: [{ code: 'NOT_FOUND' }] })
  })
})
