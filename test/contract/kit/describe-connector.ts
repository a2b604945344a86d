import { describe, expect, test } from 'vitest'
import type { AnyConnector, EntityName } from '../../../core/index.ts'
import type { Waivers } from '../waivers.ts'
import type { Harness } from './harness.ts'
import { CONNECTOR_RULES, OPERATION_RULES, STREAM_RULES } from './rule-book.ts'
import { thrownBy } from './rules.ts'
import { nameOf } from './writing.ts'

/** Runs every rule of docs/connector-spec.md on a connector, all of its streams and operations, and a real system behind it. */
export function describeConnector(connector: AnyConnector, harness: () => Harness, waivers: Waivers): void {
  const entities = Object.keys(connector.streams) as EntityName[]
  const used = new Set<string>()

  function rule(id: string, statement: string, waived: readonly string[], check: () => Promise<void>): void {
    const name = waived.find((each) => waivers[each] !== undefined)
    if (name === undefined) {
      test(`${id} ${statement}`, () => expect(check()).resolves.toBeUndefined())
      return
    }
    used.add(name)
    test(`${id} waived: ${waivers[name]}`, async () =>
      expect(await thrownBy(check), 'the rule holds: this waiver is no longer needed').not.toBeNull())
  }

  for (const { id, statement, check, appliesTo } of CONNECTOR_RULES)
    if (appliesTo?.(connector) !== false) rule(id, statement, [id], () => check(harness()))

  for (const entity of entities)
    describe(`stream ${entity}`, () => {
      test('can be played with', () => expect(Object.keys(harness().worlds)).toContain(entity))
      for (const { id, statement, check, appliesTo } of STREAM_RULES)
        if (appliesTo?.(connector, entity) !== false)
          rule(id, statement, [`${id} ${entity}`, id], () => check(harness(), entity))
    })

  for (const operation of connector.operations ?? [])
    describe(`operation ${nameOf(operation)}`, () => {
      const name = nameOf(operation)
      test('can be played with', () => expect(Object.keys(harness().writes?.worlds ?? {})).toContain(name))
      for (const { id, statement, check, appliesTo } of OPERATION_RULES)
        if (appliesTo?.(operation) !== false)
          rule(id, statement, [`${id} ${name}`, id], () => check(harness(), operation))
    })

  test('no waiver is stale', () => expect(Object.keys(waivers).filter((name) => !used.has(name))).toEqual([]))
}
