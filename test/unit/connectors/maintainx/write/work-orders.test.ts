import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { failureOf, openPlant, type Plant } from './driver.ts'

let plant: Plant
let store = 0
let part = 0
let users: string[] = []
beforeAll(async () => {
  plant = await openPlant()
  store = plant.ask('POST', '/locations', { name: 'Store' }).id
  part = plant.ask('POST', '/parts', { name: 'Seal', locations: [{ locationId: store, availableQuantity: 50 }] }).id
  users = plant.sandbox.truth('users').map(({ id }) => String(id))
})
afterAll(() => plant.close())

const newOrder = async (over: object = {}) =>
  (await plant.run('CREATE work_order', { payload: { title: 'Leak', ...over } })).target
const shown = async (target: string): Promise<any> => plant.unified('work_order', target)
const used = (quantity_used: string) => ({
  line_ref: 'p',
  item_id: plant.id('item', part),
  quantity_used,
  location_id: plant.id('location', store),
})

describe('a new work order', () => {
  test('reads back as it was sent', async () => {
    const asset = (await plant.run('CREATE asset', { payload: { name: 'Pump', kind: 'EQUIPMENT' } })).target
    const payload = {
      title: 'Leak at the pump',
      description: 'drips',
      priority: 'HIGH',
      maintenance_type: 'CORRECTIVE',
      asset_id: plant.id('asset', asset),
      location_id: plant.id('location', store),
      assignee_ids: [plant.id('user', users[0] ?? '')],
      scheduled_start_at: Date.parse('2027-01-04T06:00:00Z'),
      due_at: Date.parse('2027-01-05T14:30:00Z'),
      estimated_hours: '1.5',
    }
    expect(await shown(await newOrder(payload))).toMatchObject({ ...payload, status: 'OPEN' })
  })

  test('is found among those of the day after its answer was lost', async () => {
    const start = Date.parse('2031-01-01T00:00:00Z')
    const payload = { title: 'Later', scheduled_start_at: start, due_at: start + 3_600_000 }
    const command = { id: 'lost-work', payload }
    for (let n = 0; n < 3; n++) await newOrder()
    plant.sandbox.switches.cutAfter = 1
    expect(await failureOf(plant.run('CREATE work_order', command))).toMatchObject({ kind: 'outcome-unknown' })
    expect(await plant.find('CREATE work_order', command)).toMatchObject({ replay: true })
    expect(await plant.find('CREATE work_order', { id: 'never-work', payload })).toBe('not-applied')
  })

  test('of urgency beyond the highest is as high as can be, with a warning', async () => {
    const outcome = await plant.run('CREATE work_order', { payload: { title: 'Fire', priority: 'URGENT' } })
    expect(outcome.warnings).toMatchObject([{ field: 'priority', code: 'INVALID_VALUE' }])
    expect((await shown(outcome.target)).priority).toBe('HIGH')
  })

  test('with a start and no end is refused before anything is sent', async () => {
    const before = plant.writes().length
    const payload = { title: 'Soon', scheduled_start_at: Date.now() }
    expect((await failureOf(plant.run('CREATE work_order', { payload }))).fields).toMatchObject([
      { field: 'due_at', code: 'REQUIRED' },
    ])
    expect(plant.writes()).toHaveLength(before)
  })

  test('that uses parts takes them from stock, and that is told by webhook', async () => {
    const before = plant.ask('GET', `/parts/${part}`).part.availableQuantity
    const outcome = await plant.run('CREATE work_order', { payload: { title: 'With parts', parts: [used('2')] } })
    expect(outcome.lines).toEqual([{ lineRef: 'p', lineKey: `${outcome.target}|${part}`, lineNumber: null }])
    expect((await shown(outcome.target)).parts).toMatchObject([
      { item_id: plant.id('item', part), quantity_used: '2', location_id: plant.id('location', store) },
    ])
    expect(plant.writes().at(-1)?.path).not.toContain('skipWebhook')
    expect(plant.ask('GET', `/parts/${part}`).part.availableQuantity).toBeLessThanOrEqual(before)
  })
})

describe('a change of a work order', () => {
  test('leaves alone what it does not name: parts, teams, the time when it is due', async () => {
    const due_at = Date.parse('2027-02-01T12:00:00Z')
    const target = await newOrder({ due_at, parts: [used('2')], assignee_ids: [plant.id('user', users[0] ?? '')] })
    const start = Date.parse('2027-01-31T12:00:00Z')
    await plant.run('UPDATE work_order', { target, payload: { title: 'Anew', scheduled_start_at: start } })
    expect(await shown(target)).toMatchObject({
      title: 'Anew',
      due_at,
      scheduled_start_at: start,
      assignee_ids: [plant.id('user', users[0] ?? '')],
      parts: [{ quantity_used: '2' }],
    })
  })

  test('of one part keeps the others', async () => {
    const other = plant.ask('POST', '/parts', {
      name: 'Ring',
      locations: [{ locationId: store, availableQuantity: 9 }],
    }).id
    const more = { item_id: plant.id('item', other), quantity_used: '1', location_id: plant.id('location', store) }
    const target = await newOrder({ parts: [used('2'), more] })
    const line_id = plant.id('work_order_part', target, part)
    await plant.run('UPDATE work_order', { target, payload: { parts: [{ line_id, quantity_used: '3' }] } })
    const quantities = Object.fromEntries(
      (await shown(target)).parts.map(({ item_id, quantity_used }: any) => [item_id, quantity_used]),
    )
    expect(quantities).toEqual({ [plant.id('item', part)]: '3', [plant.id('item', other)]: '1' })
  })

  test('sets all who work on it, and none', async () => {
    const target = await newOrder({ assignee_ids: users.slice(0, 2).map((id) => plant.id('user', id)) })
    await plant.run('UPDATE work_order', { target, payload: { assignee_ids: [plant.id('user', users[2] ?? '')] } })
    expect((await shown(target)).assignee_ids).toEqual([plant.id('user', users[2] ?? '')])
    await plant.run('UPDATE work_order', { target, payload: { clear_fields: ['assignee_ids'] } })
    expect((await shown(target)).assignee_ids).toEqual([])
  })

  test('with a stale version is a conflict', async () => {
    const target = await newOrder()
    const { version } = await shown(target)
    plant.ask('PATCH', `/workorders/${target}`, { title: 'By a colleague' })
    const command = { target, payload: { title: 'Mine' }, expectedVersion: version }
    expect(await failureOf(plant.run('UPDATE work_order', command))).toMatchObject({ name: 'ConflictError' })
  })
})

describe('the status of a work order', () => {
  test('goes from each to each of the five', async () => {
    const target = await newOrder()
    for (const status of ['IN_PROGRESS', 'ON_HOLD', 'COMPLETED', 'OPEN', 'CANCELED', 'OPEN']) {
      const command = { target, payload: { status } }
      expect(await plant.find('SET_STATUS work_order', command)).toBe('not-applied')
      await plant.run('SET_STATUS work_order', command)
      expect((await shown(target)).status).toBe(status)
      expect(await plant.find('SET_STATUS work_order', command)).toMatchObject({ replay: true })
    }
  })
})
