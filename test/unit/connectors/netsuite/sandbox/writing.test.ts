import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createSwitches } from '../../../../../connectors/netsuite/sandbox/faults.ts'
import { emptyAccount, idIn, type Plant, type TestAccount, withPlant } from './wire.ts'

let account: TestAccount
let plant: Plant
beforeAll(async () => {
  account = await emptyAccount()
  plant = await withPlant(account)
})
afterEach(() => {
  Object.assign(account.sandbox.switches, createSwitches())
})
afterAll(() => account.close())

const get = async (path: string) => (await account.ask(`/record/v1/${path}`)).body
const NAMES = { 'x-netsuite-propertynamevalidation': 'error' }

describe('a creation', () => {
  it('answers 204 with the address of the record and nothing else', async () => {
    const answer = await account.post('/record/v1/vendor', { companyName: 'Südwerk', subsidiary: { id: '1' } })
    expect(answer.status).toBe(204)
    expect(answer.text).toBe('')
    const id = idIn(answer)
    expect(answer.headers.get('location')).toBe(`${account.sandbox.origin}/services/rest/record/v1/vendor/${id}`)
    expect(await get(`vendor/${id}`)).toMatchObject({
      entityId: 'Südwerk',
      isInactive: false,
      isPerson: false,
      currency: { id: '1' },
    })
  })

  it('names all mandatory fields that are missing, in either code', async () => {
    const nothing = await account.post('/record/v1/employee', {})
    expect(nothing).toMatchObject({ status: 400, error: { 'o:errorCode': 'USER_ERROR' } })
    expect(nothing.error.detail).toBe(
      'Error while accessing resource: Please enter value(s) for: First Name, Last Name, Subsidiary.',
    )
    account.sandbox.switches.missingFieldCode = 'INVALID_CONTENT'
    expect((await account.post('/record/v1/employee', {})).error['o:errorCode']).toBe('INVALID_CONTENT')
  })

  it('refuses values that refer to nothing, or to something inactive, with their path', async () => {
    const vendor = { id: String(plant.vendor) }
    const answer = await account.post('/record/v1/purchaseOrder', {
      entity: vendor,
      item: { items: [{ item: { id: '9999' }, quantity: 1 }] },
    })
    expect(answer).toMatchObject({
      status: 400,
      error: {
        detail:
          'Error while accessing resource: You have entered an Invalid Field Value 9999 for the following field: item',
        'o:errorPath': 'item.items[0].item',
        'o:errorCode': 'INVALID_CONTENT',
      },
    })
    const gone = await account.create('vendor', { companyName: 'Gone', subsidiary: { id: '1' }, isInactive: true })
    const inactive = await account.post('/record/v1/purchaseOrder', { entity: { id: String(gone) } })
    expect(inactive.error).toMatchObject({ 'o:errorPath': 'entity', 'o:errorCode': 'INVALID_CONTENT' })
  })

  it.each([
    ['a number as text', { companyName: 'A', creditLimit: '12' }, 'creditLimit'],
    ['a text as boolean', { companyName: 'A', isPerson: 'F' }, 'isPerson'],
    ['a bare id', { companyName: 'A', terms: 1 }, 'terms'],
    ['a number as text field', { companyName: 12 }, 'companyName'],
  ])('refuses %s', async (_name, body, path) => {
    const answer = await account.post('/record/v1/vendor', { subsidiary: { id: '1' }, ...body })
    expect(answer).toMatchObject({ status: 400, error: { 'o:errorCode': 'INVALID_VALUE', 'o:errorPath': path } })
  })

  it('reports every bad value at once', async () => {
    const answer = await account.post('/record/v1/vendor', { companyName: 1, isPerson: 2, terms: { id: '77' } })
    expect(answer.body['o:errorDetails'].map((it: any) => it['o:errorPath'])).toEqual([
      'companyName',
      'isPerson',
      'terms',
    ])
  })

  it('ignores spelling mistakes with a warning, unless the header says error', async () => {
    const body = { companyName: 'Typo', subsidiary: { id: '1' }, emial: 'x@example.com' }
    const lenient = await account.post('/record/v1/vendor', body)
    expect(lenient.status).toBe(204)
    expect(lenient.headers.get('warning')).toContain("Unknown property 'emial'")
    const silent = await account.patch(`/record/v1/vendor/${idIn(lenient)}`, body, {
      'x-netsuite-propertynamevalidation': 'ignore',
    })
    expect(silent.headers.get('warning')).toBeNull()
    const strict = await account.post('/record/v1/vendor', { ...body, companyName: 'Typo 2' }, NAMES)
    expect(strict).toMatchObject({ status: 400, error: { 'o:errorPath': 'emial', 'o:errorCode': 'INVALID_CONTENT' } })
  })

  it('refuses an external id that is taken, a name that is taken', async () => {
    const body = { companyName: 'Again', subsidiary: { id: '1' }, externalId: 'V-1' }
    expect(await account.post('/record/v1/vendor', body)).toMatchObject({
      status: 400,
      error: { 'o:errorCode': 'DUP_RCRD' },
    })
    const named = await account.post('/record/v1/vendor', { ...body, externalId: 'V-9', companyName: 'Nordhafen' })
    expect(named.error).toMatchObject({
      'o:errorCode': 'USER_ERROR',
      detail: expect.stringContaining('already exists'),
    })
  })

  it('refuses bodies that are no JSON, or say they are none', async () => {
    const broken = await account.ask('/record/v1/vendor', { method: 'POST', raw: '{"companyName":' })
    expect(broken).toMatchObject({ status: 400, error: { 'o:errorCode': 'INVALID_REQUEST' } })
    const plain = await account.ask('/record/v1/vendor', {
      method: 'POST',
      raw: '{}',
      headers: { 'content-type': 'text/plain' },
    })
    expect(plain.status).toBe(415)
  })

  it('may answer 201, or hide the address', async () => {
    account.sandbox.switches.createdStatus = 201
    account.sandbox.switches.noLocation = 'always'
    const answer = await account.post('/record/v1/vendor', { companyName: 'New', subsidiary: { id: '1' } })
    expect([answer.status, answer.headers.get('location')]).toEqual([201, null])
  })

  it('leaves nothing behind when a line is refused', async () => {
    const before = account.store.count('transaction')
    const lines = [{ item: { id: String(plant.seal) }, quantity: 1 }, { quantity: 2 }]
    const answer = await account.post('/record/v1/purchaseOrder', {
      entity: { id: String(plant.vendor) },
      item: { items: lines },
    })
    expect(answer.error.detail).toContain('Please enter value(s) for: Item.')
    expect(account.store.count('transaction')).toBe(before)
  })
})

