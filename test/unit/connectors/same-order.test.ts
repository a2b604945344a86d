import { expect, test } from 'vitest'
import { purchaseOrders as netsuite } from '../../../connectors/netsuite/read/purchase-orders.ts'
import { purchaseOrders as sap } from '../../../connectors/sap-s4hana/read/purchase-orders.ts'
import type { JsonObject, MappingSettings } from '../../../core/index.ts'

/**
 * One order, entered in both systems: 12 boxes of seals and 3 metres of hose from one vendor, to one place, of which
 * nothing has come and nothing is billed. What the two records say differently is written down here, field by field.
 */
const settings = (connectionId: string, system: string): MappingSettings => ({
  connectionId,
  system,
  timeZone: 'UTC',
  currency: null,
  language: 'en',
  units: {},
  remaps: {},
  customFields: [],
  settings: {},
})
const day = (iso: string) => `/Date(${Date.parse(`${iso}T00:00:00Z`)})/`

const sapItem = (number: string, more: JsonObject): JsonObject => ({
  PurchaseOrder: '4500000001',
  PurchaseOrderItem: number,
  PurchasingDocumentDeletionCode: '',
  Plant: '1010',
  StorageLocation: '101A',
  NetPriceQuantity: '1',
  OrderPriceUnitToOrderUnitNmrtr: '1',
  OrdPriceUnitToOrderUnitDnmntr: '1',
  IsCompletelyDelivered: false,
  IsFinallyInvoiced: false,
  ...more,
})
const inSap: JsonObject = {
  PurchaseOrder: '4500000001',
  CompanyCode: '1010',
  PurchasingDocumentDeletionCode: '',
  PurchasingProcessingStatus: '02',
  CreationDate: day('2026-01-15'),
  LastChangeDateTime: `/Date(${Date.parse('2026-01-15T10:00:00Z')}+0000)/`,
  Supplier: '10300001',
  SupplierQuotationExternalID: 'Q-77',
  PurchaseOrderDate: day('2026-01-15'),
  DocumentCurrency: 'EUR',
  PaymentTerms: 'Net 30',
  ReleaseIsNotCompleted: false,
  to_PurchaseOrderNote: { results: [{ Language: 'EN', TextObjectType: 'F01', PlainLongText: 'pump 3' }] },
  to_PurchaseOrderItem: {
    results: [
      sapItem('10', {
        PurchaseOrderItemText: 'Seal 40 mm',
        Material: 'SEAL-40',
        OrderQuantity: '12.000',
        PurchaseOrderQuantityUnit: 'BX',
        NetPriceAmount: '9.50',
        to_ScheduleLine: { results: [{ ScheduleLineDeliveryDate: day('2026-02-01') }] },
      }),
      sapItem('20', {
        PurchaseOrderItemText: 'Hose',
        Material: '',
        OrderQuantity: '3.000',
        PurchaseOrderQuantityUnit: 'M',
        NetPriceAmount: '1.10',
        to_ScheduleLine: { results: [{ ScheduleLineDeliveryDate: day('2026-02-03') }] },
      }),
    ],
  },
}

const netsuiteLine = (lineid: string, more: JsonObject): JsonObject => ({
  transaction: '647',
  lineid,
  linesequencenumber: lineid,
  quantityshiprecv: '0',
  quantitybilled: '0',
  isclosed: 'F',
  ...more,
})
const inNetSuite: JsonObject = {
  id: '647',
  tranid: 'PO118',
  status: 'B',
  statusname: 'Purchase Order : Pending Receipt',
  vendor: '12',
  otherrefnum: 'Q-77',
  trandate: '2026-01-15',
  duedate: '2026-02-01',
  memo: 'pump 3',
  currency: '1',
  currencycode: 'EUR',
  foreigntotal: '-117.3',
  terms: 'Net 30',
  subsidiary: '1',
  location: '3',
  created: '2026-01-15T00:00:00Z',
  lastmodified: '2026-01-15T10:00:00Z',
  lines: [
    netsuiteLine('1', {
      item: '88',
      memo: 'Seal 40 mm',
      quantity: '144',
      units: '2',
      unitname: 'BX',
      conversionrate: '12',
      foreignamount: '114',
      expected: '2026-02-01',
    }),
    netsuiteLine('2', {
      memo: 'Hose',
      quantity: '3',
      units: '3',
      unitname: 'M',
      foreignamount: '3.3',
      expected: '2026-02-03',
    }),
  ],
}

/** Ids, numbers and provenance: they are each system's own. */
const OWN = /(^|\.)(id|\w+_id|source_url|organization|order_number|display_name|source_status|custom_fields)$/

function flat(value: unknown, path = ''): [string, unknown][] {
  if (typeof value !== 'object' || value === null) return [[path, value]]
  return Object.entries(value).flatMap(([name, each]) => flat(each, path === '' ? name : `${path}.${name}`))
}

test('one order, entered in SAP and in NetSuite, gives records that differ in what one system does not say', () => {
  const left = flat(sap.toUnified(inSap, settings('works', 'sap-s4hana'), '4500000001'))
  const right = new Map(flat(netsuite.toUnified(inNetSuite, settings('books', 'netsuite'), '647')))
  expect(left.map(([path]) => path)).toEqual([...right.keys()])
  const differences = left.filter(([path, value]) => !OWN.test(path) && value !== right.get(path))
  expect(differences.map(([path, value]) => [path, value, right.get(path)])).toEqual([
    // only the last invoice of a SAP item shows; NetSuite counts what was billed
    ['billing_status', 'UNKNOWN', 'NOT_BILLED'],
    // not in SAP's service for purchase orders
    ['total_amount', null, '117.3'],
    // SAP numbers in tens
    ['lines.0.line_number', '10', '1'],
    ['lines.0.quantity_received', null, '0'],
    ['lines.0.quantity_billed', null, '0'],
    ['lines.1.line_number', '20', '2'],
    ['lines.1.quantity_received', null, '0'],
    ['lines.1.quantity_billed', null, '0'],
  ])
})

test('both name the same things: where one has an id the other has one', () => {
  const ids = (record: object) =>
    flat(record)
      .filter(([path]) => path.endsWith('_id'))
      .map(([path, id]) => [path, id === null ? null : String(id).split(':')[1]])
  expect(ids(sap.toUnified(inSap, settings('works', 'sap-s4hana'), '4500000001'))).toEqual(
    ids(netsuite.toUnified(inNetSuite, settings('books', 'netsuite'), '647')),
  )
})
