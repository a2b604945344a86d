import { defaultDeSerializers } from '@sap-cloud-sdk/odata-v2'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Api, type SdkClient, startWithSdk } from './client.ts'

const PURCHASING = 'API_PURCHASEORDER_PROCESS_SRV'
let client: SdkClient
let orders: Api
let items: Api
let time = Date.UTC(2026, 0, 15, 12)
/** An order of the seed, with its items: what a new one is modelled on. */
let model: any
/** A supplier that the company of `model` can buy from. */
let supplier: string

beforeAll(async () => {
  client = await startWithSdk({ size: 30, now: () => time })
  orders = client.api(PURCHASING, 'A_PurchaseOrder')
  items = client.api(PURCHASING, 'A_PurchaseOrderItem')
  const { ALL_FIELDS, TO_PURCHASE_ORDER_ITEM } = orders.schema
  const found = await orders
    .requestBuilder()
    .getAll()
    .select(ALL_FIELDS, TO_PURCHASE_ORDER_ITEM)
    .execute(client.destination)
  model = found.find((it: any) => it.purchasingDocumentDeletionCode === '' && it.toPurchaseOrderItem.length >= 2)
  const companies = client.api('API_BUSINESS_PARTNER', 'A_SupplierCompany')
  const [first] = await companies
    .requestBuilder()
    .getAll()
    .filter(companies.schema.COMPANY_CODE.equals(model.companyCode))
    .top(1)
    .execute(client.destination)
  supplier = first.supplier
}, 180_000)
beforeEach(() => {
  time += 60_000
  client.sandbox.requests.clear()
})
afterAll(() => client?.sandbox.close())

const decimal = (text: string): any => defaultDeSerializers['Edm.Decimal'].deserialize(text)
const day = (ms: number): any => defaultDeSerializers['Edm.DateTime'].deserialize(`/Date(${ms})/`)
const byKey = (api: Api, ...key: string[]): Promise<any> =>
  api
    .requestBuilder()
    .getByKey(...key)
    .execute(client.destination)
const update = (api: Api, entity: any) => api.requestBuilder().update(entity)
const lastStatus = () => client.sandbox.requests.list.at(-1)?.status

function newOrder(lines: number): any {
  return orders.entityBuilder().fromJson({
    purchaseOrderType: 'NB',
    companyCode: model.companyCode,
    purchasingOrganization: model.purchasingOrganization,
    purchasingGroup: model.purchasingGroup,
    supplier,
    documentCurrency: 'EUR',
    toPurchaseOrderItem: Array.from({ length: lines }, (_, n) => ({
      material: model.toPurchaseOrderItem[0].material,
      plant: model.toPurchaseOrderItem[0].plant,
      orderQuantity: decimal(`${n + 1}.500`),
      purchaseOrderQuantityUnit: model.toPurchaseOrderItem[0].purchaseOrderQuantityUnit,
      netPriceAmount: decimal('1234.56'),
      toScheduleLine: [
        { scheduleLineDeliveryDate: day(Date.UTC(2026, 1, 1)), scheduleLineOrderQuantity: decimal(`${n + 1}.500`) },
      ],
    })),
  })
}

const create = (entity: any): Promise<any> => orders.requestBuilder().create(entity).execute(client.destination)

describe('purchase orders, written by the SDK', () => {
  test('are created with items and schedule lines in one request, after fetching a token', async () => {
    const created = await create(newOrder(2))
    expect(client.sandbox.requests.list.map(({ method, status }) => [method, status])).toEqual([
      ['HEAD', 200],
      ['POST', 201],
    ])
    expect(created.toPurchaseOrderItem.map((it: any) => it.purchaseOrderItem)).toEqual(['10', '20'])
    const { ALL_FIELDS, TO_SCHEDULE_LINE } = items.schema
    const item = await items
      .requestBuilder()
      .getByKey(created.purchaseOrder, '20')
      .select(ALL_FIELDS, TO_SCHEDULE_LINE)
      .execute(client.destination)
    expect(item.orderQuantity.toFixed()).toBe('2.5')
    expect(item.netPriceAmount.toFixed()).toBe('1234.56')
    expect(item.toScheduleLine[0].scheduleLineDeliveryDate.valueOf()).toBe(Date.UTC(2026, 1, 1))
  })

  test('are changed field by field, and moved by it', async () => {
    const { purchaseOrder } = await create(newOrder(1))
    time += 60_000
    const item = await byKey(items, purchaseOrder, '10')
    item.orderQuantity = decimal('7.25')
    item.purchaseOrderItemText = `O'Brien & Söhne, 50% "new"`
    await update(items, item).execute(client.destination)
    expect(client.sandbox.requests.list.at(-1)).toMatchObject({ method: 'PATCH', status: 204 })
    const changed = await byKey(items, purchaseOrder, '10')
    expect(changed.orderQuantity.toFixed()).toBe('7.25')
    expect(changed.purchaseOrderItemText).toBe(`O'Brien & Söhne, 50% "new"`)
    expect((await byKey(orders, purchaseOrder)).lastChangeDateTime.valueOf()).toBe(time)
  })

  test('lose an item by its deletion code', async () => {
    const { purchaseOrder } = await create(newOrder(2))
    await items.requestBuilder().delete(purchaseOrder, '20').execute(client.destination)
    expect(lastStatus()).toBe(204)
    expect((await byKey(items, purchaseOrder, '20')).purchasingDocumentDeletionCode).toBe('L')
    expect((await byKey(items, purchaseOrder, '10')).purchasingDocumentDeletionCode).toBe('')
  })

  test('take an item more through the navigation of the order', async () => {
    const order = await create(newOrder(1))
    const { material, plant } = model.toPurchaseOrderItem[0]
    const item = items
      .entityBuilder()
      .fromJson({ material, plant, orderQuantity: decimal('3'), netPriceAmount: decimal('2.5') })
    const field = orders.schema.TO_PURCHASE_ORDER_ITEM
    const created = await items.requestBuilder().create(item).asChildOf(order, field).execute(client.destination)
    expect(created.purchaseOrderItem).toBe('20')
    expect((await byKey(items, order.purchaseOrder, '20')).orderQuantity.toFixed()).toBe('3')
  })

  test('are refused with the code and words of the system', async () => {
    const order = newOrder(1)
    order.supplier = 'NOBODY'
    const failure: any = await create(order).catch((error) => error)
    const { response } = failure.rootCause
    expect(response.status).toBe(400)
    expect(response.data.error).toMatchObject({
      code: expect.stringMatching(/\S/),
      message: { lang: 'en', value: expect.stringContaining('NOBODY') },
    })
    expect(failure.message + failure.stack).toContain(response.data.error.message.value)
  })
})

