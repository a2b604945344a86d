import type { Column } from '../tables.ts'
import type { Cell } from '../values.ts'
import type { Comparison } from './ast.ts'
import { unsupported } from './errors.ts'

/**
 * What an expression gives, as SQLite holds it: integer → INTEGER; decimal → canonical decimal text; text; date →
 * 'YYYY-MM-DD'; instant → epoch ms; wall (a date and time without zone) → epoch ms read as if it were UTC.
 */
export type Type = 'null' | 'integer' | 'decimal' | 'text' | 'date' | 'instant' | 'wall'

export interface Value {
  readonly type: Type
  /** Known before the statement runs: literals, parameters, and what is made of them. */
  readonly constant?: Cell
  /** A constant that stands in the statement's text: it may stand in the SQL's too, where indexes can see it. */
  readonly literal?: boolean
  /** Empty for constants. */
  readonly sql: string
  /** false: never null. */
  readonly nullable: boolean
  /** The bare column this is. */
  readonly column?: ColumnValue
  /** An instant that shows itself in another zone than the account's. */
  readonly zone?: string
}

export interface ColumnValue {
  readonly table: string
  readonly column: Column
  /** What is kept, when that is not what is shown: the letter of `PurchOrd:B`. */
  readonly kept: string
  /** `PurchOrd:B` as SQL; null: a column without such a form. */
  readonly prefixed: string | null
}

/** A condition in two forms: `loose` keeps the planner from using an index for it. */
export interface Condition {
  readonly sql: string
  readonly loose: string
  /** What must hold of whole-number columns for the condition to hold. */
  readonly bounds: readonly Bound[]
}

export interface Bound {
  readonly column: string
  readonly op: Exclude<Comparison, '<>'>
  readonly value: number
}

/** Statements may not grow without end by nested expressions that are used twice. */
const MAX_SQL = 200_000

export function computed(type: Type, sql: string, further: Partial<Value> = {}): Value {
  if (sql.length > MAX_SQL) throw unsupported()
  return { type, sql, nullable: true, ...further }
}

/** '' is null, as everywhere in this database. */
export function constant(type: Type, cell: Cell, literal = false): Value {
  if (cell === null || cell === '') return { type: 'null', constant: null, sql: '', nullable: true, literal: true }
  return { type, constant: cell, sql: '', nullable: false, literal }
}

export function isConstant(value: Value): value is Value & { readonly constant: Cell } {
  return value.constant !== undefined
}

export function isNumeric({ type }: Value): boolean {
  return type === 'integer' || type === 'decimal'
}

export function isTemporal({ type }: Value): boolean {
  return type === 'date' || type === 'instant' || type === 'wall'
}

export function plain(sql: string): Condition {
  if (sql.length > MAX_SQL) throw unsupported()
  return { sql, loose: sql, bounds: [] }
}

/** The comparison with its sides exchanged. */
export const FLIPPED: { readonly [op in Comparison]: Comparison } = {
  '=': '=',
  '<>': '<>',
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
}
