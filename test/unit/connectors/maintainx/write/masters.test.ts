import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { failureOf, openPlant, type Plant } from './driver.ts'

let plant: Plant
beforeAll(async () => {
  plant = await openPlant()
})
afterAll(() => plant.close())

const newVendor = async (name = 'Kai Sieben') => (await plant.run('CREATE vendor', { payload: { name } })).target

describe('a new record', () => {
  test('of each kind reads back as it was sent', async () => {
    const vendor = { name: 'Nordhafen', email: 'orders@nord.example', phone: '+49 40 12345', notes: 'weekdays' }
    const vendorId = (await plant.run('CREATE vendor', { payload: vendor })).target
    expect(await plant.unified('vendor', vendorId)).toMatchObject(vendor)
    const location = { name: 'Shed', location_code: 'L-7', address_line1: 'Kai 7, Hamburg' }
    const locationId = (await plant.run('CREATE location', { payload: location })).target
    expect(await plant.unified('location', locationId)).toMatchObject(location)
    const asset = {
      name: 'Pump',
      kind: 'EQUIPMENT',
      description: 'centrifugal',
      asset_type: 'Pumps',
      location_id: plant.id('location', locationId),
      vendor_id: plant.id('vendor', vendorId),
      serial_number: 'SN-1',
      tag: 'TAG-1',
    }
    const assetId = (await plant.run('CREATE asset', { payload: asset })).target
    expect(await plant.unified('asset', assetId)).toMatchObject(asset)
    const item = {
      name: 'Seal',
      description: '40 mm',
      category: 'Seals, Rubber',
      barcode: '4006381333931',
      unit_cost: '12.07',
      preferred_vendor_id: plant.id('vendor', vendorId),
      vendor_item_number: 'N-40',
    }
    const made = await plant.run('CREATE item', { payload: { ...item, item_type: 'INVENTORY', unit: 'EA' } })
    expect(made.warnings).toMatchObject([{ field: 'unit', code: 'UNSUPPORTED_FIELD' }])
    expect(await plant.unified('item', made.target)).toMatchObject(item)
  })

  test('holds the id of its command, and is found by it after the answer was lost', async () => {
    const command = { id: 'lost-vendor', payload: { name: 'Lost' } }
    await newVendor()
    plant.sandbox.switches.cutAfter = 1
    expect(await failureOf(plant.run('CREATE vendor', command))).toMatchObject({ kind: 'outcome-unknown' })
    const found = await plant.find('CREATE vendor', command)
    expect(found).toMatchObject({ replay: true })
    const custom = JSON.parse(
      String((await plant.unified('vendor', (found as { target: string }).target))?.custom_fields),
    )
    expect(custom).toEqual({ 'Tributary command': 'lost-vendor' })
  })

  test('that was not made is not found, and another of the same name is not taken for it', async () => {
    await newVendor('Twin')
    const command = { id: 'never-vendor', payload: { name: 'Twin' } }
    plant.sandbox.switches.cutBefore = 1
    expect(await failureOf(plant.run('CREATE vendor', command))).toMatchObject({ kind: 'outcome-unknown' })
    expect(await plant.find('CREATE vendor', command)).toBe('not-applied')
  })

  test('takes custom fields by label and native properties by name; the label of the mark is taken', async () => {
    const custom_fields = '{"Approved by":"Ada","Rating":5,"description":"native"}'
    const { target } = await plant.run('CREATE vendor', { id: 'custom-vendor', payload: { name: 'C', custom_fields } })
    const shown = plant.ask('GET', `/vendors/${target}`).vendor
    expect(shown).toMatchObject({ description: 'native', extraFields: { 'Approved by': 'Ada', Rating: '5' } })
    const taken = { name: 'C', custom_fields: '{"Tributary command":"mine"}' }
    expect(await failureOf(plant.run('CREATE vendor', { payload: taken }))).toMatchObject({
      fields: [{ field: 'custom_fields', code: 'INVALID_VALUE' }],
    })
  })

  test('is refused with field and words of MaintainX', async () => {
    const payload = { name: 'Shed', parent_id: plant.id('location', 4242) }
    expect(await failureOf(plant.run('CREATE location', { payload }))).toMatchObject({
      kind: 'rejected',
      status: 400,
      fields: [{ field: 'parent_id', code: 'INVALID_REFERENCE', nativeField: 'parentId', vendorMessage: /4242/ }].map(
        (each) => ({ ...each, vendorMessage: expect.stringMatching(each.vendorMessage) }),
      ),
    })
  })

  test('whose cost is not in whole cents is refused before anything is sent', async () => {
    const before = plant.writes().length
    const payload = { name: 'Seal', item_type: 'INVENTORY', unit: 'EA', unit_cost: '0.075' }
    expect(await failureOf(plant.run('CREATE item', { payload }))).toMatchObject({
      fields: [{ field: 'unit_cost', code: 'PRECISION_LOSS' }],
    })
    expect(plant.writes()).toHaveLength(before)
  })

  test('tells nobody by webhook', async () => {
    await newVendor('Quiet')
    expect(plant.writes().at(-1)?.path).toContain('skipWebhook=true')
  })
})

