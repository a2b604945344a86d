import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type EmptySandbox, emptySandbox, PURCHASE_ORDERS } from './wire.ts'

const TEN = Date.UTC(2026, 0, 15, 10)
const ORDER = `${PURCHASE_ORDERS}/A_PurchaseOrder`
const ITEM = `${PURCHASE_ORDERS}/A_PurchaseOrderItem`
const STOCK = 'API_MATERIAL_STOCK_SRV/A_MatlStkInAcctMod'

let wire: EmptySandbox
beforeEach(async () => {
  wire = await emptySandbox()
  wire.put(
    PURCHASE_ORDERS,
    'A_PurchaseOrder',
    { PurchaseOrder: '1', Supplier: '10300001', LastChangeDateTime: TEN },
    { PurchaseOrder: '2', LastChangeDateTime: TEN },
    { PurchaseOrder: '3', LastChangeDateTime: TEN },
  )
  wire.put(PURCHASE_ORDERS, 'A_PurchaseOrderItem', {
    PurchaseOrder: '1',
    PurchaseOrderItem: '10',
    OrderQuantity: '12.5',
  })
})
afterEach(() => wire.close())

/** Token and cookies for a change. */
async function tokens() {
  const answer = await wire.ask(ORDER, { headers: { 'x-csrf-token': 'Fetch' } })
  const cookie = answer.headers.getSetCookie().map((line) => line.split(';')[0])
  return { 'x-csrf-token': answer.headers.get('x-csrf-token') ?? '', cookie: cookie.join('; ') }
}

async function patch(terms: string) {
  const headers = { 'content-type': 'application/json', ...(await tokens()) }
  return wire.ask(`${ORDER}('1')`, { method: 'PATCH', body: JSON.stringify({ PaymentTerms: terms }), headers })
}

const terms = async () => (await wire.ask(`${ORDER}('1')`)).d.PaymentTerms

