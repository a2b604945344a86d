import type { RawRecord } from '../../../core/index.ts'
import type { Row } from '../values.ts'

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
  /** What the record of a row that cannot be read is called; default: the key properties, joined by "|". */
  readonly nativeKey?: (row: Row) => string | null
  /** Several rows may share a key: whoever reads them tells apart what cannot be read. */
  readonly sharesKeys?: boolean
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

/** A record of a row; null = the row is none of this stream. What it throws makes the row an undecodable one. */
export type ToRecord = (row: Row) => RawRecord | null
