import type { WriteField } from '../../../core/index.ts'
import { type Mapped, rulesOf } from './mapped.ts'

/** The fields of an order that are properties of A_PurchaseOrder and its items. */
export const ORDER_SERVICE = 'API_PURCHASEORDER_PROCESS_SRV'
const BOTH = ['CREATE', 'UPDATE'] as const
const NEW = ['CREATE'] as const

export const HEADER: readonly Mapped[] = [
  { field: 'vendor_reference', native: 'SupplierQuotationExternalID', kind: 'text', on: BOTH, maxLength: 10 },
  { field: 'order_date', native: 'PurchaseOrderDate', kind: 'date', on: BOTH },
  { field: 'payment_terms', native: 'PaymentTerms', kind: 'text', on: BOTH, maxLength: 4 },
]

/** Of an item; the rest needs more than one property. */
export const ITEM: readonly Mapped[] = [
  { field: 'description', native: 'PurchaseOrderItemText', kind: 'text', on: BOTH, maxLength: 40 },
  { field: 'quantity_ordered', native: 'OrderQuantity', kind: 'decimal', on: BOTH, scale: 3, required: true },
  { field: 'is_closed', native: 'IsCompletelyDelivered', kind: 'flag', on: BOTH },
]

export const HEADER_NAMES: { readonly [native: string]: string } = {
  SupplierQuotationExternalID: 'vendor_reference',
  PurchaseOrderDate: 'order_date',
  PaymentTerms: 'payment_terms',
  Supplier: 'vendor_id',
  CompanyCode: 'organization',
  DocumentCurrency: 'currency',
  PlainLongText: 'notes',
}

export const ITEM_NAMES: { readonly [native: string]: string } = {
  PurchaseOrderItemText: 'description',
  OrderQuantity: 'quantity_ordered',
  IsCompletelyDelivered: 'is_closed',
  Material: 'item_id',
  PurchaseOrderQuantityUnit: 'unit',
  OrderPriceUnit: 'unit',
  NetPriceAmount: 'unit_price',
  NetPriceQuantity: 'unit_price',
  Plant: 'location_id',
  StorageLocation: 'location_id',
  ScheduleLineDeliveryDate: 'expected_date',
  CostCenter: 'cost_center',
  OrderID: 'work_order_id',
}

const order = (native: string) => `$metadata ${ORDER_SERVICE} A_PurchaseOrder.${native}`
const item = (native: string) => `$metadata ${ORDER_SERVICE} A_PurchaseOrderItem.${native}`

export const ORDER_FIELDS: readonly WriteField[] = [
  { path: 'vendor_id', on: NEW, required: true, reference: 'vendor', source: order('Supplier') },
  { path: 'organization', on: NEW, maxLength: 4, default: 'company_code', source: order('CompanyCode') },
  { path: 'currency', on: NEW, maxLength: 5, source: order('DocumentCurrency') },
  ...rulesOf(HEADER, `${ORDER_SERVICE} A_PurchaseOrder`),
  {
    path: 'expected_date',
    on: NEW,
    source: `${ORDER_SERVICE} A_PurchaseOrderScheduleLine: of lines without their own`,
  },
  { path: 'ship_to_location_id', on: NEW, reference: 'location', source: item('Plant') },
  { path: 'notes', on: BOTH, source: `$metadata ${ORDER_SERVICE} A_PurchaseOrderNote.PlainLongText` },
  ...rulesOf(ITEM, `${ORDER_SERVICE} A_PurchaseOrderItem`, 'lines[].'),
  { path: 'lines[].item_id', on: BOTH, reference: 'item', source: item('Material') },
  { path: 'lines[].unit', on: BOTH, source: item('PurchaseOrderQuantityUnit') },
  { path: 'lines[].source_unit', on: BOTH, maxLength: 3, source: item('PurchaseOrderQuantityUnit') },
  { path: 'lines[].unit_price', on: BOTH, source: item('NetPriceAmount') },
  { path: 'lines[].expected_date', on: BOTH, source: `$metadata ${ORDER_SERVICE} A_PurchaseOrderScheduleLine` },
  { path: 'lines[].location_id', on: BOTH, reference: 'location', default: 'plants', source: item('Plant') },
  {
    path: 'lines[].cost_center',
    on: BOTH,
    maxLength: 10,
    default: 'cost_center',
    source: `$metadata ${ORDER_SERVICE} A_PurOrdAccountAssignment.CostCenter`,
  },
  {
    path: 'lines[].work_order_id',
    on: BOTH,
    reference: 'work_order',
    source: `$metadata ${ORDER_SERVICE} A_PurOrdAccountAssignment.OrderID`,
  },
  { path: 'custom_fields', on: BOTH, source: `$metadata ${ORDER_SERVICE} A_PurchaseOrder` },
  { path: 'lines[].custom_fields', on: BOTH, source: `$metadata ${ORDER_SERVICE} A_PurchaseOrderItem` },
]
