import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type EmptySandbox, emptySandbox, PURCHASE_ORDERS } from './wire.ts'

let wire: EmptySandbox
const TEN = Date.UTC(2026, 0, 15, 10)

beforeAll(async () => {
  wire = await emptySandbox()
  wire.put(
    PURCHASE_ORDERS,
    'A_PurchaseOrder',
    {
      PurchaseOrder: '1',
      Supplier: '10300001',
      PurchaseOrderType: 'NB',
      LastChangeDateTime: TEN,
      ReleaseIsNotCompleted: true,
    },
    {
      PurchaseOrder: '2',
      Supplier: '10300002',
      PurchaseOrderType: 'NB',
      LastChangeDateTime: TEN,
      PaymentTerms: "it's",
    },
    {
      PurchaseOrder: '3',
      Supplier: 'ACME',
      PurchaseOrderType: 'UB',
      LastChangeDateTime: TEN + 1000,
      PurchaseOrderDate: Date.UTC(2026, 0, 15),
    },
    { PurchaseOrder: '4', Supplier: '', PurchaseOrderType: 'UB', LastChangeDateTime: null },
  )
  wire.put(
    PURCHASE_ORDERS,
    'A_PurchaseOrderItem',
    ...['9.50', '12', '100.25'].map((price, n) => ({
      PurchaseOrder: '1',
      PurchaseOrderItem: String((n + 1) * 50),
      NetPriceAmount: price,
      PurchaseOrderItemText: `Seal ${n}`,
    })),
  )
  wire.put('API_MATERIAL_DOCUMENT_SRV', 'A_MaterialDocumentHeader', {
    MaterialDocumentYear: '2026',
    MaterialDocument: '4900000001',
    CreationDate: Date.UTC(2026, 0, 15),
    CreationTime: 'PT10H00M00S',
  })
})
afterAll(() => wire.close())

const orders = (filter: string) => wire.keys(`${PURCHASE_ORDERS}/A_PurchaseOrder?$filter=${encodeURIComponent(filter)}`)
const items = (filter: string) =>
  wire.keys(`${PURCHASE_ORDERS}/A_PurchaseOrderItem?$filter=${encodeURIComponent(filter)}`, 'PurchaseOrderItem')

