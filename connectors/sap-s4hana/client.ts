import type { HttpClient, Json } from '../../core/index.ts'
import type { BatchAnswer, BatchPart } from './batch.ts'
import type { SapConfig } from './config.ts'
import type { Row } from './values.ts'

export type Query = { readonly [option: string]: string }

export interface Answer {
  readonly status: number
  /** Lower-case names. */
  readonly headers: { readonly [name: string]: string }
  /** What the answer holds under `d`; null = it has no body. */
  readonly body: Json
  /** The entity's ETag, where the service gives one. */
  readonly etag: string | null
  /** Warnings that came with a success. */
  readonly warnings: readonly string[]
}

export interface RowPage {
  readonly rows: readonly Row[]
  /** Address of the rest as SAP gave it; null = SAP says that this was all. */
  readonly next: string | null
  /** With `$inlinecount=allpages`: rows that the filter finds. */
  readonly count: number | null
}

export interface WriteOptions {
  readonly query?: Query
  /** ETag of what the change is based on; absent: none is sent until SAP asks for one. */
  readonly ifMatch?: string
  readonly signal: AbortSignal
}

export type WriteMethod = 'POST' | 'PUT' | 'PATCH' | 'MERGE' | 'DELETE'

/**
 * OData V2 as JSON, logged in. `service` is the name with its version (`API_MAINTENANCEORDER;v=0002`), `path` is
 * relative to it and percent-encoded (`entityPath`), query values are not encoded yet.
 */
export interface SapClient {
  /** One request that needs a login and nothing else. @throws AuthError naming what to fix */
  ping(signal: AbortSignal): Promise<void>
  /** @throws AuthError, RejectedError (status 404: no such entity), RetryableError, RateLimitedError */
  get(service: string, path: string, query: Query, signal: AbortSignal): Promise<Answer>
  page(service: string, set: string, query: Query, signal: AbortSignal): Promise<RowPage>
  /** The rest of a list, by the `next` of its page: asked of the configured origin, path and query verbatim. */
  follow(service: string, next: string, signal: AbortSignal): Promise<RowPage>
  /**
   * A change; never sent twice unless SAP proved that it did nothing (stale CSRF token, missing ETag).
   * @throws RejectedError (status 412: changed by somebody else), RetryableError (locked), OutcomeUnknownError
   */
  send(service: string, method: WriteMethod, path: string, body: Json, options: WriteOptions): Promise<Answer>
  /** Answers in the order of the parts. */
  batch(service: string, parts: readonly BatchPart[], signal: AbortSignal): Promise<readonly BatchAnswer[]>
  /** SAP's time now, epoch ms, never ahead of it: extrapolated from the last answers; null = none in 10 minutes. */
  serverDate(): number | null
}

export declare function createClient(config: SapConfig, http: HttpClient): SapClient
