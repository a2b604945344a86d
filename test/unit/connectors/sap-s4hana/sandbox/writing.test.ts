import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type EmptySandbox, emptySandbox, PURCHASE_ORDERS } from './wire.ts'

/** What the rules of writing are is tested beside them; here: how a write travels over the wire. */
const ORDER = `${PURCHASE_ORDERS}/A_PurchaseOrder`

let wire: EmptySandbox
let tokens: Record<string, string>

beforeEach(async () => {
  wire = await emptySandbox({ size: { purchaseOrders: 12 } })
  const answer = await wire.ask(ORDER, { headers: { 'x-csrf-token': 'Fetch' } })
  const cookie = answer.headers.getSetCookie().map((line) => line.split(';')[0])
  tokens = { 'x-csrf-token': answer.headers.get('x-csrf-token') ?? '', cookie: cookie.join('; ') }
})
afterEach(() => wire.close())

const send = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
  wire.ask(path, {
    method,
    headers: { ...tokens, 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })

/** Fields of an order that was seeded, to make another like it. */
async function template() {
  const { d } = await wire.ask(`${ORDER}?$expand=to_PurchaseOrderItem&$filter=PurchasingDocumentDeletionCode eq ''`)
  const known = await wire.ask('API_BUSINESS_PARTNER/A_SupplierCompany?$select=Supplier,CompanyCode')
  const companies = new Set(known.d.results.map((row: any) => `${row.Supplier} ${row.CompanyCode}`))
  const order = d.results.find((row: any) => companies.has(`${row.Supplier} ${row.CompanyCode}`))
  const [item] = order.to_PurchaseOrderItem.results
  return {
    PurchaseOrderType: 'NB',
    CompanyCode: order.CompanyCode,
    PurchasingOrganization: order.PurchasingOrganization,
    PurchasingGroup: order.PurchasingGroup,
    Supplier: order.Supplier,
    DocumentCurrency: order.DocumentCurrency,
    to_PurchaseOrderItem: [
      {
        PurchaseOrderItem: '10',
        Material: item.Material,
        Plant: item.Plant,
        OrderQuantity: '12',
        PurchaseOrderQuantityUnit: item.PurchaseOrderQuantityUnit,
        NetPriceAmount: '9.5',
        NetPriceQuantity: '1',
      },
    ],
  }
}

describe('a write', () => {
  test('that creates answers 201 with the address and the entity, nested rows included', async () => {
    const { status, headers, d } = await send('POST', ORDER, await template())
    expect(status).toBe(201)
    expect(headers.get('location')).toBe(`${wire.sandbox.origin}/sap/opu/odata/sap/${ORDER}('${d.PurchaseOrder}')`)
    expect(d.__metadata.uri).toBe(headers.get('location'))
    expect(d.to_PurchaseOrderItem.results).toHaveLength(1)
    expect(d.to_PurchaseOrderItem.results[0]).toMatchObject({ PurchaseOrderItem: '10', NetPriceAmount: '9.5' })
    const again = await wire.ask(`${ORDER}('${d.PurchaseOrder}')?$expand=to_PurchaseOrderItem`)
    expect(again.d.to_PurchaseOrderItem.results[0].OrderQuantity).toBe('12')
  })

  test('that creates forgets its nested rows in the answer when the switch says so', async () => {
    wire.sandbox.switches.emptyNestedOnCreate = true
    const { d } = await send('POST', ORDER, await template())
    expect(d.to_PurchaseOrderItem).toEqual({ results: [] })
    const count = await wire.ask(`${ORDER}('${d.PurchaseOrder}')/to_PurchaseOrderItem/$count`)
    expect(count.text).toBe('1')
  })

  test('may tunnel its method through POST', async () => {
    const [key] = await wire.keys(`${ORDER}?$top=1`)
    const merged = await send('POST', `${ORDER}('${key}')`, { PaymentTerms: 'ZZ1' }, { 'x-http-method': 'MERGE' })
    expect([merged.status, merged.text]).toEqual([204, ''])
    expect((await wire.ask(`${ORDER}('${key}')`)).d.PaymentTerms).toBe('ZZ1')
  })

  test('that creates below an entity is addressed through it', async () => {
    const order = await template()
    const { d } = await send('POST', ORDER, order)
    const path = `${ORDER}('${d.PurchaseOrder}')/to_PurchaseOrderItem`
    const added = await send('POST', path, { ...order.to_PurchaseOrderItem[0], PurchaseOrderItem: '20' })
    expect(added.status).toBe(201)
    expect(added.headers.get('location')).toContain("PurchaseOrderItem='20'")
    const one = `${path}(PurchaseOrder='${d.PurchaseOrder}',PurchaseOrderItem='20')`
    expect((await send('PATCH', one, { OrderQuantity: '5' })).status).toBe(204)
    expect((await wire.ask(one)).d.OrderQuantity).toBe('5')
  })

  test.each([
    ['POST', ORDER, '{"broken', 400],
    ['PATCH', ORDER, '{}', 405],
    ['DELETE', `${ORDER}('4500000000')/Supplier`, undefined, 405],
    ['POST', 'API_PLANT_SRV/A_Plant', '{}', 405],
    ['OPTIONS', ORDER, undefined, 405],
    ['POST', `${PURCHASE_ORDERS}/A_Nonsense`, '{}', 404],
  ])('%s %s %s is refused with %i in the vendor form', async (method, path, body, status) => {
    const answer = await send(method, path, body)
    expect(answer.status).toBe(status)
    expect(answer.d.error.message.value).not.toBe('')
  })

  test('in another format than JSON is refused', async () => {
    const answer = await send('POST', ORDER, '<entry/>', { 'content-type': 'application/atom+xml' })
    expect(answer.status).toBe(415)
  })

  test('of a maintenance order needs its etag, and functions take literals in the query', async () => {
    const service = 'API_MAINTENANCEORDER;v=0002'
    const { d } = await wire.ask(`${service}/MaintenanceOrder?$top=1&$filter=MaintOrdProcessPhaseCode ne '99'`)
    const [order] = d.results
    const path = `${service}/MaintenanceOrder('${order.MaintenanceOrder}')`
    expect((await send('PATCH', path, { MaintenanceOrderDesc: 'New' })).status).toBe(428)
    const stale = { 'if-match': `W/"datetimeoffset'2001-01-01T00%3A00%3A00.0000000Z'"` }
    expect((await send('PATCH', path, { MaintenanceOrderDesc: 'New' }, stale)).status).toBe(412)
    const fresh = { 'if-match': order.__metadata.etag }
    expect((await send('PATCH', path, { MaintenanceOrderDesc: 'New' }, fresh)).status).toBe(204)
    wire.sandbox.switches.etagRequired['MaintenanceOrder'] = false
    expect((await send('PATCH', path, { MaintenanceOrderDesc: 'Newer' })).status).toBe(204)

    const noKey = await send('POST', `${service}/ReleaseMaintenanceOrder`)
    expect(noKey.status).toBe(400)
    expect((await wire.ask(`${service}/ReleaseMaintenanceOrder?MaintenanceOrder='1'`)).status).toBe(405)
    const badLiteral = await send('POST', `${service}/ReleaseMaintenanceOrder?MaintenanceOrder=1`)
    expect(badLiteral.status).toBe(400)
  })
})

describe('a batch over the wire', () => {
  const batch = (parts: string[]) =>
    send('POST', `${PURCHASE_ORDERS}/$batch`, `${parts.map((part) => `--b1\r\n${part}\r\n`).join('')}--b1--\r\n`, {
      'content-type': 'multipart/mixed; boundary=b1',
    })
  const http = (request: string, body = '') =>
    `Content-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n${request} HTTP/1.1\r\nAccept: application/json\r\nContent-Type: application/json\r\n\r\n${body}\r\n`
  const changes = (...parts: string[]) =>
    `Content-Type: multipart/mixed; boundary=c1\r\n\r\n${parts.map((part) => `--c1\r\n${part}\r\n`).join('')}--c1--`

  test('reads and changes, each part answered in its place', async () => {
    const [key] = await wire.keys(`${ORDER}?$top=1`)
    const answer = await batch([
      http(`GET A_PurchaseOrder('${key}')?$select=PurchaseOrder`),
      changes(http(`PATCH A_PurchaseOrder('${key}')`, '{"PaymentTerms":"ZZ2"}')),
      http(`GET /sap/opu/odata/sap/${PURCHASE_ORDERS}/A_PurchaseOrder('${key}')?$select=PaymentTerms`),
      http(`GET A_PurchaseOrder('9')`),
    ])
    expect(answer.status).toBe(202)
    const statuses = [...answer.text.matchAll(/^HTTP\/1\.1 (\d+)/gm)].map((match) => match[1])
    expect(statuses).toEqual(['200', '204', '200', '404'])
    expect(answer.text).toContain('"PaymentTerms":"ZZ2"')
    expect(answer.text).toContain('/IWBEP/CM_MGW_RT/020')
  })

  test('applies nothing of a changeset that fails, and needs a token like any change', async () => {
    const [key] = await wire.keys(`${ORDER}?$top=1`)
    const answer = await batch([
      changes(
        http(`PATCH A_PurchaseOrder('${key}')`, '{"PaymentTerms":"ZZ3"}'),
        http(`PATCH A_PurchaseOrder('9')`, '{"PaymentTerms":"ZZ3"}'),
      ),
    ])
    expect(answer.status).toBe(202)
    expect((await wire.ask(`${ORDER}('${key}')`)).d.PaymentTerms).not.toBe('ZZ3')
    tokens = {}
    expect((await batch([])).status).toBe(403)
  })
})
