import type { Store, StoredRow as Row } from '../../connectors/netsuite/sandbox/store.ts'
import type { Facts } from './facts.ts'

/** Unified id of an entity or line by its native key. */
export type Id = (entity: string, ...key: string[]) => string
export type Value = Row[string] | undefined

/** One reading of all tables, at one moment. */
export interface Account {
  readonly rows: (table: string) => readonly Row[]
  /** The row of a table that a reference names. */
  readonly find: (table: string, key: Value) => Row | undefined
  /** Unified id of what a reference names. */
  readonly ref: (entity: string, key: Value) => string | null
  readonly id: Id
  /** Lines of a transaction without main and tax lines. */
  readonly lines: (transaction: Row) => readonly Row[]
  readonly main: (transaction: Row) => Row | undefined
}

const KEYS: { readonly [table: string]: string } = { unitstypeuom: 'internalid', entityaddress: 'nkey' }

export function readAccount(store: Store, id: Id): Account {
  const tables = new Map<string, readonly Row[]>()
  const indexes = new Map<string, ReadonlyMap<Value, Row>>()
  const rows = (table: string): readonly Row[] => {
    const found = tables.get(table) ?? store.rows(table)
    tables.set(table, found)
    return found
  }
  const find = (table: string, key: Value): Row | undefined => {
    const index = indexes.get(table) ?? new Map(rows(table).map((row) => [row[KEYS[table] ?? 'id'], row]))
    indexes.set(table, index)
    return index.get(key)
  }
  const all = Map.groupBy(rows('transactionline'), (line) => line['transaction'])
  return {
    rows,
    find,
    id,
    ref: (entity, key) => (key === null || key === undefined ? null : id(entity, String(key))),
    lines: (of) => (all.get(of['id']) ?? []).filter((line) => line['mainline'] === 'F' && line['taxline'] === 'F'),
    main: (of) => all.get(of['id'])?.find((line) => line['mainline'] === 'T'),
  }
}

export type Mapping = (account: Account, row: Row) => Facts

export const some = (value: Value): string | null => String(value ?? '').trim() || null
export const isTrue = (value: Value): boolean => value === 'T'

/** Digits behind the point that a unified decimal has. */
const SCALE = 9

/** `field` = product of `times` / product of `by`; not said where more digits would be needed than there are. */
export function exactly(field: string, times: readonly Value[], by: readonly Value[]): Facts {
  if (times.includes(null) || times.includes(undefined)) return { [field]: null }
  const parts = [...times, ...by].map(String)
  const digits = Math.max(0, ...parts.map((each) => each.split('.')[1]?.length ?? 0))
  const whole = (value: Value): bigint => {
    const [left = '', right = ''] = String(value).split('.')
    return BigInt(`${left}${right.padEnd(digits, '0')}`)
  }
  const product = (values: readonly Value[]): bigint => values.reduce((all, value) => all * whole(value), 1n)
  const unit = 10n ** BigInt(digits)
  const above = product(times) * unit ** BigInt(by.length) * 10n ** BigInt(SCALE)
  const below = product(by) * unit ** BigInt(times.length)
  if (below === 0n || above % below !== 0n) return {}
  const scaled = above / below
  const text = (scaled < 0n ? -scaled : scaled).toString().padStart(SCALE + 1, '0')
  return { [field]: `${scaled < 0n ? '-' : ''}${text.slice(0, -SCALE)}.${text.slice(-SCALE)}` }
}

/** Name of a unit, and how many base units it is: quantities are kept in base units. */
export function unitOf({ find }: Account, unit: Value): { readonly source_unit: string | null; readonly rate: string } {
  const found = find('unitstypeuom', unit)
  return { source_unit: some(found?.['unitname']), rate: String(found?.['conversionrate'] ?? '1') }
}
