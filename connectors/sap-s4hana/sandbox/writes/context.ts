/**
 * What the write side is given and what it answers. The server parses the address (keys and function parameters
 * come as values, see model.ts "Row"), finds the session and its user, and turns the answer into JSON or XML;
 * everything between is here. Refusals are thrown as SapError.
 */
import type { Switches } from '../faults.ts'
import type { EntitySet, FunctionImport, Model, Navigation, Row } from '../model.ts'
import type { Store } from '../store.ts'

/** What the address names. */
export type WriteTarget =
  | { readonly kind: 'set'; readonly set: EntitySet }
  | { readonly kind: 'entity'; readonly set: EntitySet; readonly key: Row }
  | { readonly kind: 'navigation'; readonly set: EntitySet; readonly key: Row; readonly navigation: Navigation }
  | { readonly kind: 'function'; readonly function: FunctionImport; readonly parameters: Row }

export interface WriteContext {
  readonly store: Store
  /** The service that was called; rows of other services are reached by `store.set(service, name)`. */
  readonly model: Model
  readonly target: WriteTarget
  /** After X-HTTP-Method has been applied: POST, PATCH, MERGE, PUT, DELETE. */
  readonly method: string
  /** Lower-case names; only `if-match` is read here. */
  readonly headers: Readonly<Record<string, string | undefined>>
  /** The parsed JSON body; undefined when there was none. */
  readonly body: unknown
  readonly user: string
  /** Epoch ms. */
  readonly now: number
  /** IANA name of the system's zone, for the date and time columns. */
  readonly timeZone: string
  /** Logon language, 'EN' by default. */
  readonly language: string
  readonly switches: Switches
}

/** A row together with what was created below it; arrays for to-many navigations. */
export interface WrittenEntity {
  readonly set: EntitySet
  readonly row: Row
  readonly expanded: Readonly<Record<string, readonly WrittenEntity[] | WrittenEntity | null>>
}

export interface WriteAnswer {
  readonly status: 200 | 201 | 204
  /** 201 (with Location) and functions that return an entity. */
  readonly entity?: WrittenEntity
  /** Functions that return a complex value: `{"d":{"<name>":{"__metadata":{"type"},…value}}}`. */
  readonly result?: { readonly name: string; readonly type: string; readonly value: Row }
  /** Warnings for the `sap-message` header. */
  readonly warnings?: readonly { readonly code: string; readonly message: string }[]
}
