import type { EntityName, Json, MappingSettings, RawRecord, Unified } from '../../../core/index.ts'
import type { Collection, Query } from '../client.ts'
import type { MaintainXSession } from '../session.ts'
import type { Row } from '../values.ts'

/** How one entity is read. */
export interface Source<Entity extends EntityName = EntityName> {
  readonly entity: Entity
  readonly mappingVersion: number
  readonly ignoresWindow: boolean
  readonly collection: Collection
  /** Can be sorted and narrowed by `createdAt` and `updatedAt`. */
  readonly isTimed: boolean
  /** Asked of every list. */
  readonly query?: Query
  /** What lists leave out unless asked (`expand`). */
  readonly expandMany: readonly string[]
  readonly expandOne: readonly string[]
  /** Lists, one behind the other, that hold all records together; default: one of all. */
  readonly parts?: readonly Part[]
  /** What lists hold is too little: each record is asked for by itself. */
  readonly detailed: boolean
  /** The record in one form, whether it comes from a list or by itself: what the mapping needs and nothing that varies. */
  readonly payload: (row: Row, names: Names) => Row
  /** Things that the mapping needs and other requests tell. */
  readonly names?: readonly NameList[]
  /** More requests for one record. */
  readonly complete?: (payload: Row, session: MaintainXSession, signal: AbortSignal) => Promise<Row>
  /** Records of the entity in one of MaintainX's; default: it, by its id. */
  readonly split?: (payload: Row) => readonly { readonly key: readonly string[]; readonly payload: Row }[]
  /** MaintainX says that it is no more. */
  readonly isGone?: (row: Row) => boolean
  readonly toUnified: (payload: Row, settings: MappingSettings, key: string) => Unified<Entity>
}

export interface Part {
  readonly query: Query
  /** Lists leave out something of these: each is asked for by itself. */
  readonly detailed: boolean
}

export type NameList = 'teams' | 'criticalities'

/** What ids stand for; what is not known is left out. */
export interface Names {
  readonly teams: ReadonlyMap<string, string>
  readonly criticalities: ReadonlyMap<string, string>
  /** ISO 4217 of the organization. */
  readonly currency: string | null
  readonly organization: string | null
}

/** A record, or why it is none. */
export type Outcome =
  | { readonly records: readonly RawRecord[] }
  | { readonly problem: { readonly key: string | null; readonly raw: string; readonly reason: string } }

export const problem = (key: string | null, row: Json, reason: string): Outcome => ({
  problem: { key, raw: JSON.stringify(row).slice(0, 10_000), reason },
})
