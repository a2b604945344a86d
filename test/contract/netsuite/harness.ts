import { generateKeyPairSync } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { netsuite } from '../../../connectors/netsuite/index.ts'
import { type Sandbox, type SandboxOptions, startSandbox } from '../../../connectors/netsuite/sandbox/index.ts'
import type { EntityName, MappingSettings } from '../../../core/index.ts'
import type { Harness } from '../kit/harness.ts'
import { userWorld, vendorWorld } from './parties.ts'
import { createNames, createTables, type Removable } from './table.ts'
import { assetWorld, itemWorld, locationWorld, stockWorld } from './things.ts'
import { basisOf, movementWorld, purchaseOrderWorld, workOrderWorld } from './transactions.ts'
import { netsuiteWrites } from './writes.ts'

export interface NetSuiteHarness extends Harness {
  readonly sandbox: Sandbox
  /** Where `fill` makes its thousands of records. */
  readonly large: Sandbox
  drop(): Promise<void>
}

/** NetSuite's clock goes before ours by this much: nothing may depend on ours. */
const AHEAD_MS = 5 * 3_600_000 + 417

/** Not by `Date.now`, which tests set wrong. */
export const netsuiteTime = () => Math.floor(performance.timeOrigin + performance.now() + AHEAD_MS)

/** An account of small size: every rule reads all of it in pages of three. */
const SIZE = {
  vendors: 6,
  items: 8,
  locations: 3,
  employees: 5,
  purchaseOrders: 6,
  adjustments: 2,
  transfers: 2,
  workOrders: 6,
  otherTransactions: 2,
  cases: 2,
  tasks: 2,
  assets: 6,
  maintenance: 2,
  deletions: 2,
}

export const startNetSuite = (options: Partial<SandboxOptions> = {}): Promise<Sandbox> =>
  startSandbox({ size: SIZE, now: netsuiteTime, ...options })

const ASSET_FIELDS = [
  'asset_number=custrecord_asset_number',
  'description=custrecord_asset_description',
  'asset_type=custrecord_asset_type:text',
  'status=custrecord_asset_status:text',
  'criticality=custrecord_asset_criticality:text',
  'parent_id=custrecord_asset_parent',
  'location_id=custrecord_asset_location',
  'manufacturer=custrecord_asset_manufacturer',
  'serial_number=custrecord_asset_serial',
  'vendor_id=custrecord_asset_vendor',
  'acquired_date=custrecord_asset_acquired',
  'acquisition_cost=custrecord_asset_cost',
]

/** By certificate, as the README of the connector recommends it. */
export const certificateConfig = ({ origin, account, credentials }: Sandbox): Harness['config'] => ({
  account_id: account.id,
  base_url: origin,
  client_id: credentials.clientId,
  certificate_id: credentials.certificateId,
  private_key: credentials.privateKey,
  asset_source: 'custom_record:customrecord_asset',
  asset_fields: ASSET_FIELDS,
})

/** By token, which NetSuite is going to end. */
export const tokenConfig = ({ origin, account, credentials }: Sandbox): Harness['config'] => ({
  account_id: account.id,
  base_url: origin,
  auth: 'token',
  consumer_key: credentials.consumerKey,
  consumer_secret: credentials.consumerSecret,
  token_id: credentials.tokenId,
  token_secret: credentials.tokenSecret,
  asset_source: 'custom_record:customrecord_asset',
  asset_fields: ASSET_FIELDS,
})

export const mappingOf = ({ account }: Sandbox): MappingSettings => ({
  connectionId: 'works',
  system: 'netsuite',
  timeZone: 'UTC',
  currency: 'EUR',
  language: 'en',
  units: {},
  remaps: {},
  customFields: [],
  settings: { account_id: account.id, quantities_in: 'base-unit' },
})

