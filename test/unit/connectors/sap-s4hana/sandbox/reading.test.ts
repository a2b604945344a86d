import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type EmptySandbox, emptySandbox, PURCHASE_ORDERS } from './wire.ts'

const TEN = Date.UTC(2026, 0, 15, 10)
const FOREVER = Date.UTC(9999, 11, 31)
const ORDER = `${PURCHASE_ORDERS}/A_PurchaseOrder`
const ITEM = `${PURCHASE_ORDERS}/A_PurchaseOrderItem`

let wire: EmptySandbox

beforeAll(async () => {
  wire = await emptySandbox()
  wire.put(
    PURCHASE_ORDERS,
    'A_PurchaseOrder',
    ...['1', '2', '3'].map((key) => ({ PurchaseOrder: key, Supplier: 'ACME', LastChangeDateTime: TEN })),
    { PurchaseOrder: "O'4/4", PurchaseOrderDate: Date.UTC(1969, 11, 31) },
  )
  wire.put(
    PURCHASE_ORDERS,
    'A_PurchaseOrderItem',
    ...['100', '10', '20'].map((item) => ({ PurchaseOrder: '1', PurchaseOrderItem: item, NetPriceAmount: '9.50' })),
    { PurchaseOrder: '2', PurchaseOrderItem: '10', OrderQuantity: '0.1000000000000000000001' },
  )
  wire.put(
    PURCHASE_ORDERS,
    'A_PurchaseOrderScheduleLine',
    { PurchasingDocument: '1', PurchasingDocumentItem: '10', ScheduleLine: '1' },
    { PurchasingDocument: '1', PurchasingDocumentItem: '10', ScheduleLine: '2' },
  )
  wire.put(
    'API_BUSINESS_PARTNER',
    'A_BusinessPartner',
    { BusinessPartner: '7', Supplier: '7' },
    { BusinessPartner: '8' },
  )
  wire.put('API_BUSINESS_PARTNER', 'A_Supplier', { Supplier: '7', SupplierName: 'Nordhafen' })
  wire.put('API_EQUIPMENT', 'Equipment', { Equipment: '10000045', ValidityEndDate: FOREVER, LastChangeDateTime: TEN })
})
afterAll(() => wire.close())

describe('a list', () => {
  test('has results with metadata, values in the V2 forms, and addresses of what hangs on the row', async () => {
    const { status, headers, d } = await wire.ask(`${ORDER}?$filter=PurchaseOrder eq '1'`)
    expect(status).toBe(200)
    expect(headers.get('content-type')).toBe('application/json')
    expect(headers.get('dataserviceversion')).toBe('2.0')
    expect(headers.get('sap-server')).toBe('true')
    const uri = `${wire.sandbox.origin}/sap/opu/odata/sap/${ORDER}('1')`
    expect(d.results).toHaveLength(1)
    expect(d.results[0]).toMatchObject({
      __metadata: { id: uri, uri, type: `${PURCHASE_ORDERS}.A_PurchaseOrderType` },
      PurchaseOrder: '1',
      PurchaseOrderType: '',
      PurchaseOrderDate: null,
      LastChangeDateTime: `/Date(${TEN}+0000)/`,
      ReleaseIsNotCompleted: false,
      to_PurchaseOrderItem: { __deferred: { uri: `${uri}/to_PurchaseOrderItem` } },
    })
    expect(d.results[0].__metadata).not.toHaveProperty('etag')
    expect(d).not.toHaveProperty('__next')
    expect(d).not.toHaveProperty('__count')
  })

  test('gives the system time as its Date, and every digit of a decimal', async () => {
    const { headers, d } = await wire.ask(`${ITEM}?$filter=PurchaseOrder eq '2'`)
    expect(headers.get('date')).toBe(new Date(wire.now()).toUTCString())
    expect(d.results[0].OrderQuantity).toBe('0.1000000000000000000001')
  })

  test('is ordered as asked, ties by key, and keys as numbers', async () => {
    expect(await wire.keys(`${ORDER}?$orderby=Supplier desc,PurchaseOrder desc`)).toEqual(['3', '2', '1', "O'4/4"])
    expect(await wire.keys(`${ORDER}?$orderby=LastChangeDateTime`)).toEqual(["O'4/4", '1', '2', '3'])
    expect(await wire.keys(`${ITEM}?$filter=PurchaseOrder eq '1'`, 'PurchaseOrderItem')).toEqual(['10', '20', '100'])
  })

  test.each(['$orderby=Nonsense', '$orderby=PurchaseOrder up', '$top=x', '$top=-1', '$skip=1.5', '$skiptoken=abc'])(
    'refuses %s',
    async (option) => expect((await wire.ask(`${ORDER}?${option}`)).status).toBe(400),
  )

  test.each(['$inlinecount=some', '$search=x', '$format=yaml', '$select=Nonsense', '$expand=to_Nonsense', '$filter=%'])(
    'refuses %s too',
    async (option) => expect((await wire.ask(`${ORDER}?${option}`)).status).toBe(400),
  )

  test('refuses to sort by what the metadata calls not sortable', async () => {
    const answer = await wire.ask('API_MAINTENANCEORDER;v=0002/MaintenanceOrder?$orderby=SystemStatusText')
    expect(answer.status).toBe(400)
  })

  test('lets its own options and unknown ones without a dollar pass', async () => {
    expect(await wire.keys(`${ORDER}?sap-client=100&custom=1&$top=1`)).toEqual(['1'])
  })
})

