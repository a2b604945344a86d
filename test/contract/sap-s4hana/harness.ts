import { readFileSync } from 'node:fs'
import { sapS4Hana } from '../../../connectors/sap-s4hana/index.ts'
import { createActivity } from '../../../connectors/sap-s4hana/sandbox/activity/index.ts'
import { type Sandbox, type SandboxOptions, startSandbox } from '../../../connectors/sap-s4hana/sandbox/index.ts'
import type { EntityName, MappingSettings } from '../../../core/index.ts'
import type { Harness, World } from '../kit/harness.ts'
import { movementWorld, purchaseOrderWorld, workOrderWorld } from './documents.ts'
import { userWorld, vendorWorld } from './partners.ts'
import { createNames, createTables } from './table.ts'
import { sapWrites } from './writes/index.ts'
import { assetWorld, itemWorld, locationWorld, stockWorld } from './things.ts'

export interface SapHarness extends Harness {
  readonly sandbox: Sandbox
  /** Where `fill` makes its thousands of records. */
  readonly large: Sandbox
  readonly activity: ReturnType<typeof createActivity>
  /** Settings of the technical user, by user and password instead of OAuth. */
  readonly basic: Harness['config']
  drop(): Promise<void>
}

/** SAP's clock goes before ours by this much: nothing may depend on ours. */
const AHEAD_MS = 5 * 3_600_000 + 417

/** Not by `Date.now`, which tests set wrong. */
export const sapTime = () => Math.floor(performance.timeOrigin + performance.now() + AHEAD_MS)

/** A plant of small size: every rule reads all of it in pages of three. */
const SIZE = {
  vendors: 8,
  items: 6,
  plants: 2,
  purchaseOrders: 8,
  materialDocuments: 8,
  equipment: 6,
  functionalLocations: 6,
  maintenanceOrders: 8,
  users: 5,
}

const CLIENT = { id: 'tributary', secret: 's3cret-client-0', user: 'TRIBUTARY' }
const PASSWORD = 'Welcome-1-Quay'

export const startSap = (options: Partial<SandboxOptions> = {}): Promise<Sandbox> =>
  startSandbox({
    size: SIZE,
    now: sapTime,
    users: [
      { name: 'TRIBUTARY', password: PASSWORD },
      { name: 'VISITOR', password: 'Guest-book-7' },
      { name: 'LOCKED', password: 'Locked-out-1', locked: true },
    ],
    ...options,
  })

export const basicConfig = ({ origin }: Sandbox): Harness['config'] => ({
  base_url: origin,
  sap_client: '100',
  username: 'TRIBUTARY',
  password: PASSWORD,
})

export const mappingOf = (sandbox: Sandbox): MappingSettings => ({
  connectionId: 'works',
  system: 'sap-s4hana',
  timeZone: 'UTC',
  currency: 'EUR',
  language: 'en',
  units: {},
  remaps: {},
  customFields: [],
  settings: { base_url: sandbox.origin, sap_client: '100' },
})

/** What its users do to a sandbox, stream by stream. */
export function worldsOf(sandbox: Sandbox, names = createNames()) {
  const { store, switches } = sandbox
  const tables = createTables(store, sapTime)
  const activity = createActivity(store, { seed: 5, now: sapTime, timeZone: 'UTC', switches })
  const worlds = {
    vendor: vendorWorld(tables, names, activity.archive),
    item: itemWorld(tables, names, activity.archive),
    location: locationWorld(tables, names, switches),
    stock_level: stockWorld(tables, names),
    purchase_order: purchaseOrderWorld(tables, names, activity.archive),
    work_order: workOrderWorld(tables, names, activity.archive),
    asset: assetWorld(tables, names, activity.archive),
    inventory_movement: movementWorld(tables, names),
    user: userWorld(tables, names, activity.archive),
  } satisfies { readonly [E in EntityName]: World }
  return { worlds, activity, tables }
}

function without(config: Harness['config'], field: string): Harness['config'] {
  const { [field]: _left, ...rest } = config
  return rest
}

export async function sapHarness(): Promise<SapHarness> {
  const client = { ...CLIENT }
  const [sandbox, empty, large, written] = await Promise.all([
    startSap({ oauthClients: [client] }),
    startSap({ oauthClients: [client], size: 0 }),
    startSap({ oauthClients: [client], size: 0 }),
    startSap({ size: 60, now: Date.now }),
  ])
  const basic = basicConfig(sandbox)
  const config = {
    base_url: sandbox.origin,
    sap_client: '100',
    auth: 'oauth-client-credentials',
    client_id: client.id,
    client_secret: client.secret,
  }
  const { worlds, activity } = worldsOf(sandbox)
  const { worlds: largeWorlds } = worldsOf(large)
  const mapping = mappingOf(sandbox)
  let turn = 0
  return {
    sandbox,
    large,
    activity,
    basic,
    connector: sapS4Hana,
    config,
    mapping,
    writes: await sapWrites(written, basicConfig(written), mapping.connectionId),
    readme: readFileSync(new URL('../../../connectors/sap-s4hana/README.md', import.meta.url), 'utf8'),
    vocabularies: /(Status|StatusText|Type|Code|Category|Procedure|Priority|PriorityType)$/,
    wrongConfigs: [
      {
        title: 'wrong client secret',
        config: { ...config, client_secret: 'no-such-secret-9' },
        names: /client_id, client_secret/,
      },
      {
        title: 'unknown user',
        config: { ...basic, username: 'NOBODY', password: 'no-such-secret-8' },
        names: /user NOBODY in client 100.*user or password/,
      },
      {
        title: 'wrong password',
        config: { ...basic, username: 'VISITOR', password: 'no-such-secret-7' },
        names: /user VISITOR in client 100.*user or password/,
      },
      {
        title: 'locked user',
        config: { ...basic, username: 'LOCKED', password: 'Locked-out-1' },
        names: /user LOCKED.*locked/,
      },
      { title: 'another client', config: { ...basic, sap_client: '200' }, names: /client 200/ },
      { title: 'no password', config: without(basic, 'password'), names: /set password/ },
      {
        title: 'an address without OData',
        config: { ...basic, base_url: `${sandbox.origin}/nowhere` },
        names: /no OData service.*check the address/,
      },
      {
        title: 'a time zone that is none',
        config: { ...basic, system_time_zone: 'Mars/Olympus' },
        names: /system_time_zone.*Mars\/Olympus/,
      },
    ],
    async expireSessions() {
      sandbox.expireSessions()
    },
    async rotateSecret() {
      turn = 1 - turn
      client.secret = turn === 1 ? 's3cret-client-1' : CLIENT.secret
      return { ...config, client_secret: client.secret }
    },
    isLogin: ({ body }) => body.includes('grant_type='),
    systemTime: async () => sapTime(),
    empty: { ...config, base_url: empty.origin },
    worlds: Object.fromEntries(
      Object.entries(worlds).map(([entity, world]) => [
        entity,
        {
          ...world,
          async fill(count: number) {
            await largeWorlds[entity as EntityName].fill?.(count + 1)
            return { ...config, base_url: large.origin }
          },
        },
      ]),
    ),
    async drop() {
      await Promise.all([sandbox, empty, large, written].map((each) => each.close()))
    },
  }
}
