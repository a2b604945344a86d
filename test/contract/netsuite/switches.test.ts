import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type Account, createAccount } from '../../../connectors/netsuite/sandbox/account.ts'
import { type Activity, NothingToDo } from '../../../connectors/netsuite/sandbox/activity/index.ts'
import type { Switches } from '../../../connectors/netsuite/sandbox/faults.ts'
import { type CycleOptions, startCycle, UNSEEN, UNSEEN_VENDORS } from './cycle.ts'
import { tokenConfig } from './harness.ts'

/*
 * What the reference calls unverified, and what goes wrong at times: the connector ends with every record as it is,
 * whichever way a real account does it. The defaults are the first line.
 */

// repeats without pauses
beforeEach(() => void vi.spyOn(Math, 'random').mockReturnValue(0))
afterEach(() => void vi.restoreAllMocks())

const BERLIN = { dateFormat: 'DD/MM/YYYY', timeZone: 'Europe/Berlin' } as const

const account = (changes: Partial<Account>, further: CycleOptions = {}): CycleOptions => ({
  ...further,
  sandbox: { account: changes },
})

/** The role sees all but these tables. */
const hiding = (...tables: string[]): Partial<Account> => {
  const [role, ...others] = createAccount().roles
  return role === undefined ? {} : { roles: [{ ...role, hiddenTables: new Set(tables) }, ...others] }
}

const without = (...features: string[]): Partial<Account> => {
  const left = new Set(createAccount().features)
  for (const feature of features) left.delete(feature)
  return { features: left }
}

const zoneOf = (time_zone: string): CycleOptions => ({ config: () => ({ time_zone }) })

const CASES: readonly (readonly [title: string, switches: Partial<Switches>, options?: CycleOptions])[] = [
  ['everything is as the reference has it', {}],
  ['dates are DD/MM/YYYY, the zone is Berlin', {}, account(BERLIN)],
  [
    'dates are D-MONTH-YYYY, the zone is Kolkata',
    {},
    account({ dateFormat: 'D-MONTH-YYYY', timeZone: 'Asia/Kolkata' }),
  ],
  ['there is one company only', {}, account({ oneWorld: false })],
  [
    'there is one company, one currency, no departments and no types of locations',
    {},
    account({ oneWorld: false, ...without('MULTICURRENCY', 'DEPARTMENTS', 'CLASSES', 'APPROVALROUTING') }),
  ],
  ['nothing has units, lots or bins', {}, account(without('UNITSOFMEASURE', 'LOTNUMBEREDINVENTORY', 'BINMANAGEMENT'))],
  ['taxes have totals', {}, account({ features: new Set([...createAccount().features, 'TAX_OVERHAUL']) })],
  ['null columns are sent as null', { sendNulls: true }],
  ['a status comes as PurchOrd:B', {}, account({ statusForm: 'prefixed' })],
  [
    'no table takes SYS_EXTRACT_UTC, the zone is Los Angeles',
    {},
    account({ withoutUtc: 'all' }, zoneOf('America/Los_Angeles')),
  ],
  [
    'no table takes SYS_EXTRACT_UTC, the zone is Berlin',
    {},
    account({ ...BERLIN, withoutUtc: 'all' }, zoneOf('Europe/Berlin')),
  ],
  [
    'transactions and vendors do not take SYS_EXTRACT_UTC',
    {},
    account({ withoutUtc: new Set(['transaction', 'vendor']) }, zoneOf('America/Los_Angeles')),
  ],
  ['deletedrecord is not for this role', {}, account(hiding('deletedrecord'))],
  [
    'small tables and links are not for this role, in other words',
    {},
    account({
      ...hiding('currency', 'unitstypeuom', 'subsidiary', 'itemvendor', 'previoustransactionlinelink'),
      unknownTable: 'search-type',
    }),
  ],
  ['deletions leave no trace', { recordDeletions: false }],
  ['changes become visible 40 seconds after their stamp', { lateCommitMs: 40_000 }],
  ['receipts and bills do not move the stamp of their order', { receiptsTouchOrders: false }, { without: UNSEEN }],
  ['expires_in is a text, a token is good for four requests', { expiresInAsText: true, expireTokensAfter: 4 }],
  ['logins are by token', {}, { config: tokenConfig }],
  ['every fifth request is one too many', { throttleEvery: 5 }],
  ['every fifth request is one too many, as older answers say it', { throttleEvery: 5, tooManyForm: 'top-level' }],
  ['others in the account leave one request at once', { heldRequests: 4 }],
  ['every seventh request ends in 500, errors name RFC 2616', { failEvery: 7, errorLinks: 'rfc2616' }],
  ['pages of more than 20 rows end in 504', { slowPagesAbove: 20 }],
  ['pages of more than 20 rows end in 500', { slowPagesAbove: 20, slowPageEnds: '500' }],
  ['answers break off at times', { truncateJson: 3 }],
  [
    'quantities come in the unit that the line names',
    {},
    { ...account({ quantitiesIn: 'named-unit' }), mapping: { quantities_in: 'named-unit' } },
  ],
]

function deleteSome(activity: Activity, tables: readonly Parameters<Activity['deleteRecord']>[0][]): void {
  for (const table of tables) {
    try {
      activity.deleteRecord(table)
    } catch (error) {
      // something else needs everything there
      if (!(error instanceof NothingToDo)) throw error
    }
  }
}

test.for(CASES)('%s: snapshot, increments and sweeps end with every record as it is', async ([, switches, options]) => {
  const cycle = await startCycle({ ...options, switches })
  try {
    const { activity } = cycle.sandbox
    await cycle.snapshot()
    for (let round = 0; round < 3; round++) {
      expect(activity.step(8, [...(options?.without ?? []), ...UNSEEN_VENDORS])).toHaveLength(8)
      deleteSome(activity, ['transaction', 'customrecord_asset'])
      cycle.pass(7_000)
      await cycle.increment()
    }
    // late commits
    cycle.pass(50_000)
    await cycle.increment()
    // what is deleted is known by its deletion, or by the next list of keys
    await cycle.sweep()
    expect(await cycle.differences()).toEqual([])

    activity.step(12)
    deleteSome(activity, ['vendor', 'item', 'transaction', 'employee', 'customrecord_asset'])
    cycle.pass(50_000)
    await cycle.snapshot()
    cycle.pass(50_000)
    await cycle.increment()
    await cycle.sweep()
    expect(await cycle.differences()).toEqual([])
  } finally {
    await cycle.close()
  }
})
