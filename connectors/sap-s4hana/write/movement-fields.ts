import type { WriteField } from '../../../core/index.ts'
import { type Mapped, rulesOf } from './mapped.ts'

export const DOCUMENT_SERVICE = 'API_MATERIAL_DOCUMENT_SRV'
const NEW = ['CREATE'] as const
const item = (native: string) => `$metadata ${DOCUMENT_SERVICE} A_MaterialDocumentItem.${native}`
const header = (native: string) => `$metadata ${DOCUMENT_SERVICE} A_MaterialDocumentHeader.${native}`

/** Of an item; the rest depends on the kind of movement. */
export const MOVED: readonly Mapped[] = [
  { field: 'lot_number', native: 'Batch', kind: 'text', on: NEW, maxLength: 10 },
  { field: 'reason', native: 'GoodsMovementReasonCode', kind: 'text', on: NEW, maxLength: 4, default: 'reason_code' },
]

export const MOVEMENT_NAMES: { readonly [native: string]: string } = {
  GoodsMovementCode: 'kind',
  PostingDate: 'posting_date',
  DocumentDate: 'document_date',
  ReferenceDocument: 'reference',
  MaterialDocumentHeaderText: 'notes',
}

export const MOVED_NAMES: { readonly [native: string]: string } = {
  Batch: 'lot_number',
  GoodsMovementReasonCode: 'reason',
  Material: 'item_id',
  QuantityInEntryUnit: 'quantity',
  EntryUnit: 'unit',
  Plant: 'location_id',
  StorageLocation: 'location_id',
  IssuingOrReceivingPlant: 'to_location_id',
  IssuingOrReceivingStorageLoc: 'to_location_id',
  PurchaseOrder: 'purchase_order_line_id',
  PurchaseOrderItem: 'purchase_order_line_id',
  ManufacturingOrder: 'work_order_id',
  CostCenter: 'cost_center',
}

export const MOVEMENT_FIELDS: readonly WriteField[] = [
  {
    path: 'kind',
    on: NEW,
    required: true,
    values: ['RECEIPT', 'ISSUE', 'TRANSFER', 'SCRAP', 'VENDOR_RETURN', 'ADJUSTMENT', 'COUNT'],
    source: header('GoodsMovementCode'),
  },
  { path: 'posting_date', on: NEW, default: 'posting_date_policy', source: header('PostingDate') },
  { path: 'document_date', on: NEW, source: header('DocumentDate') },
  { path: 'reference', on: NEW, maxLength: 16, source: header('ReferenceDocument') },
  { path: 'notes', on: NEW, maxLength: 25, source: header('MaterialDocumentHeaderText') },
  { path: 'work_order_id', on: NEW, reference: 'work_order', source: item('ManufacturingOrder') },
  { path: 'lines[].item_id', on: NEW, reference: 'item', source: item('Material') },
  { path: 'lines[].quantity', on: NEW, scale: 3, source: item('QuantityInEntryUnit') },
  { path: 'lines[].quantity_counted', on: NEW, scale: 3, source: 'difference to API_MATERIAL_STOCK_SRV, posted' },
  { path: 'lines[].unit', on: NEW, source: item('EntryUnit') },
  { path: 'lines[].source_unit', on: NEW, maxLength: 3, source: item('EntryUnit') },
  { path: 'lines[].from_location_id', on: NEW, reference: 'location', source: item('StorageLocation') },
  { path: 'lines[].to_location_id', on: NEW, reference: 'location', source: item('StorageLocation') },
  { path: 'lines[].purchase_order_line_id', on: NEW, source: item('PurchaseOrderItem') },
  { path: 'lines[].work_order_id', on: NEW, reference: 'work_order', source: item('ManufacturingOrder') },
  { path: 'lines[].cost_center', on: NEW, maxLength: 10, default: 'cost_center', source: item('CostCenter') },
  ...rulesOf(MOVED, `${DOCUMENT_SERVICE} A_MaterialDocumentItem`, 'lines[].'),
  { path: 'custom_fields', on: NEW, source: `$metadata ${DOCUMENT_SERVICE} A_MaterialDocumentHeader` },
  { path: 'lines[].custom_fields', on: NEW, source: `$metadata ${DOCUMENT_SERVICE} A_MaterialDocumentItem` },
]