describe('the switches', () => {
  test('start from defaults that tests override, one sandbox apart from the other', async () => {
    const other = await emptySandbox({ switches: { padKeys: true } })
    expect([wire.sandbox.switches.padKeys, other.sandbox.switches.padKeys]).toEqual([false, true])
    other.sandbox.switches.deactivated.add('API_PLANT_SRV')
    expect((await wire.ask('API_PLANT_SRV/A_Plant')).status).toBe(200)
    await other.close()
  })

  test('pageLimits: the product service pages by 100', async () => {
    const products = Array.from({ length: 101 }, (_, n) => ({ Product: `P${n}` }))
    wire.put('API_PRODUCT_SRV', 'A_Product', ...products)
    const { d } = await wire.ask('API_PRODUCT_SRV/A_Product')
    expect(d.results).toHaveLength(100)
    expect(d.__next).toContain('$skiptoken=100')
  })

  test('throttleEvery: every n-th request waits for the time given, or for none', async () => {
    wire.sandbox.switches.throttleEvery = { every: 2, status: 429, retryAfter: '7' }
    const statuses = []
    for (let n = 0; n < 4; n++) statuses.push((await wire.ask(ORDER)).status)
    expect(statuses.map((status) => status === 429)).toEqual([false, true, false, true])
    wire.sandbox.switches.throttleEvery = { every: 1, status: 503, retryAfter: null }
    const answer = await wire.ask(ORDER)
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, null])
    wire.sandbox.switches.throttleEvery = { every: 1, status: 429, retryAfter: '7' }
    expect((await wire.ask(ORDER)).headers.get('retry-after')).toBe('7')
  })

  test('failEvery: every n-th request is a short dump in the format asked for', async () => {
    wire.sandbox.switches.failEvery = 1
    const answer = await wire.ask(ORDER)
    expect(answer.status).toBe(500)
    expect(answer.d.error.code).toBe('/IWFND/CM_BEC/026')
  })

  test('cutBefore: the n-th write breaks off and is not applied', async () => {
    wire.sandbox.switches.cutBefore = 2
    expect((await patch('A')).status).toBe(204)
    await expect(patch('B')).rejects.toThrow('fetch failed')
    expect(await terms()).toBe('A')
    expect((await patch('C')).status).toBe(204)
    expect(wire.sandbox.requests.list.filter(({ status }) => status === 0)).toHaveLength(1)
  })

  test('cutAfter: the n-th write breaks off although it is applied', async () => {
    wire.sandbox.switches.cutAfter = 1
    await expect(patch('B')).rejects.toThrow('fetch failed')
    expect(await terms()).toBe('B')
    expect((await patch('C')).status).toBe(204)
  })

  test('slowMs: answers take their time', async () => {
    wire.sandbox.switches.slowMs = 60
    const started = performance.now()
    await wire.ask(ORDER)
    expect(performance.now() - started).toBeGreaterThanOrEqual(55)
  })

  test('xmlErrors: errors are XML whatever was asked for', async () => {
    wire.sandbox.switches.xmlErrors = true
    const answer = await wire.ask(`${ORDER}('9')`)
    expect(answer.headers.get('content-type')).toContain('application/xml')
    expect(answer.text).toContain('<message xml:lang="en">')
    expect((await wire.ask(ORDER)).d.results).toHaveLength(3)
  })

  test('foreignNextHost: addresses name another host', async () => {
    wire.sandbox.switches.foreignNextHost = 'https://s4.internal:44300'
    wire.sandbox.switches.pageLimits['*'] = { default: 1, max: 5 }
    const { d } = await wire.ask(ORDER)
    expect(d.__next).toBe(`https://s4.internal:44300/sap/opu/odata/sap/${ORDER}?$skiptoken=1`)
    expect(d.results[0].__metadata.uri).toMatch(/^https:\/\/s4\.internal:44300\/sap/)
  })

  test('padKeys: numbers have their leading zeros, in values and addresses, and are found in either form', async () => {
    wire.sandbox.switches.padKeys = true
    const { d } = await wire.ask(`${ORDER}('1')?$expand=to_PurchaseOrderItem`)
    expect(d.Supplier).toBe('0010300001')
    const [item] = d.to_PurchaseOrderItem.results
    expect(item.PurchaseOrderItem).toBe('00010')
    expect(item.__metadata.uri).toContain("PurchaseOrderItem='00010'")
    expect((await wire.ask(new URL(item.__metadata.uri).pathname)).status).toBe(200)
    expect((await wire.ask(`${ITEM}(PurchaseOrder='1',PurchaseOrderItem='10')`)).status).toBe(200)
  })

  test('decimalPadding: decimals have all digits of their scale', async () => {
    wire.sandbox.switches.decimalPadding = true
    const { d } = await wire.ask(`${ITEM}(PurchaseOrder='1',PurchaseOrderItem='10')`)
    expect(d.OrderQuantity).toBe('12.500')
    wire.sandbox.switches.decimalPadding = false
    expect((await wire.ask(ITEM)).d.results[0].OrderQuantity).toBe('12.5')
  })

  test('htmlLogin: a login page, 200, in place of every answer', async () => {
    wire.sandbox.switches.htmlLogin = true
    const answer = await wire.ask(ORDER)
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8'])
  })

  test('truncateJson: the next n lists break off in the middle', async () => {
    wire.sandbox.switches.truncateJson = 1
    const broken = await wire.ask(ORDER)
    expect(broken.status).toBe(200)
    expect(() => JSON.parse(broken.text)).toThrow('JSON')
    expect((await wire.ask(ORDER)).d.results).toHaveLength(3)
  })

  test('skiptokenExpired: later pages are refused', async () => {
    wire.sandbox.switches.skiptokenExpired = true
    expect((await wire.ask(`${ORDER}?$skiptoken=1`)).status).toBe(400)
    expect((await wire.ask(ORDER)).status).toBe(200)
  })

  test('nextAfterTop: more than the maximum is cut with an address of the rest, or in silence', async () => {
    wire.sandbox.switches.pageLimits['*'] = { default: 1, max: 2 }
    expect((await wire.ask(`${ORDER}?$top=3`)).d).toHaveProperty('__next')
    wire.sandbox.switches.nextAfterTop = false
    const { d } = await wire.ask(`${ORDER}?$top=3`)
    expect(d.results).toHaveLength(2)
    expect(d).not.toHaveProperty('__next')
    expect((await wire.ask(ORDER)).d).toHaveProperty('__next')
  })

  test('invalidDate: one row shows a date that no calendar has', async () => {
    wire.sandbox.switches.invalidDate = { set: 'A_PurchaseOrder', key: '2', property: 'PurchaseOrderDate' }
    const { d } = await wire.ask(ORDER)
    const dates = d.results.map((row: any) => row.PurchaseOrderDate)
    expect(dates).toEqual([null, '/Date(99999999999999999)/', null])
    expect(new Date(Number('99999999999999999')).getTime()).toBeNaN()
  })

  test('zeroStockRows: empty stock is a row, or none', async () => {
    wire.put(
      'API_MATERIAL_STOCK_SRV',
      'A_MatlStkInAcctMod',
      { Material: 'A', Plant: '1010', MatlWrhsStkQtyInMatlBaseUnit: '0.000' },
      { Material: 'B', Plant: '1010', MatlWrhsStkQtyInMatlBaseUnit: '37' },
    )
    expect(await wire.keys(`${STOCK}?$filter=Plant eq '1010'`, 'Material')).toEqual(['A', 'B'])
    wire.sandbox.switches.zeroStockRows = false
    expect(await wire.keys(`${STOCK}?$filter=Plant eq '1010'`, 'Material')).toEqual(['B'])
    expect((await wire.ask(`${STOCK}/$count`)).text).toBe('1')
  })

  test('deactivated: a service is gone with its metadata, under the status that the switch says', async () => {
    wire.sandbox.switches.deactivated.add(PURCHASE_ORDERS)
    expect((await wire.ask(`${PURCHASE_ORDERS}/$metadata`)).d.error.code).toBe('/IWFND/MED/170')
    wire.sandbox.switches.inactiveStatus = 404
    expect((await wire.ask(ORDER)).status).toBe(404)
  })

  test('statusLanguage: status texts are in the language of the logon', async () => {
    wire.put('API_MAINTENANCEORDER', 'MaintenanceOrder', {
      MaintenanceOrder: '4000123',
      SystemStatusText: 'REL  MANC PRC  SETC',
    })
    const text = async (query: string) =>
      (await wire.ask(`API_MAINTENANCEORDER;v=0002/MaintenanceOrder('4000123')${query}`)).d.SystemStatusText
    expect(await text('')).toBe('REL  MANC PRC  SETC')
    expect(await text('?sap-language=DE')).toMatch(/^FREI /)
    wire.sandbox.switches.statusLanguage = 'DE'
    expect(await text('')).toMatch(/^FREI /)
    expect(await text('?sap-language=EN')).toBe('REL  MANC PRC  SETC')
  })

  test('etagRequired does not hide an etag, and the stamp of creation stands in for a missing change', async () => {
    wire.put(
      'API_MAINTENANCEORDER',
      'MaintenanceOrder',
      { MaintenanceOrder: '1', MaintOrderCreationDateTime: TEN },
      { MaintenanceOrder: '2' },
    )
    const { d } = await wire.ask('API_MAINTENANCEORDER;v=0002/MaintenanceOrder?$select=MaintenanceOrder')
    expect(d.results.map((row: any) => row.__metadata.etag)).toEqual([
      `W/"datetimeoffset'2026-01-15T10%3A00%3A00.0000000Z'"`,
      'W/""',
    ])
  })
})

