import { once } from 'node:events'
import { maintainxFacts } from './maintainx-facts.ts'
import { startSandboxProcess } from './sandbox.ts'
import type { DemoSystem } from './system.ts'

const CONNECTION = 'demo-maintainx'
const TOKEN = 'mx-sandbox-key'
const ORDERS = 500
const CHANGE_EVERY = '3s'

/** The sandbox of MaintainX; it changes by itself, and tells Tributary by webhooks. */
export const maintainx: DemoSystem = {
  id: 'maintainx',
  title: 'MaintainX',
  connectionId: CONNECTION,
  parts: [],
  async open({ dir, filled, atWork, say }) {
    say(`MaintainX: starting the sandbox${filled ? '' : `, with ${ORDERS} work orders and what belongs to them`} …`)
    const activity = atWork ? ['--activity', CHANGE_EVERY] : []
    const sandbox = await startSandboxProcess(
      'maintainx',
      { dir, filled },
      // a real account has 100 requests a minute: enough once the snapshot is there
      ['--orders', String(ORDERS), '--token', TOKEN, '--rate-limit', '0', ...activity],
      '/v1/organizations',
    )
    const root = `${sandbox.origin}/v1`
    return {
      connection: {
        settings: { base_url: root, api_key: '${MAINTAINX_KEY}' },
        windowDays: null,
        // what no event tells of is found by reading
        streams: {
          vendor: { pollEveryMs: 10_000, sweepEveryMs: 60_000 },
          item: { pollEveryMs: 5000, sweepEveryMs: 60_000 },
          location: { pollEveryMs: 10_000, sweepEveryMs: 60_000 },
          stock_level: { pollEveryMs: 5000, sweepEveryMs: 60_000 },
          purchase_order: { pollEveryMs: 5000, sweepEveryMs: 60_000 },
          work_order: { pollEveryMs: 5000, sweepEveryMs: 60_000 },
          asset: { pollEveryMs: 5000, sweepEveryMs: 60_000 },
          user: { pollEveryMs: 10_000, sweepEveryMs: 60_000 },
        },
        webhook: { pollEveryMs: 30_000 },
        mapping: { timeZone: 'UTC', currency: 'EUR' },
      },
      secrets: { MAINTAINX_KEY: TOKEN },
      hints: [
        ['MaintainX', `curl -H 'Authorization: Bearer ${TOKEN}' '${root}/workorders?limit=3'`],
        ['webhooks', `npm run tributary -- webhooks list ${CONNECTION}`],
      ],
      facts: () => maintainxFacts(root, TOKEN, CONNECTION),
      /** It works by itself, from its start. */
      async work(signal) {
        if (!signal.aborted) await once(signal, 'abort')
      },
      stop: () => sandbox.stop(),
    }
  },
}
