import { and, asc, desc, filterFunctions, not, or } from '@sap-cloud-sdk/odata-v2'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Api, type SdkClient, startWithSdk } from './client.ts'

const ORDERS = 'API_PURCHASEORDER_PROCESS_SRV'
const AWKWARD = [`O'Brien's ''seal''`, '50% & more? #1 + a/b', 'Größe "10" <ø>;=,:', '東京 (バルブ)']
const awkwardKey = (n: number) => ({ PurchaseOrder: '4599999999', PurchaseOrderItem: String((n + 1) * 10) })
let client: SdkClient
let orders: Api
let items: Api
let orderRows: any[]
let itemRows: any[]

beforeAll(async () => {
  client = await startWithSdk({ size: 60, now: () => Date.UTC(2026, 0, 15, 12) })
  orders = client.api(ORDERS, 'A_PurchaseOrder')
  items = client.api(ORDERS, 'A_PurchaseOrderItem')
  const set = client.sandbox.store.set(ORDERS, 'A_PurchaseOrderItem')
  client.sandbox.store.insertMany(
    set,
    AWKWARD.map((PurchaseOrderItemText, n) => ({ ...awkwardKey(n), PurchaseOrderItemText })),
  )
  orderRows = await all(orders)
  itemRows = await all(items)
}, 180_000)
afterAll(() => client?.sandbox.close())

const schema = (api: Api) => api.schema as any
const all = (api: Api) => api.requestBuilder().getAll().execute(client.destination)
const where = (api: Api, ...filters: any[]) =>
  api
    .requestBuilder()
    .getAll()
    .filter(...filters)
    .execute(client.destination)
const itemKey = (item: any) => `${item.purchaseOrder}/${item.purchaseOrderItem}`

/** The filter finds exactly the rows that the condition holds for, and these are some but not all. */
async function agrees(api: Api, filter: any, holds: (row: any) => boolean): Promise<void> {
  const key = api === items ? itemKey : (row: any) => row.purchaseOrder
  const rows = api === items ? itemRows : orderRows
  const expected = rows.filter(holds).map(key)
  expect(expected.length).toBeGreaterThan(0)
  expect(expected.length).toBeLessThan(rows.length)
  expect((await where(api, filter)).map(key).sort()).toEqual(expected.sort())
}

describe('filters written by the SDK', () => {
  test('compare instants: datetimeoffset', async () => {
    const { LAST_CHANGE_DATE_TIME: changed } = schema(orders)
    const rows = orderRows.toSorted((a, b) => a.lastChangeDateTime - b.lastChangeDateTime)
    const at = rows[30].lastChangeDateTime
    await agrees(orders, changed.equals(at), (row) => row.lastChangeDateTime.isSame(at))
    await agrees(orders, changed.greaterThan(at), (row) => row.lastChangeDateTime > at)
    await agrees(orders, changed.greaterOrEqual(at), (row) => row.lastChangeDateTime >= at)
    await agrees(orders, changed.lessThan(at), (row) => row.lastChangeDateTime < at)
    await agrees(orders, changed.lessOrEqual(at), (row) => row.lastChangeDateTime <= at)
    await agrees(orders, changed.notEquals(at), (row) => !row.lastChangeDateTime.isSame(at))
  })

  test('compare dates: datetime', async () => {
    const { PURCHASE_ORDER_DATE: date } = schema(orders)
    const day = orderRows.map((row) => row.purchaseOrderDate).sort((a, b) => a - b)[20]
    await agrees(orders, date.equals(day), (row) => row.purchaseOrderDate.isSame(day))
    await agrees(orders, date.lessThan(day), (row) => row.purchaseOrderDate < day)
    await agrees(orders, date.greaterOrEqual(day), (row) => row.purchaseOrderDate >= day)
  })

  test('compare decimals by value, not as text', async () => {
    const { NET_PRICE_AMOUNT: price } = schema(items)
    const middle = itemRows.map((row) => row.netPriceAmount).sort((a, b) => a.comparedTo(b))[40]
    await agrees(items, price.equals(middle), (row) => row.netPriceAmount.eq(middle))
    await agrees(items, price.greaterThan(middle), (row) => row.netPriceAmount.gt(middle))
    await agrees(items, price.lessOrEqual(middle), (row) => row.netPriceAmount.lte(middle))
  })

  test('compare booleans, and texts with and, or, not', async () => {
    const { IS_COMPLETELY_DELIVERED: delivered, PLANT: plant } = schema(items)
    await agrees(items, delivered.equals(true), (row) => row.isCompletelyDelivered)
    const first = itemRows[0].plant
    const filter = and(plant.equals(first), or(delivered.equals(true), not(delivered.equals(false))))
    await agrees(items, filter, (row) => row.plant === first && row.isCompletelyDelivered)
  })

  test('find quotes, signs of addresses and letters of every kind', async () => {
    const { PURCHASE_ORDER_ITEM_TEXT: text } = schema(items)
    const { startsWith, endsWith, substringOf } = filterFunctions()
    for (const [n, value] of AWKWARD.entries()) {
      const key = `4599999999/${(n + 1) * 10}`
      const found = async (...filter: any[]) => (await where(items, ...filter)).map(itemKey)
      expect(await found(text.equals(value))).toEqual([key])
      expect(await found(startsWith(text, value.slice(0, 7)).equals(true))).toEqual([key])
      expect(await found(endsWith(text, value.slice(-7)).equals(true))).toEqual([key])
      expect(await found(substringOf(value.slice(1, -1), text).equals(true))).toEqual([key])
      expect(await found(text.notEquals(value))).not.toContain(key)
    }
  })
})

