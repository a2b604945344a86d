import { unifiedId } from '../../../core/index.ts'
import { withDatabase } from '../../../scripts/stack/postgres.ts'
import { stack, testTryton } from '../stack.ts'
import { readTruth, type TruthEntity } from '../tryton-truth.ts'
import type { TestedSystem } from './system.ts'

const CONNECTION_ID = 'erp'
export const TRYTON_ENTITIES: readonly TruthEntity[] = [
  'vendor',
  'item',
  'location',
  'stock_level',
  'purchase_order',
  'inventory_movement',
  'user',
]

/** A Tryton database of its own on the real server. */
export async function testedTryton(): Promise<
  TestedSystem & { readonly access: Awaited<ReturnType<typeof testTryton>> }
> {
  const access = await testTryton()
  const databaseUrl = withDatabase(stack().postgres, access.database)
  return {
    connectionId: CONNECTION_ID,
    system: 'tryton',
    settings: {
      base_url: access.url,
      database: access.database,
      username: access.user,
      password: access.password,
      page_size: 20,
    },
    entities: TRYTON_ENTITIES,
    access,
    async truth() {
      const options = { connectionId: CONNECTION_ID, company: 1, vendorScope: 'suppliers' } as const
      const found = await readTruth(databaseUrl, options)
      return Object.fromEntries(
        TRYTON_ENTITIES.map((entity) => [
          entity,
          new Map([...found[entity]].map(([key, facts]) => [unifiedId(CONNECTION_ID, entity, key.split('|')), facts])),
        ]),
      )
    },
    close: () => access.drop(),
  }
}
