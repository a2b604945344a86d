import type { WriteField } from '../../../core/index.ts'
import type { Names } from './refusals.ts'

const KINDS = ['RECEIPT', 'ISSUE', 'TRANSFER', 'ADJUSTMENT', 'COUNT', 'SCRAP']
const on = ['CREATE'] as const
const REST = 'REST API Browser'
const LINE = `${REST} inventoryAdjustment.inventory`

export const FIELDS: readonly WriteField[] = [
  { path: 'kind', on, required: true, values: KINDS, source: 'itemReceipt, inventoryAdjustment or inventoryTransfer' },
  { path: 'organization', on, default: 'subsidiary', source: `${REST} inventoryAdjustment.subsidiary` },
  { path: 'posting_date', on, source: `${REST} inventoryAdjustment.tranDate` },
  { path: 'document_date', on, source: `${REST} inventoryAdjustment.tranDate` },
  { path: 'purchase_order_id', on, reference: 'purchase_order', source: `${REST} itemReceipt.createdFrom` },
  { path: 'reference', on, maxLength: 999, source: `${REST} inventoryAdjustment.memo` },
  { path: 'notes', on, maxLength: 999, source: `${REST} inventoryAdjustment.memo` },
  { path: 'custom_fields', on, source: `${REST} inventoryAdjustment` },
  { path: 'lines[].item_id', on, reference: 'item', source: `${LINE}.item` },
  { path: 'lines[].quantity', on, scale: 8, source: `${LINE}.adjustQtyBy` },
  { path: 'lines[].quantity_counted', on, scale: 8, source: `${LINE}.adjustQtyBy` },
  { path: 'lines[].unit', on, source: `${LINE}.units` },
  { path: 'lines[].source_unit', on, source: `${LINE}.units` },
  { path: 'lines[].from_location_id', on, reference: 'location', source: `${LINE}.location` },
  { path: 'lines[].to_location_id', on, reference: 'location', source: `${LINE}.location` },
  { path: 'lines[].purchase_order_line_id', on, source: `${REST} itemReceipt.item.orderLine` },
  { path: 'lines[].cost_center', on, default: 'department', source: `${LINE}.department` },
  { path: 'lines[].unit_cost', on, scale: 8, source: `${LINE}.unitCost` },
  { path: 'lines[].reason', on, source: `${LINE}.memo` },
  { path: 'lines[].custom_fields', on, source: LINE },
]

const HEADER = { subsidiary: 'organization', tranDate: 'posting_date', memo: 'notes', createdFrom: 'purchase_order_id' }

/** @param place field that the lines' place comes from */
export const namesFor = (place: 'from_location_id' | 'to_location_id', at: readonly string[]): Names => ({
  fields: HEADER,
  lines: {
    fields: {
      item: 'item_id',
      adjustQtyBy: 'quantity',
      quantity: 'quantity',
      units: 'unit',
      location: place,
      department: 'cost_center',
      unitCost: 'unit_cost',
      memo: 'reason',
      orderLine: 'purchase_order_line_id',
    },
    at,
  },
})
