import {
  type Activity,
  type ActivitySwitches,
  createActivity,
} from '../../../../../connectors/sap-s4hana/sandbox/activity/index.ts'
import type { Row } from '../../../../../connectors/sap-s4hana/sandbox/model.ts'
import type { Store } from '../../../../../connectors/sap-s4hana/sandbox/store.ts'
import { NOW, seededStore } from './seeded.ts'

export interface Plant {
  store: Store
  activity: Activity
  clock: { now: number }
}

/** A system five hours after its seed; every test has one of its own. */
export function plant(switches: Partial<ActivitySwitches> = {}, size = 60): Plant {
  const clock = { now: NOW }
  const store = seededStore(size, { clock })
  clock.now += 5 * 3_600_000 + 250
  const activity = createActivity(store, {
    seed: 7,
    now: () => clock.now,
    timeZone: 'UTC',
    switches: { ...USUAL, ...switches },
  })
  return { store, activity, clock }
}

const USUAL: ActivitySwitches = {
  lateCommitMs: 0,
  headerMovesWithItems: true,
  changeDateNullUntilChange: false,
  zeroStockRows: true,
}

/** The rows of a set that have the value in the column. */
export function rowsOf(store: Store, service: string, name: string, column: string, value: string): Row[] {
  return store.select(store.set(service, name), { where: { sql: `"${column}" = ?`, params: [value] } })
}
