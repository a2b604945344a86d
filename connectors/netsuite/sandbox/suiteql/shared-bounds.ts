import type { Bound, Condition } from './value.ts'

/**
 * `(changed > X) or (changed = X and id > N)` implies `changed >= X`. Said aloud, an index on the time of change gives
 * both the range and the order; left unsaid, every page would sort all that is left.
 */
export function sharedBounds(branches: readonly Condition[]): Bound[] {
  const [first] = branches
  if (first === undefined) return []
  const columns = new Set(first.bounds.map((it) => it.column))
  return [...columns].flatMap((column) => [
    ...limit(branches, column, ['>', '>=', '='], '>=', Math.min, Math.max),
    ...limit(branches, column, ['<', '<=', '='], '<=', Math.max, Math.min),
  ])
}

/** The limit all branches share: each takes its tightest, together they take the widest. */
function limit(
  branches: readonly Condition[],
  column: string,
  ops: readonly Bound['op'][],
  op: '>=' | '<=',
  widest: (...values: number[]) => number,
  tightest: (...values: number[]) => number,
): Bound[] {
  const limits: number[] = []
  for (const { bounds } of branches) {
    const values = bounds.filter((it) => it.column === column && ops.includes(it.op)).map((it) => it.value)
    if (values.length === 0) return []
    limits.push(tightest(...values))
  }
  return [{ column, op, value: widest(...limits) }]
}
