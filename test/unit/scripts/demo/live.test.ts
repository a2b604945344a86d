import { expect, test } from 'vitest'
import { pushed } from '../../../../scripts/demo/live.ts'

test('a change that a webhook told of says how long it took', () => {
  expect(pushed({ origin: 'WEBHOOK', updated_at: 1000 }, 1420)).toBe('  (webhook, 0.4 s after the change)')
  expect(pushed({ origin: 'WEBHOOK', updated_at: null }, 1420)).toBe('  (webhook)')
  expect(pushed({ origin: 'INCREMENTAL', updated_at: 1000 }, 1420)).toBe('')
})
