/** The same writes by HTTP, on seeded data: what the rules ask for is there in the seed, and answers look as they should. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type EmptySandbox, emptySandbox, type WireAnswer } from '../wire.ts'

const PO = 'API_PURCHASEORDER_PROCESS_SRV'
const ORDER = 'API_MAINTENANCEORDER;v=0002'
const DOCUMENT = 'API_MATERIAL_DOCUMENT_SRV'

let system: EmptySandbox
let session: Record<string, string>

beforeAll(async () => {
  system = await emptySandbox({ size: 60 })
  const { headers } = await system.ask(`${PO}/`, { headers: { 'x-csrf-token': 'Fetch' } })
  const cookie = headers.getSetCookie().map((line) => line.split(';')[0] ?? '')
  session = { 'x-csrf-token': headers.get('x-csrf-token') ?? '', cookie: cookie.join('; ') }
})
afterAll(() => system.close())

const send = (
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<WireAnswer> =>
  system.ask(path, {
    method,
    headers: { ...session, 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })

const list = async (path: string): Promise<Record<string, string>[]> => (await system.ask(path)).d.results

/** A supplier that can be ordered from, and a stocked item of an existing order of its company. */
async function orderable(): Promise<Record<string, unknown>> {
  const [purchasing] = await list(
    "API_BUSINESS_PARTNER/A_SupplierPurchasingOrg?$filter=PurchasingOrganization eq '1010' and PurchasingIsBlockedForSupplier eq false",
  )
  const items = await list(`${PO}/A_PurchaseOrderItem?$filter=Plant eq '1010' and AccountAssignmentCategory eq ''`)
  const item = items.find((it) => it['Material'] !== '' && it['StorageLocation'] !== '') ?? {}
  const { Material, Plant, StorageLocation, PurchaseOrderQuantityUnit } = item
  const to_PurchaseOrderItem = [
    { Material, Plant, StorageLocation, PurchaseOrderQuantityUnit, OrderQuantity: '12', NetPriceAmount: '9.50' },
  ]
  return {
    CompanyCode: '1010',
    PurchasingOrganization: '1010',
    PurchasingGroup: '001',
    Supplier: purchasing?.['Supplier'],
    to_PurchaseOrderItem,
  }
}

it('an order is created with its address, read back, changed, and its receipt cancelled', async () => {
  const created = await send('POST', `${PO}/A_PurchaseOrder`, await orderable())
  expect(created.text).toContain('"PurchaseOrderItem":"10"')
  expect(created.status).toBe(201)
  const number = created.d.PurchaseOrder
  expect(number).toBe('4500000061')
  expect(created.headers.get('location')).toBe(
    `${system.sandbox.origin}/sap/opu/odata/sap/${PO}/A_PurchaseOrder('${number}')`,
  )

  const item = `${PO}/A_PurchaseOrderItem(PurchaseOrder='${number}',PurchaseOrderItem='10')`
  system.pass(2_000)
  const changed = await send('POST', item, { OrderQuantity: '20' }, { 'x-http-method': 'MERGE' })
  expect([changed.status, changed.text]).toEqual([204, ''])
  const read = await system.ask(`${PO}/A_PurchaseOrder('${number}')?$expand=to_PurchaseOrderItem`)
  expect(read.d.LastChangeDateTime).toBe(`/Date(${system.now()}+0000)/`)
  expect(read.d.to_PurchaseOrderItem.results[0].OrderQuantity).toBe('20')

  const line = {
    GoodsMovementType: '101',
    GoodsMovementRefDocType: 'B',
    PurchaseOrder: number,
    PurchaseOrderItem: '00010',
  }
  const batch = { Batch: 'CH-1' }
  const receipt = await send('POST', `${DOCUMENT}/A_MaterialDocumentHeader`, {
    GoodsMovementCode: '01',
    to_MaterialDocumentItem: { results: [{ ...line, ...batch, QuantityInEntryUnit: '20' }] },
  })
  expect(receipt.text).toContain('"MaterialDocument"')
  expect(receipt.status).toBe(201)
  expect((await system.ask(item)).d.IsCompletelyDelivered).toBe(true)
  const { MaterialDocumentYear: year, MaterialDocument: document } = receipt.d
  const cancel = await send('POST', `${DOCUMENT}/Cancel?MaterialDocumentYear='${year}'&MaterialDocument='${document}'`)
  expect(cancel.status).toBe(200)
  expect((await system.ask(item)).d.IsCompletelyDelivered).toBe(false)
})