describe('$filter', () => {
  test.each([
    ["PurchaseOrder eq '2'", ['2']],
    ["'2' eq PurchaseOrder", ['2']],
    ["PurchaseOrder ne '2'", ['1', '3', '4']],
    ["PurchaseOrder gt '2'", ['3', '4']],
    ["'2' lt PurchaseOrder", ['3', '4']],
    ["PurchaseOrder ge '2' and PurchaseOrder le '3'", ['2', '3']],
    ["PurchaseOrderType eq 'UB' or PurchaseOrder eq '1'", ['1', '3', '4']],
    // and binds more closely than or
    ["PurchaseOrder eq '1' or PurchaseOrder eq '2' and PurchaseOrderType eq 'UB'", ['1']],
    ["(PurchaseOrder eq '1' or PurchaseOrder eq '2') and PurchaseOrderType eq 'UB'", []],
    ["not (PurchaseOrderType eq 'UB')", ['1', '2']],
    ["not PurchaseOrderType eq 'UB' and not (PurchaseOrder eq '1')", ['2']],
    ["PaymentTerms eq 'it''s'", ['2']],
    ["substringof('300', Supplier)", ['1', '2']],
    ["substringof('300',Supplier) eq true", ['1', '2']],
    ["substringof('300',Supplier) eq false", ['3', '4']],
    ["startswith(Supplier,'AC')", ['3']],
    ["startswith(Supplier,'AC') eq false and endswith(Supplier,'2')", ['2']],
    ["endswith(Supplier,'longer than the value itself')", []],
    ["tolower(Supplier) eq 'acme'", ['3']],
    ['ReleaseIsNotCompleted eq true', ['1']],
    ['ReleaseIsNotCompleted', ['1']],
    ['ReleaseIsNotCompleted eq false', ['2', '3', '4']],
    ["(PurchaseOrder eq '1') eq ReleaseIsNotCompleted", ['1', '2', '3', '4']],
    ["((PurchaseOrder eq '1') eq true) ne (PurchaseOrderType eq 'NB')", ['2']],
    ["LastChangeDateTime eq datetimeoffset'2026-01-15T10:00:00Z'", ['1', '2']],
    ["LastChangeDateTime gt datetimeoffset'2026-01-15T10:00:00Z'", ['3']],
    ["LastChangeDateTime ge datetimeoffset'2026-01-15T11:00:01+01:00'", ['3']],
    ["LastChangeDateTime lt datetimeoffset'2026-01-15T10:00:00.5000000Z'", ['1', '2']],
    ['LastChangeDateTime eq null', ['4']],
    ['LastChangeDateTime ne null', ['1', '2', '3']],
    // what is absent is neither before nor after; its negation holds
    ["not (LastChangeDateTime gt datetimeoffset'2026-01-15T10:00:00Z')", ['1', '2', '4']],
    ["LastChangeDateTime ne datetimeoffset'2026-01-15T10:00:00Z'", ['3', '4']],
    ["(LastChangeDateTime gt datetimeoffset'2026-01-15T10:00:00Z') eq false", ['1', '2', '4']],
    ["PurchaseOrderDate eq datetime'2026-01-15T00:00:00'", ['3']],
    ["PurchaseOrderDate lt datetime'2026-01-16T00:00'", ['3']],
    [
      "(LastChangeDateTime gt datetimeoffset'2026-01-15T10:00:00Z') or (LastChangeDateTime eq datetimeoffset'2026-01-15T10:00:00Z' and PurchaseOrder gt '1')",
      ['2', '3'],
    ],
    // numbers kept with leading zeros are found in both forms
    ["Supplier eq '0010300001'", ['1']],
  ])('%s', async (filter, expected) => {
    expect(await orders(filter)).toEqual(expected)
  })

  test.each([
    ['NetPriceAmount eq 9.5M', ['50']],
    ['NetPriceAmount gt 9.50m', ['100', '150']],
    ['NetPriceAmount ge 12', ['100', '150']],
    ['NetPriceAmount lt 100.25d', ['50', '100']],
    ['NetPriceAmount le 12L', ['50', '100']],
    // not as texts: '50' would follow '100'
    ["PurchaseOrderItem gt '50'", ['100', '150']],
    ["PurchaseOrderItem eq '00050'", ['50']],
    ["PurchaseOrderItem lt '00100'", ['50']],
  ])('%s', async (filter, expected) => {
    expect(await items(filter)).toEqual(expected)
  })

  test('compares times of day', async () => {
    const documents = (filter: string) =>
      wire.keys(
        `API_MATERIAL_DOCUMENT_SRV/A_MaterialDocumentHeader?$filter=${encodeURIComponent(filter)}`,
        'MaterialDocument',
      )
    expect(await documents("CreationTime ge time'PT9H59M'")).toEqual(['4900000001'])
    expect(await documents("CreationTime gt time'PT10H00M00S'")).toEqual([])
  })

  test.each([
    'PurchaseOrder',
    "PurchaseOrder eq '1",
    'PurchaseOrder eq',
    "PurchaseOrder = '1'",
    "eq '1'",
    "(PurchaseOrder eq '1'",
    "PurchaseOrder eq '1')",
    "PurchaseOrder eq '1' and",
    "PurchaseOrder eq '1' PurchaseOrder eq '2'",
    'PurchaseOrder eq 1',
    "LastChangeDateTime gt '2026-01-15'",
    "LastChangeDateTime gt datetime'2026-01-15T00:00:00'",
    "PurchaseOrderDate gt datetimeoffset'2026-01-15T00:00:00Z'",
    "LastChangeDateTime gt datetimeoffset'2026-01-15'",
    "LastChangeDateTime gt datetimeoffset'2026-02-30T00:00:00Z'",
    "LastChangeDateTime gt datetimeoffset'2026-01-15T10:00:00'",
    "PurchaseOrder gt guid'1'",
    'ReleaseIsNotCompleted gt true',
    "substringof('a')",
    'substringof(1,Supplier)',
    'length(Supplier) gt 3',
    "contains(Supplier,'a')",
    "Nonsense eq '1'",
    "to_PurchaseOrderItem/Material eq '1'",
    '',
    'not',
    '1x eq 2',
    `${'('.repeat(300)}true${')'.repeat(300)}`,
  ])('refuses %j with 400 and the vendor error body', async (filter) => {
    const answer = await wire.ask(`${PURCHASE_ORDERS}/A_PurchaseOrder?$filter=${encodeURIComponent(filter)}`)
    expect(answer.status).toBe(400)
    expect(answer.d.error.message.value).not.toBe('')
    expect(answer.d.error.innererror.errordetails).toHaveLength(1)
  })

  test('refuses properties that the metadata calls not filterable', async () => {
    const answer = await wire.ask(`API_MAINTENANCEORDER;v=0002/MaintenanceOrder?$filter=SystemStatusText eq 'REL'`)
    expect(answer.status).toBe(400)
    expect(answer.d.error.message.value).toContain('SystemStatusText')
  })

  test('names the unknown property and the type', async () => {
    const answer = await wire.ask(`${PURCHASE_ORDERS}/A_PurchaseOrder?$filter=Foo eq 1`)
    expect(answer.d.error.message.value).toBe('Property Foo not found in type A_PurchaseOrderType')
  })

  test('reads a plus sign in a query as a blank, and %2B as a plus', async () => {
    expect(await wire.keys(`${PURCHASE_ORDERS}/A_PurchaseOrder?$filter=PurchaseOrder+eq+'2'`)).toEqual(['2'])
    const offset = "LastChangeDateTime+ge+datetimeoffset'2026-01-15T11:00:01%2B01:00'"
    expect(await wire.keys(`${PURCHASE_ORDERS}/A_PurchaseOrder?$filter=${offset}`)).toEqual(['3'])
    const bare = await wire.ask(`${PURCHASE_ORDERS}/A_PurchaseOrder?$filter=${offset.replace('%2B', '+')}`)
    expect(bare.status).toBe(400)
  })
})
