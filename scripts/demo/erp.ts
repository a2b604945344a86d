/** The demo's ERP: a seeded Tryton, and people who work in it. */
import type { Addresses, TrytonAccess } from '../stack/addresses.ts'
import { createTrytonDatabase, dropTrytonDatabase } from '../stack/tryton.ts'
import { createActivity, type Done, keepActive } from '../tryton/activity.ts'
import { DEMO, type SeedSizes, seedTryton } from '../tryton/seed.ts'

const DATABASE = 'tributary_demo'

/** The demo database of the stack's Tryton. `seeded`: it is there from an earlier start and is left as it is. */
export async function openErp(
  addresses: Addresses,
  seeded: boolean,
  say: (line: string) => void,
  sizes: SeedSizes = DEMO,
): Promise<TrytonAccess> {
  if (addresses.tryton === undefined)
    throw new Error(
      'this stack has no Tryton: scripts/system-packages.sh installs it (Debian packages tryton-server and modules)',
    )
  if (seeded) return { ...addresses.tryton, database: DATABASE }
  say(`Tryton: seeding ${sizes.vendors} vendors, ${sizes.items} items, ${sizes.purchases} purchases through its API …`)
  // What an interrupted seed left behind is not the demo's data.
  await dropTrytonDatabase(addresses, DATABASE)
  const access = await createTrytonDatabase(addresses, DATABASE)
  await seedTryton(access, { ...sizes, onProgress: (line) => say(`  ${line}`) })
  return access
}

/** Works until the signal aborts; reports what was done. */
export async function workInErp(
  erp: TrytonAccess,
  perSecond: number,
  signal: AbortSignal,
  onDone: (done: Done) => void,
): Promise<void> {
  const activity = await createActivity(erp, { seed: Date.now() % 1_000_000 })
  await keepActive(activity, perSecond, signal, onDone)
}