describe('paging', () => {
  let paged: EmptySandbox
  const keys = Array.from({ length: 25 }, (_, n) => String(4500000000 + n))
  beforeAll(async () => {
    paged = await emptySandbox({ switches: { pageLimits: { '*': { default: 4, max: 10 } } } })
    // all of one instant: nothing but the key tells them apart
    paged.put(
      PURCHASE_ORDERS,
      'A_PurchaseOrder',
      ...keys.map((key) => ({ PurchaseOrder: key, LastChangeDateTime: TEN })),
    )
  })
  afterAll(() => paged.close())

  async function follow(path: string): Promise<string[][]> {
    const pages: string[][] = []
    for (let next: string | undefined = path; next !== undefined; ) {
      const { d } = await paged.ask(next.replace(paged.sandbox.origin, ''))
      pages.push(d.results.map((row: any) => row.PurchaseOrder))
      next = d.__next
    }
    return pages
  }

  test('without $top goes in pages of the default size, by __next, through ties', async () => {
    const pages = await follow(`${ORDER}?$orderby=LastChangeDateTime`)
    expect(pages.map((page) => page.length)).toEqual([4, 4, 4, 4, 4, 4, 1])
    expect(pages.flat()).toEqual(keys)
  })

  test('keeps the query verbatim in an absolute __next, with the number of rows delivered', async () => {
    const query = `$filter=PurchaseOrder%20ge%20%27${keys[3]}%27&$select=PurchaseOrder&sap-client=100`
    const { d } = await paged.ask(`${ORDER}?${query}`)
    expect(d.__next).toBe(`${paged.sandbox.origin}/sap/opu/odata/sap/${ORDER}?${query}&$skiptoken=4`)
  })

  test('cuts $top beyond the maximum into pages of the maximum', async () => {
    const pages = await follow(`${ORDER}?$top=22`)
    expect(pages.map((page) => page.length)).toEqual([10, 10, 2])
    expect(pages.flat()).toEqual(keys.slice(0, 22))
  })

  test('answers $top within the maximum without __next, though there is more', async () => {
    const { d } = await paged.ask(`${ORDER}?$top=10&$skip=3`)
    expect(d.results.map((row: any) => row.PurchaseOrder)).toEqual(keys.slice(3, 13))
    expect(d).not.toHaveProperty('__next')
  })

  test('skips before it pages, and a full last page has no __next', async () => {
    const pages = await follow(`${ORDER}?$skip=17`)
    expect(pages.map((page) => page.length)).toEqual([4, 4])
    expect(pages.flat()).toEqual(keys.slice(17))
  })

  test('counts everything that matches, whatever the page', async () => {
    const { d } = await paged.ask(`${ORDER}?$top=2&$inlinecount=allpages&$filter=PurchaseOrder ge '${keys[5]}'`)
    expect(d.__count).toBe('20')
    expect(d.results).toHaveLength(2)
    expect((await paged.ask(`${ORDER}?$top=0&$inlinecount=allpages`)).d).toEqual({ __count: '25', results: [] })
    const count = await paged.ask(`${ORDER}/$count?$filter=PurchaseOrder ge '${keys[5]}'`)
    expect(count.text).toBe('20')
    expect(count.headers.get('content-type')).toContain('text/plain')
  })

  test('shifts when rows before the token vanish: a token is an offset', async () => {
    const first = await paged.ask(`${ORDER}?$select=PurchaseOrder`)
    const set = paged.sandbox.store.set(PURCHASE_ORDERS, 'A_PurchaseOrder')
    paged.sandbox.store.remove(set, { PurchaseOrder: keys[0] as string })
    const second = await paged.ask(first.d.__next.replace(paged.sandbox.origin, ''))
    expect(second.d.results[0].PurchaseOrder).toBe(keys[5])
    paged.put(PURCHASE_ORDERS, 'A_PurchaseOrder', { PurchaseOrder: keys[0] as string, LastChangeDateTime: TEN })
  })

  test('walks a key set over ties, one page after the other', async () => {
    const seen: string[] = []
    for (let last: string | null = null; ; ) {
      const after: string =
        last === null
          ? ''
          : `&$filter=(LastChangeDateTime gt datetimeoffset'2026-01-15T10:00:00Z') or (LastChangeDateTime eq datetimeoffset'2026-01-15T10:00:00Z' and PurchaseOrder gt '${last}')`
      const page = await paged.keys(`${ORDER}?$orderby=LastChangeDateTime,PurchaseOrder&$top=7${after}`)
      seen.push(...page)
      last = page.at(-1) ?? null
      if (page.length < 7) break
    }
    expect(seen).toEqual(keys)
  })
})

