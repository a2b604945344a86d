import type { AnyConnector, EntityName } from '../../../core/index.ts'
import type { Harness } from './harness.ts'
import type { Operation } from './writing.ts'

/** One rule of docs/connector-spec.md. `check` rejects when the connector breaks it. */
export interface Rule {
  readonly id: string
  readonly statement: string
  /** By what the connector declares; default: every connector. */
  readonly appliesTo?: (connector: AnyConnector) => boolean
  readonly check: (harness: Harness) => Promise<void>
}

/** A rule that is tried on every stream. */
export interface StreamRule {
  readonly id: string
  readonly statement: string
  /** By what the stream declares; default: every stream. */
  readonly appliesTo?: (connector: AnyConnector, entity: EntityName) => boolean
  readonly check: (harness: Harness, entity: EntityName) => Promise<void>
}

/** A rule that is tried on every operation. */
export interface OperationRule {
  readonly id: string
  readonly statement: string
  /** By what the operation declares; default: every operation. */
  readonly appliesTo?: (operation: Operation) => boolean
  readonly check: (harness: Harness, operation: Operation) => Promise<void>
}

export function must(holds: boolean, complaint: string): asserts holds {
  if (!holds) throw new Error(complaint)
}

export function worldOf(harness: Harness, entity: EntityName) {
  const world = harness.worlds[entity]
  if (world === undefined) throw new Error(`the harness cannot play with ${entity}`)
  return world
}

/** What `work` throws; null = it ended normally. */
export async function thrownBy(work: () => Promise<unknown>): Promise<unknown> {
  try {
    await work()
    return null
  } catch (error) {
    return error
  }
}
