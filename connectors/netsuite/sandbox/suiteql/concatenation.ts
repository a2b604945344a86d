import { type Context, emit } from './context.ts'
import { toText } from './conversions.ts'
import { computed, constant, type Value } from './value.ts'

/** Null is nothing here, not unknown. */
export function concatenated(context: Context, left: Value, right: Value): Value {
  const [a, b] = [toText(context, left), toText(context, right)]
  if (a.type === 'null') return b
  if (b.type === 'null') return a
  if (a.constant !== undefined && b.constant !== undefined) return constant('text', `${a.constant}${b.constant}`)
  const [x, y] = [a, b].map((it) => (it.nullable ? `COALESCE(${emit(context, it)}, '')` : emit(context, it)))
  const text = `(${x} || ${y})`
  return a.nullable && b.nullable
    ? computed('text', `NULLIF(${text}, '')`)
    : computed('text', text, { nullable: false })
}
