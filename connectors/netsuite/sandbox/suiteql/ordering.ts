import type { Expression, Order } from './ast.ts'
import { unsupported } from './errors.ts'
import type { Type } from './value.ts'

/** A column of a result. */
export interface OutputColumn {
  /** Lower case; how the next level, or the answer, calls it. */
  readonly name: string
  /** Name in SQL. */
  readonly sql: string
  readonly type: Type
  readonly zone: string | undefined
}

/** The result column an ORDER BY names by position or alias. */
export function outputAt(columns: readonly OutputColumn[], node: Expression): OutputColumn | undefined {
  if (node.kind === 'number') {
    const column = columns[Number(node.text) - 1]
    if (column === undefined) throw unsupported()
    return column
  }
  if (node.kind !== 'column' || node.table !== null) return undefined
  return columns.find((it) => it.name === node.name.text)
}

/** Nulls sort as the greatest: last, or first when descending. */
export function orderTerm(sql: string, order: Order, nullable: boolean): string {
  const nulls = order.nulls ?? (order.descending ? 'first' : 'last')
  return `${sql}${order.descending ? ' DESC' : ''}${nullable || order.nulls !== null ? ` NULLS ${nulls}` : ''}`
}