describe('material documents, written by the SDK', () => {
  test('are posted with items and cancelled by a function that answers with an entity', async () => {
    const service = client.service('API_MATERIAL_DOCUMENT_SRV')
    const headers = client.api('API_MATERIAL_DOCUMENT_SRV', 'A_MaterialDocumentHeader')
    const { material, plant, storageLocation } = model.toPurchaseOrderItem[0]
    const [stock] = await client
      .api('API_STORAGELOCATION_SRV', 'StorageLocation')
      .requestBuilder()
      .getAll()
      .execute(client.destination)
    const posted = await headers
      .requestBuilder()
      .create(
        headers.entityBuilder().fromJson({
          goodsMovementCode: '05',
          postingDate: day(Date.UTC(2026, 0, 15)),
          documentDate: day(Date.UTC(2026, 0, 15)),
          toMaterialDocumentItem: [
            {
              material,
              plant,
              storageLocation: storageLocation === '' ? stock.storageLocation : storageLocation,
              goodsMovementType: '501',
              quantityInEntryUnit: decimal('3'),
              entryUnit: model.toPurchaseOrderItem[0].purchaseOrderQuantityUnit,
            },
          ],
        }),
      )
      .execute(client.destination)
    const { materialDocumentYear, materialDocument } = posted
    expect(materialDocumentYear).toBe('2026')
    const cancelled = await service.operations['cancel']?.({
      materialDocumentYear,
      materialDocument,
      postingDate: day(Date.UTC(2026, 0, 15)),
    }).execute(client.destination)
    expect(cancelled).toBeInstanceOf(headers.entityConstructor)
    expect(cancelled.materialDocument).not.toBe(materialDocument)
  })
})

describe('batches, sent by the SDK', () => {
  const service = () => client.service(PURCHASING)

  test('read, and change in one go', async () => {
    const { purchaseOrder } = await create(newOrder(2))
    const first = await byKey(items, purchaseOrder, '10')
    const second = await byKey(items, purchaseOrder, '20')
    first.orderQuantity = decimal('11')
    second.orderQuantity = decimal('22')
    const read = orders.requestBuilder().getByKey(purchaseOrder)
    const list = items.requestBuilder().getAll().filter(items.schema.PURCHASE_ORDER.equals(purchaseOrder))
    const answers: any[] = await service()
      .batch(
        read,
        service().changeset(update(items, first), update(items, second), orders.requestBuilder().create(newOrder(1))),
        list,
      )
      .execute(client.destination)
    expect(lastStatus()).toBe(202)
    expect(answers.map((it) => it.isSuccess())).toEqual([true, true, true])
    expect(answers[0].as(orders)[0].purchaseOrder).toBe(purchaseOrder)
    expect(answers[1].responses.map((it: any) => it.httpCode)).toEqual([204, 204, 201])
    const created = answers[1].responses[2].as(orders)
    expect((await byKey(orders, created.purchaseOrder)).supplier).toBe(supplier)
    expect(answers[2].as(items).map((it: any) => it.orderQuantity.toFixed())).toEqual(['11', '22'])
  })

  test('undo a whole changeset when one of its requests is refused, and go on with the next part', async () => {
    const { purchaseOrder } = await create(newOrder(1))
    const item = await byKey(items, purchaseOrder, '10')
    item.orderQuantity = decimal('99')
    const wrong = newOrder(1)
    wrong.supplier = 'NOBODY'
    const answers: any[] = await service()
      .batch(
        service().changeset(update(items, item), orders.requestBuilder().create(wrong)),
        items.requestBuilder().getByKey(purchaseOrder, '10'),
      )
      .execute(client.destination)
    expect(answers.map((it) => it.isSuccess())).toEqual([false, true])
    expect(answers[0].httpCode).toBe(400)
    expect(answers[0].body.error.message.value).toContain('NOBODY')
    expect(answers[1].as(items)[0].orderQuantity.toFixed()).toBe('1.5')
  })
})
