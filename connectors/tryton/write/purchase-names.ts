import type { WriteField } from '../../../core/index.ts'
import type { Names } from './refusals.ts'
import { fieldsFrom } from './requests.ts'

export const MODEL = 'purchase.purchase'

/** @param lines those of the command: a refusal says which is meant */
export const purchaseNames = (lines: readonly object[]): Names => ({
  lines,
  models: [
    {
      model: 'purchase.line',
      fields: {
        quantity: 'lines[].quantity_ordered',
        unit_price: 'lines[].unit_price',
        product: 'lines[].item_id',
        unit: 'lines[].unit',
        description: 'lines[].description',
      },
    },
    {
      model: MODEL,
      fields: {
        number: 'order_number',
        reference: 'vendor_reference',
        party: 'vendor_id',
        purchase_date: 'order_date',
        delivery_date: 'expected_date',
        currency: 'currency',
        payment_term: 'payment_terms',
        warehouse: 'ship_to_location_id',
        comment: 'notes',
        description: 'title',
      },
    },
  ],
})

const field = fieldsFrom('Tryton 6.0 purchase/purchase.py')
const CREATE = { on: ['CREATE'] } as const

export const PURCHASE_FIELDS: readonly WriteField[] = [
  field('order_number', CREATE),
  field('title'),
  field('vendor_id', { ...CREATE, required: true, reference: 'vendor' }),
  field('vendor_reference'),
  field('status', { ...CREATE, values: ['DRAFT', 'PENDING_APPROVAL', 'APPROVED'] }),
  field('order_date'),
  field('expected_date'),
  field('currency', CREATE),
  field('payment_terms', { default: 'payment_term' }),
  field('ship_to_location_id', { reference: 'location', default: 'warehouse' }),
  field('notes'),
  field('lines[].item_id', { reference: 'item' }),
  field('lines[].description'),
  field('lines[].quantity_ordered', { required: true }),
  field('lines[].unit'),
  field('lines[].source_unit'),
  field('lines[].unit_price', { required: true }),
  field('lines[].expected_date'),
  field('lines[].location_id', { ...CREATE, reference: 'location' }),
]
