import {
  decimals,
  type EntityName,
  type MappingSettings,
  type ReadStream,
  type WriteOutcome,
} from '../../../core/index.ts'
import type { TrytonSession } from '../session.ts'

type Fields = { readonly [field: string]: unknown }
/** How a write is said, not what the record is to be. */
const NOT_COMPARED = new Set(['lines', 'clear_fields', 'status_reason', 'effective_at', 'line_ref', 'action'])

/**
 * Whether a record is as an update wants it: every value sent is there, every line to be deleted is gone. New lines
 * cannot be told by their values and native fields are not read: with them the answer is no.
 */
export function isAlready(unified: Fields, sent: Fields): boolean {
  if (!sameFields(unified, sent)) return false
  const lines = (unified['lines'] ?? []) as readonly Fields[]
  return ((sent['lines'] ?? []) as readonly Fields[]).every((line) => {
    const current = lines.find((each) => each['line_id'] === line['line_id'])
    if (line['action'] === 'DELETE') return current === undefined
    return current !== undefined && sameFields(current, line)
  })
}

function sameFields(unified: Fields, sent: Fields): boolean {
  if (typeof sent['custom_fields'] === 'string') return false
  const cleared = (sent['clear_fields'] ?? []) as readonly string[]
  return (
    cleared.every((name) => unified[name] === null) &&
    Object.entries(sent).every(
      ([name, value]) => value === null || NOT_COMPARED.has(name) || same(unified[name], value),
    )
  )
}

const NUMBER = /^-?\d+(\.\d+)?$/
function same(now: unknown, wanted: unknown): boolean {
  if (typeof now === 'string' && typeof wanted === 'string' && NUMBER.test(now) && NUMBER.test(wanted))
    return decimals.compare(now, wanted) === 0
  return now === wanted || (typeof now === 'string' && typeof wanted === 'string' && now.trim() === wanted.trim())
}

/** For `find` of an update: reads the record again. */
export async function foundAlready<Entity extends EntityName>(
  stream: ReadStream<TrytonSession, Entity>,
  session: TrytonSession,
  request: { readonly target: string | null; readonly payload: object | null; readonly mapping: MappingSettings },
  signal: AbortSignal,
): Promise<WriteOutcome | 'not-applied'> {
  const key = request.target ?? ''
  const record = await stream.readOne(session, key, signal)
  if (record === null) return 'not-applied'
  const unified = stream.toUnified(record.payload, request.mapping, key) as unknown as Fields
  return isAlready(unified, (request.payload ?? {}) as Fields) ? { target: key, replay: true } : 'not-applied'
}
