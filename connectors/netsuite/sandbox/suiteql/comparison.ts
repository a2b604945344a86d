import type { Comparison } from './ast.ts'
import type { Context } from './context.ts'
import { sortable, toInstant, toNumber, toWall } from './conversions.ts'
import { unsupported } from './errors.ts'
import {
  type Bound,
  type Condition,
  computed,
  constant,
  FLIPPED,
  isConstant,
  isNumeric,
  isTemporal,
  plain,
  type Value,
} from './value.ts'

/** @throws SuiteQlError for values that cannot be compared */
export function compare(context: Context, op: Comparison, left: Value, right: Value): Condition {
  // what an index can see stands on the left
  if (isConstant(left) && !isConstant(right)) return compare(context, FLIPPED[op], right, left)
  if (left.type === 'null' || right.type === 'null') return plain('NULL')
  const [a, b] = comparable(context, left, right)
  const [ours, theirs] = [sortable(context, a), sortable(context, b)]
  const condition = plain(`${ours} ${op} ${theirs}`)
  const limit = b.constant
  if (typeof limit !== 'number' || isConstant(a) || op === '<>' || !/^\w+\."\w+"$/.test(ours)) return condition
  const bounds: Bound[] = [{ column: ours, op, value: limit }]
  return { sql: condition.sql, loose: `+${condition.sql}`, bounds }
}

/** Both sides in one form. Columns stay as they are kept wherever the other side is a constant: indexes hold that form. */
export function comparable(context: Context, left: Value, right: Value): readonly [Value, Value] {
  if (isTemporal(left) || isTemporal(right)) {
    const kinds = new Set([left.type, right.type])
    if (kinds.has('instant')) return [toInstant(context, left), toInstant(context, right)]
    if (left.type === 'date' && right.type === 'date') return [left, right]
    if (left.type === 'date' && isConstant(right)) return [left, dateText(toWall(context, right))]
    if (right.type === 'date' && isConstant(left)) return [dateText(toWall(context, left)), right]
    return [toWall(context, left), toWall(context, right)]
  }
  if (isNumeric(left) || isNumeric(right)) return [toNumber(context, left), toNumber(context, right)]
  if (left.type !== 'text' || right.type !== 'text') throw unsupported()
  return [keptForm(left, right), keptForm(right, left)]
}

/** A constant wall as it sorts among dates: `2026-01-15`, or `2026-01-15 10:00:00` behind it. */
function dateText(value: Value): Value {
  if (!isConstant(value) || value.constant === null) return value
  const at = Number(value.constant)
  const text = new Date(at).toISOString()
  return constant('date', at % 86_400_000 === 0 ? text.slice(0, 10) : text.slice(0, 19).replace('T', ' '))
}

/** `status = 'B'` and `status = 'PurchOrd:B'` are both understood. */
function keptForm(value: Value, other: Value): Value {
  if (value.column === undefined || value.column.prefixed === null || !isConstant(other)) return value
  const { kept, prefixed } = value.column
  return computed('text', String(other.constant).includes(':') ? prefixed : kept, { nullable: value.nullable })
}
