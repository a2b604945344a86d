import type { WriteField } from '../../../core/index.ts'
import { BOTH, type Mapped, namesOf, rulesOf } from './mapped.ts'

export const HEADER: readonly Mapped[] = [
  { field: 'order_number', native: 'overrideNumber', kind: 'text', on: ['CREATE'] },
  { field: 'title', native: 'title', kind: 'text', on: BOTH },
  { field: 'vendor_id', native: 'vendorId', kind: { record: 'vendor' }, on: BOTH, required: true },
  { field: 'expected_date', native: 'dueDate', kind: 'day', on: BOTH },
  { field: 'notes', native: 'note', kind: 'text', on: BOTH },
]

export const LINE: readonly Mapped[] = [
  { field: 'item_id', native: 'partId', kind: { record: 'item' }, on: BOTH },
  { field: 'description', native: 'name', kind: 'text', on: BOTH },
  { field: 'quantity_ordered', native: 'quantityOrdered', kind: 'number', on: BOTH, required: true },
  { field: 'unit_price', native: 'unitCost', kind: 'cents', on: BOTH },
]

export const LINE_NAMES: { readonly [native: string]: string } = { ...namesOf(LINE), price: 'unit_price' }
export const HEADER_NAMES = namesOf(HEADER)

export const FIELDS: readonly WriteField[] = [
  ...rulesOf(HEADER, '/purchaseorders'),
  // every order begins so
  { path: 'status', on: ['CREATE'], values: ['DRAFT'], source: 'openapi /purchaseorders status REQUESTED' },
  { path: 'custom_fields', on: BOTH, source: 'openapi /purchaseorders extraFields' },
  ...rulesOf(LINE, '/purchaseorders items[]', 'lines[].'),
  { path: 'lines[].custom_fields', on: BOTH, source: 'openapi /purchaseorders items[].lineExtraFields' },
]
