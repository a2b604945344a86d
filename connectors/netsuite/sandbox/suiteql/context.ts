import type { Account, Role } from '../account.ts'
import type { Store } from '../store.ts'
import type { Cell } from '../values.ts'
import type { Expression, Query } from './ast.ts'
import type { Compiled } from './compile-query.ts'
import type { Scope } from './scope.ts'
import { FUNCTIONS } from './sql-functions.ts'
import { type Condition, computed, constant, isConstant, type Type, type Value } from './value.ts'
import { wallOf } from './zones.ts'

/** One statement on its way to SQL. */
export interface Context {
  readonly store: Store
  readonly account: Account
  readonly role: Role
  readonly parameters: readonly string[]
  /** When the statement runs, epoch ms in whole seconds. */
  readonly now: number
  /** Rows that come later than this are not there yet; null: all are there. */
  readonly visibleAsOf: number | null
  bind(cell: Cell): string
  /** A name that nothing else in the SQL has. */
  alias(): string
  /** The parts of the compiler, which need each other. */
  value(expression: Expression, scope: Scope): Value
  condition(expression: Expression, scope: Scope, negated?: boolean): Condition
  query(query: Query, parent: Scope | null): Compiled
}

const PLACEHOLDER = /⟦(\d+)⟧/g
const INLINE = /^[\x20-\x7e]{1,60}$/

/** Values to bind, kept apart from the text until the text is whole. */
export function createBindings(): { bind(cell: Cell): string; finish(sql: string): { sql: string; params: Cell[] } } {
  const cells: Cell[] = []
  return {
    bind(cell) {
      cells.push(cell)
      return `⟦${cells.length - 1}⟧`
    },
    finish(text) {
      const params: Cell[] = []
      const sql = text.replace(PLACEHOLDER, (_, at: string) => {
        params.push(cells[Number(at)] ?? null)
        return '?'
      })
      return { sql, params }
    },
  }
}

/** The value as SQL. */
export function emit(context: Context, value: Value): string {
  if (!isConstant(value)) return value.sql
  const { constant: cell } = value
  if (cell === null) return 'NULL'
  if (value.literal === true) {
    if (typeof cell === 'number') return String(cell)
    if (INLINE.test(cell)) return `'${cell.replaceAll("'", "''")}'`
  }
  return context.bind(cell)
}

/** A function of sql-functions.ts: computed now when all arguments are known. */
export function call(context: Context, name: keyof typeof FUNCTIONS, type: Type, args: readonly Value[]): Value {
  if (args.every(isConstant)) {
    return constant(type, (FUNCTIONS[name] as (...cells: Cell[]) => Cell)(...args.map((it) => it.constant)))
  }
  return computed(type, `${name}(${args.map((it) => emit(context, it)).join(', ')})`)
}

export function zoneOf(context: Context, value: Value): string {
  return value.zone ?? context.account.timeZone
}

/** The wall of the account's zone now. */
export function today(context: Context): number {
  return wallOf(context.account.timeZone, context.now)
}
