/**
 * What is special about the entities of a set. Every hook may throw a refusal; what is not said here follows from
 * the metadata alone.
 */
import type { Row } from '../model.ts'
import type { Draft } from './payload.ts'
import type { Work } from './work.ts'

export interface EntityRules {
  /** Decided at creation; another value later is refused, naming the level. */
  readonly writeOnce?: { readonly level: string; readonly fields: readonly string[] }
  /** Completes the draft before its row is written: number, defaults, checks. `parent`: the row it hangs below. */
  readonly prepare?: (work: Work, draft: Draft, parent: Row | null) => void
  /** After the row and everything below it has been written. `top`: the request created this row itself. */
  readonly created?: (work: Work, draft: Draft, top: boolean) => void
  /** Judges and completes changes; what it returns is written. */
  readonly change?: (work: Work, current: Row, changes: Row) => Row
  readonly changed?: (work: Work, before: Row, after: Row) => void
  /** In place of removing the row. */
  readonly remove?: (work: Work, row: Row) => void
  /** The object that must not be in use elsewhere while this row is written, e.g. the order of an item. */
  readonly lock?: (row: Row) => Lock
}

export interface Lock {
  /** Name in `switches.locks`: the object's number. */
  readonly name: string
  readonly code: string
  readonly message: string
}
