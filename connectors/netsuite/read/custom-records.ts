import { AuthError, RejectedError } from '../../../core/index.ts'
import { UnknownColumn } from '../failures.ts'
import type { NetSuiteSession } from '../session.ts'
import { type Column, instantOf, optional, plain, type WindowSource } from './source.ts'

/** `customrecord_asset` of the setting `custom_record:customrecord_asset`; null = it is something else. */
export function customRecordOf(source: string): string | null {
  const [kind, id = '', ...rest] = source.trim().toLowerCase().split(':')
  return kind === 'custom_record' && /^customrecord\w+$/.test(id) && rest.length === 0 ? id : null
}

/** @throws AuthError for the stream: a setting that names nothing that can be read */
export function refuseSource(setting: string, value: string, options: readonly string[]): never {
  throw new AuthError(`${setting}: "${value}" is none of ${options.join(', ')}`, { streamOnly: true })
}

/** Every custom record has these columns, `name` unless its type is without; `fields` are the connection's. */
export function customRecordSource(table: string, fields: { readonly [unified: string]: Column }): WindowSource {
  return {
    table,
    from: `${table} r`,
    columns: {
      id: plain('r.id'),
      recordname: optional(plain('r.name')),
      altname: optional(plain('r.altname')),
      isinactive: optional(plain('r.isinactive')),
      created: optional(instantOf('r.created')),
      lastmodified: instantOf('r.lastmodified'),
      ...fields,
    },
    key: ['id'],
    modified: 'lastmodified',
    deletedAs: [table],
  }
}

const stamps = new WeakMap<NetSuiteSession, Map<string, Promise<string>>>()

/** The source with the stamp's name in this account: `lastmodified`, elsewhere `lastmodifieddate` (unverified). */
export async function withStamp(
  source: WindowSource,
  session: NetSuiteSession,
  signal: AbortSignal,
): Promise<WindowSource> {
  if (!source.from.startsWith('customrecord')) return source
  const known = stamps.get(session) ?? new Map<string, Promise<string>>()
  stamps.set(session, known)
  const stamp = known.get(source.table) ?? stampOf(source.table, session, signal)
  known.set(source.table, stamp)
  stamp.catch(() => known.delete(source.table))
  return { ...source, columns: { ...source.columns, lastmodified: instantOf(await stamp) } }
}

async function stampOf(table: string, session: NetSuiteSession, signal: AbortSignal): Promise<string> {
  const q = `SELECT TO_CHAR(r.lastmodified,'YYYY') AS year FROM ${table} r FETCH FIRST 1 ROWS ONLY`
  try {
    await session.client.suiteql({ q, params: [], limit: 1, doing: `reading ${table}`, table }, signal)
    return 'r.lastmodified'
  } catch (error) {
    if (error instanceof UnknownColumn) return 'r.lastmodifieddate'
    // whatever else is wrong with the table is told by reading it
    if (error instanceof RejectedError) return 'r.lastmodified'
    throw error
  }
}