describe('the custom field of commands', () => {
  test('is made once, and not by a user who may not: that is said, and nothing is made', async () => {
    const own = await openPlant({ anchor_field: 'Command' })
    try {
      await own.run('CREATE vendor', { payload: { name: 'A' } })
      await own.run('CREATE vendor', { payload: { name: 'B' } })
      expect(own.writes().filter(({ path }) => path.includes('/customfields/'))).toHaveLength(1)
      own.sandbox.switches.forbidden.add('customfields')
      const failure = await failureOf(own.run('CREATE location', { payload: { name: 'C' } }))
      expect(failure.message).toMatch(/custom fields of locations|custom field "Command"/)
      expect(own.sandbox.truth('locations').some(({ name }) => name === 'C')).toBe(false)
    } finally {
      await own.close()
    }
  })

  test('that is not there yet means that nothing was made', async () => {
    const own = await openPlant({ anchor_field: 'limit' })
    try {
      const command = { id: 'early', payload: { name: 'A' } }
      expect(await own.find('CREATE vendor', command)).toBe('not-applied')
      const { target } = await own.run('CREATE vendor', command)
      // a reserved name is asked for with __c
      expect(await own.find('CREATE vendor', command)).toMatchObject({ target })
    } finally {
      await own.close()
    }
  })
})

describe('a change', () => {
  test('leaves alone what it does not name, and empties what it clears', async () => {
    const payload = { name: 'Pump', kind: 'EQUIPMENT', description: 'old', serial_number: 'SN-9', tag: 'T-9' }
    const { target } = await plant.run('CREATE asset', { payload })
    await plant.run('UPDATE asset', { target, payload: { serial_number: 'SN-10', clear_fields: ['tag'] } })
    expect(await plant.unified('asset', target)).toMatchObject({
      name: 'Pump',
      description: 'old',
      serial_number: 'SN-10',
      tag: null,
    })
  })

  test('of the first of a list keeps the others', async () => {
    const [first, second, third] = [await newVendor('1'), await newVendor('2'), await newVendor('3')] as const
    const vendors = [first, second].map((id) => ({ vendorId: Number(id), partNumber: `P-${id}` }))
    const { id } = plant.ask('POST', '/parts', { name: 'Ring', vendors })
    const payload = { preferred_vendor_id: plant.id('vendor', third), vendor_item_number: 'P-3' }
    await plant.run('UPDATE item', { target: String(id), payload })
    const shown = plant.ask('GET', `/parts/${id}`).part.vendors
    expect(shown).toEqual([{ vendorId: Number(third), partNumber: 'P-3' }, ...vendors])
  })

  test('with a stale version is a conflict that tells the present one, and nothing is sent', async () => {
    const { target } = await plant.run('CREATE location', { payload: { name: 'Versioned' } })
    const seen = (await plant.unified('location', target))?.version ?? ''
    plant.ask('PATCH', `/locations/${target}`, { name: 'By a colleague' })
    const before = plant.writes().length
    const command = { target, payload: { name: 'Mine' }, expectedVersion: seen }
    const failure = await failureOf(plant.run('UPDATE location', command))
    const now = (await plant.unified('location', target))?.version
    expect(failure).toMatchObject({ name: 'ConflictError', currentVersion: now })
    expect(plant.writes()).toHaveLength(before)
    await plant.run('UPDATE location', { ...command, expectedVersion: now ?? '' })
    expect(await plant.unified('location', target)).toMatchObject({ name: 'Mine' })
  })

  test('of what is not there is refused; what is there already is not sent again', async () => {
    const absent = await failureOf(plant.run('UPDATE vendor', { target: '4242', payload: { name: 'X' } }))
    expect(absent).toMatchObject({ kind: 'rejected', fields: [{ code: 'NOT_FOUND' }] })
    const target = await newVendor('Same')
    const before = plant.writes().length
    await plant.run('UPDATE vendor', { target, payload: { name: 'Same' } })
    expect(plant.writes()).toHaveLength(before)
  })

  test('of an asset to a status is an entry of its own, and is known when it is there', async () => {
    const { target } = await plant.run('CREATE asset', { payload: { name: 'Fan', kind: 'EQUIPMENT' } })
    const command = { target, payload: { status: 'DOWN', status_reason: 'bearing' } }
    expect(await plant.find('SET_STATUS asset', command)).toBe('not-applied')
    await plant.run('SET_STATUS asset', command)
    expect(await plant.unified('asset', target)).toMatchObject({ status: 'DOWN' })
    expect(await plant.find('SET_STATUS asset', command)).toMatchObject({ replay: true })
  })
})

describe('a deletion', () => {
  test.for(['vendor', 'item', 'location', 'asset'] as const)('of %s is known when it is done', async (entity) => {
    const extra = { item: { item_type: 'INVENTORY', unit: 'EA' }, asset: { kind: 'EQUIPMENT' } } as const
    const payload = { name: 'Old', ...(extra as { [e: string]: object })[entity] }
    const { target } = await plant.run(`CREATE ${entity}`, { payload })
    expect(await plant.find(`DELETE ${entity}`, { target })).toBe('not-applied')
    await plant.run(`DELETE ${entity}`, { target })
    expect(await plant.find(`DELETE ${entity}`, { target })).toMatchObject({ replay: true })
    expect(await failureOf(plant.run(`DELETE ${entity}`, { target }))).toMatchObject({
      fields: [{ code: 'NOT_FOUND' }],
    })
  })
})
