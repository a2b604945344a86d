import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { FAULTS, PUSHING_FAULTS, WRITING_FAULTS } from '../../contract/kit/faults/index.ts'
import type { Harness } from '../../contract/kit/harness.ts'
import { CONNECTOR_RULES, OPERATION_RULES, STREAM_RULES } from '../../contract/kit/rule-book.ts'
import { memoryConnector } from './memory-connector.ts'
import { memoryHarness } from './memory-harness.ts'
import { type MemorySystem, startMemorySystem } from './memory-system.ts'

let system: MemorySystem

beforeEach(async () => {
  system = await startMemorySystem()
})
afterEach(() => system.close())

const ENTITY = 'stock_level'
const RULES = [
  ...CONNECTOR_RULES,
  ...STREAM_RULES.map(({ id, check }) => ({ id, check: (harness: Harness) => check(harness, ENTITY) })),
  ...OPERATION_RULES.flatMap(({ id, check, appliesTo }) =>
    (memoryConnector.operations ?? [])
      .filter((operation) => appliesTo?.(operation) !== false)
      .map((operation) => ({ id, check: (harness: Harness) => check(harness, operation) })),
  ),
]
/** Reading 10,000 rows takes a moment; it is tried last, so that the others find few. */
const inTurn = [...RULES].sort((a, b) => Number(a.id === 'R8') - Number(b.id === 'R8'))

/** Rules that the connector breaks, with their complaints. */
async function complaints(harness: Harness): Promise<Map<string, string>> {
  const broken = new Map<string, string>()
  for (const { id, check } of inTurn) {
    const outcome = await Promise.race([
      check(harness).then(
        () => null,
        (error: unknown) => String(error),
      ),
      new Promise<string>((resolve) => setTimeout(resolve, 10_000, 'timed out')),
    ])
    if (outcome !== null && !broken.has(id)) broken.set(id, outcome)
  }
  return broken
}

describe('every rule bites, and only where it should', () => {
  test('a sound connector passes', { timeout: 30_000 }, async () =>
    expect(Object.fromEntries(await complaints(memoryHarness(system)))).toEqual({}),
  )

  test.for([...FAULTS, ...PUSHING_FAULTS, ...WRITING_FAULTS])(
    'a connector that $title is found out',
    { timeout: 60_000 },
    async ({ plant, finds, complaint }) => {
      const found = await complaints(plant(memoryHarness(system)))
      const others = Object.fromEntries([...found].filter(([id]) => !finds.includes(id)))
      expect(others).toEqual({})
      expect(finds.filter((id) => !found.has(id))).toEqual([])
      expect(found.get(finds[0])).toMatch(complaint)
    },
  )

  test('there is a fault for every rule', () => {
    const found = new Set([...FAULTS, ...PUSHING_FAULTS, ...WRITING_FAULTS].flatMap(({ finds }) => finds))
    expect(RULES.map(({ id }) => id).filter((id) => !found.has(id))).toEqual([])
  })
})