describe('lists asked for by the SDK', () => {
  test('are cut by top and skip, in the wanted order', async () => {
    const { LAST_CHANGE_DATE_TIME: changed, PURCHASE_ORDER: number } = schema(orders)
    const sorted = () => orders.requestBuilder().getAll().orderBy(desc(changed), asc(number))
    const whole = await sorted().execute(client.destination)
    const expected = [...whole].sort(
      (a, b) => b.lastChangeDateTime - a.lastChangeDateTime || Number(a.purchaseOrder) - Number(b.purchaseOrder),
    )
    const keys = (rows: any[]) => rows.map((row) => row.purchaseOrder)
    expect(keys(whole)).toEqual(keys(expected))
    expect(whole).toHaveLength(60)
    const pages: string[] = []
    for (let skip = 0; skip < 60; skip += 25) {
      pages.push(...keys(await sorted().top(25).skip(skip).execute(client.destination)))
    }
    expect(pages).toEqual(keys(expected))
  })

  test('are ordered by decimals as numbers', async () => {
    const sorted = items
      .requestBuilder()
      .getAll()
      .orderBy(asc(schema(items).NET_PRICE_AMOUNT))
    const prices = (await sorted.execute(client.destination)).map((row) => row.netPriceAmount.toNumber())
    expect(prices).toEqual([...prices].sort((a, b) => a - b))
  })

  test('are counted, alone and beside a page', async () => {
    const { PLANT: plant } = schema(items)
    const first = itemRows[0].plant
    const filtered = () => items.requestBuilder().getAll().filter(plant.equals(first))
    const expected = itemRows.filter((row) => row.plant === first).length
    expect(await items.requestBuilder().getAll().count().execute(client.destination)).toBe(itemRows.length)
    expect(await filtered().count().execute(client.destination)).toBe(expected)
    const page = filtered().top(2).addCustomQueryParameters({ $inlinecount: 'allpages' })
    const { data } = await page.executeRaw(client.destination)
    expect(data.d.__count).toBe(String(expected))
    expect(data.d.results).toHaveLength(2)
  })

  test('go on at __next when the server cuts them', async () => {
    client.sandbox.switches.pageLimits['*'] = { default: 7, max: 20 }
    try {
      let { data } = await orders.requestBuilder().getAll().executeRaw(client.destination)
      const keys = data.d.results.map((row: any) => row.PurchaseOrder)
      const sizes = [keys.length]
      while (data.d.__next !== undefined) {
        data = await client.get(data.d.__next)
        keys.push(...data.d.results.map((row: any) => row.PurchaseOrder))
        sizes.push(data.d.results.length)
      }
      expect(sizes).toEqual([7, 7, 7, 7, 7, 7, 7, 7, 4])
      expect(new Set(keys).size).toBe(60)
    } finally {
      client.sandbox.switches.pageLimits['*'] = { default: 1000, max: 5000 }
    }
  })

  test('show only what is selected, at every level that is expanded', async () => {
    const lines = client.api(ORDERS, 'A_PurchaseOrderScheduleLine')
    const { PURCHASE_ORDER, SUPPLIER, TO_PURCHASE_ORDER_ITEM } = schema(orders)
    const { PURCHASE_ORDER_ITEM, TO_SCHEDULE_LINE } = schema(items)
    const builder = orders
      .requestBuilder()
      .getAll()
      .select(
        PURCHASE_ORDER,
        SUPPLIER,
        TO_PURCHASE_ORDER_ITEM.select(
          PURCHASE_ORDER_ITEM,
          TO_SCHEDULE_LINE.select(schema(lines).SCHEDULE_LINE, schema(lines).SCHEDULE_LINE_ORDER_QUANTITY),
        ),
      )
    const { data } = await builder.executeRaw(client.destination)
    expect(data.d.results).toHaveLength(60)
    for (const order of data.d.results) {
      expect(Object.keys(order).sort()).toEqual(['PurchaseOrder', 'Supplier', '__metadata', 'to_PurchaseOrderItem'])
      expect(order.to_PurchaseOrderItem.results.length).toBeGreaterThan(0)
      for (const item of order.to_PurchaseOrderItem.results) {
        expect(Object.keys(item).sort()).toEqual(['PurchaseOrderItem', '__metadata', 'to_ScheduleLine'])
        for (const line of item.to_ScheduleLine.results) {
          expect(Object.keys(line).sort()).toEqual(['ScheduleLine', 'ScheduleLineOrderQuantity', '__metadata'])
        }
      }
    }
    const [order] = await builder.execute(client.destination)
    expect(order.toPurchaseOrderItem[0].toScheduleLine[0].scheduleLineOrderQuantity.isPositive()).toBe(true)
  })
})
