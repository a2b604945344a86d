import type { Expression } from './ast.ts'

/** Longer lists are of keys; they are bound as one value, so that their length does not make another statement. */
export const SHORT = 8

/**
 * Is this part of a WHERE one that many rows meet, where a better one is at hand? SQLite knows nothing of how many have a
 * value, and would begin with all purchase orders rather than with the 200 lines that are asked for.
 */
export function isCoarse(part: Expression, where: Expression, isOrdered: boolean): boolean {
  if (part.kind === 'in' && !('branches' in part.list))
    return part.list.length <= SHORT && part.list.every(isText) && (isOrdered || namesKeys(where))
  return part.kind === 'compare' && part.op === '=' && (isText(part.left) || isText(part.right)) && namesKeys(where)
}

const isText = ({ kind }: Expression): boolean => kind === 'text'

const namesKeys = (where: Expression): boolean =>
  (where.kind === 'and' ? where.operands : [where]).some(
    (it) => it.kind === 'in' && !it.negated && !('branches' in it.list) && it.list.length > SHORT,
  )
