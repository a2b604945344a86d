import { Failure, type RawRecord, type UndecodableRecord } from '../../../core/index.ts'
import type { Row } from '../values.ts'
import { keyOf } from './filters.ts'
import { nativeKeyOf } from './rows.ts'
import type { SetSource, ToRecord } from './source.ts'

const LONGEST_RAW = 20_000

/** Records of rows; a row that cannot be read becomes an undecodable one, and the others go on. */
export function recordsOf(
  source: SetSource,
  rows: readonly Row[],
  toRecord: ToRecord,
): { readonly records: readonly RawRecord[]; readonly undecodable: readonly UndecodableRecord[] } {
  const records: RawRecord[] = []
  const undecodable: UndecodableRecord[] = []
  for (const row of rows) {
    try {
      if (keyOf(source.key, row) === null) throw new TypeError(`no ${source.key.join(', ')}`)
      const record = toRecord(row)
      if (record !== null) records.push(record)
    } catch (error) {
      if (error instanceof Failure) throw error
      undecodable.push({
        key: nativeKeyOf(source, row),
        raw: JSON.stringify(row).slice(0, LONGEST_RAW),
        reason: error instanceof Error ? error.message : String(error),
      })
    }
  }
  return { records, undecodable }
}
