import type { JsonObject } from '../../core/index.ts'
import type { Row } from './values.ts'

/** A SuiteQL statement. */
export interface Statement {
  readonly q: string
  /** For the `?` in it, in order. */
  readonly params: readonly string[]
  /** Rows of the answer, 1 … 1000. */
  readonly limit: number
  /** Begins the message of a failure: `reading vendor`. */
  readonly doing: string
  /** Table whose permission a refusal is about. */
  readonly table: string
}

export interface RowPage {
  /** As they came, without `links` and nulls. */
  readonly rows: readonly Row[]
  readonly hasMore: boolean
  readonly total: number | null
}

/** SuiteQL and Record REST, logged in; never more requests at once than the account grants. */
export interface NetSuiteClient {
  /** @throws AuthError, RejectedError, UnknownColumn, TooMuch (ask for less), RetryableError, RateLimitedError */
  suiteql(statement: Statement, signal: AbortSignal): Promise<RowPage>
  /** One record with its sublists (`purchaseOrder`, `647`); null = there is none. */
  record(type: string, id: string, signal: AbortSignal): Promise<JsonObject | null>
  /** NetSuite's time as it says it now, epoch ms. */
  serverTime(signal: AbortSignal): Promise<number>
  /** Requests that may be under way at once. */
  concurrency(): number
}
