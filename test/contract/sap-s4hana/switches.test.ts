import { expect, test } from 'vitest'
import type { Switches } from '../../../connectors/sap-s4hana/sandbox/faults.ts'
import type { Sandbox } from '../../../connectors/sap-s4hana/sandbox/index.ts'
import { basicConfig } from './harness.ts'
import { type CycleOptions, startCycle, UNSEEN, UNSEEN_ITEMS } from './cycle.ts'

/*
 * What the reference calls unverified, and what goes wrong at times: the connector ends with every record as it is,
 * whichever way a real system does it. The defaults are the first line.
 */

const oauth = ({ origin }: Sandbox) => ({
  base_url: origin,
  auth: 'oauth-client-credentials',
  client_id: 'tributary',
  client_secret: 's3cret-client',
})

const SWITCHES: readonly (readonly [title: string, switches: Partial<Switches>, options?: CycleOptions])[] = [
  ['everything is as the reference has it', {}],
  ['numbers come with leading zeros', { padKeys: true }],
  ['decimals come padded to their scale', { decimalPadding: true }],
  ['there is no change date until the first change', { changeDateNullUntilChange: true }],
  ["an item that changes does not move its order's stamp", { headerMovesWithItems: false }],
  ['stock rows of zero go away', { zeroStockRows: false }],
  ['changes become visible 40 seconds after their stamp', { lateCommitMs: 40_000 }],
  ['addresses in answers name a host inside', { foreignNextHost: 'https://s4-inside.works.example:44300' }],
  [
    'the server gives seven rows however many are asked for',
    { pageLimits: { '*': { default: 7, max: 7 } }, foreignNextHost: 'http://s4-inside:8000' },
  ],
  ['every $skiptoken has expired', { pageLimits: { '*': { default: 3, max: 3 } }, skiptokenExpired: true }],
  [
    'ETags are wanted where they are not, and not where they are',
    { etagRequired: { A_PurchaseOrder: true, MaintenanceOrder: false } },
  ],
  ['status texts are German unless asked otherwise', { statusLanguage: 'DE' }],
  ['errors come as XML', { xmlErrors: true }],
  ['a bearer token is good for four requests', { expireSessionsAfter: 4 }, { config: oauth }],
  [
    'bearer tokens need no CSRF token, and tokens belong to a service',
    { bearerNeedsCsrf: false, csrfPerService: true },
    { config: oauth },
  ],
  ['every fifth request is refused with 503', { throttleEvery: { every: 5, status: 503, retryAfter: '0' } }],
  ['every fifth request ends in a short dump', { failEvery: 5 }],
  [
    'the system is in another time zone',
    {},
    {
      sandbox: { timeZone: 'America/New_York' },
      config: (sandbox) => ({ ...basicConfig(sandbox), system_time_zone: 'America/New_York' }),
    },
  ],
]

test.for(SWITCHES)(
  '%s: snapshot, increments and sweeps end with every record as it is',
  async ([, switches, options]) => {
    const cycle = await startCycle({ ...options, switches })
    try {
      const { activity } = cycle
      const unseen = switches.headerMovesWithItems === false ? [...UNSEEN, ...UNSEEN_ITEMS] : UNSEEN
      await cycle.snapshot()
      for (let round = 0; round < 3; round++) {
        expect(activity.step(8, unseen)).toHaveLength(8)
        cycle.pass(7_000)
        await cycle.increment()
      }
      // late commits
      cycle.pass(50_000)
      await cycle.increment()
      expect(await cycle.differences()).toEqual([])

      activity.step(12)
      for (const [set, service] of ARCHIVED) {
        const [row] = cycle.sandbox.store.select(cycle.sandbox.store.set(service, set), { limit: 1, offset: 2 })
        activity.archive(set, String(row?.[KEYS[set]]))
      }
      cycle.pass(50_000)
      await cycle.snapshot()
      cycle.pass(50_000)
      await cycle.increment()
      await cycle.sweep()
      expect(await cycle.differences()).toEqual([])
    } finally {
      await cycle.close()
    }
  },
)

const ARCHIVED = [
  ['A_PurchaseOrder', 'API_PURCHASEORDER_PROCESS_SRV'],
  ['A_BusinessPartner', 'API_BUSINESS_PARTNER'],
  ['A_Product', 'API_PRODUCT_SRV'],
  ['MaintenanceOrder', 'API_MAINTENANCEORDER'],
  ['Equipment', 'API_EQUIPMENT'],
  ['FunctionalLocation', 'API_FUNCTIONALLOCATION'],
] as const
const KEYS = {
  A_PurchaseOrder: 'PurchaseOrder',
  A_BusinessPartner: 'BusinessPartner',
  A_Product: 'Product',
  MaintenanceOrder: 'MaintenanceOrder',
  Equipment: 'Equipment',
  FunctionalLocation: 'FunctionalLocation',
} as const
