import { AuthError, RejectedError } from '../../../core/index.ts'
import type { NetSuiteSession } from '../session.ts'
import { decimal, type Row, ref, text } from '../values.ts'
import { optional, plain, type TableSource } from './source.ts'
import { rowsOf } from './window.ts'

/** What small tables know that other rows only name by id. A table that is not there or not for this role knows nothing. */
export interface Lookups {
  /** ISO 4217. */
  readonly currencyOf: (id: string | null) => string | null
  /** ISO 4217, of a subsidiary's books. */
  readonly baseCurrencyOf: (subsidiary: string | null) => string | null
  /** How many base units a unit is; null when not known. */
  readonly conversionOf: (unit: string | null) => string | null
}

const currencies: TableSource = {
  table: 'currency',
  from: 'currency c',
  columns: { id: plain('c.id'), symbol: optional(plain('c.symbol')), name: optional(plain('c.name')) },
  key: ['id'],
}
const subsidiaries: TableSource = {
  table: 'subsidiary',
  from: 'subsidiary s',
  columns: { id: plain('s.id'), currency: optional(plain('s.currency')) },
  key: ['id'],
}
const units: TableSource = {
  table: 'unitstypeuom',
  from: 'unitstypeuom u',
  columns: { internalid: plain('u.internalid'), conversionrate: plain('u.conversionrate') },
  key: ['internalid'],
}

const AN_HOUR = 3_600_000
const loaded = new WeakMap<NetSuiteSession, { readonly at: number; readonly lookups: Promise<Lookups> }>()

/** Read once an hour and session: the tables have some dozen rows and hardly ever change. */
export async function lookupsOf(session: NetSuiteSession, signal: AbortSignal): Promise<Lookups> {
  const now = await session.clock(signal)
  const known = loaded.get(session)
  if (known !== undefined && now - known.at < AN_HOUR) return known.lookups
  const lookups = load(session, signal)
  loaded.set(session, { at: now, lookups })
  lookups.catch(() => loaded.delete(session))
  return lookups
}

async function load(session: NetSuiteSession, signal: AbortSignal): Promise<Lookups> {
  const table = async (source: TableSource) => {
    const [key = 'id'] = source.key
    const rows = await rowsOrNone(session, source, signal)
    return new Map(rows.map((row) => [ref(row[key]), row]))
  }
  const [byCurrency, bySubsidiary, byUnit] = await Promise.all([table(currencies), table(subsidiaries), table(units)])
  const currencyOf = (id: string | null) => (id === null ? null : isoCurrency(byCurrency.get(id)))
  return {
    currencyOf,
    baseCurrencyOf: (id) => (id === null ? null : currencyOf(ref(bySubsidiary.get(id)?.['currency']))),
    conversionOf: (id) => (id === null ? null : decimal(byUnit.get(id)?.['conversionrate'])),
  }
}

async function rowsOrNone(session: NetSuiteSession, source: TableSource, signal: AbortSignal): Promise<readonly Row[]> {
  try {
    return await rowsOf(session, source, [], signal)
  } catch (error) {
    if (error instanceof RejectedError || (error instanceof AuthError && error.streamOnly)) return []
    throw error
  }
}

/** `symbol` holds the ISO code; some accounts have it in the name. */
const isoCurrency = (row: Row | undefined): string | null =>
  [row?.['symbol'], row?.['name']].map(isoCode).find((code) => code !== null) ?? null

/** The text when it looks like an ISO 4217 code. */
export function isoCode(value: Row[string] | undefined): string | null {
  const code = text(value)
  return code !== null && /^[A-Z]{3}$/.test(code) ? code : null
}
