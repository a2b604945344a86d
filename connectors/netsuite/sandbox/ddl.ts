import type { Column, Table } from './tables.ts'

const AFFINITY: { readonly [type in Column['type']]: string } = {
  id: 'INTEGER',
  ref: 'INTEGER',
  integer: 'INTEGER',
  datetime: 'INTEGER',
  text: 'TEXT',
  bool: 'TEXT',
  date: 'TEXT',
  // the digits as they were given; compared as numbers by the query engine
  number: 'TEXT',
}

export function quote(name: string): string {
  return `"${name}"`
}

/** Statements that create a table and its indexes when missing. */
export function ddlOf(table: Table): string[] {
  if (table.view !== null) return [`CREATE VIEW IF NOT EXISTS ${quote(table.name)} AS ${table.view}`]
  const [first = ''] = table.key
  const single = table.key.length === 1 && table.columns.get(first)?.type === 'id'
  const columns = [...table.columns.values()].map((column) => {
    const own = `${quote(column.name)} ${AFFINITY[column.type]}`
    if (single && column.name === first) return `${own} PRIMARY KEY NOT NULL`
    return column.required ? `${own} NOT NULL` : own
  })
  columns.push('"_visible_at" INTEGER NOT NULL DEFAULT 0')
  if (!single) columns.push(`PRIMARY KEY (${table.key.map(quote).join(', ')})`)
  if (table.name === 'transactionline') {
    // lines go with their transaction; deferred, so that the order of inserts within a unit of work is free
    columns.push(
      'FOREIGN KEY ("transaction") REFERENCES "transaction" ("id") ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED',
    )
  }
  const ddl = [
    `CREATE TABLE IF NOT EXISTS ${quote(table.name)} (${columns.join(', ')})${single ? '' : ' WITHOUT ROWID'}`,
  ]
  const indexes = [...table.indexes]
  if (table.modified !== null) indexes.push(`${table.modified}, ${table.key.join(', ')}`)
  if (table.columns.has('externalid')) indexes.push('externalid')
  for (const [at, index] of indexes.entries()) {
    const list = index.split(', ').map(quote).join(', ')
    ddl.push(`CREATE INDEX IF NOT EXISTS ${quote(`${table.name}/${at}`)} ON ${quote(table.name)} (${list})`)
  }
  ddl.push(
    `CREATE INDEX IF NOT EXISTS ${quote(`${table.name}/late`)} ON ${quote(table.name)} ("_visible_at") WHERE "_visible_at" > 0`,
  )
  if (table.name === 'transactionline') {
    ddl.push(
      `CREATE UNIQUE INDEX IF NOT EXISTS "transactionline/main" ON "transactionline" ("transaction") WHERE "mainline" = 'T'`,
    )
  }
  return ddl
}
