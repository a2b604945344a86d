import { decimals, type Page, type RawRecord, type ReadRange, type UndecodableRecord } from '../../../core/index.ts'
import { isRowsFault } from '../failures.ts'
import type { SapSession } from '../session.ts'
import { decimal, type Row, text } from '../values.ts'
import { afterOf, cursorAt } from './cursor.ts'
import { isOneOf, type Key, keyOf } from './filters.ts'
import { pageSizeOf } from './matching.ts'
import { onlyPlants } from './plants.ts'
import { keysOf, LARGEST_PAGE, nextRows, type Rows, type Wanted } from './rows.ts'
import type { SetSource } from './source.ts'

/**
 * SAP keeps stock by batch, stock type, special stock and its owner; a level is the sum of the rows that share material,
 * plant and storage location. Rows are paged by these three alone and the last level of a page is left for the next
 * one, so that the rows of a level always come from one answer: never half of them, never from two moments.
 */
export const levelSource: SetSource = {
  service: 'API_MATERIAL_STOCK_SRV',
  set: 'A_MatlStkInAcctMod',
  key: ['Material', 'Plant', 'StorageLocation'],
  sharesKeys: true,
  // special stock belongs to somebody else, or is kept for an order or project
  filter: "InventorySpecialStockType eq ''",
  select: [
    'Material',
    'Plant',
    'StorageLocation',
    'InventorySpecialStockType',
    'InventoryStockType',
    'MaterialBaseUnit',
    'MatlWrhsStkQtyInMatlBaseUnit',
  ],
}

/** What tells the rows of one level apart. */
const REST_OF_KEY = [
  'Batch',
  'InventoryStockType',
  'InventorySpecialStockType',
  'Supplier',
  'Customer',
  'WBSElementInternalID',
  'SDDocument',
  'SDDocumentItem',
]

export const ownPlants = (session: SapSession): SetSource => onlyPlants(levelSource, session.config)

export async function* readLevels(session: SapSession, range: ReadRange, signal: AbortSignal): AsyncGenerator<Page> {
  const source = ownPlants(session)
  const top = pageSizeOf(session, range)
  let after = afterOf(source, range)
  for (;;) {
    signal.throwIfAborted()
    const { found, page } = await nextLevels(session, source, { conditions: [], after, top }, signal)
    if (found.last === null && found.rows.length === 0) return
    after = page.after ?? after
    if (after === null) throw new TypeError(`stock rows without ${source.key.join(', ')}`)
    const { records, undecodable } = page
    const cursor = cursorAt(source, range.mode, after)
    yield { records, cursor, ...(undecodable.length === 0 ? {} : { undecodable }) }
    if (!found.more) return
  }
}

/** The levels of one answer; where SAP cannot give it because of one of them, each as far as it can be read. */
async function nextLevels(session: SapSession, source: SetSource, wanted: Wanted, signal: AbortSignal) {
  try {
    const found: Rows = await nextRows(session, source, wanted, signal)
    return { found, page: await levelsOf(session, found, signal) }
  } catch (error) {
    if (!isRowsFault(error)) throw error
    const probe = await nextRows(session, { ...source, select: source.key }, wanted, signal).catch(() => null)
    // nothing to tell apart: it is not the rows that are at fault
    if (probe === null || probe.last === null) throw error
    const keys = new Map(keysOf(source, probe.rows).map((key) => [nameOf(key), key]))
    // the last may go on in the next answer
    if (probe.more && keys.size > 1) keys.delete(nameOf(probe.last))
    const levels = await levelsApart(session, source, [...keys.values()], signal)
    const page = { ...sorted(levels), after: [...keys.values()].at(-1) ?? null }
    if (page.records.length === 0 && page.undecodable.length > 1) throw error
    return { found: probe, page }
  }
}

type Level = RawRecord | UndecodableRecord | null

async function levelsApart(
  session: SapSession,
  source: SetSource,
  keys: readonly Key[],
  signal: AbortSignal,
): Promise<readonly Level[]> {
  const [key] = keys
  if (key === undefined) return []
  if (keys.length === 1)
    return [await readLevel(session, key, signal).catch((error: unknown) => unreadable(key, error))]
  if (keys.length <= MOST_APART)
    try {
      const wanted = { conditions: [isOneOf(source.key, keys)], after: null, top: LARGEST_PAGE }
      const found: Rows = await nextRows(session, source, wanted, signal)
      if (!found.more) return grouped(found.rows).map(readable)
    } catch (error) {
      if (!isRowsFault(error)) throw error
    }
  const half = Math.ceil(keys.length / 2)
  const left = await levelsApart(session, source, keys.slice(0, half), signal)
  return [...left, ...(await levelsApart(session, source, keys.slice(half), signal))]
}

function unreadable(key: Key, error: unknown): UndecodableRecord {
  if (!isRowsFault(error)) throw error
  return { key: nameOf(key), raw: `${levelSource.set}(${key.join(',')})`, reason: (error as Error).message }
}

