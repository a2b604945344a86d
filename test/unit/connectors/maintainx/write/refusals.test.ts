import { describe, expect, test } from 'vitest'
import { Refusal } from '../../../../../connectors/maintainx/failures.ts'
import { problemsOf } from '../../../../../connectors/maintainx/problems.ts'
import { inUnifiedTerms } from '../../../../../connectors/maintainx/write/refusals.ts'
import type { RejectedError } from '../../../../../core/index.ts'

const NAMES = {
  fields: { name: 'name', vendorId: 'vendor_id' },
  lines: {
    native: 'items',
    fields: { quantityOrdered: 'quantity_ordered', partId: 'item_id' },
    at: [null, 'lines[0].', 'lines[2].'],
  },
}

const told = (status: number, body: object) => {
  const refusal = new Refusal('refused', problemsOf(JSON.stringify(body)), { status })
  return (inUnifiedTerms(refusal, 'creating a purchase order', NAMES) as RejectedError).fields
}

describe('a refusal is told', () => {
  const PATHS = [
    ['items[2].quantityOrdered', 'lines[2].quantity_ordered'],
    ['items.1.partId', 'lines[0].item_id'],
    ['body.items.1.lineExtraFields.Lot', 'lines[0].custom_fields'],
    ['items[0].quantityOrdered', 'lines'],
    ['items', 'lines'],
    ['vendorId', 'vendor_id'],
    ['extraFields.Approved by', 'custom_fields'],
    ['somethingElse', null],
  ] as const
  test.for(PATHS)('at %s as that of %s', ([fieldPath, field]) => {
    expect(told(400, { errors: [{ error: 'should be number', fieldPath }] })).toMatchObject([
      { field, nativeField: fieldPath, vendorMessage: 'should be number' },
    ])
  })

  const WORDS = [
    [400, "should have required properties 'type', 'costType'", 'REQUIRED'],
    [400, 'parentId is not valid', 'INVALID_REFERENCE'],
    [400, 'Vendor 42 does not exist', 'INVALID_REFERENCE'],
    [400, 'Invalid status transition from REQUESTED to APPROVED', 'STATE_NOT_ALLOWED'],
    [400, 'Invalid priority', 'INVALID_VALUE'],
    [400, 'a purchase order with this number already exists', 'DUPLICATE'],
    [400, 'the moon is full', 'BUSINESS_RULE'],
    [403, "User doesn't have the right permissions", 'PERMISSION'],
    [404, 'vendor Not Found', 'NOT_FOUND'],
  ] as const
  test.for(WORDS)('%i "%s" as %s', ([status, error, code]) => {
    expect(told(status, { errors: [{ error }] })).toMatchObject([{ field: null, code, vendorMessage: error }])
    expect(told(status, { error })).toMatchObject([{ field: null, code, vendorMessage: error }])
  })

  test('with all that is wrong at once', () => {
    const errors = [
      { error: "'name' must not be empty", fieldPath: 'name', fieldValue: ' ' },
      { error: 'should be integer', fieldPath: 'vendorId', fieldValue: 'x' },
    ]
    expect(told(400, { errors }).map(({ field }) => field)).toEqual(['name', 'vendor_id'])
  })

  test('even when MaintainX says nothing', () => {
    expect(told(400, {})).toMatchObject([{ field: null, code: 'BUSINESS_RULE', message: 'refused' }])
  })

  test('and anything else is handed on', () => {
    const error = new Error('bug')
    expect(inUnifiedTerms(error, 'doing', NAMES)).toBe(error)
  })
})