describe('a vendor', () => {
  it('has an address book, whose lines are matched by internalId', async () => {
    const id = await account.create('vendor', {
      companyName: 'With address',
      subsidiary: { id: '1' },
      addressBook: {
        items: [
          {
            label: 'Office',
            defaultBilling: true,
            defaultShipping: true,
            addressBookAddress: {
              addressee: 'With address',
              addr1: 'Kai 7',
              city: 'Hamburg',
              zip: '20095',
              country: 'DE',
            },
          },
        ],
      },
    })
    const { items } = (await get(`vendor/${id}?expandSubResources=true`)).addressBook
    expect(items[0]).toMatchObject({
      label: 'Office',
      defaultBilling: true,
      addressBookAddress: { city: 'Hamburg', country: { id: 'DE', refName: 'Germany' } },
    })
    const changed = { internalId: items[0].internalId, addressBookAddress: { city: 'Kiel' } }
    await account.patch(`/record/v1/vendor/${id}`, { addressBook: { items: [changed] } })
    const after = (await get(`vendor/${id}?expandSubResources=true`)).addressBook.items
    expect(after).toHaveLength(1)
    expect(after[0].addressBookAddress).toMatchObject({ addr1: 'Kai 7', city: 'Kiel' })
    const joined = await account.query(
      'SELECT a.city FROM vendor v JOIN vendoraddressbookentityaddress a ON a.nkey = v.defaultbillingaddress WHERE v.id = ?',
      [String(id)],
    )
    expect(joined.body.items[0].city).toBe('Kiel')
  })
})