/** What its users do to an account, stream by stream. */
export function worldsOf({ store, switches }: Sandbox, now = netsuiteTime) {
  const names = createNames()
  const tables = createTables(store, now)
  const common = basisOf(tables)
  const worlds = {
    vendor: vendorWorld(tables, names, switches),
    item: itemWorld(tables, names, switches),
    location: locationWorld(tables, names, switches),
    stock_level: stockWorld(tables, names, switches),
    purchase_order: purchaseOrderWorld(tables, names, switches, common),
    inventory_movement: movementWorld(tables, names, switches, common),
    work_order: workOrderWorld(tables, names, switches, common),
    asset: assetWorld(tables, names, switches),
    user: userWorld(tables, names, switches),
  } satisfies { readonly [E in EntityName]: Removable }
  return { worlds, tables }
}

const strangeKey = () =>
  generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()

function without(config: Harness['config'], field: string): Harness['config'] {
  const { [field]: _left, ...rest } = config
  return rest
}

/** Repeats wait for a random part of their pause: for none of it, until the returned function is called. */
function hurry(): () => void {
  const { random } = Math
  Math.random = () => 0
  return () => {
    Math.random = random
  }
}

export async function netsuiteHarness(): Promise<NetSuiteHarness> {
  const calm = hurry()
  const [sandbox, empty, large, written] = await Promise.all([
    startNetSuite(),
    startNetSuite({ size: 0 }),
    startNetSuite({ size: 0 }),
    startNetSuite({ size: 0 }),
  ])
  const mapping = mappingOf(sandbox)
  const config = certificateConfig(sandbox)
  const token = tokenConfig(sandbox)
  const { credentials } = sandbox
  const { worlds } = worldsOf(sandbox)
  const { worlds: largeWorlds } = worldsOf(large)
  let turn = 0
  return {
    sandbox,
    large,
    connector: netsuite,
    config,
    mapping,
    writes: netsuiteWrites(written, certificateConfig(written), mapping),
    readme: readFileSync(new URL('../../../connectors/netsuite/README.md', import.meta.url), 'utf8'),
    vocabularies: /^(status|statusname|type|itemtype|priority|locationtype|locationtypename|asset_type|criticality)$/,
    wrongConfigs: [
      { title: 'unknown client', config: { ...config, client_id: 'f'.repeat(64) }, names: /client_id/ },
      { title: 'unknown certificate', config: { ...config, certificate_id: 'trbXX' }, names: /certificate_id/ },
      { title: "another certificate's key", config: { ...config, private_key: strangeKey() }, names: /private_key/ },
      { title: 'a key that is none', config: { ...config, private_key: 'no-such-secret-9' }, names: /private_key/ },
      { title: 'no key', config: without(config, 'private_key'), names: /set private_key/ },
      { title: 'an algorithm for other keys', config: { ...config, algorithm: 'PS256' }, names: /algorithm/ },
      {
        title: 'wrong token secret',
        config: { ...token, token_secret: 'no-such-secret-8' },
        names: /token_secret.*Login Audit Trail/,
      },
      {
        title: 'wrong consumer secret',
        config: { ...token, consumer_secret: 'no-such-secret-7' },
        names: /consumer_secret/,
      },
      { title: 'another account', config: { ...token, account_id: '7654321' }, names: /account_id/ },
      { title: 'no account id', config: { ...config, account_id: 'Nordhafen GmbH' }, names: /account_id/ },
      {
        title: 'an address without NetSuite',
        config: { ...config, base_url: `${sandbox.origin}/nowhere` },
        names: /base_url/,
      },
      { title: 'a time zone that is none', config: { ...config, time_zone: 'Mars/Olympus' }, names: /time_zone/ },
    ],
    async expireSessions() {
      sandbox.expireTokens()
    },
    async rotateSecret() {
      turn = 1 - turn
      sandbox.uploadCertificate(credentials.certificateId, credentials.privateKey)
      if (turn === 0) return config
      sandbox.revokeCertificate(credentials.certificateId)
      return { ...config, certificate_id: credentials.rsaCertificateId, private_key: credentials.rsaPrivateKey }
    },
    isLogin: ({ body }) => body.includes('grant_type='),
    systemTime: async () => netsuiteTime(),
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
      calm()
      await Promise.all([sandbox, empty, large, written].map((each) => each.close()))
    },
  }
}
