import { quote } from '../ddl.ts'
import { first, taking } from './arguments.ts'
import { type Context, emit } from './context.ts'
import { toText } from './conversions.ts'
import { unsupported } from './errors.ts'
import { computed, constant, type Value } from './value.ts'

/** BUILTIN.DF: what the account's pages show for a column's value. @throws SuiteQlError when the argument is no column */
export function displayOf(context: Context, args: readonly Value[]): Value {
  const value = first(taking(args, 1))
  if (value.column === undefined) throw unsupported()
  const { column, kept, prefixed } = value.column
  if (column.choices !== null) {
    const key = prefixed ?? (column.type === 'text' ? kept : `CAST(${kept} AS TEXT)`)
    const cases = Object.entries(column.choices).map(([code, shown]) => {
      const [when, then] = [code, shown].map((it) => emit(context, constant('text', it, true)))
      return `WHEN ${when} THEN ${then}`
    })
    return computed('text', `CASE ${key} ${cases.join(' ')} ELSE ${kept} END`, { nullable: value.nullable })
  }
  const target = column.ref === null ? undefined : context.store.tables.get(column.ref)
  if (target === undefined || target.display === null) return toText(context, value)
  const alias = context.alias()
  const [key = ''] = target.key
  const display = `${alias}.${quote(target.display)}`
  return computed(
    'text',
    `(SELECT ${display} FROM ${quote(target.name)} ${alias} WHERE ${alias}.${quote(key)} = ${kept})`,
  )
}
