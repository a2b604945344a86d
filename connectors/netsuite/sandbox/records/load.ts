import { noSuchRecord, RestError, refusal } from '../errors.ts'
import type { StoredRow } from '../store.ts'
import type { Session } from '../system.ts'
import { EXTRA } from '../tables.ts'
import type { Cells, Loaded, RecordType } from './model.ts'

/** @throws RestError when there is none, or none that this type shows */
export function load(session: Session, type: RecordType, id: number): Loaded {
  const row = session.store.get(type.table, id)
  if (row === null || !matches(type, row)) throw missing(session)
  return loadedFrom(session, type, row)
}

export function loadedFrom(session: Session, type: RecordType, row: StoredRow): Loaded {
  const id = Number(row[keyColumn(session, type)])
  const main = type.table === 'transaction' ? session.store.get('transactionline', [id, 0]) : null
  return { type, id, row, main, extra: extraOf(row) }
}

/** The id behind `12` or `eid:V-1`. */
export function idOf(session: Session, type: RecordType, segment: string): number {
  if (segment.startsWith('eid:')) {
    const found = idByExternalId(session, type, segment.slice(4))
    if (found === null) throw missing(session)
    return found
  }
  if (!/^[1-9]\d{0,14}$/.test(segment)) {
    throw refusal(
      400,
      'INVALID_ID',
      `Invalid record instance identifier '${segment}'. Provide a valid record instance ID.`,
      { 'o:errorUrl': `/services/rest/record/v1/${type.name}/${segment}` },
    )
  }
  return Number(segment)
}

export function idByExternalId(session: Session, type: RecordType, externalId: string): number | null {
  const [row] = session.store.rows(type.table, { externalid: externalId, ...type.where })
  return row === undefined ? null : Number(row[keyColumn(session, type)])
}

export function keyColumn(session: Session, type: RecordType): string {
  return session.store.tables.get(type.table)?.key[0] ?? 'id'
}

export function extraOf(row: StoredRow): Cells {
  const text = row[EXTRA]
  return typeof text === 'string' ? (JSON.parse(text) as Cells) : {}
}

function matches(type: RecordType, row: StoredRow): boolean {
  return Object.entries(type.where).every(([column, value]) => row[column] === value)
}

function missing(session: Session): RestError {
  const error = noSuchRecord()
  return session.switches.missingStatus === 404 ? error : new RestError(400, error.details)
}
