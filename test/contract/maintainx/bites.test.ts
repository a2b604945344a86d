import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { PUSHING_FAULTS } from '../kit/faults/index.ts'
import type { Harness } from '../kit/harness.ts'
import { CONNECTOR_RULES, STREAM_RULES } from '../kit/rule-book.ts'
import { maintainxHarness } from './harness.ts'

/* The mistakes of test/unit/contract-kit with what is pushed, on real deliveries. */

let harness: Awaited<ReturnType<typeof maintainxHarness>>
beforeAll(async () => {
  harness = await maintainxHarness()
})
afterAll(() => harness?.drop())

async function told(id: string, faulty: Harness): Promise<string> {
  const complaint = (check: Promise<void>) => check.then(() => 'nothing', String)
  const ofConnector = CONNECTOR_RULES.find((rule) => rule.id === id)
  if (ofConnector !== undefined) return complaint(ofConnector.check(faulty))
  const rule = STREAM_RULES.find((each) => each.id === id)
  if (rule === undefined) throw new Error(`there is no rule ${id}`)
  return complaint(rule.check(faulty, 'work_order'))
}

describe('the rules find a MaintainX connector that', () => {
  test.for(PUSHING_FAULTS)('$title', async ({ finds: [id], plant, complaint }) => {
    expect(await told(id, plant(harness))).toMatch(complaint)
  })
})
