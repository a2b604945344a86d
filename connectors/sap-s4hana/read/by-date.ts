import type { Page, ReadRange } from '../../../core/index.ts'
import type { SapSession } from '../session.ts'
import type { SetSource, ToRecord } from './keyset.ts'

/** A set whose rows carry date and time in two properties, both in the system's zone. */
export interface DatedSource extends SetSource {
  /** Edm.DateTime, date-only. */
  readonly date: string
  /** Edm.Time. */
  readonly time: string
  /** The same of the creation, where `date` is null until the first change. */
  readonly createdDate?: string
  readonly createdTime?: string
}

export declare function readByDate(
  session: SapSession,
  source: DatedSource,
  range: ReadRange,
  toRecord: ToRecord,
  signal: AbortSignal,
): AsyncGenerator<Page>
