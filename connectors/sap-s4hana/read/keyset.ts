import type { Json, Page, RawRecord, ReadRange } from '../../../core/index.ts'
import type { SapSession } from '../session.ts'
import type { Row } from '../values.ts'

export { readByDate, type DatedSource } from './by-date.ts'
export { readInTurn, type Part } from './in-turn.ts'

/** An entity set, and what of it to read. */
export interface SetSource {
  /** With version: `API_MAINTENANCEORDER;v=0002`. */
  readonly service: string
  readonly set: string
  /** Key properties, in the order of the key. */
  readonly key: readonly string[]
  /** Default: every property. Must hold the key and change properties. */
  readonly select?: readonly string[]
  readonly expand?: readonly string[]
  /** More conditions, as OData; may be a condition with `or`. */
  readonly filter?: string
  /** SAP language code; default: the connection's. */
  readonly language?: string
}

/** How rows of a set tell that they changed. */
export interface StampedSource extends SetSource {
  /** Edm.DateTimeOffset. */
  readonly changedAt: string
  /** Edm.DateTimeOffset of creation, where `changedAt` is null until the first change. */
  readonly fallbackAt?: string
  /** The same as a date (Edm.DateTime, date-only), where there is no time of creation. */
  readonly fallbackOn?: string
}

/** A record of a row; null = the row is none of this stream. What it throws makes the row an undecodable one. */
export type ToRecord = (row: Row) => RawRecord | null

export declare function readKeyset(
  session: SapSession,
  source: StampedSource,
  range: ReadRange,
  toRecord: ToRecord,
  signal: AbortSignal,
): AsyncGenerator<Page>

/** Every row, for sets without a change field. */
export declare function readWhole(
  session: SapSession,
  source: SetSource,
  range: ReadRange,
  toRecord: ToRecord,
  signal: AbortSignal,
): AsyncGenerator<Page>

/** Key of each row as text: one property as it is, several as a list. Null from `keyOf` leaves the row out. */
export declare function listKeysOf(
  session: SapSession,
  source: SetSource,
  signal: AbortSignal,
  keyOf?: (row: Row) => string | readonly string[] | null,
): AsyncGenerator<(string | readonly string[])[]>

/** One row as it is now; null = there is none. `expand` [] = none. */
export declare function readRow(
  session: SapSession,
  service: string,
  set: string,
  key: { readonly [property: string]: Json },
  expand: readonly string[],
  signal: AbortSignal,
): Promise<Row | null>
