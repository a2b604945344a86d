import { isAggregate } from './aggregates.ts'
import { childrenOf, type Expression } from './ast.ts'
import type { Context } from './context.ts'
import { SuiteQlError, unsupported } from './errors.ts'
import { resolve, type Scope } from './scope.ts'

/** Two expressions with equal fingerprints give equal values. */
export function fingerprint(context: Context, node: Expression, scope: Scope): string {
  return JSON.stringify(node, (_, part: unknown) => {
    const column = part as Expression | null
    if (typeof column !== 'object' || column === null || column.kind !== 'column') return part
    return columnName(context, column, scope)
  })
}

function columnName(context: Context, node: Expression & { kind: 'column' }, scope: Scope): string {
  try {
    return resolve(context, scope, node.table, node.name).sql
  } catch (error) {
    // ROWNUM, SYSDATE, a column of a subquery's own tables
    if (error instanceof SuiteQlError) return `${node.table?.text ?? ''}.${node.name.text}`
    throw error
  }
}

/** @throws SuiteQlError when a column stands neither in GROUP BY nor within an aggregate */
export function requireGrouped(context: Context, node: Expression, scope: Scope, groups: ReadonlySet<string>): void {
  if (groups.has(fingerprint(context, node, scope))) return
  if (node.kind === 'countAll' || (node.kind === 'call' && isAggregate(node.name))) return
  if (node.kind === 'column' && isOwn(context, node, scope)) throw unsupported()
  for (const child of childrenOf(node)) requireGrouped(context, child, scope, groups)
}

function isOwn(context: Context, node: Expression & { kind: 'column' }, scope: Scope): boolean {
  try {
    resolve(context, { ...scope, parent: null }, node.table, node.name)
    return true
  } catch (error) {
    if (error instanceof SuiteQlError) return false
    throw error
  }
}
