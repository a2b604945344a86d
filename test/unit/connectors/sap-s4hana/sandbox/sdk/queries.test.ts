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

const all = (api: Api): Promise<any[]> => api.requestBuilder().getAll().execute(client.destination)
const itemKey = (item: any) => `${item.purchaseOrder}/${item.purchaseOrderItem}`
const keyOf = (api: Api) => (api === items ? itemKey : (order: any) => order.purchaseOrder)

/** Keys of the rows that a filter finds. */
async function found(api: Api, filter: any): Promise<Set<string>> {
  const { PURCHASE_ORDER, PURCHASE_ORDER_ITEM } = api.schema
  const key = api === items ? [PURCHASE_ORDER, PURCHASE_ORDER_ITEM] : [PURCHASE_ORDER]
  const rows: any[] = await api
    .requestBuilder()
    .getAll()
    .filter(filter)
    .select(...key)
    .execute(client.destination)
  return new Set(rows.map(keyOf(api)))
}

/** Keys of the rows that a condition holds for. @throws when it holds for none or for all: that would prove nothing */
function those(api: Api, holds: (row: any) => boolean): Set<string> {
  const rows = api === items ? itemRows : orderRows
  const some = rows.filter(holds)
  if (some.length === 0 || some.length === rows.length) throw new Error(`${some.length} of ${rows.length} rows`)
  return new Set(some.map(keyOf(api)))
}

describe('filters written by the SDK', () => {
  test('compare instants: datetimeoffset', async () => {
    const { LAST_CHANGE_DATE_TIME: changed } = orders.schema
    const rows = orderRows.toSorted((a, b) => a.lastChangeDateTime - b.lastChangeDateTime)
    const at = rows[30].lastChangeDateTime
    expect(await found(orders, changed.equals(at))).toEqual(those(orders, (row) => row.lastChangeDateTime.isSame(at)))
    expect(await found(orders, changed.greaterThan(at))).toEqual(those(orders, (row) => row.lastChangeDateTime > at))
    expect(await found(orders, changed.greaterOrEqual(at))).toEqual(
      those(orders, (row) => row.lastChangeDateTime >= at),
    )
    expect(await found(orders, changed.lessThan(at))).toEqual(those(orders, (row) => row.lastChangeDateTime < at))
    expect(await found(orders, changed.lessOrEqual(at))).toEqual(those(orders, (row) => row.lastChangeDateTime <= at))
    expect(await found(orders, changed.notEquals(at))).toEqual(
      those(orders, (row) => !row.lastChangeDateTime.isSame(at)),
    )
  })

  test('compare dates: datetime', async () => {
    const { PURCHASE_ORDER_DATE: date } = orders.schema
    const day = orderRows.map((row) => row.purchaseOrderDate).sort((a, b) => a - b)[20]
    expect(await found(orders, date.equals(day))).toEqual(those(orders, (row) => row.purchaseOrderDate.isSame(day)))
    expect(await found(orders, date.lessThan(day))).toEqual(those(orders, (row) => row.purchaseOrderDate < day))
    expect(await found(orders, date.greaterOrEqual(day))).toEqual(those(orders, (row) => row.purchaseOrderDate >= day))
  })

  test('compare decimals by value, not as text', async () => {
    const { NET_PRICE_AMOUNT: price } = items.schema
    const middle = itemRows.map((row) => row.netPriceAmount).sort((a, b) => a.comparedTo(b))[40]
    expect(await found(items, price.equals(middle))).toEqual(those(items, (row) => row.netPriceAmount.eq(middle)))
    expect(await found(items, price.greaterThan(middle))).toEqual(those(items, (row) => row.netPriceAmount.gt(middle)))
    expect(await found(items, price.lessOrEqual(middle))).toEqual(those(items, (row) => row.netPriceAmount.lte(middle)))
  })

  test('compare booleans, and texts with and, or, not', async () => {
    const { IS_COMPLETELY_DELIVERED: delivered, PLANT: plant } = items.schema
    expect(await found(items, delivered.equals(true))).toEqual(those(items, (row) => row.isCompletelyDelivered))
    const first = itemRows[0].plant
    const filter = and(plant.equals(first), or(delivered.equals(true), not(delivered.equals(false))))
    expect(await found(items, filter)).toEqual(those(items, (row) => row.plant === first && row.isCompletelyDelivered))
  })

  test('find quotes, signs of addresses and letters of every kind', async () => {
    const { PURCHASE_ORDER_ITEM_TEXT: text } = items.schema
    const { startsWith, endsWith, substringOf } = filterFunctions()
    for (const [n, value] of AWKWARD.entries()) {
      const key = `4599999999/${(n + 1) * 10}`
      expect(await found(items, text.equals(value))).toEqual(new Set([key]))
      expect(await found(items, startsWith(text, value.slice(0, 7)).equals(true))).toEqual(new Set([key]))
      expect(await found(items, endsWith(text, value.slice(-7)).equals(true))).toEqual(new Set([key]))
      expect(await found(items, substringOf(value.slice(1, -1), text).equals(true))).toEqual(new Set([key]))
      expect(await found(items, text.notEquals(value))).not.toContain(key)
    }
  })
})

describe('lists asked for by the SDK', () => {
  test('are cut by top and skip, in the wanted order', async () => {
    const { LAST_CHANGE_DATE_TIME: changed, PURCHASE_ORDER: number } = orders.schema
    const sorted = () => orders.requestBuilder().getAll().orderBy(desc(changed), asc(number))
    const whole: any[] = await sorted().execute(client.destination)
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
    const sorted = items.requestBuilder().getAll().orderBy(asc(items.schema.NET_PRICE_AMOUNT))
    const prices = (await sorted.execute(client.destination)).map((row: any) => row.netPriceAmount.toNumber())
    expect(prices).toEqual([...prices].sort((a, b) => a - b))
  })

  test('are counted, alone and beside a page', async () => {
    const { PLANT: plant } = items.schema
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
    const { PURCHASE_ORDER, SUPPLIER, TO_PURCHASE_ORDER_ITEM } = orders.schema
    const { PURCHASE_ORDER_ITEM, TO_SCHEDULE_LINE } = items.schema
    const builder = orders
      .requestBuilder()
      .getAll()
      .select(
        PURCHASE_ORDER,
        SUPPLIER,
        TO_PURCHASE_ORDER_ITEM.select(
          PURCHASE_ORDER_ITEM,
          TO_SCHEDULE_LINE.select(lines.schema.SCHEDULE_LINE, lines.schema.SCHEDULE_LINE_ORDER_QUANTITY),
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
