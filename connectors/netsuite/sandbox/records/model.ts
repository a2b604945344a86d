import { hasFeature } from '../account.ts'
import type { StoredRow } from '../store.ts'
import type { Session } from '../system.ts'
import type { Cell } from '../values.ts'
import type { Field } from './fields.ts'

/** Cells by column name; mutable: rules complete them. */
export type Cells = Record<string, Cell>

/** A kind of record as the record services know it. */
export interface RecordType {
  /** As in paths: `purchaseOrder`. */
  readonly name: string
  /** As messages and deletedrecord name it: `Purchase Order`. */
  readonly title: string
  readonly table: string
  /** What its rows have in common: `{ type: 'PurchOrd' }`. */
  readonly where: Readonly<Cells>
  /** Number range of its ids. */
  readonly sequence: string
  /** Name in a role, and where the role's page has it: `Lists -> Vendors`. */
  readonly permission: { readonly name: string; readonly path: string } | null
  /** Account feature without which the type does not exist. */
  readonly feature: string | null
  readonly fields: ReadonlyMap<string, Field>
  readonly sublists: ReadonlyMap<string, Sublist>
  /** Only GET. */
  readonly readOnly: boolean
  readonly rules: Rules
}

export interface Loaded {
  readonly type: RecordType
  readonly id: number
  readonly row: StoredRow
  /** The main line of a transaction. */
  readonly main: StoredRow | null
  /** What no column holds. */
  readonly extra: Readonly<Cells>
}

/** A body that has been read: only what it named, by column. */
export interface Draft {
  readonly row: Cells
  readonly main: Cells
  readonly extra: Cells
  /** Addresses by field name: sub-records of their own. */
  readonly addresses: Map<string, Cells>
  readonly lines: Map<Sublist, LineDraft[]>
}

export interface LineDraft {
  /** `item.items[0]` */
  readonly path: string
  readonly cells: Cells
  readonly address: Cells | null
}

export interface Sublist {
  readonly name: string
  readonly fields: ReadonlyMap<string, Field>
  /** The property by which lines are matched; null = they are always appended. */
  readonly key: Field | null
  readonly readOnly: boolean
  rows(session: Session, owner: Loaded): StoredRow[]
  insert(session: Session, owner: Loaded, line: LineDraft): void
  update(session: Session, owner: Loaded, row: StoredRow, line: LineDraft): void
  remove(session: Session, owner: Loaded, row: StoredRow): void
}

export interface Rules {
  /** Defaults and refusals before anything is written. `before`: null at a creation. */
  prepare?(session: Session, draft: Draft, before: Loaded | null): void
  /** After rows and lines are written. */
  saved?(session: Session, record: Loaded, isNew: boolean): void
  /** What the record does to stock and to other records; `direction` −1 takes it back, 1 does it. */
  effects?(session: Session, record: Loaded, direction: 1 | -1): void
  /** @throws RestError when it may not go */
  mayDelete?(session: Session, record: Loaded): void
  /** A body may not create one. */
  readonly createdBy?: string
}

export function isOn(session: Session, field: Field): boolean {
  return field.feature === null || hasFeature(session.account, field.feature)
}

/** Where a field's value lies. */
export function cellOf(record: Loaded, field: Field): Cell {
  switch (field.place) {
    case 'row':
      return record.row[field.column] ?? record.main?.[field.column] ?? null
    case 'main':
      return record.main?.[field.column] ?? null
    case 'extra':
      return record.extra[field.column] ?? null
  }
}
