import { decimals, type Findings, type MappingSettings, unitCode } from '../../../core/index.ts'
import { isOneOf } from '../read/keys.ts'
import { optional, plain, type TableSource } from '../read/source.ts'
import type { NetSuiteSession } from '../session.ts'
import { decimal, flag, type Row, ref, text } from '../values.ts'
import { rowsOrNone } from './references.ts'
import type { Sent } from './sent.ts'

/** A unit of measure of a units type. */
export interface Unit {
  readonly id: string
  readonly unitsType: string | null
  readonly names: readonly string[]
  /** Base units in one of it. */
  readonly conversion: string
  readonly isBase: boolean
}

export interface Item {
  readonly id: string
  /** As SuiteQL has it: `InvtPart`, and `Purchase` of `NonInvtPart`. */
  readonly type: string | null
  readonly subtype: string | null
  readonly isLot: boolean
  readonly isSerial: boolean
  readonly unitsType: string | null
  readonly stockUnit: string | null
}

/** Items with the units that they may be counted in. */
export interface Goods {
  readonly items: ReadonlyMap<string, Item>
  readonly units: readonly Unit[]
}

const ITEMS: TableSource = {
  table: 'item',
  from: 'item i',
  columns: {
    id: plain('i.id'),
    itemtype: plain('i.itemtype'),
    subtype: optional(plain('i.subtype')),
    islotitem: optional(plain('i.islotitem')),
    isserialitem: optional(plain('i.isserialitem')),
    unitstype: optional(plain('i.unitstype')),
    stockunit: optional(plain('i.stockunit')),
  },
  key: ['id'],
}

const UNITS: TableSource = {
  table: 'unitstypeuom',
  from: 'unitstypeuom u',
  columns: {
    internalid: plain('u.internalid'),
    unitstype: plain('u.unitstype'),
    unitname: plain('u.unitname'),
    abbreviation: optional(plain('u.abbreviation')),
    conversionrate: plain('u.conversionrate'),
    baseunit: optional(plain('u.baseunit')),
  },
  key: ['internalid'],
}

/** One request holds this many ids. */
const MOST_IDS = 500

export async function goodsOf(session: NetSuiteSession, ids: readonly string[], signal: AbortSignal): Promise<Goods> {
  const wanted = [...new Set(ids)]
  const rows: Row[] = []
  for (let from = 0; from < wanted.length; from += MOST_IDS)
    rows.push(...(await rowsOrNone(session, ITEMS, [isOneOf('i.id', wanted.slice(from, from + MOST_IDS))], signal)))
  const items = new Map(rows.map((row) => [ref(row['id']) ?? '', itemOf(row)]))
  const hasUnits = [...items.values()].some(({ unitsType }) => unitsType !== null)
  return { items, units: hasUnits ? await unitsOf(session, signal) : [] }
}

const itemOf = (row: Row): Item => ({
  id: ref(row['id']) ?? '',
  type: text(row['itemtype']),
  subtype: text(row['subtype']),
  isLot: flag(row['islotitem']) === true,
  isSerial: flag(row['isserialitem']) === true,
  unitsType: ref(row['unitstype']),
  stockUnit: ref(row['stockunit']),
})

/** None where the account has no units, or does not show them. */
export async function unitsOf(session: NetSuiteSession, signal: AbortSignal): Promise<readonly Unit[]> {
  const rows = await rowsOrNone(session, UNITS, [], signal)
  return rows.map((row) => ({
    id: ref(row['internalid']) ?? '',
    unitsType: ref(row['unitstype']),
    names: [text(row['unitname']), text(row['abbreviation'])].filter((name) => name !== null),
    conversion: decimal(row['conversionrate']) ?? '1',
    isBase: flag(row['baseunit']) === true,
  }))
}

/** Codes that mean a single thing: what goods without a unit are counted in. */
const SINGLE = new Set(['EA', 'H87', 'C62'])

/** The unit that a line is told in; neither given = the item's own. null = the item has none. */
export function unitIn(
  sent: Sent,
  item: Item | undefined,
  { units }: Goods,
  mapping: MappingSettings,
  findings: Findings,
): Unit | null {
  if (item === undefined) return null
  const [native, code] = [sent.text('source_unit'), sent.text('unit')]
  const own = units.filter((unit) => unit.unitsType === item.unitsType)
  if (item.unitsType !== null && own.length === 0) {
    findings.add(`${sent.at}unit`, 'UNIT_UNKNOWN', `NetSuite does not show this role the units of item ${item.id}`)
    return null
  }
  if (native === null && code === null) return own.find(({ id }) => id === item.stockUnit) ?? null
  if (item.unitsType === null && native === null && SINGLE.has(code ?? '')) return null
  const found = matching(own, native, code, mapping)
  if (found === null)
    findings.add(
      `${sent.at}${native === null ? 'unit' : 'source_unit'}`,
      'UNIT_UNKNOWN',
      `item ${item.id} is not counted in ${native ?? code}`,
    )
  return found
}

/** By name, else by code. */
export function matching(
  units: readonly Unit[],
  native: string | null,
  code: string | null,
  mapping: MappingSettings,
): Unit | null {
  const wanted = native?.trim().toLowerCase()
  const fits = ({ names }: Unit) =>
    wanted === undefined
      ? names.some((name) => unitCode(name, mapping.units) === code)
      : names.some((name) => name.toLowerCase() === wanted)
  return units.find(fits) ?? null
}

/** A quantity of one unit in another; the same where one of them is not known. */
export const converted = (quantity: string, from: Unit | null, to: Unit | null): string =>
  from === null || to === null || from.id === to.id
    ? quantity
    : (decimals.ratio([quantity, from.conversion], [to.conversion]) ?? quantity)
