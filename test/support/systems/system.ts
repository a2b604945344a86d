import type { EntityName, JsonObject } from '../../../core/index.ts'
import type { Truth } from '../facts.ts'

/** A running system that a pipeline reads in a test, and what it really holds, read without its connector. */
export interface TestedSystem {
  readonly connectionId: string
  /** Id of its connector. */
  readonly system: string
  /** Settings of the connection, secrets in clear. */
  readonly settings: JsonObject
  readonly entities: readonly EntityName[]
  truth(): Promise<Truth>
  close(): Promise<void>
}