describe('late commits', () => {
  test('a new row is seen once its commit has come, in lists, counts, expands and by key', async () => {
    const { store } = wire.sandbox
    const commit = wire.now() + 5000
    const orders = store.set(PURCHASE_ORDERS, 'A_PurchaseOrder')
    const items = store.set(PURCHASE_ORDERS, 'A_PurchaseOrderItem')
    store.insert(orders, { PurchaseOrder: '4', LastChangeDateTime: wire.now() }, { visibleAt: commit })
    store.insert(items, { PurchaseOrder: '1', PurchaseOrderItem: '20' }, { visibleAt: commit })
    const seen = async () => [
      await wire.keys(ORDER),
      (await wire.ask(`${ORDER}/$count`)).text,
      (await wire.ask(`${ORDER}('4')`)).status,
      (await wire.ask(`${ORDER}('1')?$expand=to_PurchaseOrderItem`)).d.to_PurchaseOrderItem.results.length,
      (await wire.ask(`${ORDER}('1')/to_PurchaseOrderItem/$count`)).text,
    ]
    expect(await seen()).toEqual([['1', '2', '3'], '3', 404, 1, '1'])
    wire.pass(5000)
    expect(await seen()).toEqual([['1', '2', '3', '4'], '4', 200, 2, '2'])
  })

  test('a changed row shows its old state until then, and its stamp is older than its commit', async () => {
    const { store } = wire.sandbox
    const orders = store.set(PURCHASE_ORDERS, 'A_PurchaseOrder')
    const stamp = wire.now()
    const changes = { PaymentTerms: 'NEW', LastChangeDateTime: stamp }
    store.update(orders, { PurchaseOrder: '1' }, changes, { visibleAt: stamp + 5000 })
    wire.pass(4999)
    expect(await terms()).toBe('')
    wire.pass(1)
    const { d } = await wire.ask(`${ORDER}('1')`)
    expect([d.PaymentTerms, d.LastChangeDateTime]).toEqual(['NEW', `/Date(${stamp}+0000)/`])
  })
})

describe('the log of requests', () => {
  test('has method, path and status of what was asked', async () => {
    wire.sandbox.requests.clear()
    await wire.ask(`${ORDER}?$top=1`)
    await wire.ask('NONSENSE')
    expect(wire.sandbox.requests.count).toBe(2)
    expect(wire.sandbox.requests.list).toEqual([
      { method: 'GET', path: `/sap/opu/odata/sap/${ORDER}?$top=1`, status: 200 },
      { method: 'GET', path: '/sap/opu/odata/sap/NONSENSE', status: 403 },
    ])
  })
})