describe('$select and $expand', () => {
  test('show only what was chosen', async () => {
    const { d } = await wire.ask(`${ORDER}('1')?$select=PurchaseOrder,Supplier`)
    expect(Object.keys(d)).toEqual(['__metadata', 'PurchaseOrder', 'Supplier'])
  })

  test('nest, with children in the order of their keys and empty lists where there are none', async () => {
    const { d } = await wire.ask(`${ORDER}?$expand=to_PurchaseOrderItem/to_ScheduleLine,to_PurchaseOrderNote`)
    const [first, second, third] = d.results
    expect(first.to_PurchaseOrderItem.results.map((item: any) => item.PurchaseOrderItem)).toEqual(['10', '20', '100'])
    expect(first.to_PurchaseOrderItem.results[0].to_ScheduleLine.results.map((it: any) => it.ScheduleLine)).toEqual([
      '1',
      '2',
    ])
    expect(first.to_PurchaseOrderItem.results[1].to_ScheduleLine).toEqual({ results: [] })
    expect(first.to_PurchaseOrderNote).toEqual({ results: [] })
    expect(second.to_PurchaseOrderItem.results).toHaveLength(1)
    expect(third.to_PurchaseOrderItem).toEqual({ results: [] })
    expect(first.to_PurchaseOrderItem.results[0].__metadata.uri).toBe(
      `${wire.sandbox.origin}/sap/opu/odata/sap/${ITEM}(PurchaseOrder='1',PurchaseOrderItem='10')`,
    )
  })

  test('choose inside of what is expanded', async () => {
    const { d } = await wire.ask(
      `${ORDER}('1')?$select=Supplier,to_PurchaseOrderItem/NetPriceAmount&$expand=to_PurchaseOrderItem`,
    )
    expect(Object.keys(d)).toEqual(['__metadata', 'Supplier', 'to_PurchaseOrderItem'])
    expect(Object.keys(d.to_PurchaseOrderItem.results[0])).toEqual(['__metadata', 'NetPriceAmount'])
    const unknown = await wire.ask(`${ORDER}('1')?$select=to_PurchaseOrderItem/Foo&$expand=to_PurchaseOrderItem`)
    expect(unknown.status).toBe(400)
  })

  test('show a to-one navigation as an object, or null', async () => {
    const { d } = await wire.ask('API_BUSINESS_PARTNER/A_BusinessPartner?$expand=to_Supplier')
    expect(d.results.map((row: any) => row.to_Supplier?.SupplierName ?? null)).toEqual(['Nordhafen', null])
  })
})

