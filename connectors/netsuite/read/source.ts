import type { RawRecord } from '../../../core/index.ts'
import type { Row } from '../values.ts'

/** A column of a statement. Its alias is its name in the source's `columns` and in the payload: lower case. */
export interface Column {
  /** As SuiteQL: `t.tranid`, `BUILTIN.DF(t.status)`. */
  readonly sql: string
  /** `date` and `instant` are formatted in the statement and read strictly: a row with another format is undecodable. */
  readonly kind: 'text' | 'date' | 'instant'
  /** Left out where the account does not know it (no OneWorld, feature off, no permission). */
  readonly optional: boolean
}

export type Columns = { readonly [alias: string]: Column }

export const plain = (sql: string): Column => ({ sql, kind: 'text', optional: false })
/** Calendar date without zone → `YYYY-MM-DD`. */
export const dateOf = (sql: string): Column => ({ sql, kind: 'date', optional: false })
/** Date and time → `YYYY-MM-DDTHH:MM:SSZ`, whatever zone the account answers in. */
export const instantOf = (sql: string): Column => ({ sql, kind: 'instant', optional: false })
/** The text that people see for a reference or a list value. */
export const display = (sql: string): Column => plain(`BUILTIN.DF(${sql})`)
export const optional = (column: Column): Column => ({ ...column, optional: true })

/** A condition with `?` for its parameters. */
export interface Condition {
  readonly sql: string
  readonly params?: readonly string[]
}

/** Rows of a table, and what of them to read. */
export interface TableSource {
  /** Main table, lower case (`transaction`): for messages that name the permission. */
  readonly table: string
  /** What comes between FROM and WHERE: `transaction t JOIN transactionline m ON m.transaction = t.id AND m.mainline = 'T'`. */
  readonly from: string
  readonly where?: readonly Condition[]
  readonly columns: Columns
  /** Aliases of the columns that make the key, in its order; all of them internal ids. */
  readonly key: readonly string[]
  /** Alias of the column (kind `instant`) that moves with every change. */
  readonly modified?: string
  /** Rows of other tables that belong to each row. */
  readonly children?: readonly ChildSource[]
}

/** A table whose changes are read by time. */
export interface WindowSource extends TableSource {
  readonly modified: string
  /**
   * What `deletedrecord.type` says for these records (`purchaseorder`, `inventoryitem`); case and blanks do not matter.
   * Deletions are then told early where the role may read that table; sweeps find them all the same.
   */
  readonly deletedAs?: readonly string[]
}

/** Rows that hang on the rows of another source: lines of a transaction, preferred vendors of an item. */
export interface ChildSource {
  /** Field of the parent's payload that takes them; always there, `[]` when there are none. */
  readonly as: string
  readonly table: string
  readonly from: string
  readonly where?: readonly Condition[]
  readonly columns: Columns
  /** Alias of the column that holds the parent's (first) key. */
  readonly parent: string
  /** Alias of the column (an internal id) that is unique within a parent: pages go by it. Payload order. */
  readonly key: string
  /** The table may be missing (feature off, no permission): then there are none. */
  readonly optional?: boolean
}

/** When a row was modified. */
export interface Stamp {
  /** For `RawRecord.version`; 0 = not told. */
  readonly version: number
  /** For `RawRecord.modifiedAt`, epoch ms; never later than the truth. */
  readonly modifiedAt: number | null
}

/** A record of a row; null = the row is none of this stream. What it throws makes the row an undecodable one. */
export type ToRecord = (row: Row, stamp: Stamp) => RawRecord | null
