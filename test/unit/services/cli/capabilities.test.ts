import { expect, test } from 'vitest'
import { CONNECTION_DEFAULTS, type Connection, type WriteField } from '../../../../core/index.ts'
import { payloadSchema } from '../../../../services/cli/payload-schema.ts'

const connection: Connection = {
  ...CONNECTION_DEFAULTS,
  id: 'acme',
  system: 'fake',
  settings: { company_code: '1010' },
  updatedAt: 0,
}

const FIELDS: readonly WriteField[] = [
  { path: 'vendor_id', on: ['CREATE'], required: true, reference: 'vendor', source: '$metadata Supplier' },
  {
    path: 'organization',
    on: ['CREATE'],
    required: true,
    default: 'company_code',
    maxLength: 4,
    source: 'CompanyCode',
  },
  { path: 'payment_terms', on: ['CREATE'], required: true, default: 'terms', source: 'PaymentTerms' },
  { path: 'expected_date', on: ['CREATE'], source: 'DeliveryDate' },
  { path: 'notes', on: ['UPDATE'], source: 'notes' },
  { path: 'lines[].quantity_ordered', on: ['CREATE'], required: true, scale: 3, source: 'OrderQuantity' },
]
const schemaOf = (operation: 'CREATE' | 'UPDATE') =>
  payloadSchema('purchase_order', { operation, fields: FIELDS }, connection)

test('a schema says what must be given, what the connection fills in, of what type, and where each rule comes from', () => {
  const schema = schemaOf('CREATE')
  expect(schema.required).toEqual(['vendor_id', 'payment_terms'])
  expect(schema.properties).toMatchObject({
    vendor_id: { type: ['string', 'null'], 'x-reference': 'vendor', $comment: '$metadata Supplier' },
    organization: { maxLength: 4, default: '1010', 'x-default-setting': 'company_code', $comment: 'CompanyCode' },
    expected_date: { type: ['string', 'null'], format: 'date', description: expect.stringMatching(/./) },
    lines: { type: 'array', items: { type: 'object', required: ['quantity_ordered'], additionalProperties: false } },
  })
  expect(Object.keys(schema.properties ?? {})).not.toContain('notes')
})

test('a quantity of three digits fits the pattern, of four does not; trailing zeros say nothing', () => {
  const lines = schemaOf('CREATE').properties?.['lines'] as { items: { properties: { quantity_ordered: object } } }
  const { pattern } = lines.items.properties.quantity_ordered as { pattern: string }
  const fits = (text: string) => new RegExp(pattern).test(text)
  expect(['1', '-1.5', '1.250', '1.25000'].map(fits)).toEqual([true, true, true, true])
  expect(['1.2345', '1,5', '.5'].map(fits)).toEqual([false, false, false])
})

test('an update requires nothing', () => {
  expect(schemaOf('UPDATE')).toMatchObject({ required: [], properties: { notes: { type: ['string', 'null'] } } })
})