describe('a change', () => {
  it('keeps what it leaves out, clears what is null, and moves the modification date', async () => {
    const id = await account.create('vendor', {
      companyName: 'Change me',
      subsidiary: { id: '1' },
      email: 'a@example.com',
      phone: '1',
    })
    account.pass(5000)
    const answer = await account.patch(`/record/v1/vendor/${id}`, { phone: null, comments: 'x' })
    expect(answer.status).toBe(204)
    expect(idIn(answer)).toBe(id)
    const after = await get(`vendor/${id}`)
    expect(after).toMatchObject({ email: 'a@example.com', comments: 'x' })
    expect(after).not.toHaveProperty('phone')
    expect(Date.parse(after.lastModifiedDate) - Date.parse(after.dateCreated)).toBe(5000)
  })

  it('does not clear a mandatory field', async () => {
    const answer = await account.patch(`/record/v1/vendor/${plant.vendor}`, { subsidiary: null })
    expect(answer.error.detail).toContain('Please enter value(s) for: Subsidiary.')
  })

  it('with replaceSelectedFields clears only what replace names', async () => {
    const id = await account.create('vendor', {
      companyName: 'Select',
      subsidiary: { id: '1' },
      email: 'a@b.de',
      phone: '1',
    })
    const path = `/record/v1/vendor/${id}?replaceSelectedFields=true&replace=phone`
    await account.patch(path, { phone: null, email: null })
    const after = await get(`vendor/${id}`)
    expect(after.email).toBe('a@b.de')
    expect(after).not.toHaveProperty('phone')
  })

  it('of read-only fields changes nothing', async () => {
    await account.patch(`/record/v1/vendor/${plant.vendor}`, { lastModifiedDate: '2001-01-01T00:00:00Z', id: '7' })
    expect((await get(`vendor/${plant.vendor}`)).lastModifiedDate).toMatch(/^2026/)
  })

  it('of a record that somebody else saved is refused', async () => {
    account.sandbox.switches.recordChanged = 1
    const path = `/record/v1/vendor/${plant.vendor}`
    expect((await account.patch(path, { comments: 'x' })).error['o:errorCode']).toBe('RCRD_HAS_BEEN_CHANGED')
    expect((await account.patch(path, { comments: 'x' })).status).toBe(204)
  })

  it('may be refused by a script, or be accepted and not applied', async () => {
    const { switches } = account.sandbox
    switches.scriptRefusal = { recordType: 'vendor', text: 'Credit check pending.' }
    const path = `/record/v1/vendor/${plant.vendor}`
    expect((await account.patch(path, { comments: 'y' })).error).toMatchObject({
      'o:errorCode': 'USER_ERROR',
      detail: 'Error while accessing resource: Credit check pending.',
    })
    expect((await get(`vendor/${plant.vendor}`)).comments).toBe('x')
    switches.scriptRefusal = null
    switches.silentNoOpFields.add('vendor.comments')
    expect((await account.patch(path, { comments: 'z' })).status).toBe(204)
    expect((await get(`vendor/${plant.vendor}`)).comments).toBe('x')
  })

  it('of another kind of method is refused', async () => {
    expect((await account.post(`/record/v1/vendor/${plant.vendor}`, {})).status).toBe(405)
    expect((await account.put(`/record/v1/vendor/${plant.vendor}`, {})).status).toBe(400)
    expect((await account.post('/record/v1/currency', { name: 'x' })).status).toBe(405)
  })
})

describe('PUT by external id', () => {
  it('creates the first time and changes from then on', async () => {
    const path = '/record/v1/vendor/eid:TRB-1'
    const first = await account.put(path, { companyName: 'Upsert', subsidiary: { id: '1' } })
    const second = await account.put(path, { comments: 'again' })
    expect([first.status, second.status]).toEqual([204, 204])
    expect(idIn(second)).toBe(idIn(first))
    expect(await get('vendor/eid:TRB-1')).toMatchObject({
      companyName: 'Upsert',
      comments: 'again',
      externalId: 'TRB-1',
    })
  })

  it('may hide the address', async () => {
    account.sandbox.switches.noLocation = 'put'
    const answer = await account.put('/record/v1/vendor/eid:TRB-1', { comments: 'x' })
    expect([answer.status, answer.headers.get('location')]).toEqual([204, null])
  })
})

