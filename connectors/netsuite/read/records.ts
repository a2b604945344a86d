import { Failure, type Page, type RawRecord, type UndecodableRecord } from '../../../core/index.ts'
import type { NetSuiteSession } from '../session.ts'
import { withChildren } from './children.ts'
import { keyOf } from './keys.ts'
import type { Entry, Selection } from './select.ts'
import type { TableSource, ToRecord } from './source.ts'
import { stampOf } from './wire-clock.ts'

const LONGEST_RAW = 20_000

/** Records of the entries, with their children; one that cannot be read becomes undecodable, and the others go on. */
export async function pageOf(
  session: NetSuiteSession,
  source: TableSource,
  found: Selection,
  toRecord: ToRecord,
  cursor: Page['cursor'],
  signal: AbortSignal,
): Promise<Page> {
  const { records, undecodable } = await recordsOf(session, source, found, toRecord, signal)
  return {
    records,
    cursor,
    ...(undecodable.length === 0 ? {} : { undecodable }),
    ...(found.total === null ? {} : { total: found.total }),
  }
}

export async function recordsOf(
  session: NetSuiteSession,
  source: TableSource,
  { entries, clock }: Pick<Selection, 'entries' | 'clock'>,
  toRecord: ToRecord,
  signal: AbortSignal,
): Promise<{ readonly records: readonly RawRecord[]; readonly undecodable: readonly UndecodableRecord[] }> {
  const records: RawRecord[] = []
  const undecodable: UndecodableRecord[] = []
  for (const entry of await withChildren(session, source, entries, signal)) {
    try {
      if (keyOf(source, entry.item) === null) throw new TypeError(`no ${source.key.join(', ')}`)
      if (entry.row === null) throw new TypeError(entry.reason)
      const stamp = stampOf(source.modified === undefined ? null : entry.item[source.modified], clock)
      const record = toRecord(entry.row, stamp)
      if (record !== null) records.push(record)
    } catch (error) {
      if (error instanceof Failure) throw error
      undecodable.push(undecodableOf(source, entry, error))
    }
  }
  return { records, undecodable }
}

const undecodableOf = (source: TableSource, { item }: Entry, error: unknown): UndecodableRecord => ({
  key: keyOf(source, item)?.join('|') ?? null,
  raw: JSON.stringify(item).slice(0, LONGEST_RAW),
  reason: error instanceof Error ? error.message : String(error),
})
