import type { Json } from '../../core/index.ts'
import { isRow } from './values.ts'

/** One of `errors`, or the only `error`, of a refusal. */
export interface Problem {
  readonly text: string
  /** Property of the body that it is about: `priority`, `items[0].quantityOrdered`; null = not said. */
  readonly where: string | null
}

/** What MaintainX says in `{"errors":[{"error","fieldPath"}]}` or `{"error"}`; none = an answer of somebody else. */
export function problemsOf(body: string): readonly Problem[] {
  const parsed = parse(body)
  if (!isRow(parsed)) return []
  const listed = Array.isArray(parsed['errors']) ? (parsed['errors'] as readonly Json[]).filter(isRow) : [parsed]
  return listed.flatMap(({ error, fieldPath }) =>
    typeof error === 'string' && error !== ''
      ? [{ text: error, where: typeof fieldPath === 'string' && fieldPath !== '' ? fieldPath : null }]
      : [],
  )
}

/** All that was said, at most 500 characters. */
export const wordsOf = (problems: readonly Problem[]): string =>
  problems
    .map(({ text, where }) => (where === null || text.includes(where) ? text : `${where}: ${text}`))
    .join('; ')
    .slice(0, 500)

function parse(body: string): Json {
  try {
    return JSON.parse(body) as Json
  } catch {
    return null
  }
}