describe('one entity', () => {
  test('is found by its key, quoted or named, whatever must be encoded', async () => {
    expect((await wire.ask(`${ORDER}('2')`)).d.PurchaseOrder).toBe('2')
    expect((await wire.ask(`${ORDER}(PurchaseOrder='2')`)).d.PurchaseOrder).toBe('2')
    const odd = await wire.ask(`${ORDER}('O''4%2F4')`)
    expect(odd.d.PurchaseOrder).toBe("O'4/4")
    expect(odd.d.PurchaseOrderDate).toBe('/Date(-86400000)/')
    // and its address leads back to it
    expect((await wire.ask(new URL(odd.d.__metadata.uri).pathname)).d.PurchaseOrder).toBe("O'4/4")
    expect((await wire.ask(`${ORDER}('O%27%274/4')`)).d.PurchaseOrder).toBe("O'4/4")
  })

  test('is found by a composite key in any order, with leading zeros or without', async () => {
    const item = await wire.ask(`${ITEM}(PurchaseOrderItem='00010',PurchaseOrder='1')`)
    expect(item.d.PurchaseOrderItem).toBe('10')
  })

  test('is found by a date key, and carries its etag twice where the set has etags', async () => {
    const { d, headers } = await wire.ask(
      "API_EQUIPMENT/Equipment(Equipment='000000000010000045',ValidityEndDate=datetime'9999-12-31T00:00:00')",
    )
    expect(d.ValidityEndDate).toBe('/Date(253402214400000)/')
    expect(d.__metadata.etag).toBe(`W/"datetimeoffset'2026-01-15T10%3A00%3A00.0000000Z'"`)
    expect(headers.get('etag')).toBe(d.__metadata.etag)
    expect((await wire.ask(new URL(d.__metadata.uri).pathname)).d.Equipment).toBe('10000045')
  })

  test.each([
    ["A_PurchaseOrder('9')", 404],
    ['A_Nonsense', 404],
    ["A_PurchaseOrder('1')/to_Nonsense", 404],
    ["A_PurchaseOrder('9')/to_PurchaseOrderItem", 404],
    ['A_PurchaseOrder/to_PurchaseOrderItem', 404],
    ["A_PurchaseOrderItem('1')", 400],
    ["A_PurchaseOrderItem(PurchaseOrder='1')", 400],
    ["A_PurchaseOrder(Supplier='1')", 400],
    ["A_PurchaseOrder(PurchaseOrder='1',PurchaseOrder='2')", 400],
    ['A_PurchaseOrder(1)', 400],
    ["A_PurchaseOrder('1'", 400],
    ["A_PurchaseOrder('%zz')", 400],
  ])('%s is refused with %i', async (path, status) => {
    const answer = await wire.ask(`${PURCHASE_ORDERS}/${path}`)
    expect(answer.status).toBe(status)
    expect(answer.d.error.code === '/IWBEP/CM_MGW_RT/020').toBe(status === 404)
  })

  test('leads on along its navigations, to lists, counts, rows and properties', async () => {
    const items = `${ORDER}('1')/to_PurchaseOrderItem`
    expect(await wire.keys(`${items}?$filter=PurchaseOrderItem gt '10'&$top=1`, 'PurchaseOrderItem')).toEqual(['20'])
    expect((await wire.ask(`${items}/$count`)).text).toBe('3')
    const one = `${items}(PurchaseOrder='1',PurchaseOrderItem='20')`
    expect((await wire.ask(one)).d.PurchaseOrderItem).toBe('20')
    expect((await wire.ask(`${one}/to_PurchaseOrder`)).d.PurchaseOrder).toBe('1')
    expect((await wire.ask(`${one}/NetPriceAmount`)).d).toEqual({ NetPriceAmount: '9.50' })
    expect((await wire.ask(`${one}/NetPriceAmount/$value`)).text).toBe('9.50')
    expect((await wire.ask(`${items}(PurchaseOrder='2',PurchaseOrderItem='10')`)).status).toBe(404)
    expect((await wire.ask("API_BUSINESS_PARTNER/A_BusinessPartner('8')/to_Supplier")).status).toBe(404)
  })
})