it('a refusal is a V2 error body with its code and the property at fault', async () => {
  const refused = await send('POST', `${PO}/A_PurchaseOrder`, { ...(await orderable()), Supplier: '999' })
  expect(refused.status).toBe(400)
  const { error } = JSON.parse(refused.text)
  expect(error).toMatchObject({ code: '06/284', message: { lang: 'en', value: 'Supplier 999 does not exist' } })
  expect(error.innererror.errordetails[0]).toMatchObject({ code: '06/284', severity: 'error' })
})

it('a maintenance order goes its way by functions in the address, with the etag that was read', async () => {
  const [equipment] = await list('API_EQUIPMENT/Equipment?$filter=EquipmentIsMarkedForDeletion eq false&$top=1')
  const created = await send('POST', `${ORDER}/MaintenanceOrder`, {
    MaintenanceOrderType: 'YA01',
    MaintenancePlanningPlant: '1010',
    MainWorkCenter: 'RES-0100',
    Equipment: equipment?.['Equipment'],
    to_MaintenanceOrderOperation: [{ OperationDescription: 'Swap seal' }],
  })
  expect(created.status).toBe(201)
  const number = created.d.MaintenanceOrder
  const address = `${ORDER}/MaintenanceOrder('${number}')`
  const etag = created.d.__metadata.etag
  expect((await send('PATCH', address, { MaintPriority: '1' })).status).toBe(428)
  system.pass(1_000)
  expect((await send('PATCH', address, { MaintPriority: '1' }, { 'if-match': etag })).status).toBe(204)
  expect((await send('PATCH', address, { MaintPriority: '2' }, { 'if-match': etag })).status).toBe(412)

  const release = await send('POST', `${ORDER}/ReleaseMaintenanceOrder?MaintenanceOrder='${number}'`, undefined, {
    'if-match': '*',
  })
  expect(release.d).toEqual({
    ReleaseMaintenanceOrder: {
      __metadata: { type: 'cds_api_maintenanceorder_2.DummyFunctionImportResult' },
      IsInvalid: false,
    },
  })
  expect((await system.ask(`${address}?sap-language=DE`)).d.SystemStatusText).toBe('FREI NMVP VOKL ABRV')
})

it('a batch applies its changesets whole', async () => {
  const number = (await send('POST', `${PO}/A_PurchaseOrder`, await orderable())).d.PurchaseOrder
  const patch = (item: string, quantity: string) =>
    [
      '--c1',
      'Content-Type: application/http',
      'Content-Transfer-Encoding: binary',
      '',
      `PATCH A_PurchaseOrderItem(PurchaseOrder='${number}',PurchaseOrderItem='${item}') HTTP/1.1`,
      'Content-Type: application/json',
      'Accept: application/json',
      '',
      `{"OrderQuantity":"${quantity}"}`,
      '',
    ].join('\r\n')
  const batch = (...patches: string[]) =>
    send(
      'POST',
      `${PO}/$batch`,
      `--b1\r\nContent-Type: multipart/mixed; boundary=c1\r\n\r\n${patches.join('')}--c1--\r\n--b1--\r\n`,
      {
        'content-type': 'multipart/mixed; boundary=b1',
      },
    )
  const quantity = async () =>
    (await system.ask(`${PO}/A_PurchaseOrderItem(PurchaseOrder='${number}',PurchaseOrderItem='10')`)).d.OrderQuantity
  const failed = await batch(patch('10', '30'), patch('90', '1'))
  expect(failed.status).toBe(202)
  expect(failed.text).toContain('HTTP/1.1 404 Not Found')
  expect(failed.text).toContain("Resource not found for segment 'A_PurchaseOrderItem'")
  expect(await quantity()).toBe('12')
  const applied = await batch(patch('10', '30'))
  expect(applied.text).toContain('HTTP/1.1 204 No Content')
  expect(await quantity()).toBe('30')
})

it('items of an order can be posted below it', async () => {
  const body = await orderable()
  const number = (await send('POST', `${PO}/A_PurchaseOrder`, body)).d.PurchaseOrder
  const [item] = body['to_PurchaseOrderItem'] as object[]
  const added = await send('POST', `${PO}/A_PurchaseOrder('${number}')/to_PurchaseOrderItem`, item)
  expect(added.d.PurchaseOrderItem).toBe('20')
  expect(await system.keys(`${PO}/A_PurchaseOrder('${number}')/to_PurchaseOrderItem`, 'PurchaseOrderItem')).toEqual([
    '10',
    '20',
  ])
})
