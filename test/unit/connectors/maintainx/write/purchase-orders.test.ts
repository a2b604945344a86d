import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { failureOf, openPlant, type Plant } from './driver.ts'

let plant: Plant
let vendor = 0
let part = 0
beforeAll(async () => {
  plant = await openPlant()
  vendor = plant.ask('POST', '/vendors', { name: 'Nordhafen' }).id
  part = plant.ask('POST', '/parts', { name: 'Seal' }).id
})
afterAll(() => plant.close())

const LINE = { line_ref: 'a', description: 'M8 bolts', quantity_ordered: '2.5', unit_price: '3.4' }
const payloadOf = (over: object = {}, lines: object[] = [LINE]) => ({
  vendor_id: plant.id('vendor', vendor),
  lines,
  ...over,
})
async function newOrder(over: object = {}, lines?: object[]) {
  const { target, lines: made = [] } = await plant.run('CREATE purchase_order', { payload: payloadOf(over, lines) })
  return { target, lines: made.map(({ lineKey }) => plant.id('purchase_order_line', ...lineKey.split('|'))) }
}
const shown = async (target: string): Promise<any> => plant.unified('purchase_order', target)

describe('a new purchase order', () => {
  test('reads back as it was sent, header and lines, and tells the ids of its lines', async () => {
    const header = { order_number: 'PO-77', expected_date: '2026-12-24', notes: 'by the gate' }
    const lines = [LINE, { line_ref: 'b', item_id: plant.id('item', part), quantity_ordered: '4', unit_price: '0.07' }]
    const made = await newOrder(header, lines)
    const { line_ref: _a, ...first } = LINE
    const { line_ref: _b, ...second } = lines[1] as typeof LINE
    expect(await shown(made.target)).toMatchObject({
      ...header,
      status: 'DRAFT',
      vendor_id: plant.id('vendor', vendor),
      lines: [
        { ...first, line_id: made.lines[0] },
        { ...second, line_id: made.lines[1] },
      ],
    })
  })

  test('is found by its command after the answer was lost, with its lines', async () => {
    const command = { id: 'lost-order', payload: payloadOf() }
    await newOrder()
    plant.sandbox.switches.cutAfter = 1
    expect(await failureOf(plant.run('CREATE purchase_order', command))).toMatchObject({ kind: 'outcome-unknown' })
    expect(await plant.find('CREATE purchase_order', command)).toMatchObject({
      replay: true,
      lines: [{ lineRef: 'a', lineKey: expect.stringMatching(/^\d+\|\d+$/) }],
    })
  })

  test('with prices that are not in whole cents is refused for all of them, and nothing is sent', async () => {
    const before = plant.writes().length
    const lines = [LINE, { ...LINE, unit_price: '1.005' }, { ...LINE, unit_price: '0.001' }]
    const failure = await failureOf(plant.run('CREATE purchase_order', { payload: payloadOf({}, lines) }))
    expect(failure.fields).toMatchObject([
      { field: 'lines[1].unit_price', code: 'PRECISION_LOSS' },
      { field: 'lines[2].unit_price', code: 'PRECISION_LOSS' },
    ])
    expect(plant.writes()).toHaveLength(before)
  })

  test('that MaintainX refuses names the line', async () => {
    const lines = [LINE, { item_id: plant.id('item', 4242), quantity_ordered: '1' }]
    const failure = await failureOf(plant.run('CREATE purchase_order', { payload: payloadOf({}, lines) }))
    expect(failure.fields).toMatchObject([{ field: 'lines[1].item_id', code: 'INVALID_REFERENCE' }])
  })
})

