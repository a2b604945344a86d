import { afterEach, describe, expect, test } from 'vitest'
import { change } from '../../../../../connectors/sap-s4hana/write/changeset.ts'
import { netPrice, netPriceIn } from '../../../../../connectors/sap-s4hana/write/prices.ts'
import { inUnifiedTerms, type Names } from '../../../../../connectors/sap-s4hana/write/refusals.ts'
import { errorBody, never, openStandIn, type Reply, type StandIn, thrownBy } from '../stand-in.ts'

const SERVICE = 'API_PURCHASEORDER_PROCESS_SRV'
const NAMES: Names = {
  header: { PaymentTerms: 'payment_terms' },
  line: { OrderQuantity: 'quantity_ordered', Material: 'item_id' },
  lines: new Map([
    ['10', 'lines[0].'],
    ['20', 'lines[1].'],
  ]),
}

let sap: StandIn | null = null
afterEach(() => sap?.close())

async function answering(reply: Reply, count = 1): Promise<any> {
  sap = await openStandIn(({ method }) =>
    method === 'GET' ? { headers: { 'x-csrf-token': 'abc' }, body: { d: {} } } : reply,
  )
  const requests = Array.from({ length: count }, (_, at) => ({
    method: 'PATCH' as const,
    path: `A_PurchaseOrderItem('${at}')`,
    body: { OrderQuantity: '1' },
  }))
  return thrownBy(() => change((sap as StandIn).session(), SERVICE, requests, never()))
}

const told = (error: unknown) => (inUnifiedTerms(error, 'changing', NAMES) as any).fields

describe("SAP's refusal", () => {
  test('names each field by the property and item that SAP names, generic messages left out', async () => {
    const details = [
      {
        code: 'ME/061',
        message: 'Enter a quantity',
        severity: 'error',
        target: "to_PurchaseOrderItem('00020')/OrderQuantity",
      },
      { code: 'ME/083', message: 'Terms 9999 are not defined', severity: 'error', propertyref: 'PaymentTerms' },
      { code: 'ME/100', message: 'just so you know', severity: 'info', target: 'Material' },
    ]
    const error = await answering({ status: 400, body: errorBody('/IWBEP/CM_MGW_RT/022', 'Generic', details) })
    expect(told(error)).toMatchObject([
      { field: 'lines[1].quantity_ordered', code: 'REQUIRED', vendorCode: 'ME/061', nativeField: 'OrderQuantity' },
      { field: 'payment_terms', code: 'INVALID_REFERENCE', vendorCode: 'ME/083' },
    ])
  })

  test('tells the item from its text, and leaves the line open where nothing tells', async () => {
    const named = errorBody('ME/1', 'Item 00010: material X unknown', [
      { code: 'ME/1', message: 'Item 00010: material X unknown', severity: 'error', target: 'Material' },
    ])
    expect(told(await answering({ status: 400, body: named }))).toMatchObject([{ field: 'lines[0].item_id' }])
    await sap?.close()
    const open = errorBody('ME/1', 'Material unknown', [
      { code: 'ME/1', message: 'Material unknown', severity: 'error', target: 'Material' },
    ])
    expect(told(await answering({ status: 400, body: open }))).toMatchObject([{ field: 'lines[].item_id' }])
  })

  test('in XML, and in HTML of a proxy, is told as well', async () => {
    const xml =
      '<?xml version="1.0"?><error><code>M7/053</code><message xml:lang="en">Posting only possible in period 1</message></error>'
    expect(told(await answering({ status: 400, body: xml }))).toMatchObject([{ code: 'PERIOD_CLOSED', field: null }])
    await sap?.close()
    const error = await answering({ status: 400, body: '<html><body>Bad request</body></html>' })
    expect(told(error)).toMatchObject([{ field: null, message: 'Bad request' }])
  })

  test('for a lock is no refusal: it waits', async () => {
    const body = errorBody('ME/006', 'User MUELLER already processing purchase order 4500000001')
    expect((await answering({ status: 400, body })).kind).toBe('retryable')
  })
})

describe('an answer that is lost', () => {
  test('leaves the outcome open, even of a change that could be repeated', async () => {
    expect((await answering({ cut: true })).kind).toBe('outcome-unknown')
    await sap?.close()
    expect((await answering({ status: 500, body: 'short dump' })).kind).toBe('outcome-unknown')
  })

  test('or cannot be read leaves it open for a changeset', async () => {
    expect((await answering({ status: 202, body: 'not multipart' }, 2)).kind).toBe('outcome-unknown')
  })

  test('is none when SAP was too busy to take the change', async () => {
    expect(['retryable', 'rate-limited']).toContain((await answering({ status: 503, body: '' })).kind)
  })
})

test('more changes than SAP makes at once are refused before anything is sent', async () => {
  const error = await answering({ status: 204 }, 101)
  expect(error.kind).toBe('rejected')
  expect(sap?.requests).toHaveLength(0)
})

describe('a price', () => {
  test.each([
    ['12.34', 'EUR', { NetPriceAmount: '12.34', NetPriceQuantity: '1' }],
    ['12.345', 'EUR', { NetPriceAmount: '123.45', NetPriceQuantity: '10' }],
    ['0.12345', 'EUR', { NetPriceAmount: '123.45', NetPriceQuantity: '1000' }],
    ['0.123456', 'EUR', null],
    ['12.5', 'JPY', { NetPriceAmount: '125', NetPriceQuantity: '10' }],
    ['12.345', 'KWD', { NetPriceAmount: '12.345', NetPriceQuantity: '1' }],
    ['1234567890', 'EUR', null],
    ['12.3400', null, { NetPriceAmount: '12.34', NetPriceQuantity: '1' }],
  ])('of %s %s', (price, currency, expected) => {
    expect(netPrice(price, currency)).toEqual(expected)
  })

  test('is told in the unit that the line is priced in, or not at all', () => {
    const dozen = { OrderPriceUnitToOrderUnitNmrtr: '12', OrdPriceUnitToOrderUnitDnmntr: '1' }
    expect(netPriceIn(dozen, '6', 'EUR')).toEqual({ NetPriceAmount: '0.5', NetPriceQuantity: '1' })
    expect(netPriceIn(dozen, '1', 'EUR')).toBeNull()
  })
})
