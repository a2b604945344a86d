import { once } from 'node:events'
import { startSandboxProcess } from './sandbox.ts'
import { sapFacts } from './sap-s4hana-facts.ts'
import type { DemoSystem } from './system.ts'

const CONNECTION = 'demo-sap'
const LOGIN = { user: 'TRIBUTARY', password: 'Welcome-1' }
const ORDERS = 2000
const CHANGE_EVERY = '3s'
const SERVICES = '/sap/opu/odata/sap'

/** The sandbox of SAP S/4HANA; it changes by itself. */
export const sapS4Hana: DemoSystem = {
  id: 'sap-s4hana',
  title: 'SAP S/4HANA',
  connectionId: CONNECTION,
  parts: [],
  async open({ dir, filled, atWork, say }) {
    say(
      `SAP S/4HANA: starting the sandbox${filled ? '' : `, with ${ORDERS} purchase orders and what belongs to them`} …`,
    )
    const activity = atWork ? ['--activity', CHANGE_EVERY] : []
    const sandbox = await startSandboxProcess(
      'sap-s4hana',
      { dir, filled },
      ['--orders', String(ORDERS), ...activity],
      `${SERVICES}/API_PLANT_SRV/$metadata`,
    )
    const root = `${sandbox.origin}${SERVICES}`
    const example = `${root}/API_BUSINESS_PARTNER/A_Supplier?$top=3&$format=json`
    return {
      connection: {
        settings: {
          base_url: sandbox.origin,
          sap_client: '100',
          username: LOGIN.user,
          password: '${SAP_PASSWORD}',
        },
        windowDays: null,
        streams: {
          vendor: { pollEveryMs: 2000, sweepEveryMs: 60_000, refreshEveryMs: 120_000 },
          item: { pollEveryMs: 2000, sweepEveryMs: 60_000, refreshEveryMs: 120_000 },
          location: { pollEveryMs: 30_000 },
          stock_level: { pollEveryMs: 5000, sweepEveryMs: 60_000 },
          purchase_order: { pollEveryMs: 2000, sweepEveryMs: 60_000, refreshEveryMs: 120_000 },
          inventory_movement: { pollEveryMs: 2000 },
          work_order: { pollEveryMs: 2000, sweepEveryMs: 60_000 },
          asset: { pollEveryMs: 2000, sweepEveryMs: 60_000 },
          user: { pollEveryMs: 5000, sweepEveryMs: 60_000 },
        },
        mapping: { timeZone: 'UTC', currency: 'EUR' },
      },
      secrets: { SAP_PASSWORD: LOGIN.password },
      hints: [['SAP', `curl -u ${LOGIN.user}:${LOGIN.password} '${example}'`]],
      facts: () => sapFacts(root, LOGIN, CONNECTION),
      /** It works by itself, from its start. */
      async work(signal) {
        if (!signal.aborted) await once(signal, 'abort')
      },
      stop: () => sandbox.stop(),
    }
  },
}
