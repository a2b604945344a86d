import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { CONNECTORS } from '../../connectors/index.ts'
import { HARNESSES } from './harnesses.ts'
import { WAIVERS } from './waivers.ts'

test('harnesses and waivers are for connectors that exist', () => {
  const known = CONNECTORS.map(({ id }) => id)
  for (const id of [...Object.keys(HARNESSES), ...Object.keys(WAIVERS)]) expect(known).toContain(id)
})

test.each(CONNECTORS.map(({ id }) => id))('the rules are run on %s', (id) => {
  const file = new URL(`${id}/rules.test.ts`, import.meta.url)
  expect(existsSync(file), `test/contract/${id}/rules.test.ts is missing: describeRegistered('${id}')`).toBe(true)
  expect(readFileSync(file, 'utf8')).toContain(`describeRegistered('${id}')`)
})
