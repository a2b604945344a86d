import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import { connectorOf } from '../../../../connectors/index.ts'
import { demoOptions } from '../../../../scripts/demo/options.ts'
import { DEMO_SYSTEMS } from '../../../../scripts/demo/systems.ts'

const idsOf = (...args: string[]): string[] => demoOptions(args).systems.map(({ id }) => id)

test('SAP, NetSuite and MaintainX run unasked, and need no part beyond the usual ones', () => {
  const { systems, atWork, untilInStep } = demoOptions([])
  expect(systems.map(({ id }) => id)).toEqual(['sap-s4hana', 'netsuite', 'maintainx'])
  expect(systems.flatMap(({ parts }) => parts)).toEqual([])
  expect([atWork, untilInStep]).toEqual([true, false])
})

test('others run when they are asked for, also several', () => {
  expect(idsOf('--erp', 'tryton')).toEqual(['tryton'])
  expect(idsOf('--erp', 'sap-s4hana')).toEqual(['sap-s4hana'])
  expect(idsOf('--erp', 'maintainx')).toEqual(['maintainx'])
  expect(idsOf('--erp=tryton, sap-s4hana,tryton', '--until-in-step')).toEqual(['tryton', 'sap-s4hana'])
})

test('an unknown system or option is an error that names the known ones', () => {
  expect(() => demoOptions(['--erp', 'oracle'])).toThrow(
    "unknown system 'oracle'; known: sap-s4hana, netsuite, maintainx, tryton",
  )
  expect(() => demoOptions(['--eprs', 'tryton'])).toThrow('--eprs')
})

test('every system of the demo has a connector, a connection of its own, and a file', () => {
  for (const { id } of DEMO_SYSTEMS) {
    expect(connectorOf(id)?.id).toBe(id)
    expect(existsSync(new URL(`../../../../scripts/demo/${id}.ts`, import.meta.url))).toBe(true)
  }
  expect(new Set(DEMO_SYSTEMS.map(({ connectionId }) => connectionId)).size).toBe(DEMO_SYSTEMS.length)
})
