import { AuthError } from '../../../core/index.ts'
import { type Column, dateOf, display, instantOf, optional, plain } from './source.ts'

/** What a native column holds: `list` is shown by its text, `record` is another record's id, `date` has no time. */
export type Holds = 'text' | 'list' | 'record' | 'number' | 'date' | 'datetime'

/** Unified field → what its native column holds unless the pair says otherwise. */
export type Mappable = { readonly [unified: string]: Holds }

const WANTED: readonly Holds[] = ['text', 'list', 'record', 'number', 'date', 'datetime']
const PAIR = /^([a-z_]+)=([a-z][a-z0-9_]*)(?::([a-z]+))?$/

/**
 * The columns of `unified=native` pairs (`status=custrecord_state`, `due_at=custrecord_due:datetime`), aliased by the
 * unified field; a column that the account does not know is left out.
 * @param setting name of the setting, for messages
 * @throws AuthError for the stream, naming every pair that cannot be
 */
export function nativeColumns(
  setting: string,
  pairs: readonly string[],
  mappable: Mappable,
  alias: string,
): { readonly [unified: string]: Column } {
  const problems: string[] = []
  const columns: { [unified: string]: Column } = {}
  for (const pair of pairs) {
    const [, unified = '', native = '', said] = PAIR.exec(pair.trim().toLowerCase()) ?? []
    const holds = said ?? mappable[unified]
    if (native === '') problems.push(`"${pair}" is not of the form unified=native`)
    else if (!Object.hasOwn(mappable, unified)) problems.push(`there is no field "${unified}" to fill`)
    else if (!WANTED.includes(holds as Holds)) problems.push(`"${holds}" is none of ${WANTED.join(', ')}`)
    else columns[unified] = optional(columnOf(`${alias}.${native}`, holds as Holds))
  }
  if (problems.length > 0)
    throw new AuthError(
      `${setting}: ${problems.join('; ')}. Fields that can be filled: ${Object.keys(mappable).join(', ')}`,
      { streamOnly: true },
    )
  return columns
}

function columnOf(sql: string, holds: Holds): Column {
  if (holds === 'list') return display(sql)
  if (holds === 'date') return dateOf(sql)
  return holds === 'datetime' ? instantOf(sql) : plain(sql)
}