describe('a change of a purchase order', () => {
  test('changes a line, adds one, removes one, and leaves the rest as it is', async () => {
    const lines = [LINE, { ...LINE, description: 'nuts' }, { ...LINE, description: 'washers' }]
    const order = await newOrder({ notes: 'keep' }, lines)
    const outcome = await plant.run('UPDATE purchase_order', {
      target: order.target,
      payload: {
        lines: [
          { line_id: order.lines[0], quantity_ordered: '12' },
          { line_id: order.lines[1], action: 'DELETE' },
          { line_ref: 'n', description: 'pins', quantity_ordered: '1' },
        ],
      },
    })
    expect(outcome.partial).toBeUndefined()
    const { notes, lines: now } = await shown(order.target)
    expect(notes).toBe('keep')
    expect(now).toMatchObject([
      { line_id: order.lines[0], description: 'M8 bolts', quantity_ordered: '12', unit_price: '3.4' },
      { line_id: order.lines[2], description: 'washers', quantity_ordered: '2.5' },
      { description: 'pins', quantity_ordered: '1' },
    ])
    expect(outcome.lines?.find(({ lineRef }) => lineRef === 'n')?.lineKey).toMatch(/^\d+\|\d+$/)
  })

  test('whose answer was lost is known, and its new line is not added again', async () => {
    const order = await newOrder()
    const payload = { lines: [{ line_ref: 'n', description: 'pins', quantity_ordered: '1' }] }
    const command = { id: 'lost-change', target: order.target, payload }
    const plan = await plant.plan('UPDATE purchase_order', command)
    expect(await plant.find('UPDATE purchase_order', { ...command, plan })).toBe('not-applied')
    plant.sandbox.switches.cutAfter = 1
    await failureOf(plant.run('UPDATE purchase_order', { ...command, plan }))
    expect(await plant.find('UPDATE purchase_order', { ...command, plan })).toMatchObject({ replay: true })
    await plant.run('UPDATE purchase_order', { ...command, plan })
    expect((await shown(order.target)).lines).toHaveLength(2)
  })

  test('keeps the line that a colleague adds meanwhile', async () => {
    const order = await newOrder()
    const command = {
      target: order.target,
      payload: { lines: [{ line_ref: 'n', description: 'pins', quantity_ordered: '1' }] },
    }
    const plan = await plant.plan('UPDATE purchase_order', command)
    const { items } = plant.ask('GET', `/purchaseorders/${order.target}`).purchaseOrder
    const kept = items.map(({ id, name, quantityOrdered }: any) => ({ id, name, quantityOrdered }))
    plant.ask('PATCH', `/purchaseorders/${order.target}`, { items: [...kept, { name: 'oil', quantityOrdered: 9 }] })
    await plant.run('UPDATE purchase_order', { ...command, plan })
    const { lines } = await shown(order.target)
    expect(lines.map(({ description }: any) => description).toSorted()).toEqual(['M8 bolts', 'oil', 'pins'])
  })

  test('of a line that the order does not have is refused', async () => {
    const [one, other] = [await newOrder(), await newOrder()]
    const payload = { lines: [{ line_id: other.lines[0], quantity_ordered: '1' }] }
    const failure = await failureOf(plant.run('UPDATE purchase_order', { target: one.target, payload }))
    expect(failure.fields).toMatchObject([{ field: 'lines[0].line_id', code: 'NOT_FOUND' }])
  })
})

describe('the status of a purchase order', () => {
  test('goes the ways of the vendor, with a note when it is rejected', async () => {
    const { target } = await newOrder()
    for (const [status, status_reason] of [
      ['PENDING_APPROVAL', null],
      ['REJECTED', 'too many'],
      ['PENDING_APPROVAL', null],
      ['APPROVED', null],
      ['CANCELED', null],
    ]) {
      await plant.run('SET_STATUS purchase_order', { target, payload: { status, status_reason } })
      expect((await shown(target)).status).toBe(status)
    }
    expect(plant.ask('GET', `/purchaseorders/${target}`).purchaseOrder.reviewNote).toBe('too many')
  })

  test('goes no other way: nothing is sent', async () => {
    const { target } = await newOrder()
    const before = plant.writes().length
    const failure = await failureOf(plant.run('SET_STATUS purchase_order', { target, payload: { status: 'APPROVED' } }))
    expect(failure.fields).toMatchObject([{ field: 'status', code: 'STATE_NOT_ALLOWED' }])
    expect(plant.writes()).toHaveLength(before)
  })
})
