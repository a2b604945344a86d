import { expect, test } from 'vitest'
import type { CommandResult } from '../../../../core/index.ts'
import { describeResult } from '../../../../services/cli/command-results.ts'

const result: CommandResult = {
  command_id: 'command-1',
  connection_id: 'acme',
  system: 'fake',
  entity: 'vendor',
  operation: 'CREATE',
  sequence: 2,
  outcome: 'APPLIED',
  is_final: true,
  is_replay: false,
  target_id: 'acme:vendor:1',
  source_id: '1',
  version: 'ts:1',
  lines: [],
  errors: [],
  warnings: [],
  steps: [],
  attempts: 1,
  http_status: null,
  vendor_request_id: null,
  received_at: 0,
  finished_at: 1,
  issued_by: null,
  correlation_id: null,
}

test('a result is told with its record and version', () => {
  expect(describeResult(result)).toBe('command-1: APPLIED\n  acme:vendor:1 at ts:1')
})

test('what is wrong is told field by field, with the code of the system', () => {
  const errors = [
    {
      field: 'lines[0].unit_price',
      code: 'INVALID_VALUE' as const,
      message: 'price refused',
      vendor_code: 'ME/083',
      vendor_message: null,
      native_field: null,
    },
  ]
  const refused: CommandResult = {
    ...result,
    outcome: 'RETRYING',
    is_final: false,
    target_id: null,
    attempts: 3,
    errors,
  }
  expect(describeResult(refused)).toBe(
    'command-1: RETRYING (not final, 3 attempts)\n  INVALID_VALUE lines[0].unit_price: price refused [ME/083]',
  )
})
