import { exchangeRate } from './currencies.ts'
import { rateText } from './decimals.ts'
import { SPAN, type World } from './world.ts'
import type { Writer } from './writer.ts'

/** A unit with its conversion to the base unit of its type, which comes first. */
export interface Unit {
  readonly id: number
  readonly name: string
  readonly plural: string
  readonly abbreviation: string
  readonly rate: string
}

const unit = (id: number, name: string, plural: string, abbreviation: string, rate = '1'): Unit => ({
  id,
  name,
  plural,
  abbreviation,
  rate,
})

export const UNITS: { readonly [type: string]: { readonly id: number; readonly units: readonly Unit[] } } = {
  Each: { id: 1, units: [unit(1, 'Each', 'Each', 'EA'), unit(2, 'Box of 10', 'Boxes of 10', 'BOX', '10')] },
  Weight: { id: 2, units: [unit(3, 'Kilogram', 'Kilograms', 'kg'), unit(4, 'Gram', 'Grams', 'g', '0.001')] },
  Length: { id: 3, units: [unit(5, 'Meter', 'Meters', 'm'), unit(6, 'Foot', 'Feet', 'ft', '0.3048')] },
  Volume: { id: 4, units: [unit(7, 'Liter', 'Liters', 'l'), unit(8, 'Gallon', 'Gallons', 'gal', '3.785412')] },
  Time: { id: 5, units: [unit(9, 'Hour', 'Hours', 'h'), unit(10, 'Day', 'Days', 'day', '8')] },
}

const TERMS: readonly (readonly [name: string, days: number, discount: number | null])[] = [
  ['Net 30', 30, null],
  ['Net 60', 60, null],
  ['2% 10 Net 30', 30, 2],
  ['Due on receipt', 0, null],
]

const DEPARTMENTS: readonly (readonly [name: string, parent: number | null])[] = [
  ['Purchasing', null],
  ['Maintenance', null],
  ['Elektrik & MSR', 2],
  ['Production', null],
]

const CATEGORIES = ['Spare parts', 'Dienstleister', 'Contractor', 'Raw "A" parts']
const ACCOUNTS: readonly (readonly [number: string, name: string, type: string])[] = [
  ['1200', 'Inventory Asset', 'OthCurrAsset'],
  ['5000', 'Cost of Goods Sold', 'COGS'],
  ['5010', 'Inventory Adjustment', 'COGS'],
  ['6400', 'Repairs & Maintenance', 'Expense'],
  ['4000', 'Sales', 'Income'],
]

export const ACCOUNT = { asset: 1, cogs: 2, adjustment: 3, expense: 4, income: 5 } as const
export const COUNTS = {
  terms: TERMS.length,
  departments: DEPARTMENTS.length,
  classes: 2,
  categories: CATEGORIES.length,
} as const

/** Inventory status of everything in bins. */
export const GOOD_STATUS = 1

/** The lists that everything else refers to. */
export function seedLists(world: World, { write }: Writer): void {
  const old = world.now - SPAN
  const [base] = world.currencies
  for (const [at, currency] of world.currencies.entries()) {
    write('currency', {
      id: at + 1,
      name: currency.name,
      symbol: currency.symbol,
      displaysymbol: currency.sign,
      isbasecurrency: at === 0,
      exchangerate: base === undefined ? '1' : rateText(exchangeRate(currency, base)),
      currencyprecision: currency.precision,
      isinactive: false,
      lastmodifieddate: old,
    })
  }
  if (world.oneWorld) seedSubsidiaries(world, write)
  for (const [at, [name, days, discount]] of TERMS.entries()) {
    write('term', { id: at + 1, name, isinactive: false, daysuntilnetdue: days, discountpercent: discount })
  }
  for (const [at, [name, parent]] of DEPARTMENTS.entries()) {
    const above = parent === null ? undefined : DEPARTMENTS[parent - 1]
    const fullname = above === undefined ? name : `${above[0]} : ${name}`
    write('department', { id: at + 1, name, fullname, parent, isinactive: false, lastmodifieddate: old })
  }
  for (const [at, name] of ['MRO', 'Production'].entries()) {
    write('classification', { id: at + 1, name, fullname: name, isinactive: false, lastmodifieddate: old })
  }
  for (const [at, name] of CATEGORIES.entries()) write('vendorcategory', { id: at + 1, name, isinactive: false })
  for (const [at, [acctnumber, name, accttype]] of ACCOUNTS.entries()) {
    const accountsearchdisplayname = `${acctnumber} ${name}`
    const row = { id: at + 1, acctnumber, accountsearchdisplayname, fullname: name, accttype }
    write('account', { ...row, isinactive: false, lastmodifieddate: old })
  }
  write('inventorystatus', { id: GOOD_STATUS, name: 'Good', isinactive: false })
  for (const [name, { id, units }] of Object.entries(UNITS)) {
    write('unitstype', { id, name, isinactive: false })
    for (const [at, it] of units.entries()) {
      write('unitstypeuom', {
        internalid: it.id,
        unitstype: id,
        unitname: it.name,
        pluralname: it.plural,
        abbreviation: it.abbreviation,
        pluralabbreviation: it.abbreviation,
        conversionrate: it.rate,
        baseunit: at === 0,
      })
    }
  }
  seedPeriods(world, write)
}

function seedSubsidiaries(world: World, write: Writer['write']): void {
  const countries = world.currencies.length > 1 ? ['DE', 'US'] : ['DE']
  for (const [at, country] of countries.entries()) {
    const name = at === 0 ? 'Parent Company' : 'Nordhafen US Inc.'
    write('subsidiary', {
      id: at + 1,
      name,
      fullname: at === 0 ? name : `Parent Company : ${name}`,
      legalname: at === 0 ? 'Nordhafen Manufacturing GmbH' : 'Nordhafen US, Inc.',
      parent: at === 0 ? null : 1,
      currency: subsidiaryCurrency(world, at + 1) + 1,
      country,
      iselimination: false,
      isinactive: false,
      lastmodifieddate: world.now - SPAN,
    })
  }
}

/** Place in `world.currencies` of a subsidiary's base currency. */
export function subsidiaryCurrency(world: World, subsidiary: number): number {
  if (subsidiary === 1 || world.currencies.length === 1) return 0
  const dollar = world.currencies.findIndex((it) => it.symbol === 'USD')
  return dollar <= 0 ? 1 : dollar
}

const FIRST_YEAR = 2000

/** The period of a date, for all dates of the seed and for the two years after it. */
export function periodOf(day: string): number {
  return (Number(day.slice(0, 4)) - FIRST_YEAR) * 12 + Number(day.slice(5, 7))
}

function seedPeriods(world: World, write: Writer['write']): void {
  const first = periodOf(world.calendar.day(world.now - SPAN))
  // one before the data begins is closed; the rest is open
  for (let id = first - 1; id <= first + 48; id++) {
    const month = new Date(Date.UTC(FIRST_YEAR, id - 1, 1))
    const start = month.toISOString().slice(0, 10)
    const end = new Date(Date.UTC(FIRST_YEAR, id, 0)).toISOString().slice(0, 10)
    write('accountingperiod', {
      id,
      periodname: `${month.toLocaleString('en-US', { month: 'short', timeZone: 'UTC' })} ${start.slice(0, 4)}`,
      startdate: start,
      enddate: end,
      closed: id < first,
      isposting: true,
      isquarter: false,
      isyear: false,
    })
  }
}