/** Levels asked for at once when they are told apart. */
const MOST_APART = 25

const sorted = (levels: readonly Level[]): Pick<Levels, 'records' | 'undecodable'> => ({
  records: levels.flatMap((level) => (level !== null && 'version' in level ? [level] : [])),
  undecodable: levels.flatMap((level) => (level !== null && 'reason' in level ? [level] : [])),
})

/** Rows level by level; rows without key alone, at the end. */
function grouped(rows: readonly Row[]): readonly (readonly Row[])[] {
  const groups = new Map<string, Row[]>()
  const keyless: Row[][] = []
  for (const row of rows) {
    const key = keyOf(levelSource.key, row)
    const name = key === null ? null : nameOf(key)
    const group = name === null ? undefined : groups.get(name)
    if (group !== undefined) group.push(row)
    else if (name === null) keyless.push([row])
    else groups.set(name, [row])
  }
  return [...groups.values(), ...keyless]
}

interface Levels {
  readonly records: readonly RawRecord[]
  readonly undecodable: readonly UndecodableRecord[]
  /** Levels up to this one are in. */
  readonly after: Key | null
}

/** Levels whose rows are all there; one that fills the answer alone is read to its end. */
async function levelsOf(session: SapSession, { rows, last, more }: Rows, signal: AbortSignal): Promise<Levels> {
  const groups = grouped(rows)
  if (!more || last === null) return { ...sorted(groups.map(readable)), after: last }
  const cut = nameOf(last)
  const whole = groups.filter((group) => nameOfFirst(group) !== cut)
  const ends = whole.flatMap(([row]) => (row === undefined ? [] : [keyOf(levelSource.key, row)]))
  const after = ends.findLast((key) => key !== null) ?? null
  if (after !== null) return { ...sorted(whole.map(readable)), after }
  return { ...sorted([...whole.map(readable), await readLevel(session, last, signal)]), after: last }
}

function nameOfFirst([row]: readonly Row[]): string | null {
  const key = row === undefined ? null : keyOf(levelSource.key, row)
  return key === null ? null : nameOf(key)
}

/** One level, from all its rows; null = there is none. */
export async function readLevel(
  session: SapSession,
  level: Key,
  signal: AbortSignal,
): Promise<RawRecord | UndecodableRecord | null> {
  const select = [...new Set([...(levelSource.select ?? []), ...REST_OF_KEY])]
  const source = { ...ownPlants(session), key: REST_OF_KEY, select, sharesKeys: false }
  const rows: Row[] = []
  let after: Key | null = null
  for (;;) {
    const wanted = { conditions: [isOneOf(levelSource.key, [level])], after, top: LARGEST_PAGE }
    const found: Rows = await nextRows(session, source, wanted, signal)
    const [failed] = found.undecodable
    // the sum of the others would be a wrong level
    if (failed !== undefined) return { ...failed, key: nameOf(level) }
    rows.push(...found.rows)
    if (!found.more || found.last === null) return readable(rows)
    after = found.last
  }
}

const LONGEST_RAW = 20_000

function readable(rows: readonly Row[]): RawRecord | UndecodableRecord | null {
  try {
    return levelOf(rows)
  } catch (error) {
    const key = rows[0] === undefined ? null : keyOf(levelSource.key, rows[0])
    return {
      key: key === null ? null : nameOf(key),
      raw: JSON.stringify(rows).slice(0, LONGEST_RAW),
      reason: error instanceof Error ? error.message : String(error),
    }
  }
}

const nameOf = (key: Key): string => key.join('|')

/** The rows of one level with their quantities summed by stock type; null = there are none but of special stock. */
function levelOf(all: readonly Row[]): RawRecord | null {
  const rows = all.filter((row) => text(row['InventorySpecialStockType']) === null)
  const [first] = rows
  if (first === undefined) return null
  const key = keyOf(levelSource.key, first)
  if (key === null) throw new TypeError(`a stock row without ${levelSource.key.join(', ')}`)
  const quantities = new Map<string, string>()
  for (const row of rows) {
    const type = text(row['InventoryStockType']) ?? ''
    const quantity = decimal(row['MatlWrhsStkQtyInMatlBaseUnit'])
    if (quantity === null) throw new TypeError(`a stock row of type ${type} without quantity`)
    if (row['MaterialBaseUnit'] !== first['MaterialBaseUnit']) throw new TypeError('stock rows in different units')
    quantities.set(type, decimals.sum([quantities.get(type) ?? '0', quantity]))
  }
  const sorted = [...quantities].sort(([a], [b]) => (a < b ? -1 : 1))
  return {
    key: key.map(String),
    version: 0,
    modifiedAt: null,
    payload: {
      ...Object.fromEntries(levelSource.key.map((property, at) => [property, String(key[at])])),
      MaterialBaseUnit: first['MaterialBaseUnit'] ?? null,
      MatlWrhsStkQtyInMatlBaseUnit: Object.fromEntries(sorted),
    },
  }
}
