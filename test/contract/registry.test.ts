import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CONNECTORS } from '../../connectors/index.ts'
import { HARNESSES } from './harnesses.ts'
import { describeConnector } from './kit/describe-connector.ts'
import type { Harness } from './kit/harness.ts'
import { WAIVERS } from './waivers.ts'

for (const connector of CONNECTORS)
  describe(`connector ${connector.id}`, () => {
    let harness: (Harness & { drop(): Promise<void> }) | undefined

    beforeAll(async () => {
      harness = await HARNESSES[connector.id]?.()
    })
    afterAll(() => harness?.drop())

    describeConnector(
      connector,
      () => {
        if (harness === undefined)
          throw new Error(`there is no harness for ${connector.id} (test/contract/harnesses.ts)`)
        return harness
      },
      WAIVERS[connector.id] ?? {},
    )
  })

test('harnesses and waivers are for connectors that exist', () => {
  const known = CONNECTORS.map(({ id }) => id)
  for (const id of [...Object.keys(HARNESSES), ...Object.keys(WAIVERS)]) expect(known).toContain(id)
})
