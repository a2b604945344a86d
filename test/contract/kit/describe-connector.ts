import { describe, expect, test, vi } from 'vitest'
import type { EntityName } from '../../../core/index.ts'
import { CONNECTING_RULES } from './connecting.ts'
import { DECLARATION_RULES } from './declaration.ts'
import { type Harness, never, open } from './harness.ts'
import { MAPPING_RULES } from './mapping.ts'
import { CLOCK_RULE, READ_RULES } from './reads.ts'

/** Runs every rule of docs/connector-spec.md on a connector and a real system behind it. */
export function describeConnector(id: string, harness: () => Harness, entities: readonly EntityName[]): void {
  describe(`connector ${id}`, () => {
    for (const rule of [...DECLARATION_RULES, ...CONNECTING_RULES])
      test(`${rule.id} ${rule.statement}`, () => expect(rule.check(harness())).resolves.toBeUndefined())

    test(`${CLOCK_RULE.id} ${CLOCK_RULE.statement}`, async () => {
      const { connector, systemTime } = harness()
      const { session } = await open(harness())
      const wrong = vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 7 * 3_600_000)
      try {
        const before = await systemTime()
        const asked = await connector.clock(session, never())
        expect(asked).toBeGreaterThanOrEqual(before - 1000)
        expect(asked).toBeLessThanOrEqual((await systemTime()) + 1000)
      } finally {
        wrong.mockRestore()
      }
    })

    for (const entity of entities)
      describe(`stream ${entity}`, () => {
        for (const rule of [...READ_RULES, ...MAPPING_RULES])
          test(`${rule.id} ${rule.statement}`, async ({ skip }) => {
            if (rule.appliesTo?.(harness(), entity) === false) skip('does not apply')
            await expect(rule.check(harness(), entity)).resolves.toBeUndefined()
          })
      })
  })
}
