import type { WriteField } from '../../../core/index.ts'
import { type Mapped, rulesOf } from './mapped.ts'

export const PRODUCT_SERVICE = 'API_PRODUCT_SRV'
const BOTH = ['CREATE', 'UPDATE'] as const
const NEW = ['CREATE'] as const

export const PRODUCT: readonly Mapped[] = [
  { field: 'category', native: 'ProductGroup', kind: 'text', on: BOTH, maxLength: 9, default: 'material_group' },
  { field: 'purchase_unit', native: 'PurchaseOrderQuantityUnit', kind: 'text', on: BOTH, maxLength: 3 },
  { field: 'manufacturer', native: 'ManufacturerNumber', kind: 'text', on: BOTH, maxLength: 10 },
  { field: 'manufacturer_part_number', native: 'ProductManufacturerNumber', kind: 'text', on: BOTH, maxLength: 40 },
  { field: 'barcode', native: 'ProductStandardID', kind: 'text', on: BOTH, maxLength: 18 },
  { field: 'is_lot_tracked', native: 'IsBatchManagementRequired', kind: 'flag', on: BOTH },
  { field: 'is_active', native: 'IsMarkedForDeletion', kind: 'not-flag', on: BOTH },
]

export const ITEM_NAMES: { readonly [native: string]: string } = {
  Product: 'item_number',
  ProductType: 'item_type',
  BaseUnit: 'unit',
  ProductGroup: 'category',
  PurchaseOrderQuantityUnit: 'purchase_unit',
  ManufacturerNumber: 'manufacturer',
  ProductManufacturerNumber: 'manufacturer_part_number',
  ProductStandardID: 'barcode',
  IsBatchManagementRequired: 'is_lot_tracked',
  IsMarkedForDeletion: 'is_active',
  ProductDescription: 'name',
  LongText: 'description',
}

const of = (what: string) => `$metadata ${PRODUCT_SERVICE} ${what}`

export const ITEM_FIELDS: readonly WriteField[] = [
  { path: 'item_number', on: NEW, maxLength: 40, source: of('A_Product.Product') },
  { path: 'name', on: BOTH, required: true, maxLength: 40, source: of('A_ProductDescription.ProductDescription') },
  { path: 'description', on: BOTH, source: of('A_ProductBasicText.LongText') },
  {
    path: 'item_type',
    on: NEW,
    required: true,
    values: ['INVENTORY', 'NON_INVENTORY', 'SERVICE'],
    source: of('A_Product.ProductType'),
  },
  { path: 'unit', on: NEW, source: of('A_Product.BaseUnit') },
  { path: 'source_unit', on: NEW, maxLength: 3, source: of('A_Product.BaseUnit') },
  ...rulesOf(PRODUCT, `${PRODUCT_SERVICE} A_Product`),
  { path: 'custom_fields', on: BOTH, source: of('A_Product') },
]
