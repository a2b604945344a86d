import { existsDatabase } from '../stack/postgres.ts'
import { createTrytonDatabase, dropTrytonDatabase, TRYTON_MISSING } from '../stack/tryton.ts'
import { createActivity, keepActive } from '../tryton/activity.ts'
import { DEMO, seedTryton } from '../tryton/seed.ts'
import type { DemoSystem } from './system.ts'

const DATABASE = 'tributary_demo'
const STEPS_PER_SECOND = 0.5

/** A real Tryton of the stack, with a database of its own; people work in it through its API. */
export const tryton: DemoSystem = {
  id: 'tryton',
  title: 'Tryton',
  connectionId: 'plant',
  parts: ['tryton'],
  async open({ addresses, filled, say }) {
    if (addresses.tryton === undefined) throw new Error(TRYTON_MISSING)
    const access = { ...addresses.tryton, database: DATABASE }
    if (!filled || !(await existsDatabase(addresses.postgres, DATABASE))) {
      say(`Tryton: seeding ${DEMO.vendors} vendors, ${DEMO.items} items, ${DEMO.purchases} purchases through its API …`)
      // What an interrupted seed left behind is not the demo's data.
      await dropTrytonDatabase(addresses, DATABASE)
      await createTrytonDatabase(addresses, DATABASE)
      await seedTryton(access, { ...DEMO, onProgress: (line) => say(`  ${line}`) })
    }
    return {
      connection: {
        settings: {
          base_url: access.url,
          database: access.database,
          username: access.user,
          password: '${TRYTON_PASSWORD}',
        },
        windowDays: 90,
        streams: {
          vendor: { pollEveryMs: 2000, sweepEveryMs: 60_000 },
          item: { pollEveryMs: 2000, sweepEveryMs: 60_000 },
          purchase_order: { pollEveryMs: 2000, sweepEveryMs: 60_000 },
          stock_level: { pollEveryMs: 2000 },
          inventory_movement: { pollEveryMs: 2000, sweepEveryMs: 60_000 },
        },
        mapping: { timeZone: 'Europe/Berlin', currency: 'EUR' },
      },
      secrets: { TRYTON_PASSWORD: access.password },
      hints: [['Tryton', `${access.url}/${access.database}/ (user ${access.user}, password ${access.password})`]],
      facts: null,
      async work(signal, onDone) {
        const activity = await createActivity(access, { seed: Date.now() % 1_000_000 })
        await keepActive(activity, STEPS_PER_SECOND, signal, ({ action, refused }) => {
          if (refused === undefined) onDone(action)
        })
      },
      stop: async () => {},
    }
  },
}
