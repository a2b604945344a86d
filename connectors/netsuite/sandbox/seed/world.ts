import { type Account, hasFeature } from '../account.ts'
import { CURRENCIES, type Currency } from './currencies.ts'
import { type Location, makeLocations } from './locations.ts'
import { createRandom, type Random } from './random.ts'
import type { Size } from './size.ts'
import { type Calendar, createCalendar, DAY, wholeSecond } from './times.ts'

/** What the makers of all objects share. Everything in it follows from seed, size, now and account. */
export interface World {
  readonly size: Size
  /** The moment of seeding; nothing is younger. */
  readonly now: number
  readonly calendar: Calendar
  readonly oneWorld: boolean
  /** The base currency first; only that one in an account without several. */
  readonly currencies: readonly Currency[]
  readonly locations: readonly Location[]
  /** Those that hold stock. */
  readonly stores: readonly Location[]
  random(kind: string, index: number): Random
  /** When the object came and when it last changed: spread over two years, in whole seconds. */
  stamps(kind: string, index: number, count: number): Stamps
  /** A value for each custom field of the table, some left empty. */
  customValues(table: string, dice: Random): { [column: string]: string | number | boolean }
}

export interface Stamps {
  readonly created: number
  /** Never before `created`; equal to it when the object was not touched since. */
  readonly changed: number
}

/** How far back the data reaches. */
export const SPAN = 730 * DAY
const RUN = 1500

export interface WorldOptions {
  /** The same seed, size, now and account make the same rows. */
  readonly seed: number
  readonly size: Size
  /** Epoch ms; no object is younger. */
  readonly now: number
  readonly account: Account
}

export function createWorld({ seed, size, now: at, account }: WorldOptions): World {
  const now = wholeSecond(at)
  const random = (kind: string, index: number): Random => createRandom(seed, kind, index)
  const base = CURRENCIES.find((it) => it.symbol === account.baseCurrency)
  if (base === undefined) throw new Error(`no exchange rates for a base currency ${account.baseCurrency}`)
  const others = hasFeature(account, 'MULTICURRENCY') ? CURRENCIES.filter((it) => it !== base) : []
  const currencies = [base, ...others]
  const locations = makeLocations(size.locations, account.oneWorld && others.length > 0)
  const calendar = createCalendar(account.timeZone)
  return {
    size,
    now,
    calendar,
    oneWorld: account.oneWorld,
    currencies,
    locations,
    stores: locations.filter((it) => it.holdsStock),
    random,
    stamps(kind, index, count) {
      const dice = random(`${kind} stamps`, index)
      const created = wholeSecond(now - SPAN + (SPAN * (index + dice.next())) / count)
      const run = importRun(count)
      if (index >= run.from && index < run.to) return { created, changed: now - SPAN + wholeSecond(SPAN * 0.8) }
      if (dice.chance(0.25)) return { created, changed: created }
      return { created, changed: wholeSecond(created + (now - created) * dice.next() ** 2) }
    },
    customValues(table, dice) {
      const values: { [column: string]: string | number | boolean } = {}
      for (const field of account.customFields) {
        if (field.table !== table || dice.chance(0.4)) continue
        if (field.type === 'bool') values[field.name] = dice.chance(0.3)
        else if (field.type === 'integer') values[field.name] = dice.int(1, 60)
        else if (field.type === 'number') values[field.name] = `${dice.int(0, 99)}.25`
        else if (field.type === 'date') values[field.name] = calendar.day(now - dice.int(0, 700) * DAY)
        else if (field.type === 'datetime') values[field.name] = now - dice.int(0, 700) * DAY
        else values[field.name] = dice.pick(['Süd', 'P-0001.Ü', "O'Neill", 'line 4 "north"'])
      }
      return values
    },
  }
}

/** The objects that one import touched within one second: more than a page of them when there are enough. */
function importRun(count: number): { from: number; to: number } {
  const from = Math.floor(count * 0.25)
  return { from, to: from + Math.min(RUN, Math.floor(count * 0.4)) }
}
