import type { Page, RawRecord, ReadRange, UndecodableRecord } from '../../../core/index.ts'
import { sum } from '../decimals.ts'
import type { SapSession } from '../session.ts'
import { decimal, type Row, text } from '../values.ts'
import { afterOf, cursorAt } from './cursor.ts'
import { isOneOf, type Key, keyOf } from './filters.ts'
import { pageSizeOf } from './matching.ts'
import { onlyPlants } from './plants.ts'
import { LARGEST_PAGE, nextRows, type Rows } from './rows.ts'
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
    const found: Rows = await nextRows(session, source, { conditions: [], after, top }, signal)
    if (found.last === null && found.rows.length === 0) return
    const page = await levelsOf(session, found, signal)
    after = page.after ?? after
    if (after === null) throw new TypeError(`stock rows without ${source.key.join(', ')}`)
    const { records, undecodable } = page
    const cursor = cursorAt(source, range.mode, after)
    yield { records, cursor, ...(undecodable.length === 0 ? {} : { undecodable }) }
    if (!found.more) return
  }
}

interface Levels {
  readonly records: readonly RawRecord[]
  readonly undecodable: readonly UndecodableRecord[]
  /** Levels up to this one are in. */
  readonly after: Key | null
}

/** Levels whose rows are all there; one that fills the answer alone is read to its end. */
async function levelsOf(session: SapSession, found: Rows, signal: AbortSignal): Promise<Levels> {
  const groups = new Map<string, Row[]>()
  const keyless: Row[] = []
  let after: Key | null = null
  const cut = found.more && found.last !== null ? nameOf(found.last) : null
  for (const row of found.rows) {
    const key = keyOf(levelSource.key, row)
    if (key === null) {
      keyless.push(row)
      continue
    }
    const name = nameOf(key)
    if (name === cut) break
    after = key
    const group = groups.get(name)
    if (group === undefined) groups.set(name, [row])
    else group.push(row)
  }
  const failed = found.undecodable.filter(({ key }) => key !== cut)
  const seen = [...groups.values()].map((rows) => readable(rows))
  const levels = [...seen, ...keyless.map((row) => readable([row]))]
  if (cut === null) after = found.last
  else if (after === null && found.last !== null) {
    after = found.last
    levels.push(await readLevel(session, after, signal))
  }
  return {
    records: levels.flatMap((level) => (level !== null && 'version' in level ? [level] : [])),
    undecodable: [...failed, ...levels.flatMap((level) => (level !== null && 'reason' in level ? [level] : []))],
    after,
  }
}

/** One level, from all its rows; null = there is none. */
export async function readLevel(
  session: SapSession,
  level: Key,
  signal: AbortSignal,
): Promise<RawRecord | UndecodableRecord | null> {
  const select = [...new Set([...(levelSource.select ?? []), ...REST_OF_KEY])]
  const source = { ...ownPlants(session), key: REST_OF_KEY, select }
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
    quantities.set(type, sum([quantities.get(type) ?? '0', quantity]))
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
