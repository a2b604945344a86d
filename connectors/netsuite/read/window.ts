import type { Page, RawRecord, ReadRange } from '../../../core/index.ts'
import type { NetSuiteSession } from '../session.ts'
import type { Row } from '../values.ts'
import type { Condition, TableSource, ToRecord, WindowSource } from './source.ts'

/**
 * Snapshot: every row (or those modified at or after `since`) by id. Increment: rows modified between `since` and
 * `until` by (modified, id), then the deletions that NetSuite has written down meanwhile, where the role may read them
 * (`deleted: true`, payload `{}`). Children are read with their rows.
 */
export async function* readWindow(
  _session: NetSuiteSession,
  _source: WindowSource,
  _range: ReadRange,
  _toRecord: ToRecord,
  _signal: AbortSignal,
): AsyncGenerator<Page> {
  yield* []
  throw new Error('not there yet')
}

/** Every row by key, for tables without a change field (`changes: 'full-scan'`). */
export async function* readWhole(
  _session: NetSuiteSession,
  _source: TableSource,
  _range: ReadRange,
  _toRecord: ToRecord,
  _signal: AbortSignal,
): AsyncGenerator<Page> {
  yield* []
  throw new Error('not there yet')
}

/** The record with this key (its parts, in the order of `source.key`) as it is now; null = there is none. */
export async function readOneOf(
  _session: NetSuiteSession,
  _source: TableSource,
  _key: readonly string[],
  _toRecord: ToRecord,
  _signal: AbortSignal,
): Promise<RawRecord | null> {
  throw new Error('not there yet')
}

/** All keys of the source; `native` may change one or leave it out (null). Default: the only part, or the parts. */
export async function* listKeysOf(
  _session: NetSuiteSession,
  _source: TableSource,
  _signal: AbortSignal,
  _native?: (row: Row) => string | readonly string[] | null,
): AsyncGenerator<(string | readonly string[])[]> {
  yield* []
  throw new Error('not there yet')
}

/** All rows of a small table (units, currencies), or those that meet `conditions`. */
export async function rowsOf(
  _session: NetSuiteSession,
  _source: TableSource,
  _conditions: readonly Condition[],
  _signal: AbortSignal,
): Promise<readonly Row[]> {
  throw new Error('not there yet')
}
