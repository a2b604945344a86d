import type { NetSuiteConfig } from '../config.ts'
import { optional, plain, type TableSource } from './source.ts'

/**
 * The columns of the connection's `extra_fields` (`transaction.custbody_project`) that belong to the source's own table
 * or to those of its children; one that the account does not know is left out.
 */
export function withExtraFields<Source extends TableSource>(source: Source, config: NetSuiteConfig): Source {
  if (config.extra_fields.length === 0) return source
  return {
    ...widened(source, config.extra_fields),
    ...(source.children === undefined
      ? {}
      : { children: source.children.map((child) => widened(child, config.extra_fields)) }),
  }
}

type Widened = Pick<TableSource, 'table' | 'from' | 'columns'>

function widened<Source extends Widened>(source: Source, fields: readonly string[]): Source {
  const [, alias = source.table] = source.from.split(/\s+/)
  const own = fields
    .map((field) => field.trim().toLowerCase().split('.'))
    .filter(([table, column, ...rest]) => table === source.table && isColumn(column) && rest.length === 0)
    .map(([, column = '']) => [column, optional(plain(`${alias}.${column}`))] as const)
  return { ...source, columns: { ...Object.fromEntries(own), ...source.columns } }
}

const isColumn = (name: string | undefined): boolean => name !== undefined && /^[a-z][a-z0-9_]*$/.test(name)