describe('a service', () => {
  test('gives its metadata verbatim', async () => {
    const url = new URL(
      '../../../../../connectors/sap-s4hana/sandbox/metadata/API_MAINTENANCEORDER.edmx',
      import.meta.url,
    )
    const answer = await wire.ask('API_MAINTENANCEORDER;v=0002/$metadata')
    expect(answer.text).toBe(readFileSync(url, 'utf8'))
    expect(answer.headers.get('content-type')).toContain('application/xml')
  })

  test('lists its sets', async () => {
    expect((await wire.ask('API_STORAGELOCATION_SRV/')).d).toEqual({ EntitySets: ['StorageLocation'] })
    const xml = await wire.ask('API_STORAGELOCATION_SRV', { headers: { accept: 'application/xml' } })
    expect(xml.text).toContain('<app:collection href="StorageLocation">')
  })

  test.each(['API_MAINTENANCEORDER', 'API_MAINTENANCEORDER;v=1', 'API_PLANT_SRV;v=0002', 'API_NONSENSE'])(
    '%s does not exist',
    async (service) => {
      const answer = await wire.ask(`${service}/$metadata`)
      expect(answer.status).toBe(403)
      expect(answer.d.error.code).toBe('/IWFND/MED/170')
    },
  )

  test('of version 2 is found by either spelling', async () => {
    expect((await wire.ask('API_MAINTENANCEORDER;v=2/MaintenanceOrder')).d.results).toEqual([])
  })

  test('answers Atom unless JSON was asked for, errors too', async () => {
    const feed = await wire.ask(`${ORDER}?$expand=to_PurchaseOrderItem`, { headers: { accept: '*/*' } })
    expect(feed.headers.get('content-type')).toContain('application/atom+xml')
    expect(feed.text).toContain('<id>' + wire.sandbox.origin + `/sap/opu/odata/sap/${ORDER}('1')</id>`)
    expect(feed.text).toContain('<d:LastChangeDateTime>2026-01-15T10:00:00Z</d:LastChangeDateTime>')
    expect(feed.text).toContain('<d:PurchaseOrderDate m:null="true"/>')
    const entry = await wire.ask(`${ORDER}('1')`, { headers: { accept: 'application/atom+xml' } })
    expect(entry.text).toContain('<entry ')
    const error = await wire.ask(`${ORDER}('9')`, { headers: { accept: '*/*' } })
    expect(error.status).toBe(404)
    expect(error.headers.get('content-type')).toContain('application/xml')
    expect(error.text).toContain('<code>/IWBEP/CM_MGW_RT/020</code>')
    const byFormat = await wire.ask(`${ORDER}('1')?$format=json`, { headers: { accept: '*/*' } })
    expect(byFormat.d.PurchaseOrder).toBe('1')
  })

  test('answers HEAD without a body', async () => {
    const answer = await wire.ask(`${ORDER}('1')`, { method: 'HEAD' })
    expect([answer.status, answer.text]).toEqual([200, ''])
  })
})