describe('a deletion', () => {
  it('leaves a row in deletedrecord, or none', async () => {
    const id = await account.create('vendor', { companyName: 'Delete me', subsidiary: { id: '1' } })
    expect((await account.ask(`/record/v1/vendor/${id}`, { method: 'DELETE' })).status).toBe(204)
    expect((await account.ask(`/record/v1/vendor/${id}`)).status).toBe(404)
    const seen = await account.query('SELECT recordid, type, name FROM deletedrecord WHERE recordid = ?', [String(id)])
    expect(seen.body.items).toMatchObject([{ recordid: String(id), type: 'Vendor', name: 'Delete me' }])
    account.sandbox.switches.recordDeletions = false
    const other = await account.create('vendor', { companyName: 'Delete me too', subsidiary: { id: '1' } })
    expect(other).toBeGreaterThan(id)
    await account.ask(`/record/v1/vendor/${other}`, { method: 'DELETE' })
    expect(account.store.count('deletedrecord', { recordid: other })).toBe(0)
  })

  it('is refused while others refer to the record', async () => {
    await account.create('purchaseOrder', {
      entity: { id: String(plant.vendor) },
      item: { items: [{ item: { id: String(plant.seal) }, quantity: 1 }] },
    })
    for (const path of [`vendor/${plant.vendor}`, `inventoryItem/${plant.seal}`]) {
      const answer = await account.ask(`/record/v1/${path}`, { method: 'DELETE' })
      expect(answer.error.detail).toContain('dependent records')
    }
  })

  it('of several ids is all or nothing', async () => {
    const ids = [
      await account.create('vendor', { companyName: 'D1', subsidiary: { id: '1' } }),
      await account.create('vendor', { companyName: 'D2', subsidiary: { id: '1' } }),
    ]
    const bad = await account.ask(`/record/v1/vendor?ids=${ids[0]},999999`, { method: 'DELETE' })
    expect(bad.status).toBe(404)
    expect((await account.ask(`/record/v1/vendor/${ids[0]}`)).status).toBe(200)
    expect((await account.ask(`/record/v1/vendor?ids=${ids.join(',')}`, { method: 'DELETE' })).status).toBe(204)
    expect((await account.ask(`/record/v1/vendor/${ids[1]}`)).status).toBe(404)
  })
})

describe('cases, custom records and employees', () => {
  it('are created with their defaults and changed', async () => {
    const person = await account.create('employee', { firstName: 'Kim', lastName: 'Roe', subsidiary: { id: '1' } })
    expect((await get(`employee/${person}`)).entityId).toBe('Kim Roe')
    const visit = await account.create('supportCase', { title: 'Pump leaks', assigned: { id: String(person) } })
    expect(await get(`supportCase/${visit}`)).toMatchObject({
      status: { id: '1', refName: 'Not Started' },
      assigned: { refName: 'Kim Roe' },
    })
    await account.patch(`/record/v1/supportCase/${visit}`, { status: { id: '5' } })
    expect((await get(`supportCase/${visit}`)).endDate).toMatch(/Z$/)
    const asset = await account.create('customrecord_asset', {
      name: 'Pump 3',
      custrecord_asset_serial: 'X-1',
      custrecord_asset_acquired: '2024-02-29',
      custrecord_asset_location: { id: String(plant.store) },
    })
    expect(await get(`customrecord_asset/${asset}`)).toMatchObject({
      custrecord_asset_serial: 'X-1',
      custrecord_asset_acquired: '2024-02-29',
      custrecord_asset_location: { refName: 'Main store' },
    })
    const bad = await account.patch(`/record/v1/customrecord_asset/${asset}`, {
      custrecord_asset_acquired: '2025-02-29',
    })
    expect(bad.error['o:errorCode']).toBe('INVALID_VALUE')
  })

  it('of the service are seen by queries', async () => {
    const { body } = await account.query(
      "SELECT name, custrecord_asset_serial FROM customrecord_asset WHERE name = 'Pump 3'",
    )
    expect(body.items).toEqual([{ links: [], name: 'Pump 3', custrecord_asset_serial: 'X-1' }])
  })
})
