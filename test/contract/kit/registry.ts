import { afterAll, beforeAll, describe } from 'vitest'
import { connectorOf } from '../../../connectors/index.ts'
import { HARNESSES } from '../harnesses.ts'
import { WAIVERS } from '../waivers.ts'
import { describeConnector } from './describe-connector.ts'
import type { Harness } from './harness.ts'

/** All rules on one connector of the registry, with its harness. A file a connector: they run side by side. */
export function describeRegistered(id: string): void {
  const connector = connectorOf(id)
  if (connector === undefined) throw new Error(`${id} is not in the registry (connectors/index.ts)`)
  describe(`connector ${id}`, () => {
    let harness: (Harness & { drop(): Promise<void> }) | undefined

    beforeAll(async () => {
      harness = await HARNESSES[id]?.()
    })
    afterAll(() => harness?.drop())

    describeConnector(
      connector,
      () => {
        if (harness === undefined) throw new Error(`there is no harness for ${id} (test/contract/harnesses.ts)`)
        return harness
      },
      WAIVERS[id] ?? {},
    )
  })
}
