import type { CommandJournal, Issue } from '../../core/index.ts'
import { type Fields, isLines, issue } from './command.ts'
import type { Journal } from './journal.ts'

/**
 * `cmd:<command id>` in a field that refers to a record stands for the record which that command wrote;
 * `cmd:<command id>/<line ref>` for one of its lines.
 */
const REFERENCE = /^cmd:([A-Za-z0-9._-]{8,64})(?:\/(.+))?$/

export const isReference = (value: string): boolean => REFERENCE.test(value)

export type Resolved =
  | { readonly kind: 'ready'; readonly payload: Fields | null }
  /** The command that it waits for has no final result yet. */
  | { readonly kind: 'waiting'; readonly commandId: string }
  | { readonly kind: 'failed'; readonly issues: readonly Issue[] }

/** Puts the ids of what earlier commands wrote in the place of references to them. */
export async function resolveReferences(
  payload: Fields | null,
  journal: Pick<Journal, 'get' | 'finished' | 'find'>,
): Promise<Resolved> {
  const fetched = new Map<string, CommandJournal | undefined>()
  const known = (commandId: string) => journal.get(commandId) ?? fetched.get(commandId)
  for (;;) {
    const absent = new Set<string>()
    const resolved = replace(payload, (commandId) => {
      const entry = known(commandId)
      if (entry === undefined && !fetched.has(commandId) && journal.finished(commandId) !== undefined)
        absent.add(commandId)
      return entry
    })
    // nothing is awaited after the last look: whoever waits for a command is told of its end
    if (absent.size === 0) return resolved
    for (const commandId of absent) fetched.set(commandId, await journal.find(commandId))
  }
}

function replace(payload: Fields | null, journal: (commandId: string) => CommandJournal | undefined): Resolved {
  const issues: Issue[] = []
  const waiting: string[] = []

  function idOf(value: string, path: string): string {
    const [, commandId = '', lineRef] = REFERENCE.exec(value) ?? []
    const entry = journal(commandId)
    const result = entry?.state === 'FINISHED' ? entry.result : null
    if (result === null) {
      waiting.push(commandId)
      return value
    }
    const applied = result.outcome === 'APPLIED' || result.outcome === 'PARTIALLY_APPLIED'
    const id =
      lineRef === undefined ? result.target_id : result.lines.find((line) => line.line_ref === lineRef)?.line_id
    if (applied && id !== null && id !== undefined) return id
    const why = applied ? 'it wrote no such record' : `it ended as ${result.outcome}`
    issues.push(issue('DEPENDENCY_FAILED', `refers to command ${commandId}, but ${why}`, path))
    return value
  }

  const replaced = (value: unknown, path: string): unknown => {
    if (typeof value === 'string') return path.endsWith('_id') && isReference(value) ? idOf(value, path) : value
    if (isLines(value)) return value.map((line, at) => fieldsOf(line, `${path}[${at}].`))
    return Array.isArray(value) && path.endsWith('_ids') ? value.map((one) => elementOf(one, path)) : value
  }
  const elementOf = (one: unknown, path: string) =>
    typeof one === 'string' && isReference(one) ? idOf(one, path) : one
  const fieldsOf = (fields: Fields, prefix: string): Fields =>
    Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, replaced(value, `${prefix}${name}`)]))

  const ready = payload === null ? null : fieldsOf(payload, '')
  if (issues.length > 0) return { kind: 'failed', issues }
  const [commandId] = waiting
  return commandId === undefined ? { kind: 'ready', payload: ready } : { kind: 'waiting', commandId }
}
