import {
  createManualClock,
  WEBHOOK_DEFAULTS,
  type WebhookDeliveryRecord,
  type WebhookState,
} from '../../../../../core/index.ts'
import { createFakeSystem, type FakeOptions } from '../../../../support/fake-connector.ts'
import { createSyncDriver } from '../../../../support/sync-driver.ts'

/** A connection with a webhook behind its first snapshot. */
export async function setUp(
  options: {
    readonly system?: Partial<FakeOptions>
    readonly driver?: Partial<Parameters<typeof createSyncDriver>[0]>
    readonly connection?: object
    readonly records?: number
  } = {},
) {
  const clock = createManualClock()
  const system = createFakeSystem({ now: () => clock.now(), ...options.system })
  const driver = createSyncDriver({ systems: [system], clock, ...options.driver })
  system.seed('vendor', options.records ?? 20, clock.now() - 36_000_000)
  const connection = { id: 'acme', webhook: WEBHOOK_DEFAULTS, ...options.connection }
  await driver.start()
  await driver.connect(connection)
  await driver.until(() => driver.state('acme', 'vendor')?.snapshotDone != null)
  let sent = 0
  const asked = (what: string) => system.requests.filter((request) => request.what === what).length
  return {
    clock,
    system,
    driver,
    connection,
    asked,
    reads: () => system.requests.flatMap(({ what, cursor }) => (what === 'one' ? cursor : [])),
    /** One delivery in Tributary's own form. */
    hint: (key: string | null, id = `d${++sent}`) => driver.push('acme', { id, body: { entity: 'vendor', key } }),
    published: () =>
      driver
        .changes('vendor')
        .map(({ source_id, operation, payload }) =>
          operation === 'DELETE' ? `-${source_id}` : `${source_id}=${JSON.parse(payload.toString()).name}`,
        ),
    deliveries: () => {
      const last = new Map<string, WebhookDeliveryRecord>()
      for (const { key, value } of driver.records('webhook-deliveries'))
        if (value === null) last.delete(key)
        else last.set(key, JSON.parse(value.toString()) as WebhookDeliveryRecord)
      return [...last.values()]
    },
    webhookState: (): WebhookState | null => {
      const value = driver.records('webhook-state').findLast(({ key }) => key === 'acme')?.value ?? null
      return value === null ? null : (JSON.parse(value.toString()) as WebhookState)
    },
    metric: async (name: string) => {
      const values = (await driver.metrics.registry.getSingleMetric(name)?.get())?.values ?? []
      return values.reduce((sum, { value }) => sum + value, 0)
    },
  }
}
