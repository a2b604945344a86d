import { readFileSync } from 'node:fs'
import { maintainx } from '../../../connectors/maintainx/index.ts'
import { type Sandbox, type SandboxOptions, startSandbox } from '../../../connectors/maintainx/sandbox/index.ts'
import type { EntityName, MappingSettings } from '../../../core/index.ts'
import { type Harness, never, open, type World } from '../kit/harness.ts'
import type { PushSide } from '../kit/pushing.ts'
import { createColleagues, createPlantClock, type PlantClock } from './plant.ts'
import { worldsOf } from './worlds.ts'
import { maintainxWrites } from './writes.ts'

/** MaintainX's clock goes before ours by this much: nothing may depend on ours. */
const AHEAD_MS = 5 * 3_600_000 + 417

/** Not by `Date.now`, which tests set wrong. */
const plantTime = () => Math.floor(performance.timeOrigin + performance.now() + AHEAD_MS)

/** A small plant: every rule reads all of it in pages of three. No limit of requests, which has tests of its own. */
const SIZE = { workOrders: 6, assets: 5, parts: 6, vendors: 4, users: 4, purchaseOrders: 5 }

const startPlant = (clock: PlantClock, options: Partial<SandboxOptions> = {}): Promise<Sandbox> =>
  startSandbox({
    size: SIZE,
    now: () => clock.now(),
    ...options,
    switches: { rateLimit: 0, organizationRateLimit: 0, ...options.switches },
  })

export const configOf = ({ url, token }: Sandbox): Harness['config'] => ({ base_url: url, api_key: token })

export const mapping: MappingSettings = {
  connectionId: 'works',
  system: 'maintainx',
  timeZone: 'UTC',
  currency: 'EUR',
  language: 'en',
  units: {},
  remaps: {},
  customFields: [],
  settings: {},
}

/** Repeats wait for a random part of their pause: for none of it, until the returned function is called. */
function hurry(): () => void {
  const { random } = Math
  Math.random = () => 0
  return () => {
    Math.random = random
  }
}

/** Streams of which each record takes a request. */
const DETAILED: ReadonlySet<string> = new Set(['vendor', 'purchase_order', 'user'])

export async function maintainxHarness(): Promise<Harness & { readonly sandbox: Sandbox; drop(): Promise<void> }> {
  const calm = hurry()
  const clock = createPlantClock(plantTime)
  const [sandbox, empty, large, written] = await Promise.all([
    startPlant(clock),
    startPlant(clock, { size: 0 }),
    startPlant(clock, { size: 0 }),
    startPlant(clock, { size: 0 }),
  ])
  const config = configOf(sandbox)
  const { worlds, doings } = worldsOf(createColleagues(sandbox, clock))
  const { worlds: largeWorlds } = worldsOf(createColleagues(large, clock))
  for (const resource of ['users', 'locations'] as const)
    for (const { id } of empty.truth(resource)) empty.store.erase(resource, id)
  const { organizationIds } = sandbox
  const [user] = sandbox.truth('users')
  let turn = 0
  const tokens = [sandbox.token, 'mx-another-secret-key']

  async function subscribe(url: string) {
    const { session } = await open(harness)
    const { subscriptions } = maintainx.webhook ?? {}
    if (subscriptions === undefined) throw new Error('there is nothing to subscribe with')
    const entities = Object.keys(maintainx.streams) as EntityName[]
    const standing = await subscriptions.ensure(session as never, { url, entities }, [], never())
    return {
      secrets: standing.flatMap(({ secret }) => (secret === null ? [] : [secret])),
      end: () => subscriptions.remove(session as never, standing, never()),
    }
  }

  /** Thousands of records are in a plant of their own; not where each takes a request. */
  function elsewhere(entity: string, world: World): World {
    const rest = Object.fromEntries(Object.entries(world).filter(([name]) => name !== 'fill')) as unknown as World
    if (DETAILED.has(entity)) return rest
    return {
      ...rest,
      async fill(count) {
        await largeWorlds[entity as keyof typeof largeWorlds].fill?.(count + 1)
        return configOf(large)
      },
    }
  }

  const pushes: PushSide = { subscribe, doings }
  const harness: Harness & { readonly sandbox: Sandbox; drop(): Promise<void> } = {
    sandbox,
    connector: maintainx,
    config,
    mapping,
    pushes,
    writes: maintainxWrites(written, configOf(written), mapping),
    readme: readFileSync(new URL('../../../connectors/maintainx/README.md', import.meta.url), 'utf8'),
    vocabularies: /^(status|priority|type|role)$/,
    wrongConfigs: [
      { title: 'a key that is none', config: { ...config, api_key: 'no-such-secret-9' }, names: /api_key/ },
      { title: 'another organization', config: { ...config, organization_id: 999 }, names: /organization/ },
      {
        title: 'an address without MaintainX',
        config: { ...config, base_url: `${sandbox.origin}/nowhere` },
        names: /base_url/,
      },
    ],
    // a key is good until it is revoked
    async expireSessions() {},
    async rotateSecret() {
      const [old = '', fresh = ''] = turn === 0 ? tokens : tokens.toReversed()
      turn = 1 - turn
      sandbox.access.add({ token: fresh, userId: user?.id ?? 0, organizationIds })
      sandbox.access.revoke(old)
      return { ...config, api_key: fresh }
    },
    isLogin: () => false,
    systemTime: async () => plantTime(),
    empty: configOf(empty),
    worlds: Object.fromEntries(Object.entries(worlds).map(([entity, world]) => [entity, elsewhere(entity, world)])),
    async drop() {
      calm()
      await Promise.all([sandbox, empty, large, written].map((each) => each.close()))
    },
  }
  return harness
}
