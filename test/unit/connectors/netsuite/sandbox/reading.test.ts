import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { emptyAccount, type Plant, type TestAccount, withPlant } from './wire.ts'

let account: TestAccount
let plant: Plant
let order: number
beforeAll(async () => {
  account = await emptyAccount()
  plant = await withPlant(account)
  order = await account.create('purchaseOrder', {
    entity: { id: String(plant.vendor) },
    location: { id: String(plant.store) },
    tranDate: '2026-01-15',
    memo: 'pump 3',
    externalId: 'TRB-7F3A',
    item: { items: [{ item: { id: String(plant.seal) }, quantity: 12, rate: 9.5, expectedReceiptDate: '2026-02-01' }] },
  })
})
afterEach(() => {
  Object.assign(account.sandbox.switches, { sendNulls: false, badDateColumn: null, missingStatus: 404 })
})
afterAll(() => account.close())

const get = (path: string) => account.ask(`/record/v1/${path}`)

describe('a record', () => {
  it('shows references, choices, numbers, dates and times in their forms', async () => {
    const { status, headers, body, text } = await get(`purchaseOrder/${order}`)
    expect(status).toBe(200)
    expect(headers.get('content-type')).toContain('type=singular')
    expect(body).toMatchObject({
      id: String(order),
      tranDate: '2026-01-15',
      externalId: 'TRB-7F3A',
      memo: 'pump 3',
      entity: { id: String(plant.vendor), refName: 'Nordhafen' },
      subsidiary: { id: '1' },
      location: { id: String(plant.store), refName: 'Main store' },
      orderStatus: { id: 'B', refName: 'Pending Receipt' },
      status: { id: 'B', refName: 'Pending Receipt' },
      total: 114,
      createdDate: '2026-01-15T10:00:00Z',
      lastModifiedDate: '2026-01-15T10:00:00Z',
    })
    expect(text).toContain('"total":114.0')
    const self = `${account.sandbox.origin}/services/rest/record/v1/purchaseOrder/${order}`
    expect(body.links).toEqual([{ rel: 'self', href: self }])
    expect(body.item).toEqual({ links: [{ rel: 'self', href: `${self}/item` }] })
    expect(body.entity.links[0].href).toContain(`/record/v1/vendor/${plant.vendor}`)
  })

  it('has its sublists inlined with expandSubResources', async () => {
    const { body } = await get(`purchaseOrder/${order}?expandSubResources=true`)
    expect(body.item).toMatchObject({ count: 1, hasMore: false, offset: 0, totalResults: 1 })
    expect(body.item.items[0]).toMatchObject({
      line: 1,
      uniqueKey: expect.any(Number),
      item: { id: String(plant.seal), refName: 'SEAL-40' },
      quantity: 12,
      rate: 9.5,
      amount: 114,
      units: { id: '1', refName: 'Each' },
      expectedReceiptDate: '2026-02-01',
      isClosed: false,
      quantityReceived: 0,
      quantityBilled: 0,
    })
  })

  it('shows choices as texts with simpleEnumFormat', async () => {
    expect((await get(`purchaseOrder/${order}?simpleEnumFormat=true`)).body.orderStatus).toBe('B')
  })

  it('is cut down to the fields asked for; unknown ones are refused', async () => {
    const { body } = await get(`vendor/${plant.vendor}?fields=companyName,email`)
    expect(body).toEqual({ links: expect.any(Array), companyName: 'Nordhafen' })
    expect(await get(`vendor/${plant.vendor}?fields=compnyName`)).toMatchObject({
      status: 400,
      error: { 'o:errorCode': 'INVALID_PARAMETER', 'o:errorQueryParam': 'fields' },
    })
  })

  it('is found by its external id', async () => {
    expect((await get('vendor/eid:V-1')).body.id).toBe(String(plant.vendor))
    expect((await get('vendor/eid:V-2')).error['o:errorCode']).toBe('NONEXISTENT_ID')
  })

  it('that is none answers NONEXISTENT_ID, an id that is none INVALID_ID', async () => {
    expect(await get('vendor/999999')).toMatchObject({ status: 404, error: { 'o:errorCode': 'NONEXISTENT_ID' } })
    // The id of an item is not that of a vendor.
    expect((await get(`vendor/${plant.seal + 90_000}`)).status).toBe(404)
    expect(await get('vendor/abc')).toMatchObject({ status: 400, error: { 'o:errorCode': 'INVALID_ID' } })
    account.sandbox.switches.missingStatus = 400
    expect(await get('vendor/999999')).toMatchObject({ status: 400, error: { 'o:errorCode': 'NONEXISTENT_ID' } })
  })

  it('is only shown by its own type', async () => {
    expect((await get(`inventoryItem/${plant.seal}`)).body.itemType).toEqual({
      id: 'InvtPart',
      refName: 'Inventory Item',
    })
    expect((await get(`assemblyItem/${plant.seal}`)).status).toBe(404)
    expect((await get(`itemReceipt/${order}`)).status).toBe(404)
  })

  it('leaves empty fields out, or sends null', async () => {
    expect((await get(`vendor/${plant.vendor}`)).body).not.toHaveProperty('email')
    account.sandbox.switches.sendNulls = true
    expect((await get(`vendor/${plant.vendor}`)).body.email).toBeNull()
  })

  it('can show a date that is none', async () => {
    account.sandbox.switches.badDateColumn = 'trandate'
    expect((await get(`purchaseOrder/${order}`)).body.tranDate).toBe('0026-13-45')
  })

  it('of a multi-select shows a list', async () => {
    const { body } = await get(`location/${plant.store}?expandSubResources=true`)
    expect(body.subsidiary.items).toMatchObject([{ id: '1' }])
  })
})

