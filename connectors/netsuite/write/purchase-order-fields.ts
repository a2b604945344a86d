import type { WriteField } from '../../../core/index.ts'
import { type Mapped, namesOf, rulesOf } from './mapped.ts'
import type { Names } from './refusals.ts'

const BOTH = ['CREATE', 'UPDATE'] as const

export const HEADER: readonly Mapped[] = [
  { field: 'order_number', native: 'tranId', kind: 'text', on: ['CREATE'], maxLength: 45 },
  { field: 'organization', native: 'subsidiary', kind: 'id', on: ['CREATE'], default: 'subsidiary' },
  { field: 'vendor_id', native: 'entity', kind: { record: 'vendor' }, on: BOTH, required: true },
  { field: 'vendor_reference', native: 'otherRefNum', kind: 'text', on: BOTH, maxLength: 45 },
  { field: 'buyer_id', native: 'employee', kind: { record: 'user' }, on: BOTH },
  { field: 'order_date', native: 'tranDate', kind: 'text', on: BOTH },
  { field: 'expected_date', native: 'dueDate', kind: 'text', on: BOTH },
  { field: 'currency', native: 'currency', kind: { list: 'currency' }, on: ['CREATE'] },
  { field: 'payment_terms', native: 'terms', kind: { list: 'term' }, on: BOTH },
  { field: 'ship_to_location_id', native: 'location', kind: { record: 'location' }, on: BOTH, default: 'location' },
  { field: 'notes', native: 'memo', kind: 'text', on: BOTH, maxLength: 999 },
]

/** Quantity and unit are apart: one depends on the other. */
export const LINE: readonly Mapped[] = [
  { field: 'item_id', native: 'item', kind: { record: 'item' }, on: BOTH, required: true },
  { field: 'description', native: 'description', kind: 'text', on: BOTH },
  { field: 'unit_price', native: 'rate', kind: 'number', on: BOTH, scale: 8 },
  { field: 'expected_date', native: 'expectedReceiptDate', kind: 'text', on: BOTH },
  { field: 'location_id', native: 'location', kind: { record: 'location' }, on: BOTH, default: 'location' },
  { field: 'cost_center', native: 'department', kind: { list: 'department' }, on: BOTH, default: 'department' },
  { field: 'is_closed', native: 'isClosed', kind: 'flag', on: BOTH },
]

export const NAMES: Names = { fields: { ...namesOf(HEADER), approvalStatus: 'status' } }
export const LINE_NAMES: { readonly [native: string]: string } = {
  ...namesOf(LINE),
  quantity: 'quantity_ordered',
  units: 'unit',
}

const LINES = 'REST API Browser purchaseOrder.item'

export const FIELDS: readonly WriteField[] = [
  ...rulesOf(HEADER, 'purchaseOrder'),
  { path: 'custom_fields', on: BOTH, source: 'REST API Browser purchaseOrder' },
  {
    path: 'status',
    on: ['CREATE'],
    values: ['PENDING_APPROVAL', 'APPROVED'],
    source: 'REST API Browser purchaseOrder.approvalStatus',
  },
  ...rulesOf(LINE, 'purchaseOrder.item', 'lines[].'),
  { path: 'lines[].quantity_ordered', on: BOTH, required: true, scale: 8, source: `${LINES}.quantity` },
  { path: 'lines[].unit', on: BOTH, source: `${LINES}.units` },
  { path: 'lines[].source_unit', on: BOTH, source: `${LINES}.units` },
  { path: 'lines[].custom_fields', on: BOTH, source: LINES },
]
