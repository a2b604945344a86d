import type { WriteField } from '../../../core/index.ts'
import { type Mapped, namesOf, rulesOf } from './mapped.ts'
import type { Names } from './refusals.ts'

const BOTH = ['CREATE', 'UPDATE'] as const

export const FIELDS_MAPPED: readonly Mapped[] = [
  { field: 'item_number', native: 'itemId', kind: 'text', on: ['CREATE'], maxLength: 60 },
  { field: 'name', native: 'displayName', kind: 'text', on: BOTH, required: true, maxLength: 60 },
  { field: 'description', native: 'purchaseDescription', kind: 'text', on: BOTH, maxLength: 999 },
  { field: 'category', native: 'class', kind: { list: 'class' }, on: BOTH },
  { field: 'manufacturer', native: 'manufacturer', kind: 'text', on: BOTH, maxLength: 60 },
  { field: 'manufacturer_part_number', native: 'mpn', kind: 'text', on: BOTH, maxLength: 60 },
  { field: 'barcode', native: 'upcCode', kind: 'text', on: BOTH, maxLength: 60 },
  { field: 'lead_time_days', native: 'leadTime', kind: 'number', on: BOTH, scale: 0 },
  { field: 'unit_cost', native: 'cost', kind: 'number', on: BOTH, scale: 8 },
  { field: 'is_active', native: 'isInactive', kind: 'not-flag', on: BOTH },
]

const rule = (path: string, native: string, more: Partial<WriteField> = {}): WriteField => ({
  path,
  on: BOTH,
  source: `REST API Browser inventoryItem.${native}`,
  ...more,
})

export const FIELDS: readonly WriteField[] = [
  ...rulesOf(FIELDS_MAPPED, 'inventoryItem'),
  rule('item_type', 'itemType', {
    on: ['CREATE'],
    required: true,
    values: ['INVENTORY', 'NON_INVENTORY', 'SERVICE', 'ASSEMBLY'],
  }),
  rule('unit', 'stockUnit', { default: 'units_type' }),
  rule('source_unit', 'stockUnit', { default: 'units_type' }),
  rule('purchase_unit', 'purchaseUnit'),
  rule('preferred_vendor_id', 'itemVendor.vendor', { reference: 'vendor' }),
  rule('vendor_item_number', 'itemVendor.vendorCode'),
  rule('is_lot_tracked', 'lotNumberedInventoryItem', { on: ['CREATE'] }),
  rule('is_serial_tracked', 'serializedInventoryItem', { on: ['CREATE'] }),
  rule('custom_fields', ''),
]

export const NAMES: Names = {
  fields: {
    ...namesOf(FIELDS_MAPPED),
    unitsType: 'unit',
    stockUnit: 'unit',
    purchaseUnit: 'purchase_unit',
    vendor: 'preferred_vendor_id',
    vendorCode: 'vendor_item_number',
    vendorName: 'vendor_item_number',
  },
}