describe('a sublist', () => {
  it('is a list of links, a line by its key, and lines with expandSubResources', async () => {
    const list = await get(`purchaseOrder/${order}/item`)
    expect(list.body.items).toHaveLength(1)
    expect(list.body.items[0].links[0].href).toMatch(/\/item\/1$/)
    expect((await get(`purchaseOrder/${order}/item/1`)).body).toMatchObject({ line: 1, quantity: 12 })
    expect((await get(`purchaseOrder/${order}/item?expandSubResources=true`)).body.items[0].quantity).toBe(12)
    expect((await get(`purchaseOrder/${order}/item/9`)).status).toBe(404)
    expect((await get(`purchaseOrder/${order}/nothing`)).status).toBe(404)
  })
})

describe('a list', () => {
  it('gives ids in pages, with links to the others', async () => {
    const first = await get('inventoryItem?limit=1')
    expect(first.body).toMatchObject({ count: 1, hasMore: true, offset: 0, totalResults: 2 })
    expect(first.body.items).toEqual([{ links: expect.any(Array), id: String(plant.seal) }])
    const next = first.body.links.find((link: any) => link.rel === 'next').href
    const second = await account.ask(next)
    expect(second.body).toMatchObject({ count: 1, hasMore: false, offset: 1 })
    expect(second.body.items[0].id).toBe(String(plant.pump))
  })

  it.each([
    ['limit=0', 'limit'],
    ['limit=1001', 'limit'],
    ['limit=x', 'limit'],
    ['limit=10&offset=5', 'offset'],
  ])('refuses %s', async (query, parameter) => {
    expect(await get(`vendor?${query}`)).toMatchObject({
      status: 400,
      error: { 'o:errorCode': 'INVALID_PARAMETER', 'o:errorQueryParam': parameter },
    })
  })

  it.each([
    ['itemId IS "seal-40"', ['seal']],
    ['itemId START_WITH PU', ['pump']],
    ['itemId CONTAIN "-"', ['seal', 'pump']],
    ['cost GREATER 9.5', ['pump']],
    ['cost GREATER_OR_EQUAL 9.5 AND isInactive IS false', ['seal', 'pump']],
    ['cost BETWEEN [9, 10] OR itemId END_WITH "3"', ['seal', 'pump']],
    ['displayName EMPTY', ['pump']],
    ['displayName EMPTY_NOT', ['seal']],
    ['(itemId IS x OR itemId IS PUMP-3) AND cost EQUAL 340.25', ['pump']],
    ['createdDate ON_OR_AFTER "1/15/2026"', ['seal', 'pump']],
    ['createdDate BEFORE 1/15/2026', []],
  ])('filters by %s', async (q, expected) => {
    const answer = await get(`inventoryItem?q=${encodeURIComponent(q)}`)
    expect(answer.status).toBe(200)
    const names = answer.body.items.map((item: any) => (item.id === String(plant.seal) ? 'seal' : 'pump'))
    expect(names).toEqual(expected)
  })

  it('filters by references', async () => {
    const q = (text: string) => get(`purchaseOrder?q=${encodeURIComponent(text)}`)
    expect((await q(`entity ANY_OF [${plant.vendor}, 9]`)).body.totalResults).toBe(1)
    expect((await q('entity ANY_OF [9]')).body.totalResults).toBe(0)
  })

  it.each([
    'itemId',
    'itemId LOOKS_LIKE x',
    'nothing IS 1',
    'cost IS cheap',
    '(itemId IS 1',
    'createdDate ON 2026-01-15x',
    'cost ON 1',
    'itemId IS "open',
  ])('refuses the filter %s', async (q) => {
    expect(await get(`inventoryItem?q=${encodeURIComponent(q)}`)).toMatchObject({
      status: 400,
      error: { 'o:errorCode': 'INVALID_PARAMETER', 'o:errorQueryParam': 'q' },
    })
  })

  it('gives whole records for ids, external ones too', async () => {
    const { body } = await get(`vendor?expandRecords=true&ids=${plant.vendor},eid:V-1`)
    expect(body.items.map((item: any) => item.companyName)).toEqual(['Nordhafen', 'Nordhafen'])
  })
})

describe('the metadata catalog', () => {
  it('lists types and describes those that are selected', async () => {
    const all = await get('metadata-catalog')
    expect(all.body.items.map((item: any) => item.name)).toContain('purchaseOrder')
    const { body } = await get('metadata-catalog/vendor')
    expect(body.properties.companyName).toMatchObject({ type: 'string' })
    expect(body.properties.lastModifiedDate).toMatchObject({ format: 'date-time', readOnly: true })
  })
})

describe('an account without OneWorld', () => {
  it('knows no subsidiaries, and needs none', async () => {
    const single = await emptyAccount({ account: { oneWorld: false } })
    try {
      const id = await single.create('vendor', { companyName: 'Alone' })
      expect((await single.ask(`/record/v1/vendor/${id}`)).body).not.toHaveProperty('subsidiary')
      expect((await single.ask('/record/v1/subsidiary')).status).toBe(404)
    } finally {
      await single.close()
    }
  })
})
