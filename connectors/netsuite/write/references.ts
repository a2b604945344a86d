import { type EntityName, type Findings, parseUnifiedId, RejectedError } from '../../../core/index.ts'
import { UnknownTable } from '../failures.ts'
import { isOneOf } from '../read/keys.ts'
import { optional, plain, type TableSource } from '../read/source.ts'
import { rowsOf } from '../read/window.ts'
import type { NetSuiteSession } from '../session.ts'
import { isId, type Row, ref } from '../values.ts'
import type { Sent } from './sent.ts'

/** Key parts of the record that a field names; null = not given, or no such thing (told in the findings). */
export function partsIn(sent: Sent, field: string, entity: string, findings: Findings): readonly string[] | null {
  const id = sent.text(field)
  if (id === null) return null
  try {
    const parsed = parseUnifiedId(id)
    if (parsed.entity === entity && parsed.parts?.every(isId) === true) return parsed.parts
    findings.add(`${sent.at}${field}`, 'INVALID_REFERENCE', `"${id}" is no ${entity} of NetSuite`)
  } catch {
    findings.add(`${sent.at}${field}`, 'INVALID_REFERENCE', `"${id}" is not a unified id`)
  }
  return null
}

/** Internal id of the record that a field names. */
export const idIn = (sent: Sent, field: string, entity: EntityName, findings: Findings): string | null =>
  partsIn(sent, field, entity, findings)?.[0] ?? null

/** Lists whose entries people name by text. */
export const LISTS = {
  currency: { table: 'currency', column: 'symbol' },
  term: { table: 'term', column: 'name' },
  class: { table: 'classification', column: 'name' },
  department: { table: 'department', column: 'name' },
} as const

export type ListName = keyof typeof LISTS

/** Internal id of the entry that a field names, by its text or by that id. */
export async function entryIn(
  session: NetSuiteSession,
  sent: Sent,
  field: string,
  list: ListName,
  findings: Findings,
  signal: AbortSignal,
): Promise<string | null> {
  const named = sent.text(field)
  if (named === null || isId(named)) return named
  const { table, column } = LISTS[list]
  const source: TableSource = {
    table,
    from: `${table} r`,
    columns: { id: plain('r.id'), name: optional(plain(`r.${column}`)) },
    key: ['id'],
  }
  const rows = await rowsOrNone(session, source, [isOneOf(`r.${column}`, [named])], signal)
  const [found, other] = rows.map((row) => ref(row['id']))
  if (found === undefined || other !== undefined)
    findings.add(
      `${sent.at}${field}`,
      'INVALID_REFERENCE',
      `NetSuite shows ${found === undefined ? 'no' : 'more than one'} ${list} "${named}" to this role; its internal id may be given`,
    )
  return found ?? null
}

/** Rows of a table that a role may not see, or an account may not have: none then. */
export async function rowsOrNone(
  session: NetSuiteSession,
  source: TableSource,
  conditions: Parameters<typeof rowsOf>[2],
  signal: AbortSignal,
): Promise<readonly Row[]> {
  try {
    return await rowsOf(session, source, conditions, signal)
  } catch (error) {
    if (error instanceof UnknownTable || error instanceof RejectedError) return []
    throw error
  }
}
